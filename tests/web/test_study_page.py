"""A study's page: every reason, its points, its marks, its address, and the way back."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from matcher.core.rulebook import Rulebook
from matcher.core.text import Text
from matcher.services.matching import Matcher
from tests.web.catalogue import CAMIZESTRANT, LABEL
from tests.web.person import Person
from tests.web.test_asked import study
from tests.web.test_results import page, reader, words_of


def test_a_study_s_questions_lead_back_to_it(person: Person) -> None:
    place = f"/studies/{CAMIZESTRANT}"
    study_page = page(reader(person, tested=False), place)
    link = f"/questions/tumor?from=study&study={CAMIZESTRANT}"
    assert f'href="{link}"' in study_page
    person.open(link)
    person.send(answer="named")
    person.send(answer="ESR1")
    person.send(**{"result-ESR1": "mutation"})
    assert person.path == place
    assert "lv-fits" in person.page


@pytest.mark.parametrize("key", ["nothing", "//evil.example", "https://evil.example", ""])
def test_only_a_study_of_the_catalogue_is_led_back_to(person: Person, key: str) -> None:
    reader(person)
    person.open(f"/questions/er?from=study&study={key}")
    person.send(answer="positive")
    assert "evil" not in person.path
    assert not person.path.startswith("/studies")


def test_the_address_to_share_holds_no_answer_and_stands_as_text(person: Person) -> None:
    found = page(reader(person), f"/studies/{CAMIZESTRANT}?topic=x")
    address = found.split('class="share__address" lang="en" translate="no">')[1].split("<")[0]
    assert address == f"http://localhost/studies/{CAMIZESTRANT}"


def test_a_long_summary_stands_in_paragraphs(
    make_app: Callable[..., Flask], book: Rulebook
) -> None:
    text = "The study is new. It asks one thing. It has two groups. One takes it. Both are seen."
    long = replace(study("long", "breast_cancer"), summary=Text(text, text), as_of=None)
    person = Person(make_app(matcher=Matcher(book, [long])).test_client())
    told = page(person, "/studies/long").split("In short")[1].split("<h2")[0]
    assert [words_of(part) for part in re.findall(r"<p .*?</p>", told)[:2]] == [
        "The study is new. It asks one thing. It has two groups.",
        "One takes it. Both are seen.",
    ]


def test_marks_say_what_they_mean_and_only_grave_ones_are_loud(person: Person) -> None:
    place = "/studies/a-drug-slows-her2-low-tumors-in-mice"
    told = words_of(page(reader(person), place))
    assert "In animals, not yet in people. It was tried on animals." in told
    assert '<li class="mark mark--loud">In animals' in person.page
    assert '<li class="mark">Older' in page(person, "/results")


def test_who_answers_for_somebody_is_told_whom_the_reasons_are_about(person: Person) -> None:
    person.begin("other")
    person.answer("cancer_status", "never")
    person.answer("er", "positive")
    notice = page(person, "/results").split('<section class="notice">')[1].split("</section>")[0]
    assert "You said that the person you care for never had cancer" in notice


def test_a_study_tells_every_reason_and_its_points_add_up(person: Person) -> None:
    study = page(reader(person), f"/studies/{CAMIZESTRANT}")
    assert study.count('class="chip v-yes"') == 5 + 3
    assert "You said: estrogen receptor (ER) – “ER-positive”." in study
    assert LABEL in study
    assert "people with ER/PR + cancer" in study
    assert "April 30, 2026" in study
    assert "As of February 19, 2026" in study
    numbers = [int(n) for n in re.findall(r'cell--numeric">(\d+)<', study)]
    assert len(numbers) == 5
    assert sum(numbers[:-1]) == numbers[-1]
    assert "Points only set the order. They say nothing about how well a treatment works." in study
    assert 'href="https://www.facingourrisk.org/XRAY/' in study
    assert 'rel="noopener noreferrer"' in study


def test_a_study_without_answers_says_nothing_of_anybody(person: Person) -> None:
    study = page(person, f"/studies/{CAMIZESTRANT}")
    assert 'class="chip' not in study
    assert "How this was ranked" not in study
    assert "See whether this concerns you" in study
    assert LABEL in study


def test_words_that_were_not_read_are_marked_in_the_label(person: Person) -> None:
    page(person, "/studies/dense-breasts-a-story")
    marked = "<mark>&lt;script&gt;alert(1)&lt;/script&gt;</mark>"
    assert f"Women with dense breasts {marked}" in person.page
    assert "We could not use the marked words" in person.page


def test_only_links_to_web_pages_become_links(person: Person) -> None:
    page(person, "/studies/dense-breasts-a-story")
    assert "javascript:" not in person.page
    assert "Read the whole review" not in person.page


@pytest.mark.parametrize("path", ["/studies/nothing", "/studies/%00", "/studies/" + "x" * 2000])
def test_there_is_no_other_study(person: Person, path: str) -> None:
    assert person.open(path).status_code == 404
