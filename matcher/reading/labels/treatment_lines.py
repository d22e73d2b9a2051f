"""Treatment lines: how many earlier lines of treatment a label counts."""

from __future__ import annotations

from matcher.reading.labels.nouns import Lines
from matcher.reading.labels.numbers import read_number
from matcher.reading.labels.scanner import Scanner
from matcher.reading.labels.words import key_set


def read_lines(scanner: Scanner, at: int) -> tuple[Lines, int] | None:
    """ "at least two prior lines of treatment"; None if no lines are counted here."""
    position, low, high = at, True, True
    more = 0
    if scanner.keys(at, "at", "least") or scanner.keys(at, "a", "minimum", "of"):
        position, high = at + (2 if scanner.key(at) == "at" else 3), False
    elif scanner.keys(at, "more", "than"):
        position, high, more = at + 2, False, 1
    elif scanner.keys(at, "up", "to") or scanner.keys(at, "at", "most"):
        position, low = at + 2, False
    elif scanner.keys(at, "no", "more", "than"):
        position, low = at + 3, False
    elif scanner.keys(at, "fewer", "than") or scanner.keys(at, "less", "than"):
        position, low, more = at + 2, False, -1
    elif scanner.key(at) in ("\u2265", ">"):
        position, high, more = at + 1, False, int(scanner.key(at) == ">")
    number = (0, at + 1) if scanner.key(at) == "no" and position == at else None
    number = number or read_number(scanner, position)
    if number is None:
        return None
    value, position = number[0] + more, number[1]
    last = read_number(scanner, position + 1) if scanner.key(position) in _SPAN else None
    if last is not None and last[0] > value and low and high:
        return _after_count(scanner, at, last[1], value, last[0])
    if scanner.keys(position, "or", "more") or scanner.key(position) == "+":
        position, high = position + (1 if scanner.key(position) == "+" else 2), False
    return _after_count(scanner, at, position, value if low else None, value if high else None)


_SPAN = key_set("or - to through")


def _after_count(
    scanner: Scanner, start: int, at: int, low: int | None, high: int | None
) -> tuple[Lines, int] | None:
    while scanner.key(at) in ("prior", "previous", "earlier", "or", "more") and at < start + 10:
        at += 1
    if scanner.key(at) != "line":
        return None
    at += 1
    extra = ""
    if scanner.key(at) == "of":
        begun = at
        at += 2 if scanner.key(at + 1) in ("prior", "previous", "systemic") else 1
        if scanner.key(at) not in ("treatment", "therapy"):
            extra = scanner.source(begun, at + 1)
        at += 1
    return Lines(low, high, scanner.source(start, at), extra), _after_spread(scanner, at)


def _after_spread(scanner: Scanner, at: int) -> int:
    """Past "for metastatic disease": lines are counted for that only."""
    if scanner.key(at) not in ("for", "in"):
        return at
    position = at + 2 if scanner.key(at + 1) in ("the", "their") else at + 1
    if scanner.key(position) not in ("metastatic", "advanced"):
        return at
    ends = ("disease", "cancer", "setting")
    found = [offset for offset in (1, 2) if scanner.key(position + offset) in ends]
    return position + found[0] + 1 if found else at
