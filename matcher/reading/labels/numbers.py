"""Numbers: whole numbers and ages, in digits and words."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.reading.labels.boundaries import STOPS, is_head
from matcher.reading.labels.scanner import Scanner
from matcher.reading.labels.words import key_set

_UNITS = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBERS = {word: value for value, word in enumerate(_UNITS)} | {
    word: 10 * value for value, word in enumerate(_TENS, start=2)
}
OVER = key_set("over above older more past after greater >")
UNDER = key_set("under below younger less fewer before <")
AGE = key_set("age aged ages")
OLDEST = 120
TO = key_set("- to through and thru until")


@dataclass(frozen=True)
class Ages:
    """Bounds of an age in years, both inclusive; where they end; whether at diagnosis."""

    low: int | None
    high: int | None
    end: int
    at_diagnosis: bool = False


def read_number(scanner: Scanner, at: int) -> tuple[int, int] | None:
    """A whole number here and the position after it."""
    key = scanner.key(at)
    if key.isascii() and key.isdigit() and len(key) < 4:
        return int(key), at + 1
    value = NUMBERS.get(key)
    if value is None:
        return None
    unit = NUMBERS.get(scanner.key(at + 1), 0)
    if value >= 20 and 0 < unit < 10:
        return value + unit, at + 2
    return value, at + 1


def read_ages(scanner: Scanner, at: int) -> Ages | None:
    """An age here: "over 40", "aged 40 to 60", "50 or younger", "in their 40s"."""
    ages = (
        _decades(scanner, at)
        or _between(scanner, at)
        or _beyond(scanner, at)
        or _from_word(scanner, at)
        or _bare(scanner, at)
    )
    if ages is None or max(ages.low or 0, ages.high or 0) > OLDEST:
        return None
    return _with_occasion(scanner, ages) if _is_of_life(scanner, at, ages.end) else None


def _is_of_life(scanner: Scanner, start: int, end: int) -> bool:
    """Whether a number counts years of life, not years ago, pounds or children."""
    spoken = {scanner.key(at) for at in range(start, end)}
    if spoken & (AGE | {"old", "older", "younger"}):
        return True
    if scanner.key(end - 1) == "year":
        return False
    following = scanner.key(end)
    if not following or following in STOPS or scanner.link(end)[0] or is_head(scanner, end):
        return True
    if following.endswith(("ed", "ing")) or scanner.find(end, "frame") is not None:
        return True
    return scanner.find(end, "tag") is not None


def _skip_age_words(scanner: Scanner, at: int) -> tuple[int, bool]:
    """Past "the age of", and whether the word age was there."""
    start, named = at, False
    while scanner.key(at) in ("the", "age", "aged", "ages", "of") and at < start + 4:
        named = named or scanner.key(at) in AGE
        at += 1
    return at, named


def _skip_years(scanner: Scanner, at: int) -> int:
    if scanner.key(at) not in ("year", "yr"):
        return at
    if scanner.keys(at + 1, "of", "age"):
        return at + 3
    return at + 2 if scanner.key(at + 1) == "old" else at + 1


def _beyond(scanner: Scanner, at: int) -> Ages | None:
    """ "over 40", "younger than 50", "at least 18 years old", "up to age 40"."""
    key = scanner.key(at)
    if scanner.keys(at, "at", "or") and scanner.key(at + 2) in OVER | UNDER:
        after = at + 4 if scanner.key(at + 3) == "than" else at + 3
        return _bound(scanner, after, inclusive=True, low=scanner.key(at + 2) in OVER)
    if scanner.keys(at, "at", "least") or key == "\u2265":
        return _bound(scanner, at + (1 if key == "\u2265" else 2), inclusive=True, low=True)
    if scanner.keys(at, "up", "to") or scanner.keys(at, "at", "most") or key == "\u2264":
        return _bound(scanner, at + (1 if key == "\u2264" else 2), inclusive=True, low=False)
    if key not in OVER | UNDER:
        return None
    after = at + 2 if scanner.key(at + 1) == "than" else at + 1
    if key in ("older", "younger", "more", "less", "fewer", "greater") and after == at + 1:
        return None
    needs_age = key in ("more", "less", "fewer", "greater", "past", "before", "after")
    ages = _bound(scanner, after, inclusive=False, low=key in OVER)
    return None if ages is None or (needs_age and not _says_age(scanner, after, ages)) else ages


def _says_age(scanner: Scanner, start: int, ages: Ages) -> bool:
    spoken = [scanner.key(at) for at in range(start, ages.end)]
    return any(word in AGE or word in ("old", "year") for word in spoken)


def _bound(scanner: Scanner, at: int, *, inclusive: bool, low: bool) -> Ages | None:
    position, named = _skip_age_words(scanner, at)
    number = read_number(scanner, position)
    if number is None:
        return None
    end = _skip_years(scanner, number[1])
    if inclusive and not named and end == number[1]:
        return None
    value = number[0] + (0 if inclusive else (1 if low else -1))
    return Ages(value if low else None, None if low else value, end)


def _between(scanner: Scanner, at: int) -> Ages | None:
    """ "between the ages of 40 and 60", "from 18 to 39"."""
    if scanner.key(at) not in ("between", "from"):
        return None
    position, _ = _skip_age_words(scanner, at + 1)
    return _range(scanner, position)


def _range(scanner: Scanner, at: int) -> Ages | None:
    first = read_number(scanner, at)
    if first is None or scanner.key(first[1]) not in TO:
        return None
    second = read_number(scanner, first[1] + 1)
    if second is None or second[0] < first[0]:
        return None
    return Ages(first[0], second[0], _skip_years(scanner, second[1]))


def _from_word(scanner: Scanner, at: int) -> Ages | None:
    """After "age": a range, "50 or younger", "40+", "over 40" or just one age."""
    position = at + 1 if scanner.key(at) in ("at", "by", "of") else at
    if scanner.key(position) not in AGE:
        return None
    position, _ = _skip_age_words(scanner, position)
    ages = _range(scanner, position) or _with_side(scanner, position) or _beyond(scanner, position)
    if ages is None and scanner.key(position) == "between":
        ages = _between(scanner, position)
    if ages is not None:
        return ages
    number = read_number(scanner, position)
    if number is None:
        return None
    low = None if scanner.key(at) == "by" else number[0]
    return Ages(low, number[0], _skip_years(scanner, number[1]))


def _bare(scanner: Scanner, at: int) -> Ages | None:
    """ "40 and older", "70+", "40-49", "50 years or younger"."""
    at = at + 1 if scanner.key(at) == "at" else at
    spanned = _range(scanner, at)
    if spanned is not None and scanner.key(at + 1) in ("-", "to", "through"):
        return spanned
    return _with_side(scanner, at)


def _with_side(scanner: Scanner, at: int) -> Ages | None:
    number = read_number(scanner, at)
    if number is None:
        return None
    value, position = number
    if scanner.key(position) == "+":
        return Ages(value, None, _skip_years(scanner, position + 1))
    position = _skip_years(scanner, position)
    if scanner.key(position) not in ("or", "and"):
        return None
    side = scanner.key(position + 1)
    if side in ("older", "over", "above", "up"):
        return Ages(value, None, position + 2)
    if side in ("younger", "under", "below"):
        return Ages(None, value, position + 2)
    return None


def _decades(scanner: Scanner, at: int) -> Ages | None:
    """ "in their 40s and 50s"."""
    if scanner.key(at) != "in" or scanner.key(at + 1) not in ("their", "her", "his", "the"):
        return None
    first = _decade(scanner.key(at + 2))
    if first is None:
        return None
    end, last = at + 3, first
    following = (
        _decade(scanner.key(end + 1)) if scanner.key(end) in ("and", "or", "to", "-") else None
    )
    if following is not None and following > first:
        last, end = following, end + 2
    return Ages(first, last + 9, end)


def _decade(key: str) -> int | None:
    if len(key) == 3 and key[:2].isdigit() and key[1:] == "0s":
        return int(key[:2])
    return NUMBERS.get(key) if key in _TENS else None


def _with_occasion(scanner: Scanner, ages: Ages) -> Ages:
    """ "at diagnosis", "when diagnosed", "at the time of diagnosis"."""
    at = ages.end
    start = at
    while scanner.key(at) in ("at", "the", "time", "of", "their", "when", "first", "they", "were"):
        at += 1
        if at > start + 6:
            return ages
    if scanner.key(at) in ("diagnosis", "diagnosed") and at > start:
        return Ages(ages.low, ages.high, at + 1, at_diagnosis=True)
    return ages
