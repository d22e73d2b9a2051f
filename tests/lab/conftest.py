"""Fixtures of the lab: a mail server's double, and a small installation that mails through it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from matcher.core.rulebook import Rulebook
from tests.lab.forked import end_all
from tests.lab.lab_site import Site
from tests.lab.smtp_double import SmtpDouble
from tests.lab.trial import quiet


@pytest.fixture(autouse=True)
def no_child_outlives_its_test() -> Iterator[None]:
    """A child that sleeps when its test fails would sleep for ever."""
    yield
    end_all()


@pytest.fixture(scope="session")
def running_double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpDouble]:
    """One that all tests of the session share."""
    with SmtpDouble(tmp_path_factory.mktemp("double")) as started:
        yield started


@pytest.fixture
def double(running_double: SmtpDouble) -> SmtpDouble:
    """A mail server that takes everything, and knows of nothing yet."""
    quiet(running_double)
    running_double.forget()
    return running_double


@pytest.fixture
def site(store_url: str, tmp_path: Path, rulebook: Rulebook, double: SmtpDouble) -> Site:
    """An installation without people or reviews, on each kind of database."""
    return Site(store_url, tmp_path, rulebook, double)
