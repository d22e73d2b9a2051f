"""Upsert: the one kind of statement that SQLite and PostgreSQL share but SQLAlchemy does not."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session


def insert_into(session: Session, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An insert for this session's database that knows ``on_conflict_do_…``."""
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    return sqlite.insert(table) if on_sqlite else postgresql.insert(table)
