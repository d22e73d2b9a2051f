"""Paragraphs: a long text stands in pieces of two or three sentences, and none of it is lost."""

from __future__ import annotations

import pytest

from matcher.web.paragraphs import paragraphs


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("One. Two. Three.", [3]),
        ("One. Two. Three. Four.", [2, 2]),
        ("One. Two. Three. Four. Five. Six. Seven.", [3, 2, 2]),
        ("¿Una? ¡Dos! “Tres.” Cuatro (4). 5 personas. Seis.", [3, 3]),
        ("", [0]),
    ],
)
def test_pieces_are_alike_and_hold_everything(text: str, sizes: list[int]) -> None:
    pieces = paragraphs(text)
    assert " ".join(pieces) == text
    assert [sum(piece.count(end) for end in ".?!") for piece in pieces] == sizes


@pytest.mark.parametrize(
    "text", ["Drugs, e.g. Two. A. Three.", "Dr. Who. Two vs. Three. Four at 3.5 mg."]
)
def test_a_short_form_ends_no_sentence(text: str) -> None:
    assert paragraphs(text) == [text]
