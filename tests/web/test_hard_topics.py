"""Hard ground on the pages: it is folded where it surprises, and goes where it is left out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher
from tests.services.test_hard_topics import HAS, STUDIES
from tests.web.person import Person
from tests.web.test_sheet import tell

KEYS = {one.key for one in STUDIES}


@pytest.fixture
def folded(make_app: Callable[..., Flask], book: Rulebook) -> Callable[..., set[str]]:
    """What is folded for somebody with these answers: all that goes when it is left out."""
    app = make_app(matcher=Matcher(book, STUDIES))

    def find(**answers: str) -> set[str]:
        person = Person(app.test_client())
        tell(person, {**HAS, **answers})
        assert shown(person) == KEYS
        tell(person, {**HAS, **answers}, leave_out=True)
        return KEYS - shown(person)

    return find


def shown(person: Person) -> set[str]:
    """The studies on the results page and on the page of each level."""
    text = ""
    for level in ("fits", "may_fit", "different"):
        for path in (f"/results/{level}", f"/results/{level}?folded=1"):
            person.open(path)
            text += person.page
    return {key for key in KEYS if f'href="/studies/{key}"' in text}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, {"both", "one-of", "back-too", "lines", "not-yet", "young"}),
        ({"extent": "metastatic"}, {"both", "not-yet", "young"}),
        ({"pregnant": "no", "extent": "early"}, KEYS - {"no-baby", "neither"}),
    ],
)
def test_what_is_hard_is_folded_and_goes_when_left_out(
    folded: Callable[..., set[str]], answers: dict[str, str], expected: set[str]
) -> None:
    assert folded(**answers) == expected
