"""Facts about this database itself, such as when its catalogue was first filled."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from sqlmodel import Field, Session, SQLModel

from matcher.store.columns import CleanText, table_of
from matcher.store.upsert import insert_into

CATALOGUE_VERSION = "catalogue_version"
FILLED_AT = "filled_at"
RESTORED_AT = "restored_at"


class DatabaseFact(SQLModel, table=True):
    """One named fact."""

    __tablename__ = "database_fact"

    name: str = Field(
        primary_key=True, sa_type=CleanText, sa_column_kwargs={"info": {"holds": "technical"}}
    )
    value: str = Field(sa_type=CleanText, sa_column_kwargs={"info": {"holds": "technical"}})


def fact(session: Session, name: str) -> str | None:
    """The value of a fact, None if it is not there."""
    return session.scalar(sa.select(_table.c.value).where(_table.c.name == name))


def all_facts(session: Session) -> dict[str, str]:
    """All facts by their names."""
    return {row.name: row.value for row in session.execute(sa.select(_table))}


def claim(session: Session, name: str, value: str) -> bool:
    """Put a fact that is not there yet; False if somebody put it before.

    Waits for whoever is just putting it, so that of two who ask at once one gets True.
    """
    statement = insert_into(session, _table).values(name=name, value=value).on_conflict_do_nothing()
    counted = {"preserve_rowcount": True}
    return session.connection().execute(statement, execution_options=counted).rowcount == 1


def put_fact(session: Session, name: str, value: str) -> None:
    """Put a fact, or replace it."""
    statement = insert_into(session, _table).values(name=name, value=value)
    session.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))


def drop_fact(session: Session, name: str) -> None:
    """Take a fact out; that it is not there is no error."""
    session.execute(sa.delete(DatabaseFact).where(_table.c.name == name))


def mark_catalogue_changed(session: Session) -> None:
    """Give the catalogue a new version: whoever keeps a copy of it must load it again.

    The version is random, not counted: a restored backup must never repeat one.
    """
    transaction = session.connection().get_transaction()
    if session.info.get(CATALOGUE_VERSION) is not transaction:
        put_fact(session, CATALOGUE_VERSION, secrets.token_hex(8))
        session.info[CATALOGUE_VERSION] = transaction


def catalogue_version(session: Session) -> str:
    """The version of the catalogue: one short text that changes whenever a study does."""
    return fact(session, CATALOGUE_VERSION) or ""


_table = table_of(DatabaseFact)
