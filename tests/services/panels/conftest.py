"""Fixtures of the tests of panels: a desk over each kind of database, with two clinics."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from matcher.core.rulebook import Rulebook
from matcher.services.digests.desk import Desk
from matcher.services.live import LiveMatcher
from tests.services.panels.clinic import Clinic
from tests.services.subscribing.conftest import settings_for


@pytest.fixture
def clinic(store: sa.Engine, rulebook: Rulebook, tmp_path: Path) -> Clinic:
    """A clinic with the navigators Ana (who has a panel), Ben and Cid, and Eve of another one."""
    settings = settings_for(store, tmp_path)
    return Clinic(Desk(store, rulebook, LiveMatcher(store, rulebook), settings))
