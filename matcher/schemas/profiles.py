"""Profiles: checks a person's answers against the rules and brings them into one form.

The marshmallow schema is generated from the rulebook, so a new attribute needs no line here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields

from matcher.core.answers import DECLINED, UNKNOWN, Answers, Result, Value
from matcher.core.rulebook import Attribute, Option, Rulebook

RESULTS = ("mutation", "none", "uncertain", "not_tested")
SIGNATURE_RESULTS = (*RESULTS, "positive", "negative")
LONGEST_SHOWN = 80
MOST_FAULTS = 100
_WHEN = re.compile(r"((?:19|20)[0-9]{2})(?:-(0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")


@dataclass(frozen=True)
class AnswerFault:
    """One answer that cannot be taken: where, what was given, what is wrong, what is allowed."""

    path: str
    value: Any
    problem: str
    allowed: tuple[str, ...] = ()


class ProfileError(ValueError):
    """A profile that cannot be taken; `faults` holds every fault (of very many the first ones)."""

    def __init__(self, faults: list[AnswerFault]) -> None:
        self.faults = faults[:MOST_FAULTS]
        super().__init__("; ".join(f"{fault.path}: {fault.problem}" for fault in self.faults))


class AnswerField(fields.Field[Any]):
    """One attribute's answer, checked and normalised; None for "not known"."""

    def __init__(self, attribute: Attribute) -> None:
        super().__init__(allow_none=True)
        self.asked = attribute

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Any:
        del attr, data
        if _is_blank(value):
            return None
        if value in (DECLINED, [DECLINED]):
            return DECLINED
        read = getattr(self, f"_read_{self.asked.kind}")
        return read(value)

    def _read_one(self, value: Any) -> Any:
        allowed = tuple(option.value for option in self.asked.options)
        return self._choose(value, allowed, self.asked.key)

    def _read_yes_no(self, value: Any) -> Any:
        return self._choose(value, ("yes", "no"), self.asked.key)

    def _read_integer(self, value: Any) -> Any:
        low, high = self.asked.min, self.asked.max
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise _fault(
                self.asked.key,
                value,
                f"must be a whole number from {low} to {high}",
                (f"{low}–{high}", UNKNOWN, DECLINED),
            )
        return value

    def _read_many(self, value: Any) -> Any:
        key = self.asked.key
        options = {option.value: option for option in self.asked.options}
        if not isinstance(value, list):
            raise _fault(key, value, "must be a list", tuple(options))
        faults: list[AnswerFault] = []
        chosen: set[str] = set()
        for number, item in enumerate(value):
            if len(faults) == MOST_FAULTS:
                break
            try:
                chosen.add(self._choose(item, tuple(options), f"{key}[{number}]"))
            except ValidationError as error:
                faults.extend(_faults_of(error.messages))
        if faults:
            raise ValidationError([{"fault": fault} for fault in faults])
        values = tuple(sorted(chosen))
        alone = [item for item in values if item == DECLINED or _is_exclusive(options.get(item))]
        if alone and len(values) > 1:
            allowed = (f'["{alone[0]}"]', "the others without it")
            raise _fault(key, value, f"'{alone[0]}' cannot stand together with others", allowed)
        return None if values == (UNKNOWN,) else (DECLINED if values == (DECLINED,) else values)

    def _read_results(self, value: Any) -> Any:
        if not isinstance(value, dict):
            raise _fault(self.asked.key, value, "must be an object of results by gene")
        faults: list[AnswerFault] = []
        results: dict[str, Result | str] = {}
        for gene, given in value.items():
            if len(faults) == MOST_FAULTS:
                break
            try:
                result = self._read_result(str(gene), given)
            except ValidationError as error:
                faults.extend(_faults_of(error.messages))
                continue
            if result is not None:
                results[str(gene)] = result
        if faults:
            raise ValidationError([{"fault": fault} for fault in faults])
        return results or None

    def _read_result(self, gene: str, given: Any) -> Result | str | None:
        path = f"{self.asked.key}.{gene}"
        option = self.asked.option(gene)
        if option is None:
            known = tuple(o.value for o in self.asked.options)
            raise _fault(path, given, "is not a known gene or test", known)
        on = None
        if isinstance(given, dict) and given:
            unknown = set(given) - {"result", "on"}
            if unknown:
                raise _fault(
                    path, given, f"unknown key {min(map(str, unknown))!r}", ("result", "on")
                )
            on = _read_when(f"{path}.on", given.get("on"))
            given = given.get("result")
        if _is_blank(given):
            return None
        allowed = SIGNATURE_RESULTS if option.signature else RESULTS
        word = self._choose(given, allowed, path)
        return DECLINED if word == DECLINED else Result(word, on)

    def _choose(self, value: Any, allowed: tuple[str, ...], path: str) -> str:
        if not isinstance(value, str):
            raise _fault(path, value, "must be a text", (*allowed, UNKNOWN, DECLINED))
        if value not in (*allowed, UNKNOWN, DECLINED):
            raise _fault(path, value, "is not a known value", (*allowed, UNKNOWN, DECLINED))
        return value


def profile_schema(book: Rulebook) -> type[Schema]:
    """The marshmallow schema of `answers`, generated from the rules."""
    columns = {key: AnswerField(attribute) for key, attribute in book.attributes.items()}
    return Schema.from_dict(dict(columns), name="AnswersSchema")


def read_profile(data: object, book: Rulebook, *, schema: type[Schema] | None = None) -> Answers:
    """Check ``{"answers": {…}}``. Raises `ProfileError` with every fault; drops nothing."""
    if not isinstance(data, dict):
        raise ProfileError([AnswerFault("", _shown(data), "a profile must be an object")])
    faults = [
        AnswerFault(_shown(str(key)), None, "unknown key", ("answers",))
        for key in data
        if key != "answers"
    ]
    if "answers" not in data:
        faults.append(AnswerFault("answers", None, "is missing", ('{"answers": {…}}',)))
        raise ProfileError(faults)
    try:
        answers = read_answers(data["answers"], book, schema=schema)
    except ProfileError as error:
        raise ProfileError([*faults, *error.faults]) from None
    if faults:
        raise ProfileError(faults)
    return answers


def read_answers(
    data: object, book: Rulebook, *, schema: type[Schema] | Schema | None = None
) -> Answers:
    """Check the answers themselves, as `read_profile`; many go faster with a schema's instance."""
    if data is None:
        return Answers()
    if not isinstance(data, dict):
        raise ProfileError([AnswerFault("answers", _shown(data), "must be an object")])
    unknown = [key for key in data if key not in book.attributes]
    faults = [
        AnswerFault(_path(str(key)), _shown(data[key]), "unknown key", tuple(book.attributes))
        for key in unknown
    ]
    known = {key: value for key, value in data.items() if key in book.attributes}
    made = schema if isinstance(schema, Schema) else (schema or profile_schema(book))()
    try:
        loaded = made.load(known, unknown=RAISE)
    except ValidationError as error:
        faults.extend(_faults_of(error.messages))
        loaded = {}
    if faults:
        raise ProfileError(faults)
    return _as_answers(loaded)


def profile_json(answers: Answers) -> dict[str, Any]:
    """Answers in the public JSON shape, which `read_profile` reads back to the same."""
    shaped: dict[str, Any] = {}
    for key, value in answers.given.items():
        if isinstance(value, Mapping):
            shaped[key] = {gene: _result_json(result) for gene, result in value.items()}
        else:
            shaped[key] = list(value) if isinstance(value, tuple) else value
    for unit in sorted(answers.declined):
        key, _, gene = unit.partition(".")
        if gene:
            shaped.setdefault(key, {})[gene] = DECLINED
        else:
            shaped[key] = DECLINED
    return {"answers": shaped}


def read_month(value: Any) -> tuple[int, int] | None:
    """A test's date as year and month (0: only the year is known); None if it is none."""
    found = _WHEN.fullmatch(value) if isinstance(value, str) else None
    return None if found is None else (int(found[1]), int(found[2] or 0))


def _as_answers(loaded: Mapping[str, Any]) -> Answers:
    given: dict[str, Value] = {}
    declined: set[str] = set()
    for key, value in sorted(loaded.items()):
        if value is None or value == UNKNOWN:
            continue
        if value == DECLINED:
            declined.add(key)
        elif isinstance(value, dict):
            declined |= {f"{key}.{gene}" for gene, result in value.items() if result == DECLINED}
            results = {g: r for g, r in sorted(value.items()) if isinstance(r, Result)}
            if results:
                given[key] = results
        else:
            given[key] = value
    return Answers(given, frozenset(declined))


def _result_json(result: Result) -> Any:
    return {"result": result.result, "on": result.when} if result.when else result.result


def _read_when(path: str, value: Any) -> tuple[int, int] | None:
    if _is_blank(value):
        return None
    found = read_month(value)
    if found is None:
        raise _fault(path, value, "must be a month or a year", ("YYYY-MM", "YYYY"))
    return found


def _is_blank(value: Any) -> bool:
    return value is None or value == UNKNOWN or value in ("", [], {})


def _is_exclusive(option: Option | None) -> bool:
    return option is not None and option.exclusive


def _fault(path: str, value: Any, problem: str, allowed: tuple[str, ...] = ()) -> ValidationError:
    return ValidationError([{"fault": AnswerFault(_path(path), _shown(value), problem, allowed)}])


def _faults_of(messages: Any) -> list[AnswerFault]:
    if isinstance(messages, AnswerFault):
        return [messages]
    parts = messages.values() if isinstance(messages, dict) else messages
    if isinstance(parts, str):
        return [AnswerFault("answers", None, parts)]
    return [fault for part in parts for fault in _faults_of(part)]


def _path(path: str) -> str:
    return _printable(f"answers.{path}"[: 2 * LONGEST_SHOWN])


def _printable(text: str) -> str:
    """The text without lone surrogates, which no UTF-8 can carry."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _shown(value: Any) -> Any:
    """The value as it may be repeated in an error: plain and short."""
    if isinstance(value, bool | type(None)):
        return value
    if isinstance(value, int) and abs(value) < 10**15:
        return value
    if isinstance(value, str):
        return _printable(value[:LONGEST_SHOWN])
    if isinstance(value, float):
        return value if isfinite(value) else str(value)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return _printable(", ".join(item[:LONGEST_SHOWN] for item in value[:9]))[:LONGEST_SHOWN]
    return f"({type(value).__name__})"
