"""Speaker: one person's language, and whether they are told of themselves or of another."""

from __future__ import annotations

import re
from datetime import date

import pytest

from matcher.core.rulebook import Rulebook
from matcher.core.text import LANGUAGES, Text
from matcher.words import Speaker, Words, load_words

WORDS = Words(
    {
        "a.related": Text(en="About you: {what}", es="Sobre usted: {what}"),
        "a.related_other": Text(en="About them: {what}", es="Sobre esa persona: {what}"),
        "a.n_one": Text(en="{n} study", es="{n} estudio"),
        "a.n_many": Text(en="{n} studies of {whose}", es="{n} estudios de {whose}"),
        "a.n_many_other": Text(en="{n} studies of theirs", es="{n} estudios de esa persona"),
    }
)
ENGLISH, SPANISH = Speaker(WORDS, "en"), Speaker(WORDS, "es")
CARER = Speaker(WORDS, "es", cared_for=True)
DAY = date(2026, 2, 3)


@pytest.mark.parametrize(
    ("speaker", "told"),
    [(ENGLISH, "About you: a&lt;b"), (CARER, "Sobre esa persona: a&lt;b")],
)
def test_a_text_is_said_to_whom_it_concerns_and_escaped(speaker: Speaker, told: str) -> None:
    assert speaker.say("a.related", what="a<b") == told


def test_a_count_takes_its_form_and_what_else_it_names() -> None:
    assert ENGLISH.say_count("a.n", 1) == "1 study"
    assert SPANISH.say_count("a.n", 2, whose="usted") == "2 estudios de usted"
    assert CARER.say_count("a.n", 2) == "2 estudios de esa persona"


@pytest.mark.parametrize("language", LANGUAGES)
def test_at_the_desk_every_text_is_about_this_person(language: str, rulebook: Rulebook) -> None:
    words = load_words()
    desk = Speaker(words, language, cared_for=True, at_desk=True)
    carer = Speaker(words, language, cared_for=True)
    other = [text for key, text in words.texts.items() if key.endswith("_other")]
    for attribute in rulebook.attributes.values():
        other += [attribute.question_other, *filter(None, [attribute.doctor_other])]
    other += [chapter.name_other for chapter in rulebook.chapters.values()]
    cared_for = re.compile("care for|cuid[ao]\\b")
    assert sum(bool(cared_for.search(carer.shown(text))) for text in other) > 50
    assert [said for said in map(desk.shown, other) if cared_for.search(said)] == []
    assert (
        desk.say("level.may_fit")
        == {
            "en": "May be about this person",
            "es": "Puede tratar de esta persona",
        }[language]
    )


def test_a_text_that_is_missing_is_an_error() -> None:
    with pytest.raises(KeyError, match=r"a\.nothing"):
        ENGLISH.say("a.nothing")


def test_texts_of_the_rules_are_shown_in_the_language() -> None:
    text = Text(en="breast", es="mama")
    assert (ENGLISH.shown(text), SPANISH.shown(text), SPANISH.shown(None)) == ("breast", "mama", "")


def test_dates_are_said_in_words() -> None:
    assert (ENGLISH.month(DAY), SPANISH.month(DAY)) == ("February 2026", "febrero de 2026")
    assert ENGLISH.long_date(DAY) == "February 3, 2026"
    assert SPANISH.long_date(DAY) == "3 de febrero de 2026"


@pytest.mark.parametrize(
    ("speaker", "parts", "style", "told"),
    [
        (ENGLISH, ["a", "b", "c"], "standard", "a, b, and c"),
        (ENGLISH, ["a", "b"], "or", "a or b"),
        (SPANISH, ["mama", "ovario"], "standard", "mama y ovario"),
        (SPANISH, ["mama", "pecho", "intestino"], "standard", "mama, pecho e intestino"),
        (SPANISH, ["mama", "ovario"], "or", "mama u ovario"),
        (SPANISH, ["y otro"], "standard", "y otro"),
        (ENGLISH, [], "standard", ""),
    ],
)
def test_lists_are_said_in_words(speaker: Speaker, parts: list[str], style: str, told: str) -> None:
    assert speaker.listed(parts, style=style) == told
