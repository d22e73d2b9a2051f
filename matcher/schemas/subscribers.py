"""Subscribers: checks one line of a file of people who have already confirmed."""

from __future__ import annotations

import json
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from matcher.core.answers import Answers
from matcher.core.lives import LIVES
from matcher.core.rulebook import Rulebook
from matcher.core.text import LANGUAGES
from matcher.mail.addresses import AddressError, parse_address
from matcher.schemas.profiles import ProfileError, profile_schema, read_answers
from matcher.store.subscribers import DETAILS, FREQUENCIES

LONGEST_VERSION = 100
MOST_ALLOWED = 12
OLDEST = datetime(2000, 1, 1, tzinfo=UTC)
LONGEST_SHOWN = 60
EXAMPLE = (
    '{"email": "ana@example.org", "answers": {}, "frequency": "weekly", '
    '"zone": "America/Lima", "language": "es", '
    '"consent": {"version": "1", "at": "2026-11-22T10:00:00+00:00"}}'
)
PRIVATE = ("email", "answers")
"""Fields whose values are never shown."""

ADDRESS_PROBLEMS = {
    "empty": "is empty",
    "too_long": "is too long",
    "letters": "has letters before the @ that not every mail server takes",
    "form": "is not one plain address",
    "route": "leads through another server",
    "domain": "names no mail server after the @",
}


@dataclass(frozen=True)
class LineFault:
    """One thing wrong in a line: the field's path, what was given (None where it is private or
    not there), the problem, how to mend it."""

    path: str
    value: str | None
    problem: str
    mend: str


class LineError(ValueError):
    """A line that cannot be taken; `faults` holds all that is wrong in it."""

    def __init__(self, faults: list[LineFault]) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{fault.path}: {fault.problem}" for fault in faults))


@dataclass(frozen=True)
class Line:
    """One person of the file, checked; `email` is text that the mail layer still has to read.

    What need not be there is None where it is not: of somebody known it stays as it is.
    """

    email: str
    answers: Answers
    frequency: str
    zone: str
    language: str
    consent_version: str
    consent_at: datetime
    detail: str | None
    about: str | None
    leave_out: bool | None


def _is_bool(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValidationError("must be true or false")
    return True


def _is_zone(value: str) -> bool:
    if value not in _zones():
        raise ValidationError("is not a known time zone")
    return True


def _is_address(value: str) -> bool:
    try:
        parse_address(value)
    except AddressError as error:
        raise ValidationError(ADDRESS_PROBLEMS[error.reason]) from None
    return True


class _ConsentSchema(Schema):
    version = fields.String(required=True, validate=validate.Length(1, LONGEST_VERSION))
    at = fields.AwareDateTime(required=True, format="iso")


class _LineSchema(Schema):
    email = fields.String(required=True, validate=_is_address)
    answers = fields.Dict(required=True)
    frequency = fields.String(required=True, validate=validate.OneOf(FREQUENCIES))
    zone = fields.String(required=True, validate=_is_zone)
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    consent = fields.Nested(_ConsentSchema, required=True, unknown=RAISE)
    detail = fields.String(load_default=None, validate=validate.OneOf(DETAILS), allow_none=False)
    about = fields.String(load_default=None, validate=validate.OneOf(LIVES), allow_none=False)
    leave_out = fields.Raw(load_default=None, validate=_is_bool, allow_none=False)


MENDS = {
    "email": "Write one plain address, as name@example.org.",
    "answers": 'Write an object, as {"cancer": ["breast"], "er": "positive"}.',
    "frequency": f"Allowed: {', '.join(FREQUENCIES)}.",
    "zone": "Write the name of a time zone, as America/New_York.",
    "language": f"Allowed: {', '.join(LANGUAGES)}.",
    "consent": 'Write an object, as {"version": "1", "at": "2026-11-22T10:00:00+00:00"}.',
    "consent.version": f"Write a text of 1 to {LONGEST_VERSION} characters.",
    "consent.at": "Write a time that is past, with its zone, as 2026-11-22T10:00:00+00:00.",
    "detail": f"Allowed: {', '.join(DETAILS)}.",
    "about": f"Allowed: {', '.join(LIVES)}.",
    "leave_out": "Allowed: true, false.",
}


class LineReader:
    """Reads lines one after the other; its schemas are made once. For one thread."""

    def __init__(self, book: Rulebook, *, now: datetime) -> None:
        self._book, self._now = book, now
        self._line = _LineSchema(unknown=RAISE)
        self._answers = profile_schema(book)()

    def read(self, text: str) -> Line:
        """The person that a line of JSON tells of. Raises `LineError` with all that is wrong."""
        data = _loaded(text)
        faults: list[LineFault] = []
        found: dict[str, Any] = {}
        try:
            found = self._line.load(data)
        except ValidationError as error:
            faults = _faults(error.messages_dict, data)
        answers = self._read_answers(data.get("answers"), faults)
        if not faults:
            self._look_closer(found, faults)
        if faults:
            raise LineError(faults)
        consent = found.pop("consent")
        return Line(
            **{**found, "answers": answers},
            consent_version=consent["version"],
            consent_at=consent["at"],
        )

    def _read_answers(self, given: object, faults: list[LineFault]) -> Answers:
        if not isinstance(given, dict):
            return Answers()
        try:
            return read_answers(given, self._book, schema=self._answers)
        except ProfileError as error:
            for fault in error.faults:
                faults.append(LineFault(fault.path, None, fault.problem, _allowed(fault.allowed)))
            return Answers()

    def _look_closer(self, found: dict[str, Any], faults: list[LineFault]) -> None:
        version = found["consent"]["version"]
        if not version.isprintable():
            faults.append(_fault("consent.version", version, "holds control characters"))
        if found["consent"]["at"] < OLDEST:
            faults.append(_fault("consent.at", found["consent"]["at"], "is before the year 2000"))
        # Clocks differ: a day is granted.
        if found["consent"]["at"] > self._now + timedelta(days=1):
            faults.append(_fault("consent.at", found["consent"]["at"], "lies in the future"))


@cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def _loaded(text: str) -> dict[str, Any]:
    try:
        data = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_refuse_constant)
        if not isinstance(data, dict):
            raise ValueError("it is no object")
        # Halves of characters cannot be stored, and a column would only say so in the middle.
        json.dumps(data, ensure_ascii=False).encode("utf-8")
    except json.JSONDecodeError as error:
        raise _broken(f"this is not JSON: {error.msg}, column {error.colno}") from None
    except RecursionError:
        raise _broken("this is nested too deep") from None
    except UnicodeEncodeError:
        raise _broken("this holds half a character (a lone surrogate)") from None
    except ValueError as error:
        # Of a number with thousands of digits Python says so itself.
        known = isinstance(error.args[0], str) and not error.args[0].startswith("Exceeds")
        raise _broken(error.args[0] if known else "this holds a number that is too long") from None
    return data


def _broken(problem: str) -> LineError:
    return LineError([LineFault("the line", None, problem, f"Write one object a line: {EXAMPLE}")])


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice in one object")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no number of JSON")


def _faults(messages: Mapping[str, Any], data: Any, above: str = "") -> list[LineFault]:
    found: list[LineFault] = []
    for key, told in messages.items():
        path = f"{above}{key}"
        value = data.get(key) if isinstance(data, dict) else None
        if isinstance(told, dict):
            found.extend(_faults(told, value, f"{path}."))
        else:
            found.append(_fault(path.removesuffix("._schema"), value, _problem(told)))
    return found


def _problem(told: list[str]) -> str:
    said = " ".join(str(one) for one in told)
    known = {"Missing data": "is missing", "Unknown field": "is not a known key"}
    for sign, words in known.items():
        if said.startswith(sign):
            return words
    return said[:1].lower() + said[1:].rstrip(".")


def _allowed(allowed: tuple[str, ...]) -> str:
    more = len(allowed) - MOST_ALLOWED
    listed = ", ".join(allowed[:MOST_ALLOWED]) + (f" and {more} more" if more > 0 else "")
    return f"Allowed: {listed}." if allowed else MENDS["answers"]


def _fault(path: str, value: Any, problem: str) -> LineFault:
    known = path in MENDS
    private = path.partition(".")[0] in PRIVATE or not known or value is None
    shown = None if private else _shown(value)
    mend = MENDS.get(path, f"Take it out; known are {', '.join(MENDS)}.")
    return LineFault(_shown(path), shown, problem, mend)


def _shown(value: Any) -> str:
    """A value in one short line that a terminal can show."""
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    return "".join(c if c.isprintable() else "�" for c in text[:LONGEST_SHOWN])
