"""Fixtures of the lab: a mail server's double, and a small installation that mails through it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from matcher.core.rulebook import Rulebook
from tests.lab.lab_site import Site
from tests.lab.smtp_double import SmtpDouble


@pytest.fixture
def double(tmp_path: Path) -> Iterator[SmtpDouble]:
    with SmtpDouble(tmp_path / "double") as started:
        yield started


@pytest.fixture
def site(store_url: str, tmp_path: Path, rulebook: Rulebook, double: SmtpDouble) -> Site:
    """An installation without people or reviews, on each kind of database."""
    return Site(store_url, tmp_path, rulebook, double)
