"""Law 10 over databases: studies that went through SQLite or PostgreSQL rank as they did before."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from random import Random

import sqlalchemy as sa

from matcher.core.catalogue import Catalogue
from matcher.schemas.results import outcome_json
from matcher.store import studies
from matcher.store.database import session
from tests.laws.catalogues import as_study
from tests.laws.court import shipped_court

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def test_the_ranking_is_byte_identical_from_each_database(store: sa.Engine) -> None:
    """120 random studies, stored in random order, for twelve people."""
    court, rng = shipped_court(), Random(10)
    plain = court.studies(rng, 120)
    with session(store) as opened:
        for study in map(as_study, rng.sample(plain, k=len(plain))):
            studies.add(opened, study, rules_version=court.book.version, now=NOW)
        opened.commit()
    with session(store) as opened:
        stored = [row.body for row in studies.rows(opened)]
    there = Catalogue.compile(court.book, stored, finder=court.finder)
    here = court.catalogue(plain)
    for profile in court.profiles(rng, 12):
        one, other = court.engine(here, profile), court.engine(there, profile)
        assert json.dumps(outcome_json(one)) == json.dumps(outcome_json(other))
