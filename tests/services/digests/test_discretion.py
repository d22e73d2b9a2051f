"""Discretion: what nobody else is to see is in no subject, no link and no first line."""

from __future__ import annotations

import re

import pytest

from matcher.core.rulebook import Rulebook
from matcher.core.text import LANGUAGES
from tests.mail.mails import Seen, parsed
from tests.services.digests.reviews import (
    PERSON,
    SELECTIONS,
    STUDIES,
)
from tests.services.digests.writing_desk import BASE, WritingDesk
from tests.services.digests.written import all_kinds, flat, html_of, text_of

BLANK = """
    a about after an and as at back been both can change come even find for from had has have how
    in is it its keep known more not now of on or other over so still tell that the this to was we
    what with you al así cada cambio como con cuando de del el ella en es eso esta está este hay la
    las le lo los más me no nuevo o para pero por puede que se si sigue sin son su sus un una uno
    unos y ya
"""
"""Words of labels that say nothing of an illness."""

CANCER = """
    cancer tumor tumour oncology chemo chemotherapy radiation biopsy gene genetic mutation disease
    illness health patient patients medical medicine medicines hospital breast ovary diagnosis
    cáncer oncología quimio quimioterapia radioterapia biopsia gen genético mutación enfermedad
    salud paciente pacientes médico médica medicina mama seno ovario diagnóstico
"""


@pytest.fixture(scope="module")
def health_words(rulebook: Rulebook) -> frozenset[str]:
    """Every word of a label in the rules that says more than "and", and the usual ones."""
    labels = [tag.label.in_(language) for tag in rulebook.tags.values() for language in LANGUAGES]
    found = {word for label in labels for word in words(label) if len(word) > 1}
    assert len(found) > 400
    return frozenset(found - set(BLANK.split()) | set(CANCER.split()))


def words(text: str) -> list[str]:
    """The words of a text; the tokens in its links are letters by chance."""
    return re.findall(r"[^\W\d_]+", masked(text).lower())


def first_of(text: str) -> str:
    """The first 200 letters, without a word that was cut."""
    return text[:200].rpartition(" ")[0]


def masked(text: str) -> str:
    return re.sub(r"(?<=/)[\w-]{40,}|(?<=/s/)\w{7}", "", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_that_shows_before_it_is_opened_names_an_illness(
    office: WritingDesk, health_words: frozenset[str], language: str
) -> None:
    for name, envelope in all_kinds(office, language):
        mail, seen = parsed(envelope.message), Seen(html_of(envelope))
        links = [urls for urls in seen.links if not urls.startswith(f"{BASE}/")]
        assert links == []
        shown = [
            mail["Subject"],
            mail["From"],
            first_of(masked(text_of(envelope))),
            first_of(seen.words),
            mail["List-Unsubscribe"] or "",
            *seen.links,
        ]
        found = {word for one in shown for word in words(str(one))} & health_words
        assert not found, (name, found)
        assert len(seen.words) > 200, name
        assert re.fullmatch(r"<[0-9a-f]{32}@charity\.example>", mail["Message-ID"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mere_count_says_nothing_of_what_it_is_about(
    office: WritingDesk, health_words: frozenset[str], language: str
) -> None:
    who = office.subscribe(PERSON, language=language, detail="count")
    for name, selection in SELECTIONS.items():
        envelope = office.digest(who, selection)
        text, html = flat(text_of(envelope)), html_of(envelope)
        for body in (text, Seen(html).words):
            assert set(words(body)) & health_words == set(), name
        for study in (*STUDIES, *selection.gone):
            assert study.title not in text
        assert "/s/" not in html
