"""Somebody who answers for a person they care for: told about that person, not about themselves."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask

from matcher.core.rulebook import Rulebook
from matcher.core.text import LANGUAGES
from matcher.words import load_words
from tests.web.catalogue import CAMIZESTRANT
from tests.web.person import Person

# What only the person with the cancer can be told. "You" who type, change and read stay.
MEANT = {
    "en": re.compile(
        r"\b(about|for|fits?|from|helps?|concerns?|like|with|settle) you\b(?! care\b)|"
        r"\b[Yy]our (doctor|nurse|care team|cancer|tumor|risk|body|family|treatments?)\b|"
        r"\byou (feel|have had|worry|are thinking|had)\b"
    ),
    "es": re.compile(
        r"(?i)\b(de|a|para|como|con|en) usted\b(?! cuida)|"
        r"\bsu (médico|enfermera|equipo médico|cáncer|tumor|riesgo|familia|tratamiento)\b|"
        r"\bque (siente|le preocupan?|está pensando)\b"
    ),
}
# Read before it is said whom the answers are about, or by somebody under 18.
BEFORE = ("start.", "who.", "embed.", "example.", "young.")
# Said to a navigator, who is never the person that the answers are about.
AT_THE_DESK = ("desk_", "news.")
# About the one at the browser.
OWN = {"privacy.cookies", "privacy.links", "privacy.answers_3"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_that_means_the_person_has_its_other_form(language: str) -> None:
    words = load_words()
    told = {
        key: html.unescape(words.texts.get(f"{key}_other", text).in_(language))
        for key, text in words.texts.items()
        if not key.startswith((*BEFORE, *AT_THE_DESK)) and key not in OWN
    }
    assert [key for key, text in told.items() if MEANT[language].search(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_names_of_answers_are_of_nobody(book: Rulebook, language: str) -> None:
    names = {key: attribute.name.in_(language) for key, attribute in book.attributes.items()}
    direct = re.compile(r"(?i)\b(you|your|usted|su|sus|le|siente)\b")
    assert {key: name for key, name in names.items() if direct.search(name)} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_doctors_questions_of_a_carer_are_not_their_own(book: Rulebook, language: str) -> None:
    own = re.compile(r"(?i)\b(I|my|me)\b" if language == "en" else r"(?i)\b(mi|mis|tengo|me)\b")
    asked = {
        key: (attribute.doctor_other or attribute.doctor).in_(language)
        for key, attribute in book.attributes.items()
    }
    cared = {"en": "the person I care for", "es": "la persona a quien cuido"}[language]
    assert [key for key, text in asked.items() if own.search(text.replace(cared, "they"))] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_after_the_first_speaks_to_a_carer_as_the_patient(
    make_app: Callable[..., Flask], language: str
) -> None:
    reader = Person(make_app().test_client(), **{"Accept-Language": language})
    reader.begin("other")
    for key, value in (("cancer", "breast"), ("extent", "metastatic"), ("er", "positive")):
        reader.answer(key, value)
    reader.answer("concerned_about", "ovarian")
    reader.answer("symptoms", "fatigue")
    for path in ("/check", "/results", f"/studies/{CAMIZESTRANT}", "/sheet"):
        assert reader.open(path).status_code == 200
        main = re.sub(r"<[^>]+>", " ", reader.page.partition("<main")[2])
        shown = re.sub(r"\s+", " ", html.unescape(main))
        assert MEANT[language].findall(shown) == [], path


@pytest.mark.parametrize("about", ["other", "self"])
def test_results_study_and_sheet_give_the_question_of_who_asks(
    make_app: Callable[..., Flask], book: Rulebook, about: str
) -> None:
    reader = Person(make_app().test_client())
    reader.begin(about)
    for key, value in (("cancer", "breast"), ("extent", "metastatic"), ("er", "positive")):
        reader.answer(key, value)
    reader.answer("her2", "unknown")
    both = [
        (one.doctor.en, one.doctor_other.en) for one in book.attributes.values() if one.doctor_other
    ]
    own, others = (list(texts) for texts in zip(*both, strict=True))
    wanted, unwanted = (others, own) if about == "other" else (own, others)
    for path in ("/results", f"/studies/{CAMIZESTRANT}", "/sheet"):
        reader.open(path)
        assert [text for text in wanted if text in reader.text], path
        assert [text for text in unwanted if text in reader.text] == [], path
