"""The link to a review: its own page, or the list in which it is to be looked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask import Flask

from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher
from tests.web.person import Person
from tests.web.test_asked import study

OWN, LISTING = "https://www.example.org/reviews/one", "https://www.example.org/portal/results.php"


@pytest.fixture
def open_study(make_app: Callable[..., Flask], book: Rulebook) -> Callable[..., Person]:
    """Opens the page of a study with this link."""

    def open_with(url: str, language: str = "en") -> Person:
        matcher = Matcher(book, [replace(study("one", "breast_cancer"), url=url)])
        person = Person(make_app(matcher=matcher).test_client(), **{"Accept-Language": language})
        assert person.open("/studies/one").status_code == 200
        assert f'href="{url}"' in person.page
        return person

    return open_with


def test_a_link_of_its_own_leads_to_the_whole_review(open_study: Callable[..., Person]) -> None:
    page = open_study(OWN).page
    assert "Read the whole review" in page
    assert "Look for it on" not in page
    assert "A list opens there" not in page


@pytest.mark.parametrize(
    ("language", "button", "note"),
    [("en", "Look for it on example.org", "A list opens there"), ("es", "example.org", "lista")],
)
def test_a_link_to_a_list_says_where_to_look(
    open_study: Callable[..., Person], language: str, button: str, note: str
) -> None:
    page = open_study(LISTING, language).page
    button_at = page.index(f'href="{LISTING}"')
    assert button in page[button_at:].partition("</a>")[0]
    assert note in page[button_at:].partition("</div>")[0]
    for whole in ("Read the whole review", "Leer la reseña completa"):
        assert whole not in page
