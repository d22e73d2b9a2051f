"""Resealing: what is sealed under older data keys, and sealing it anew under the first."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from matcher.config import Settings
from matcher.crypto import Safe, SealError
from matcher.services.keys import first_data_key, renew_proof
from matcher.store.database import session
from matcher.store.sealed import (
    SealedColumn,
    each_sealed,
    replace_sealed,
    sealed_columns,
    sealed_values,
)

BATCH = 500


@dataclass(frozen=True)
class Seals:
    """How the values of one column are sealed: under the `first` key, an `older` one, or
    `unreadable`, with none of the keys that are there."""

    column: str
    first: int
    older: int
    unreadable: int


def count_seals(engine: sa.Engine, settings: Settings) -> list[Seals]:
    """Under which keys each sealed column stands now."""
    first, all_keys = first_data_key(settings), Safe(settings.data_key)
    with session(engine) as opened:
        found = []
        for column in sealed_columns():
            counts = [0, 0, 0]
            for _, value in each_sealed(opened, column):
                counts[0 if _opens(first, value) else 1 if _opens(all_keys, value) else 2] += 1
            found.append(Seals(column.name, *counts))
    return found


def reseal(engine: sa.Engine, settings: Settings) -> int:
    """Seal everything under the first key; returns how many values were.

    A batch is one transaction. Stopped at any point, nothing is lost, and the next run goes on;
    what others change meanwhile is theirs, and is left as it is.
    """
    done = sum(_reseal_column(engine, settings, column) for column in sealed_columns())
    if all(seals.older == seals.unreadable == 0 for seals in count_seals(engine, settings)):
        with session(engine, writing=True) as opened:
            renew_proof(opened, settings)
            opened.commit()
    return done


def _reseal_column(engine: sa.Engine, settings: Settings, column: SealedColumn) -> int:
    first, all_keys = first_data_key(settings), Safe(settings.data_key)
    done = after = 0
    while True:
        with session(engine, writing=True) as opened:
            found = sealed_values(opened, column, after=after, limit=BATCH)
            if not found:
                return done
            for id, old in found:
                if not _opens(first, old) and _opens(all_keys, old):
                    new = all_keys.renew(old)
                    done += replace_sealed(opened, column, id, old=old, new=new)
            opened.commit()
            after = found[-1][0]


def _opens(safe: Safe, value: bytes) -> bool:
    try:
        safe.open(value)
    except SealError:
        return False
    return True
