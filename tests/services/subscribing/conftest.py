"""Fixtures of the tests of subscribing: a desk over each kind of database."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.services.digests.desk import Desk
from matcher.services.live import LiveMatcher


@pytest.fixture
def settings(store: sa.Engine, tmp_path: Path) -> Settings:
    """The settings of an installation with keys of its own."""
    return Settings(
        instance=tmp_path,
        database_url=store.url.render_as_string(hide_password=False),
        secret_key="s" * 32,
        data_key="d" * 32,
        lookup_key="l" * 32,
        public_url="https://matcher.example.org",
        mail_from="Matcher <mail@matcher.example.org>",
    )


@pytest.fixture
def desk(store: sa.Engine, rulebook: Rulebook, settings: Settings) -> Desk:
    """A desk with an empty catalogue."""
    return Desk(store, rulebook, LiveMatcher(store, rulebook), settings)
