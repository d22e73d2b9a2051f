"""Fields: an attribute of the rules as what a page shows: the inputs and what was given before."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flask import g

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.rulebook import Attribute, Option
from matcher.core.vocabulary import CANCER
from matcher.web.alphabet import collation
from matcher.web.language import listed, say, shown
from matcher.web.site import site

Item = dict[str, Any]
MANY_CHOICES = 40


def question_of(attribute: Attribute) -> str:
    """The question, asked of the person or about the person cared for."""
    return shown(attribute.question_other if g.get("cared_for") else attribute.question)


def names_of(keys: Iterable[str]) -> str:
    """The names of questions, as a list in words."""
    attributes = site().rulebook.attributes
    return listed([shown(attributes[key].name) for key in keys if key in attributes])


def cancer_name(value: str) -> str:
    """The name of a cancer."""
    option = site().rulebook.attributes[CANCER].option(value)
    return shown(option.label) if option else ""


def is_long(attribute: Attribute) -> bool:
    """Whether there are too many choices for tiles: then they come as one list."""
    return attribute.kind == "one" and len(attribute.options) > MANY_CHOICES


def tiles(
    attribute: Attribute, given: Any, *, options: Sequence[Option] | None = None
) -> list[Item]:
    """The choices of an attribute, with "not sure" and "rather not say" set apart."""
    chosen = set(given) if isinstance(given, list) else {given}
    if attribute.kind == "yes_no":
        yes = _plain("yes", say("frame.yes"), chosen)
        no = _plain("no", say("frame.no"), chosen)
        return [yes, no, *_apart(chosen)]
    shown_options = attribute.options if options is None else options
    named = [tile(option, chosen) for option in shown_options if not option.exclusive]
    none = [tile(option, chosen) for option in shown_options if option.exclusive]
    unsure = "question.many_unknown" if attribute.kind == "many" else "frame.unknown"
    return [*named, *none, *_apart(chosen, unsure=unsure)]


def list_items(attribute: Attribute, given: Any) -> list[Item]:
    """The choices of a long list, in the alphabet of their words, after an empty one."""
    options = sorted(attribute.options, key=lambda option: collation(shown(option.label)))
    first = {"value": "", "text": say("question.pick_from_list")}
    return [first, *({**tile(o, {given}), "selected": o.value == given} for o in options)]


def apart_items(given: Sequence[Any]) -> list[Item]:
    """The choices "not sure" and "rather not say" alone, beside a number or a long list."""
    return _apart({UNKNOWN, DECLINED}.intersection(map(str, given)))[1:]


def tile(option: Option, chosen: set[Any]) -> Item:
    """One choice of the rules, ticked if it is among `chosen`."""
    item = _plain(option.value, shown(option.label), chosen)
    if option.hint is not None:
        item["hint"] = {"text": shown(option.hint)}
    return item


def _plain(value: str, text: str, chosen: set[Any]) -> Item:
    return {"value": value, "text": text, "checked": value in chosen}


def _apart(chosen: set[Any], *, unsure: str = "frame.unknown") -> list[Item]:
    return [
        {"divider": say("frame.or")},
        _plain(UNKNOWN, say(unsure), chosen),
        _plain(DECLINED, say("frame.declined"), chosen),
    ]
