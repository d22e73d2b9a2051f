"""Social cards: shown of pages that say nothing of a visitor, with a picture only where we know."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from matcher.theming.pictures import check_png
from tests.web.person import Person

PUBLIC = "https://matcher.example.org"
_PROPERTY = re.compile(r'<meta property="og:([a-z:_]+)" content="([^"]*)">')


def cards(page: str) -> dict[str, str]:
    return dict(_PROPERTY.findall(page))


def test_the_start_page_has_a_card(make_app: Callable[..., Flask]) -> None:
    client = make_app(public_url=PUBLIC).test_client()
    found = cards(client.get("/", base_url=PUBLIC).text)
    assert found["title"] == "Find cancer research that is about people like you"
    assert found["site_name"] == "Matcher"
    assert found["image"].startswith(f"{PUBLIC}/static/")
    picture = client.get(found["image"], base_url=PUBLIC)
    assert picture.content_type == "image/png"
    assert len(picture.data) < 60_000
    check_png(picture.data, (1200, 630))
    spanish = client.get("/", base_url=PUBLIC, headers={"Accept-Language": "es"}).text
    assert cards(spanish)["title"].startswith("Encuentre")


def test_without_a_public_address_there_is_no_picture(person: Person) -> None:
    person.open("/")
    assert {"title", "description"} <= set(cards(person.page))
    assert "image" not in cards(person.page)


def test_a_shared_study_has_a_card_until_there_are_answers(person: Person) -> None:
    path = "/studies/no-label"
    person.open(path)
    assert cards(person.page)["title"] in person.page.partition("<h1")[2]
    person.begin()
    person.open(path)
    assert cards(person.page) == {}


def test_pages_of_a_visit_have_none(person: Person) -> None:
    person.begin()
    person.answer("er", "positive")
    for path in ("/check", "/results", "/who", "/questions/er", "/privacy"):
        person.open(path)
        assert cards(person.page) == {}, path


@pytest.mark.parametrize("name", ["theme/touch.png", "theme/favicon.svg"])
def test_icons_are_ours(person: Person, name: str) -> None:
    person.open("/")
    found = re.search(rf'href="(/static/[^"]+/{name})"', person.page)
    assert found is not None
    assert person.client.get(found[1]).status_code == 200
