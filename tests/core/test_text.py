"""Text: parts are joined as they are spoken in each language."""

from __future__ import annotations

import pytest

from matcher.core.text import joined


@pytest.mark.parametrize(
    ("parts", "joiner", "told"),
    [
        (["cirugía", "inmunoterapia"], " y ", "cirugía e inmunoterapia"),
        (["cirugía", "histerectomía"], " y ", "cirugía e histerectomía"),
        (["agua", "hielo"], " y ", "agua y hielo"),
        (["mama", "ovario"], " o ", "mama u ovario"),
        (["ovario", "mama", "hormonas"], " o ", "ovario o mama u hormonas"),
        (["RE", "HER2"], " y ", "RE y HER2"),
        ([], " y ", ""),
    ],
)
def test_spanish_joins_by_sound(parts: list[str], joiner: str, told: str) -> None:
    assert joined(parts, joiner, language="es") == told


def test_english_joins_as_it_stands() -> None:
    assert joined(["one", "other"], " o ", language="en") == "one o other"
