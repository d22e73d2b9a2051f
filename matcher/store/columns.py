"""Columns: the types that every table is made of, each refusing what must not be stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

from matcher.core.study import Study
from matcher.store.errors import StoreError, TextError
from matcher.store.study_json import study_from_json, study_to_json

UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def table_of(model: type[SQLModel]) -> sa.Table:
    """The table that a model stands for."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


def is_clean(text: str) -> bool:
    """Whether a table can hold the text; one that it cannot hold is in no table."""
    return UNSTORABLE.search(text) is None


def require_clean(text: str) -> str:
    """The text itself; raises `TextError` for NUL and lone surrogates, which no table may hold."""
    if found := UNSTORABLE.search(text):
        raise TextError(f"the text holds the character U+{ord(found.group()):04X}")
    return text


class CleanText(TypeDecorator[str]):
    """Text without NUL and lone surrogates."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        return None if value is None else require_clean(value)


class AwareDateTime(TypeDecorator[datetime]):
    """A point in time with its zone; stored and read back in UTC."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class StudyColumn(TypeDecorator[Study]):
    """A whole `Study`, audiences included, as one JSON value."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Study | None, _dialect: Dialect) -> dict[str, Any] | None:
        if value is None:
            return None
        shape = study_to_json(value)
        for text in _texts_in(shape):
            require_clean(text)
        return shape

    def process_result_value(self, value: Any, _dialect: Dialect) -> Study | None:
        try:
            return None if value is None else study_from_json(value)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise StoreError(
                f"a stored study cannot be read: {error!r:.200}",
                "a column of type StudyColumn",
                "Restore a backup: matcher db restore FILE.",
            ) from error


def _texts_in(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts_in(part)
