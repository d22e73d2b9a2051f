"""A PostgreSQL database whose queue is prepared, and an installation on it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from matcher.core.rulebook import Rulebook
from matcher.jobs.schema import prepare
from matcher.store.database import connect, upgrade
from tests.lab.clock_control import Clock
from tests.lab.lab_site import Site
from tests.lab.smtp_double import Kind, SmtpDouble


@pytest.fixture
def machines(postgres_url: str) -> Iterator[sa.Engine]:
    """A database with our tables and the queue's."""
    engine = connect(postgres_url, wait=5)
    upgrade(engine)
    prepare(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def double(tmp_path: Path) -> Iterator[SmtpDouble]:
    """A mail server that takes what it is given, at once unless told otherwise."""
    with SmtpDouble(tmp_path / "double", kind=Kind(pace=0.03)) as running:
        yield running


@pytest.fixture
def site(machines: sa.Engine, tmp_path: Path, rulebook: Rulebook, double: SmtpDouble) -> Site:
    """An installation on that database, whose clock is the real one."""
    url = machines.url.render_as_string(hide_password=False)
    made = Site(url, tmp_path / "site", rulebook, double)
    made.clock = Clock(datetime.now(UTC))
    return made
