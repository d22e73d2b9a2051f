"""Fixtures of the page and API tests: an application over a small catalogue and a new database."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher
from matcher.store.database import connect, upgrade
from matcher.web import create_app
from tests.kept import shipped_book
from tests.web.catalogue import STUDIES
from tests.web.mails import MAIL, empty, site_of
from tests.web.person import Person

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    """A clock that a test can move."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="session")
def book() -> Rulebook:
    """The shipped rules."""
    return shipped_book()


@pytest.fixture(scope="session")
def small_matcher(book: Rulebook) -> Matcher:
    """The small catalogue, made ready."""
    return Matcher(book, STUDIES)


@pytest.fixture
def engine(tmp_path: Path, sqlite_tables: Path) -> Iterator[sa.Engine]:
    """A new database with its tables."""
    file = shutil.copy(sqlite_tables, tmp_path / "matcher.db")
    engine = connect(f"sqlite:///{file}")
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    """Noon of a Sunday, until a test moves it."""
    return Clock()


@pytest.fixture
def make_app(
    tmp_path: Path, book: Rulebook, small_matcher: Matcher, engine: sa.Engine, clock: Clock
) -> Callable[..., Flask]:
    """Makes an application with other settings: ``make_app(public_url="https://…")``."""

    def make(*, insecure: bool = False, matcher: Matcher | None = None, **other: object) -> Flask:
        settings = Settings(
            instance=tmp_path,
            database_url=str(engine.url),
            secret_key="a secret for the tests",
            data_key="a key for the tests",
            lookup_key="a lookup key of tests",
            **other,  # type: ignore[arg-type]
        )
        ready = matcher or small_matcher
        return create_app(
            settings, book, engine=engine, matcher=lambda: ready, clock=clock, insecure=insecure
        )

    return make


@pytest.fixture(scope="session")
def app(
    tmp_path_factory: pytest.TempPathFactory, book: Rulebook, small_matcher: Matcher
) -> Iterator[Flask]:
    """The application as on somebody's own machine; visits are told apart by their cookies."""
    folder = tmp_path_factory.mktemp("app")
    engine = connect(f"sqlite:///{folder / 'matcher.db'}")
    upgrade(engine)
    keys = ("a secret for the tests", "a key for the tests", "a lookup key of tests")
    settings = Settings(folder, str(engine.url), *keys)
    yield create_app(settings, book, engine=engine, matcher=lambda: small_matcher, clock=Clock())
    engine.dispose()


@pytest.fixture(scope="session")
def mail_app(
    tmp_path_factory: pytest.TempPathFactory, book: Rulebook, small_matcher: Matcher
) -> Iterator[Flask]:
    """An application that can mail people, for `mailing`."""
    folder = tmp_path_factory.mktemp("mail")
    engine = connect(f"sqlite:///{folder / 'matcher.db'}")
    upgrade(engine)
    keys = ("a secret for the tests", "a key for the tests", "a lookup key of tests")
    settings = Settings(folder, str(engine.url), *keys, **MAIL)
    yield create_app(settings, book, engine=engine, matcher=lambda: small_matcher, clock=Clock())
    engine.dispose()


@pytest.fixture
def mailing(mail_app: Flask) -> Iterator[Flask]:
    """That application, at noon and with empty tables."""
    here = site_of(mail_app)
    assert isinstance(here.clock, Clock)
    here.clock.now = NOON
    yield mail_app
    empty(here)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A bare client."""
    return app.test_client()


@pytest.fixture
def person(client: FlaskClient) -> Person:
    """Somebody who reads pages and fills forms, by a client with cookies."""
    return Person(client)
