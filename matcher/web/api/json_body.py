"""JSON bodies: read strictly, whatever somebody sends, with a clear refusal for the rest."""

from __future__ import annotations

import json
from typing import Any

from flask import Request

from matcher.web.problems import Fault, Problem

DEEPEST = 20
MOST_KEYS = 1000
LARGEST = 2**53


def read_json(request: Request) -> Any:
    """The request's body as a value.

    Raises `Problem`: 415 for another type, 400 for what is not JSON, is nested too deep, names a
    key twice, or holds a number or a text that other programs would not read as it was written.
    """
    if request.mimetype != "application/json":
        raise Problem(415, "Send the body as application/json.")
    return read_json_bytes(request.get_data(cache=True))


def read_json_bytes(data: bytes) -> Any:
    """A JSON text as a value; raises `Problem` as `read_json` does."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem(400, "The body is not UTF-8 text.") from None
    try:
        value = json.loads(
            text,
            parse_int=_whole_number,
            parse_float=_decimal,
            parse_constant=_refuse_constant,
            object_pairs_hook=_without_repeats,
        )
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise Problem(400, f"The body is not JSON: {error.msg}, {where}.") from None
    except RecursionError:
        raise Problem(400, "The body is nested too deep.") from None
    _check(value)
    return value


def _whole_number(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > LARGEST:
        raise Problem(400, "The body holds a whole number that is too large.")
    return int(digits)


def _decimal(digits: str) -> float:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        raise Problem(400, "The body holds a number that is too large.")
    return value


def _refuse_constant(name: str) -> None:
    raise Problem(400, f"The body is not JSON: {name} is no number.")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MOST_KEYS:
        fault = Fault(pairs[MOST_KEYS][0], f"is one of more than {MOST_KEYS} keys")
        raise Problem(422, f"An object holds more than {MOST_KEYS} keys.", [fault])
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise Problem(400, "A key stands twice.", [Fault(key, "stands twice")])
        seen.add(key)
    return found


def _check(top: Any) -> None:
    """Refuse what is nested too deep, and texts with halves of characters or NUL."""
    level: list[Any] = [top]
    for _ in range(DEEPEST):
        level = [part for value in level for part in _parts(value)]
        if not level:
            return
    raise Problem(400, f"The body is nested more than {DEEPEST} deep.")


def _parts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [*value.keys(), *value.values()]
    if isinstance(value, list):
        return value
    if isinstance(value, str) and ("\0" in value or not _is_whole(value)):
        raise Problem(400, "A text holds characters that no text may hold.")
    return []


def _is_whole(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
