"""Studies: the catalogue's table, the earlier versions of each study, and their queries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from matcher.core.study import KINDS, STANDINGS, Study
from matcher.store.columns import AwareDateTime, CleanText, StudyColumn, is_clean, table_of
from matcher.store.facts import mark_catalogue_changed
from matcher.store.identity import own_link, slug

CATALOGUE_LOCK = 0x7374756479  # any number that is always the same, and not another lock's
PUBLIC = {"info": {"holds": "study facts"}}
TECHNICAL = {"info": {"holds": "technical"}}


def _one_of(column: str, values: Sequence[str], name: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=name)


class StudyRow(SQLModel, table=True):
    """One study of the catalogue. `body` is the study; the columns before it are for queries.

    `slug` is that of the title, which `key` keeps from its first day; `link` is the own one.
    `rules_version` names the rules that the machine-read audiences were read with.
    """

    __tablename__ = "study"
    __table_args__ = (
        _one_of("kind", KINDS, "kind"),
        _one_of("standing", STANDINGS, "standing"),
        sa.CheckConstraint("(withdrawn_at IS NULL) = (withdrawn_reason IS NULL)", name="withdrawn"),
        sa.CheckConstraint("version >= 1", name="version"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_column_kwargs=TECHNICAL)
    key: str = Field(unique=True, sa_type=CleanText, sa_column_kwargs=PUBLIC)
    slug: str = Field(index=True, sa_type=CleanText, sa_column_kwargs=PUBLIC)
    title: str = Field(sa_type=CleanText, sa_column_kwargs=PUBLIC)
    url: str | None = Field(default=None, sa_type=CleanText, sa_column_kwargs=PUBLIC)
    link: str | None = Field(default=None, unique=True, sa_type=CleanText, sa_column_kwargs=PUBLIC)
    kind: str = Field(sa_type=CleanText, sa_column_kwargs=PUBLIC)
    posted: date | None = Field(default=None, sa_column_kwargs=PUBLIC)
    standing: str = Field(sa_type=CleanText, sa_column_kwargs=PUBLIC)
    body: Study = Field(sa_type=StudyColumn, sa_column_kwargs=PUBLIC)
    rules_version: str = Field(sa_type=CleanText, sa_column_kwargs=TECHNICAL)
    version: int = Field(default=1, sa_column_kwargs=TECHNICAL)
    added_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)
    updated_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)
    withdrawn_at: datetime | None = Field(
        default=None, sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL
    )
    withdrawn_reason: str | None = Field(default=None, sa_type=CleanText, sa_column_kwargs=PUBLIC)


class StudyVersion(SQLModel, table=True):
    """A study as it was before a change, whole."""

    __tablename__ = "study_version"

    study_id: int = Field(foreign_key="study.id", primary_key=True, sa_column_kwargs=TECHNICAL)
    version: int = Field(primary_key=True, sa_column_kwargs=TECHNICAL)
    body: Study = Field(sa_type=StudyColumn, sa_column_kwargs=PUBLIC)
    rules_version: str = Field(sa_type=CleanText, sa_column_kwargs=TECHNICAL)
    replaced_at: datetime = Field(sa_type=AwareDateTime, sa_column_kwargs=TECHNICAL)


@dataclass(frozen=True)
class Listing:
    """In which version a study stands in the catalogue, and since when it is there (aware)."""

    version: int
    added_at: datetime


_study = table_of(StudyRow)
_version = table_of(StudyVersion)


def lock_catalogue(session: Session) -> None:
    """Wait until nobody else is changing the catalogue, and keep others out until the commit.

    An SQLite session that is `writing` has the lock of the whole database already.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(CATALOGUE_LOCK)))


def rows(session: Session, *, withdrawn: bool = False) -> Sequence[StudyRow]:
    """All studies that are in the catalogue (or those withdrawn from it), by key."""
    gone = _study.c.withdrawn_at.is_not(None) if withdrawn else _study.c.withdrawn_at.is_(None)
    # Sorted here: databases differ in how they order text.
    return sorted(session.scalars(sa.select(StudyRow).where(gone)), key=lambda row: row.key)


def listings(session: Session) -> dict[str, Listing]:
    """All studies that are in the catalogue by key, without their content."""
    columns = (_study.c.key, _study.c.version, _study.c.added_at)
    found = session.execute(sa.select(*columns).where(_study.c.withdrawn_at.is_(None)))
    return {key: Listing(version, added_at) for key, version, added_at in found}


def row_by_key(session: Session, key: str) -> StudyRow | None:
    """The study with this key, withdrawn or not."""
    if not is_clean(key):
        return None
    return session.scalar(sa.select(StudyRow).where(_study.c.key == key))


def row_by_link(session: Session, link: str) -> StudyRow | None:
    """The study whose own link this is, withdrawn or not."""
    return session.scalar(sa.select(StudyRow).where(_study.c.link == link))


def rows_by_slug(session: Session, slug: str) -> Sequence[StudyRow]:
    """The studies whose titles have this slug, oldest first."""
    found = sa.select(StudyRow).where(_study.c.slug == slug).order_by(_study.c.id)
    return session.scalars(found).all()


def holds_any(session: Session) -> bool:
    """Whether any study was ever put into the catalogue."""
    return session.scalar(sa.select(_study.c.id).limit(1)) is not None


def add(session: Session, study: Study, *, rules_version: str, now: datetime) -> StudyRow:
    """Put a new study into the catalogue."""
    row = StudyRow(
        key=study.key,
        slug=slug(study.title),
        title=study.title,
        url=study.url,
        link=own_link(study.url),
        kind=study.kind,
        posted=study.posted,
        standing=study.standing,
        body=study,
        rules_version=rules_version,
        added_at=now,
        updated_at=now,
    )
    session.add(row)
    mark_catalogue_changed(session)
    session.flush()
    return row


def change(
    session: Session, row: StudyRow, study: Study, *, rules_version: str, now: datetime
) -> None:
    """Give a study a new content; what it was is kept whole."""
    _keep_version(session, row, now=now)
    row.slug, row.title = slug(study.title), study.title
    row.url, row.link = study.url, own_link(study.url)
    row.kind, row.posted, row.standing = study.kind, study.posted, study.standing
    row.body, row.rules_version = study, rules_version
    row.version, row.updated_at = row.version + 1, now
    mark_catalogue_changed(session)
    session.flush()


def reread(session: Session, row: StudyRow, study: Study, *, rules_version: str) -> None:
    """Store the audiences as other rules read them: the study itself did not change."""
    if study != row.body:
        row.body = study
        mark_catalogue_changed(session)
    row.rules_version = rules_version


def withdraw(session: Session, row: StudyRow, *, reason: str, now: datetime) -> None:
    """Take a study out of the catalogue; it and its reason stay on record."""
    row.withdrawn_at, row.withdrawn_reason = now, reason
    mark_catalogue_changed(session)
    session.flush()


def versions(session: Session, row: StudyRow) -> Sequence[StudyVersion]:
    """The earlier versions of a study, oldest first."""
    found = sa.select(StudyVersion).where(_version.c.study_id == row.id)
    return session.scalars(found.order_by(_version.c.version)).all()


def earlier_bodies(session: Session) -> Mapping[int, Sequence[tuple[int, Study]]]:
    """The earlier versions of the studies in the catalogue, by their numbers, newest first."""
    found = (
        sa.select(_version.c.study_id, _version.c.version, _version.c.body)
        .join(_study, _study.c.id == _version.c.study_id)
        .where(_study.c.withdrawn_at.is_(None))
        .order_by(_version.c.version.desc())
    )
    bodies: dict[int, list[tuple[int, Study]]] = {}
    for number, version, body in session.execute(found):
        bodies.setdefault(number, []).append((version, body))
    return bodies


def _keep_version(session: Session, row: StudyRow, *, now: datetime) -> None:
    assert row.id is not None
    session.add(
        StudyVersion(
            study_id=row.id,
            version=row.version,
            body=row.body,
            rules_version=row.rules_version,
            replaced_at=now,
        )
    )
