"""Fixtures of the desk's tests: an application, and people who work there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher
from matcher.store.database import connect, upgrade
from matcher.web import create_app
from tests.web.conftest import NOON, Clock
from tests.web.desk.worker import Worker, with_cheap_passwords
from tests.web.mails import empty, site_of


@pytest.fixture(scope="session")
def desk_application(
    tmp_path_factory: pytest.TempPathFactory, book: Rulebook, small_matcher: Matcher
) -> Iterator[Flask]:
    """One application for all of them, for `desk_app`."""
    folder = tmp_path_factory.mktemp("desk")
    engine = connect(f"sqlite:///{folder / 'matcher.db'}")
    upgrade(engine)
    keys = ("a secret for the tests", "a key for the tests", "a lookup key of tests")
    settings = Settings(folder, str(engine.url), *keys)
    made = create_app(settings, book, engine=engine, matcher=lambda: small_matcher, clock=Clock())
    yield with_cheap_passwords(made)
    engine.dispose()


@pytest.fixture
def desk_app(desk_application: Flask) -> Iterator[Flask]:
    """That application, at noon and with empty tables."""
    here = site_of(desk_application)
    assert isinstance(here.clock, Clock)
    here.clock.now = NOON
    yield desk_application
    empty(here)


@pytest.fixture
def desk_clock(desk_app: Flask) -> Clock:
    """The application's clock."""
    clock = site_of(desk_app).clock
    assert isinstance(clock, Clock)
    return clock


@pytest.fixture
def desk_engine(desk_app: Flask) -> sa.Engine:
    """The application's database."""
    return site_of(desk_app).engine


@pytest.fixture
def worker(desk_app: Flask) -> Callable[..., Worker]:
    """Makes people with an account: ``worker("ana@clinic.org", organisation="Clinic")``."""

    def make(email: str = "ana@clinic.org", **about: object) -> Worker:
        return Worker.made(desk_app, email, **about)

    return make
