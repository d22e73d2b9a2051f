"""The page behind a mail's link: the same for everybody, and nothing of the visit remains."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.core.rulebook import Rulebook
from matcher.core.study import Study
from matcher.services.matching import Matcher
from matcher.services.short_names import short_name
from matcher.store.tables import metadata
from tests.web.catalogue import CAMIZESTRANT, STUDIES
from tests.web.mails import MAIL
from tests.web.person import Person

PATH = f"/s/{short_name(CAMIZESTRANT)}"
TAKEN_BACK = Study(key="taken-back", title="Taken back", standing="retracted")


def test_it_shows_the_study_and_leads_to_its_source(person: Person) -> None:
    answer = person.client.get(PATH)
    page = answer.get_data(as_text=True)
    study = next(study for study in STUDIES if study.key == CAMIZESTRANT)
    assert answer.status_code == 200
    assert study.title in page
    assert f'href="{study.url}"' in page
    assert f"http://localhost{PATH}" in page
    assert f"/studies/{CAMIZESTRANT}" not in page


def test_it_is_the_same_for_everybody_and_sets_no_cookie(person: Person) -> None:
    before = person.client.get(PATH)
    person.begin()
    person.answer("cancer", "breast")
    assert person.client.get("/results").status_code == 200
    after = person.client.get(PATH)
    assert after.data == before.data
    for answer in (before, after, person.client.get("/s/nothing")):
        assert "Set-Cookie" not in answer.headers


def test_opening_it_leaves_nothing_in_the_database(
    make_app: Callable[..., Flask], engine: sa.Engine
) -> None:
    client = make_app().test_client()
    before = rows(engine)
    for path in (PATH, "/s/nothing", f"{PATH}?language=es"):
        client.get(path)
        client.head(path)
    assert rows(engine) == before


def rows(engine: sa.Engine) -> dict[str, list[sa.Row[tuple[object, ...]]]]:
    with engine.connect() as connection:
        return {
            name: list(connection.execute(sa.select(table)))
            for name, table in metadata.tables.items()
        }


@pytest.mark.parametrize(
    ("query", "word"), [("?language=es", "Estudio"), ("?language=xx", "Study")]
)
def test_the_language_is_changed_by_a_link(person: Person, query: str, word: str) -> None:
    assert f"<span>{word}</span>" in person.client.get(PATH + query).get_data(as_text=True)


def test_who_comes_from_a_mail_is_led_to_their_own_page(make_app: Callable[..., Flask]) -> None:
    asks, leads = "See whether this concerns you", "Use the link “Open my page” in the email."
    page = make_app(**MAIL).test_client().get(PATH).get_data(as_text=True)
    main = page.partition("<main")[2].partition("</main>")[0]
    assert leads in main
    assert asks not in main
    assert '<a href="/">No email from us?' in main
    page = make_app().test_client().get(PATH).get_data(as_text=True)
    assert leads not in page
    assert asks in page


def test_what_was_taken_back_says_so(make_app: Callable[..., Flask], book: Rulebook) -> None:
    app = make_app(matcher=Matcher(book, (*STUDIES, TAKEN_BACK)), **MAIL)
    page = app.test_client().get(f"/s/{short_name('taken-back')}").get_data(as_text=True)
    assert "This study was withdrawn" in page
    assert "Do not rely on it." in page
    assert "Open my page" not in page


def test_what_is_no_longer_there_is_said_kindly(person: Person) -> None:
    answer = person.client.get("/s/nothing")
    assert answer.status_code == 404
    assert "There is no review here" in answer.get_data(as_text=True)
