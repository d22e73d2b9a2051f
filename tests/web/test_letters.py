"""Letters: none too small to read, and what is drawn beside them grows as they do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "matcher/web/static"
LEAST = 14.5 / 16
SHEETS = ("base.css", "questions.css", "results.css", "terms.css", "start.css")


@pytest.mark.parametrize("name", SHEETS)
def test_no_letter_of_a_patients_page_is_smaller_than_may_be(name: str) -> None:
    sizes = re.findall(r"font-size: *([\d.]+)rem", (STATIC / name).read_text(encoding="utf-8"))
    assert [size for size in sizes if float(size) < LEAST] == []


def test_ring_dot_and_tick_grow_with_the_letters() -> None:
    css = (STATIC / "questions.css").read_text(encoding="utf-8")
    drawn = re.findall(r"\n(\.tiles [^{}]*label(?:::\w+)?[^{}]*) \{([^{}]*)\}", css)
    assert len(drawn) > 3
    assert [part for part, rule in drawn if "px" in rule] == []
    dot = dict(drawn)[".tiles .govuk-radios__label::after"]
    assert "border-width: .625rem" in dot
