"""Tables: all of them in one place, for the migrations and the inventory of what they hold."""

from __future__ import annotations

from sqlmodel import SQLModel

from matcher.store.facts import DatabaseFact
from matcher.store.studies import StudyRow, StudyVersion
from matcher.store.visits import Visit

VERSION_TABLE = "matcher_schema"
TABLES = (DatabaseFact, StudyRow, StudyVersion, Visit)

metadata = SQLModel.metadata
