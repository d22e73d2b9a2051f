"""The sheet for the doctor: what stands on it, what never does, and the PDF of it."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pypdf
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from matcher.core.conditions import AllOf, Tag
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.services import visits
from matcher.services.matching import Matcher
from matcher.services.short_names import find_by_short_name, short_name
from matcher.store.database import session
from matcher.web.site import EXTENSION
from tests.web.catalogue import CAMIZESTRANT, STUDIES
from tests.web.person import Person

SPREAD = {"cancer_status": "now", "cancer": ["breast"], "extent": "metastatic", "age": 52}
POSITIVE = {**SPREAD, "er": "positive", "her2": "negative"}


def tell(person: Person, answers: Mapping[str, Any], *, about: str = "self", **more: Any) -> None:
    """Begin a visit that holds these answers."""
    person.begin(about)
    site = person.client.application.extensions[EXTENSION]
    cookie = person.client.get_cookie("matcher")
    assert cookie is not None
    key = site.settings.data_key
    with session(site.engine, writing=True) as opened:
        visit = visits.open_visit(opened, cookie.value, key, now=site.clock())
        assert visit is not None
        told = replace(visit, answers=dict(answers), **more)
        visits.change_visit(opened, cookie.value, key, lambda _: told, now=site.clock())


def paper(page: str) -> str:
    """The text of the paper on a page."""
    found = re.search(r'<article class="paper".*?</article>', page, re.S)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def fetch(person: Person, path: str = "/sheet.pdf") -> TestResponse:
    """The PDF."""
    return person.client.get(path, headers=person.headers)


def read(data: bytes) -> pypdf.PdfReader:
    """A PDF, opened."""
    return pypdf.PdfReader(io.BytesIO(data))


def words(data: bytes) -> str:
    """The text of a PDF."""
    return " ".join(" ".join(page.extract_text() for page in read(data).pages).split())


def test_without_a_visit_there_is_no_sheet(person: Person) -> None:
    for path in ("/sheet", "/sheet.pdf"):
        response = person.open(path)
        assert response.mimetype == "text/html"
        assert 'class="paper"' not in person.page


def test_a_child_s_sheet_is_the_page_for_parents(person: Person) -> None:
    tell(person, {"age": 12, "cancer": ["leukemia"]})
    for path in ("/sheet", "/sheet.pdf"):
        person.open(path)
        assert person.path == "/under-18"


@pytest.mark.parametrize("answers", [{}, {"er": "declined", "age": "declined"}])
def test_with_nothing_to_print_the_page_says_what_to_do(
    person: Person, answers: dict[str, str]
) -> None:
    tell(person, answers)
    person.open("/sheet.pdf")
    assert person.path == "/sheet"
    assert "There is nothing to print yet" in person.page
    assert '<article class="paper"' not in person.page


def test_the_paper_holds_answers_questions_and_studies(person: Person) -> None:
    tell(person, {**POSITIVE, "tumor": "unknown"})
    person.open("/sheet")
    text = paper(person.page)
    assert "November 22, 2026" in text
    assert "My answers" in text
    assert "Estrogen receptor (ER): ER-positive" in text
    assert "Not known yet: Tumor test (biomarkers)" in text
    assert "Has my tumor been tested for gene changes" in text
    assert "May be about you" in text
    assert STUDIES[0].title in text
    assert "ESR1 mutation" in text
    assert "This is information, not medical advice." in text
    assert "February 2026" in text


def test_the_first_level_says_what_it_does_not_mean(person: Person) -> None:
    tell(person, {**POSITIVE, "tumor": {"ESR1": "mutation"}})
    person.open("/sheet")
    text = paper(person.page)
    assert "Its label describes people like you" in text
    assert "This does not mean that the treatment works for you" in text


def test_in_spanish_titles_are_marked_as_english_once(client: Any) -> None:
    person = Person(client, **{"Accept-Language": "es-MX"})
    tell(person, POSITIVE)
    person.open("/sheet")
    text = paper(person.page)
    assert "Mis respuestas" in text
    assert "22 de noviembre de 2026" in text
    assert text.count("inglés") == 1
    assert f'<h4 lang="en">{STUDIES[0].title}</h4>' in person.page


def test_for_somebody_else_the_paper_says_so(person: Person) -> None:
    tell(person, POSITIVE, about="other")
    person.open("/sheet")
    text = paper(person.page)
    assert "Answers about the person I care for" in text
    assert "Has the tumor been tested for gene changes" in text
    assert "my tumor" not in text
    assert "My answers" not in text


def test_what_was_declined_is_never_printed(person: Person) -> None:
    declined = {
        "menopause": "declined",
        "treatments": ["declined"],
        "tumor": {"ESR1": "declined", "PIK3CA": "mutation"},
    }
    tell(person, {**POSITIVE, **declined})
    person.open("/sheet")
    for text in (paper(person.page), words(fetch(person).data)):
        assert "PIK3CA" in text
        for name in ("Menopause", "menopause", "Treatments so far", "rather not"):
            assert name not in text
        # Nor is it asked: the only ESR1 left is the example in the question's own words.
        assert "ESR1:" not in text
        assert "(ESR1" not in text


def test_what_contradicts_is_marked(person: Person) -> None:
    tell(person, {**POSITIVE, "triple_negative": "yes"})
    person.open("/sheet")
    text = paper(person.page)
    assert "ER-positive (left out for now)" in text
    assert "52 years (left out" not in text


def test_superseded_studies_are_never_printed(person: Person) -> None:
    tell(person, {"cancer_status": "now", "cancer": ["breast"]})
    person.open("/sheet")
    assert "An old review" not in person.page


HARD = Study(
    key="about-spread",
    title="Living with spread",
    posted=date(2026, 5, 1),
    most=Audience("Metastatic", AllOf((Tag("breast_cancer"), Tag("metastatic:breast")))),
)


@pytest.fixture
def hard_site(make_app: Callable[..., Flask], book: Rulebook) -> Person:
    """Somebody at a site with a study on hard ground."""
    app = make_app(matcher=Matcher(book, [*STUDIES, HARD]))
    return Person(app.test_client())


def test_hard_topics_are_left_off_until_the_person_wants_them(hard_site: Person) -> None:
    tell(hard_site, {"cancer_status": "now", "cancer": ["breast"], "age": 50})
    hard_site.open("/sheet")
    assert HARD.title not in hard_site.page
    assert "not on the sheet" in hard_site.page
    hard_site.open("/sheet?folded=1")
    assert HARD.title in paper(hard_site.page)
    assert HARD.title in words(fetch(hard_site, "/sheet.pdf?folded=1").data)


def test_left_out_topics_stay_out_whatever_the_address(hard_site: Person) -> None:
    tell(hard_site, {"cancer_status": "now", "cancer": ["breast"], "age": 50}, leave_out=True)
    hard_site.open("/sheet?folded=1")
    assert HARD.title not in hard_site.page
    assert "folded=1" not in hard_site.page.partition("</header>")[2]


def test_hard_topics_that_concern_the_person_are_printed(hard_site: Person) -> None:
    tell(hard_site, SPREAD)
    hard_site.open("/sheet")
    assert HARD.title in paper(hard_site.page)


def test_an_address_on_paper_can_be_typed(make_app: Callable[..., Flask]) -> None:
    person = Person(make_app(public_url="https://matcher.example").test_client())
    person.client.environ_base["HTTP_HOST"] = "matcher.example"
    name = short_name(CAMIZESTRANT)
    assert re.fullmatch("[a-z2-7]{7}", name)
    response = person.client.get(f"/r/{name.upper()}", base_url="https://matcher.example")
    assert response.status_code == 302
    assert response.location == f"/studies/{CAMIZESTRANT}"
    assert person.client.get("/r/nothing", base_url="https://matcher.example").status_code == 404


def test_short_names_are_told_apart() -> None:
    names = {short_name(study.key) for study in STUDIES}
    assert len(names) == len(STUDIES)
    for study in STUDIES:
        assert find_by_short_name(short_name(study.key), STUDIES) is study


def test_results_and_answers_lead_to_the_sheet(person: Person) -> None:
    tell(person, POSITIVE)
    for path in ("/results", "/check"):
        person.open(path)
        assert 'href="/sheet"' in person.page, path
