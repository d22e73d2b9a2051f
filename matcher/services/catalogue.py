"""Catalogue: the studies that people are matched with, ready to be used."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.resources import files

import sqlalchemy as sa
from sqlmodel import Session

from matcher.core.rulebook import Rulebook
from matcher.core.study import Study
from matcher.reading.reviews.drafts import Draft
from matcher.reading.reviews.sources import read_source
from matcher.services.labels import LabelReader
from matcher.services.study_import import Importer
from matcher.store import facts, studies
from matcher.store.database import session as open_session
from matcher.store.identity import slug

SAMPLE = "sample/reviews.jsonl"


@dataclass(frozen=True)
class OpenCatalogue:
    """The studies by key, the version of this state, and whether the sample was just put in."""

    studies: tuple[Study, ...]
    version: str
    filled: bool


def open_catalogue(
    engine: sa.Engine, rulebook: Rulebook, *, fill: bool = True, now: datetime | None = None
) -> OpenCatalogue:
    """All studies of the catalogue, their audiences read by these rules.

    `fill` puts the sample into a catalogue that never held a study. Raises `StoreError`.
    """
    filled = fill and fill_with_sample(engine, rulebook, now=now or datetime.now(UTC))
    with open_session(engine) as session:
        version, rows = facts.catalogue_version(session), studies.rows(session)
    if any(row.rules_version != rulebook.version for row in rows):
        _read_again(engine, rulebook)
        with open_session(engine) as session:
            version, rows = facts.catalogue_version(session), studies.rows(session)
    return OpenCatalogue(tuple(row.body for row in rows), version, filled)


def catalogue_version(engine: sa.Engine) -> str:
    """The version of the catalogue: as long as it is the same, so are the studies."""
    with open_session(engine) as session:
        return facts.catalogue_version(session)


def fill_with_sample(engine: sa.Engine, rulebook: Rulebook, *, now: datetime) -> bool:
    """Put the sample into a catalogue that never held a study; returns whether that was done."""
    with open_session(engine) as session:
        if _was_filled(session):
            return False
    with open_session(engine, writing=True) as session:
        studies.lock_catalogue(session)
        first = facts.claim(session, facts.FILLED_AT, now.isoformat())
        if not first or studies.holds_any(session):
            return False
        importer = Importer(session, rulebook, LabelReader(rulebook), now)
        for draft in read_source(sample_bytes()):
            importer.take(draft, SAMPLE)
        session.commit()
    return True


def sample_bytes() -> bytes:
    """The sample catalogue as it ships: JSON lines."""
    return files("matcher").joinpath(SAMPLE).read_bytes()


def sample_studies(rulebook: Rulebook) -> list[Study]:
    """The sample's studies with their labels read by these rules, without any database."""
    labels = LabelReader(rulebook)
    drafts = [draft for draft in read_source(sample_bytes()) if isinstance(draft, Draft)]
    return [replace(labels.read(draft.study), key=slug(draft.study.title)) for draft in drafts]


def _was_filled(session: Session) -> bool:
    return facts.fact(session, facts.FILLED_AT) is not None or studies.holds_any(session)


def _read_again(engine: sa.Engine, rulebook: Rulebook) -> None:
    """Read the labels by the rules as they are now, and keep that: once for each set of rules."""
    labels = LabelReader(rulebook)
    with open_session(engine) as session:
        for row in studies.rows(session):
            # Read before the database is asked for its lock: the transaction is short then.
            labels.read(row.body)
    with open_session(engine, writing=True) as session:
        studies.lock_catalogue(session)
        for row in studies.rows(session):
            if row.rules_version != rulebook.version:
                read = labels.read(row.body)
                studies.reread(session, row, read, rules_version=rulebook.version)
        session.commit()
