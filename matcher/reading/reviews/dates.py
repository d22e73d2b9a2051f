"""Dates: days as reviews print them, in US order, with two or four digits for the year."""

from __future__ import annotations

import re
from datetime import date

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip

NUMERIC = r"[0-9]{1,2}[ ]?[/.-][ ]?[0-9]{1,2}[ ]?[/.-][ ]?(?:[0-9]{4}|[0-9]{2})(?![0-9])"
WORDED = r"[A-Za-z]{3,9}\.?[ ][0-9]{1,2}(?:st|nd|rd|th)?,?[ ][0-9]{4}(?![0-9])"
ISO = r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?![0-9])"
ANY_DATE = f"(?:{ISO}|{NUMERIC}|{WORDED})"


class DateError(ValueError):
    """What looks like a date but is no day of the calendar, or could be two."""


def read_date(text: str) -> date:
    """The day that a text such as ``2/19/26``, ``03/23/2021`` or ``2026-02-19`` names.

    Two digits of a year are of this century. Raises `DateError`.
    """
    plain = text.strip()
    try:
        if re.fullmatch(ISO, plain):
            return date.fromisoformat(plain)
        if re.fullmatch(NUMERIC, plain):
            month, day, year = (int(part) for part in re.split(r"[ ]?[/.-][ ]?", plain))
            return date(year + 2000 if year < 100 else year, month, day)
        if re.fullmatch(WORDED, plain):
            name, day_text, year_text = plain.replace(",", " ").split()
            return date(int(year_text), _month(name), int(re.sub(r"\D", "", day_text)))
    except ValueError:
        raise DateError(f"{plain!r} is no day of the calendar (month/day/year)") from None
    raise DateError(f"{plain[:40]!r} is not a date such as 2/19/26 or 2026-02-19")


def _month(name: str) -> int:
    short = name.lower().rstrip(".")
    matching = [at for at, month in enumerate(MONTHS, 1) if month.startswith(short)]
    if len(matching) != 1:
        raise ValueError(f"no month is called {name}")
    return matching[0]
