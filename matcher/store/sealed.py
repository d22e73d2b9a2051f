"""Sealed: every column that only the data key opens, read and renewed a batch at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa
from sqlmodel import Session

from matcher.store.tables import metadata

SEALED = ("sealed person", "sealed account")


@dataclass(frozen=True)
class SealedColumn:
    """One column whose values are sealed with the data key, in a table numbered by `id`."""

    table: sa.Table
    column: sa.Column[bytes]

    @property
    def name(self) -> str:
        """As people write it: ``subscriber.address``."""
        return f"{self.table.name}.{self.column.name}"


def sealed_columns() -> tuple[SealedColumn, ...]:
    """All of them, by what the tables say of themselves."""
    return tuple(
        SealedColumn(table, column)
        for table in metadata.sorted_tables
        for column in table.columns
        if column.info.get("holds") in SEALED
    )


def sealed_values(
    session: Session, sealed: SealedColumn, *, after: int, limit: int
) -> list[tuple[int, bytes]]:
    """The next values of a column with their rows' numbers, by number."""
    id = sealed.table.c.id
    found = sa.select(id, sealed.column).where(id > after, sealed.column.is_not(None))
    return [(row[0], row[1]) for row in session.execute(found.order_by(id).limit(limit))]


def each_sealed(
    session: Session, sealed: SealedColumn, *, batch: int = 500
) -> Iterator[tuple[int, bytes]]:
    """Every value of a column with its row's number."""
    after = 0
    while found := sealed_values(session, sealed, after=after, limit=batch):
        yield from found
        after = found[-1][0]


def replace_sealed(
    session: Session, sealed: SealedColumn, id: int, *, old: bytes, new: bytes
) -> bool:
    """Put a value in the place of the very one that was read; False if it changed meanwhile."""
    same = sa.and_(sealed.table.c.id == id, sealed.column == old)
    changed = session.execute(sa.update(sealed.table).where(same).values({sealed.column: new}))
    return cast(sa.CursorResult[tuple[()]], changed).rowcount == 1


def holds_people(session: Session) -> bool:
    """Whether anything is kept that the keys are needed for."""
    tables = ("subscriber", "signup", "suppression", "mailbox_limit", "delivery", "panel_person")
    return any(
        session.scalar(sa.select(sa.literal(1)).select_from(metadata.tables[name]).limit(1))
        for name in tables
    )
