"""Reviews on hard ground beyond the first few: they have a page of their own."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher
from tests.web.person import Person
from tests.web.test_asked import study

COUNT = 57
HARD = study("hard", "breast_cancer", "metastatic")
PLAIN = study("plain", "breast_cancer", "er_positive")
FOLDED = "/results/may_fit?folded=1"


def names(prefix: str, count: int) -> set[str]:
    """The keys of so many studies, which are their titles too."""
    return {f"{prefix}-{number:02}" for number in range(count)}


@pytest.fixture
def person(make_app: Callable[..., Flask], book: Rulebook) -> Person:
    """Somebody with breast cancer, where many reviews are about cancer that has spread."""
    copies = [
        replace(one, key=key, title=key)
        for one, count in ((HARD, COUNT), (PLAIN, 12))
        for key in sorted(names(one.key, count))
    ]
    somebody = Person(make_app(matcher=Matcher(book, copies)).test_client())
    somebody.begin()
    somebody.answer("cancer_status", "now")
    somebody.answer("cancer", "breast")
    return somebody


def seen(person: Person, path: str) -> set[str]:
    """The reviews on a page."""
    assert person.open(path).status_code == 200
    return set(re.findall(r"\b(?:hard|plain)-\d\d\b", person.page))


def link(person: Person, words: str) -> str:
    """Where the link with these words leads."""
    (found,) = re.findall(rf'<a href="([^"]+)">{words}</a>', person.page)
    return html.unescape(found)


def test_every_folded_review_is_reached_from_the_results(person: Person) -> None:
    first = seen(person, "/results")
    assert len(first & names("hard", COUNT)) == 4
    onward = link(person, f"Show all {COUNT} reviews on hard topics")
    assert onward == FOLDED
    fold = person.page.index(f"{COUNT} reviews on hard topics")
    assert (
        fold
        < person.page.index(f"Show all {COUNT} reviews on hard topics")
        < person.page.rindex("</details>")
    )
    found = seen(person, onward)
    assert len(found) == 50
    assert "<h1" in person.page
    title = "May be about you: reviews on hard topics"
    assert f">{title}</h1>" in person.page
    second = link(person, "Next page")
    rest = seen(person, second)
    assert f">{title}, page 2</h1>" in person.page
    assert (found | rest, found & rest) == (names("hard", COUNT), set())
    assert "Next page" not in person.page
    assert seen(person, link(person, "Earlier page")) == found


def test_the_plain_page_holds_none_of_them(person: Person) -> None:
    for path in ("/results/may_fit", "/results/may_fit?folded=0"):
        assert seen(person, path) == names("plain", 12)
        assert "hard topics" not in person.page


def test_up_to_five_need_no_page_of_their_own(
    make_app: Callable[..., Flask], book: Rulebook
) -> None:
    copies = [replace(HARD, key=key, title=key) for key in names("hard", 5)]
    somebody = Person(make_app(matcher=Matcher(book, copies)).test_client())
    somebody.begin()
    somebody.answer("cancer_status", "now")
    somebody.answer("cancer", "breast")
    assert seen(somebody, "/results") == names("hard", 5)
    assert "folded=1" not in somebody.page


def test_who_left_hard_topics_out_finds_no_page_of_them(person: Person) -> None:
    person.open("/check")
    person.send("/check/hard-topics", leave="out")
    assert seen(person, "/results") & names("hard", COUNT) == set()
    assert "folded=1" not in person.page
    assert person.open(FOLDED).status_code == 404
    assert "hard-" not in person.page


@pytest.mark.parametrize("path", [f"{FOLDED}&page=3", "/results/fits?folded=1"])
def test_there_is_no_other_folded_page(person: Person, path: str) -> None:
    assert person.open(path).status_code == 404


def test_what_concerns_the_person_is_folded_no_more(person: Person) -> None:
    person.answer("extent", "metastatic")
    assert person.open(FOLDED).status_code == 404
    assert len(seen(person, "/results/fits") & names("hard", COUNT)) == 50


def test_a_title_can_be_hard_too(make_app: Callable[..., Flask], book: Rulebook) -> None:
    titles = ["Fewer deaths after a new test", "A study of deathly quiet rooms"]
    plain = study("plain", "breast_cancer", "er_positive")
    copies = [replace(plain, key=f"plain-0{n}", title=title) for n, title in enumerate(titles)]
    somebody = Person(make_app(matcher=Matcher(book, [*copies, HARD])).test_client())
    somebody.begin()
    somebody.answer("cancer_status", "now")
    somebody.answer("cancer", "breast")
    folded = somebody.open("/results").text.split("2 reviews on hard topics")[1]
    assert titles[0] in folded
    assert titles[1] not in folded
    somebody.answer("extent", "metastatic")
    assert "on hard topics" not in somebody.open("/results").text
    somebody.answer("extent", "early")
    somebody.open("/check")
    somebody.send("/check/hard-topics", leave="out")
    somebody.open("/results")
    assert titles[0] not in somebody.page
    assert "You asked us to leave out 2 reviews" in somebody.page
