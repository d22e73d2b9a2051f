"""Reading grade: all that is shown is grade 8 or lower in English, and plain in Spanish.

A term of the glossary counts as a plain word, because pages explain it: a hard word that the
glossary does not explain counts in full. Short texts are graded together with their page.
"""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from matcher.core.glossary import Finder
from matcher.core.rulebook import Rulebook
from matcher.core.text import LANGUAGES, Text
from matcher.words import load_words
from tests.web.reading_grade import (
    english_grade,
    english_syllables,
    joined,
    spanish_ease,
    spanish_syllables,
    words_in,
)
from tests.web.shown_texts import page_texts, plain, rule_texts, sample_texts, told_reasons

HARDEST, PLAINEST = 8.0, 60.0
LONG_ENOUGH = 10

COUNTED_BY_HAND = {
    "en": "cat 1 care 1 asked 1 takes 1 use 1 clear 1 years 1 named 1 tried 1 friend 1 leave 1 "
    "breast 1 true 1 said 1 I'm 1 don't 1 table 2 people 2 tested 2 treated 2 changes 2 closes 2 "
    "studies 2 science 2 question 2 sometimes 2 someone 2 closely 2 careful 2 treatment 2 patient "
    "2 special 2 create 2 before 2 tissue 2 value 2 trial 2 doing 2 going 2 needed 2 every 2 "
    "trying 2 social 2 carried 2 review 2 pieces 2 being 2 agreed 2 different 3 medicine 3 "
    "diagnosed 3 surgery 3 estrogen 3 area 3 biopsy 3 negative 3 positive 3 receptor 3 family 3 "
    "ovaries 3 serious 3 menopause 3 mutation 3 created 3 continue 3 evidence 3 previous 3 "
    "variant 3 audience 3 usual 3 radiation 4 pathology 4 hormone-blocking 4 inherited 4 "
    "usually 4 situation 4 experience 4 bacteria 4 organism 4 immunotherapy 6",
    "es": "quién 1 muy 1 hay 1 ley 1 hoy 1 y 1 cáncer 2 guía 2 día 2 oír 2 ciudad 2 aún 2 leer 2 "
    "quiere 2 seguir 2 agua 2 país 2 pieza 2 bueno 2 pregunte 3 médico 3 cuidado 3 estudio 3 "
    "etapa 3 extendió 3 respuesta 3 siguiente 3 leucemia 3 averigüe 4 estrógeno 4 aéreo 4 "
    "mamografía 5 metastásico 5 inmunoterapia 6",
}


@pytest.fixture(scope="module")
def finders(book: Rulebook) -> dict[str, Finder]:
    return {language: Finder(book.glossary, language=language) for language in LANGUAGES}


def is_hard(text: str, language: str) -> bool:
    if language == "en":
        return english_grade(text) > HARDEST
    return spanish_ease(text) < PLAINEST


def hard_ones(
    texts: Iterable[tuple[str, Text]], finders: dict[str, Finder]
) -> list[tuple[str, str, str]]:
    """The texts that are too hard: long ones by themselves, places as a whole."""
    found = []
    places: dict[tuple[str, str], dict[str, None]] = {}
    for place, text in texts:
        for language in LANGUAGES:
            told = plain(text.in_(language), language=language, finder=finders[language])
            places.setdefault((place, language), {})[told] = None
            if words_in(told) >= LONG_ENOUGH and is_hard(told, language):
                found.append((place, language, told))
    for (place, language), told_here in places.items():
        whole = joined(told_here)
        if words_in(whole) >= LONG_ENOUGH and is_hard(whole, language):
            found.append((place, language, whole))
    return found


def test_the_rules_speak_plainly(book: Rulebook, finders: dict[str, Finder]) -> None:
    texts = list(rule_texts(book))
    assert len(texts) > 400
    assert hard_ones(texts, finders) == []


def test_the_pages_speak_plainly(finders: dict[str, Finder]) -> None:
    texts = list(page_texts(load_words()))
    assert len(texts) > 250
    assert hard_ones(texts, finders) == []


def test_the_samples_own_words_are_plain(book: Rulebook, finders: dict[str, Finder]) -> None:
    texts = list(sample_texts(book))
    assert len(texts) > 40
    assert hard_ones(texts, finders) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_reasons_read_plainly_as_they_are_told(
    book: Rulebook, finders: dict[str, Finder], language: str
) -> None:
    told = {
        plain(text, language=language, finder=finders[language])
        for _, text in told_reasons(book, language=language)
    }
    assert len(told) > 300
    long = [text for text in told if words_in(text) >= LONG_ENOUGH]
    assert sorted(text for text in long if is_hard(text, language)) == []
    assert not is_hard(joined(sorted(told)), language)


def test_a_hard_word_that_is_not_explained_counts(finders: dict[str, Finder]) -> None:
    hard = Text(en="Ask about ophthalmological considerations.", es="x")
    easy = Text(en="Ask about immunotherapy and chemotherapy.", es="x")
    easy, hard = (Text(en=f"{one.en} It is a part of your care.", es="x") for one in (easy, hard))
    assert [text for _, _, text in hard_ones([("a", easy), ("b", hard)], finders)] == 2 * [hard.en]


@pytest.mark.parametrize("language", LANGUAGES)
def test_syllables_are_counted_as_by_hand(language: str) -> None:
    pairs = COUNTED_BY_HAND[language].split()
    by_hand = dict(zip(pairs[::2], map(int, pairs[1::2]), strict=True))
    count = english_syllables if language == "en" else spanish_syllables
    assert {word: count(word) for word in by_hand} == by_hand


def test_the_formulas_give_what_is_reckoned_by_hand() -> None:
    # 9 words, 2 sentences, 10 syllables.
    text = "The cat sat on the mat. It was sunny."
    assert english_grade(text) == pytest.approx(0.39 * 9 / 2 + 11.8 * 10 / 9 - 15.59)
    # 9 words, 2 sentences, 13 syllables.
    texto = "El gato se fue a la casa. Hace frío."
    assert spanish_ease(texto) == pytest.approx(206.84 - 60 * 13 / 9 - 1.02 * 9 / 2)


def test_the_formulas_know_hard_from_easy() -> None:
    hard = "Considerable heterogeneity characterised pharmacological interventions internationally."
    assert english_grade(hard) > 15
    duro = "Heterogeneidades considerables caracterizaron intervenciones farmacológicas."
    assert spanish_ease(duro) < 20
