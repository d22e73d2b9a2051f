"""The studies on the sheet: which ones are chosen, and what stands under each."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from flask import Flask

from matcher.core.conditions import AllOf, AnyOf, Tag, Unread
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.services.matching import Matcher
from matcher.web.sheet.content import KEPT_FOR_MAY_FIT, MOST_STUDIES
from tests.web.person import Person
from tests.web.test_asked import study
from tests.web.test_sheet import paper, tell

BREAST = {"cancer_status": "now", "cancer": ["breast"]}
LEVELS = {"fit": ("breast_cancer",), "may": ("breast_cancer", "er_positive")}


def copies(kind: str, count: int) -> list[Study]:
    """So many studies that fit, or may fit, whoever has breast cancer."""
    return [study(f"{kind}-{number}", *LEVELS[kind]) for number in range(count)]


@pytest.fixture
def printed(make_app: Callable[..., Flask], book: Rulebook) -> Callable[..., str]:
    """The paper for somebody with breast cancer, at a site with these studies."""

    def make(studies: Sequence[Study], language: str = "en") -> str:
        client = make_app(matcher=Matcher(book, studies)).test_client()
        person = Person(client, **{"Accept-Language": language})
        tell(person, BREAST)
        person.open("/sheet")
        return paper(html.unescape(person.page))

    return make


@pytest.mark.parametrize(
    ("fit", "may", "expected"),
    [(9, 9, (4, 2)), (9, 1, (5, 1)), (9, 0, (6, 0)), (3, 9, (3, 3)), (0, 9, (0, 6))],
)
def test_two_places_are_kept_for_what_may_be_about_the_person(
    printed: Callable[..., str], fit: int, may: int, expected: tuple[int, int]
) -> None:
    assert (MOST_STUDIES, KEPT_FOR_MAY_FIT) == (6, 2)
    text = printed([*copies("fit", fit), *copies("may", may)])
    found = tuple(len(set(re.findall(rf"\b{kind}-\d", text))) for kind in LEVELS)
    assert found == expected


@pytest.mark.parametrize(
    ("language", "count", "more"),
    [
        ("en", 6, None),
        ("en", 7, "One more review like these is on the site"),
        ("en", 11, "5 more reviews like these are on the site"),
        ("es", 11, "5 reseñas más"),
    ],
)
def test_the_paper_says_how_many_more_there_are(
    printed: Callable[..., str], language: str, count: int, more: str | None
) -> None:
    text = printed(copies("fit", count), language)
    if more is None:
        assert "more review" not in text
    else:
        assert more in text


def test_a_list_of_reviews_is_named_by_its_site_alone(printed: Callable[..., str]) -> None:
    links = ("https://www.example.org/portal/results.php?cancer=breast", "https://own.example/one")
    both = [replace(one, url=url) for one, url in zip(copies("fit", 2), links, strict=True)]
    text = printed(both)
    assert "example.org" in text
    for part in ("portal", "results", "cancer=breast", "www."):
        assert part not in text
    assert "own.example/one" in text


@pytest.mark.parametrize(
    ("language", "joined"), [("en", "ER-positive or HER2-low"), ("es", "o HER2")]
)
def test_or_stands_between_alternatives(
    printed: Callable[..., str], language: str, joined: str
) -> None:
    breast = Tag("breast_cancer")
    ways = tuple(AllOf((breast, Tag(key))) for key in ("er_positive", "her2_low"))
    either = replace(study("either"), most=Audience("either", AnyOf(ways)))
    assert joined in printed([either], language)
    both = study("both", "breast_cancer", "er_positive", "her2_low")
    assert joined not in printed([both], language)


def test_marks_stand_before_the_title_the_grave_ones_first(printed: Callable[..., str]) -> None:
    old_story = replace(copies("fit", 1)[0], marks=("not_research", "animal"))
    text = printed([old_story])
    order = ["In animals, not yet in people", "A personal story, not research", "fit-0", "Fits:"]
    places = [text.index(words) for words in order]
    assert places == sorted(places)


def test_what_another_answer_tells_is_not_called_unknown(
    make_app: Callable[..., Flask], book: Rulebook
) -> None:
    studies = [study("worry", "concerned_breast"), study("other", "concerned_ovarian")]
    person = Person(make_app(matcher=Matcher(book, studies)).test_client())
    told = {"cancer_status": "never", "family_history": ["breast"], "concerned_about": "unknown"}
    tell(person, told)
    person.open("/sheet")
    text = paper(html.unescape(person.page))
    assert "Fits: breast cancer: a worry, a high risk or in the family" in text
    assert "Not known yet" not in text


def test_words_that_were_not_read_are_marked_as_english(
    make_app: Callable[..., Flask], book: Rulebook
) -> None:
    label = AllOf((Tag("breast_cancer"), Unread("odd words")))
    odd = Study(key="odd", title="odd", most=Audience("odd", label))
    client = make_app(matcher=Matcher(book, [odd])).test_client()
    marked = re.compile(r'<span lang="en">odd words</span>', re.IGNORECASE)
    for language, expected in (("es-MX", True), ("en", False)):
        person = Person(client, **{"Accept-Language": language})
        tell(person, BREAST)
        for path in ("/results", "/studies/odd", "/sheet"):
            person.open(path)
            assert "dd words" in person.page, path
            assert bool(marked.search(person.page)) == expected, path
