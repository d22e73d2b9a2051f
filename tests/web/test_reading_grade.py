"""Reading grade: page texts are grade 8 or lower, and plain in Spanish."""

from __future__ import annotations

import re

import pytest

from matcher.web.words import Words, load_words
from tests.web.reading_grade import english_grade, spanish_ease

HARDEST, PLAINEST = 8.0, 60.0
LONG_ENOUGH = 10
QUOTED = re.compile(r"“[^”]*”|\{\w+\}")


@pytest.fixture(scope="module")
def words() -> Words:
    return load_words()


def told(text: str) -> str:
    """A text without what it quotes from a report and without what is filled in."""
    return QUOTED.sub("it", text)


def test_no_english_text_is_harder_than_grade_8(words: Words) -> None:
    texts = {key: told(text.en) for key, text in words.texts.items()}
    long = {key: text for key, text in texts.items() if len(text.split()) >= LONG_ENOUGH}
    assert len(long) > 60
    assert {key: text for key, text in long.items() if english_grade(text) > HARDEST} == {}


def test_every_spanish_text_is_plain(words: Words) -> None:
    texts = {key: told(text.es) for key, text in words.texts.items()}
    long = {key: text for key, text in texts.items() if len(text.split()) >= LONG_ENOUGH}
    assert len(long) > 60
    assert {key: text for key, text in long.items() if spanish_ease(text) < PLAINEST} == {}


def test_the_formulas_know_hard_from_easy() -> None:
    assert english_grade("The cat sat on the mat. It was warm.") < 2
    hard = "Considerable heterogeneity characterised pharmacological interventions internationally."
    assert english_grade(hard) > 15
    assert spanish_ease("El gato se fue a casa. Hace sol.") > 100
    duro = "Heterogeneidades considerables caracterizaron intervenciones farmacológicas."
    assert spanish_ease(duro) < 20
