"""Stored answers: read without checking again, for they were checked when they were taken.

What the rules have lost since (a question, a value) is left out, so that no change of the rules
can make a stored profile unreadable. Where a list loses a value it is no longer known whole.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from matcher.core.answers import DECLINED, UNKNOWN, Answers, Result, Value
from matcher.core.rulebook import Attribute, Rulebook
from matcher.schemas.profiles import RESULTS, SIGNATURE_RESULTS, read_month

YES_NO = ("yes", "no")


def answers_from_stored(stored: Mapping[str, Any], book: Rulebook) -> Answers:
    """The answers in a profile's public JSON: the same as `read_answers` gives for valid ones.

    Raises nothing, whatever it is given.
    """
    given: dict[str, Value] = {}
    declined: set[str] = set()
    for key in sorted(filter(book.attributes.__contains__, stored)):
        raw, attribute = stored[key], book.attributes[key]
        if raw == DECLINED or _is_declined_list(raw):
            declined.add(key)
            continue
        value = _READ[attribute.kind](attribute, raw, declined)
        if value is not None:
            given[key] = value
    return Answers(given, frozenset(declined))


def _one(attribute: Attribute, raw: Any, _: set[str]) -> Value | None:
    return raw if isinstance(raw, str) and attribute.option(raw) else None


def _yes_no(_: Attribute, raw: Any, __: set[str]) -> Value | None:
    return raw if raw in YES_NO else None


def _integer(attribute: Attribute, raw: Any, _: set[str]) -> Value | None:
    fits = isinstance(raw, int) and not isinstance(raw, bool)
    return raw if fits and attribute.min <= raw <= attribute.max else None


def _is_declined_list(raw: Any) -> bool:
    return isinstance(raw, list) and bool(raw) and raw.count(DECLINED) == len(raw)


def _many(attribute: Attribute, raw: Any, _: set[str]) -> Value | None:
    if not isinstance(raw, list):
        return None
    values, stands_alone = set(), False
    for one in raw:
        option = attribute.option(one) if isinstance(one, str) else None
        values.add(UNKNOWN if option is None else one)
        stands_alone |= option is not None and option.exclusive
    if stands_alone and len(values) > 1:
        return None
    return None if values <= {UNKNOWN} else tuple(sorted(values))


def _results(attribute: Attribute, raw: Any, declined: set[str]) -> Value | None:
    if not isinstance(raw, dict):
        return None
    found: dict[str, Result] = {}
    for gene in sorted(filter(attribute.option, raw)):
        word, on = _worded(raw[gene])
        if word == DECLINED:
            declined.add(f"{attribute.key}.{gene}")
        elif _is_result(attribute, gene, word):
            found[gene] = Result(word, on)
    return found or None


def _worded(raw: Any) -> tuple[Any, tuple[int, int] | None]:
    """A result's word and date."""
    return (raw.get("result"), read_month(raw.get("on"))) if isinstance(raw, dict) else (raw, None)


def _is_result(attribute: Attribute, gene: str, word: Any) -> bool:
    option = attribute.option(gene)
    return word in (SIGNATURE_RESULTS if option and option.signature else RESULTS)


_READ: Mapping[str, Callable[[Attribute, Any, set[str]], Value | None]] = {
    "one": _one,
    "yes_no": _yes_no,
    "integer": _integer,
    "many": _many,
    "results": _results,
}
