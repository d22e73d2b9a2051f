"""Warnings: what is told on stderr beside a command's work."""

from __future__ import annotations

from datetime import datetime

import click
import sqlalchemy as sa

from matcher.config import Settings
from matcher.services.digests.last_plan import is_planned_by_something
from matcher.services.keys import keys_beside_database
from matcher.store.database import session


def warn_of_keys_beside_database(settings: Settings) -> None:
    """One line while the keys lie in the folder of the database."""
    beside = keys_beside_database(settings)
    if not beside:
        return
    names = ", ".join(path.name for path in beside)
    click.echo(
        f"Warning: the keys ({names}) lie beside the database in {beside[0].parent}: who copies "
        "that folder can read everything. Mend: keep the database elsewhere "
        "(MATCHER_DATABASE_URL), or give the keys by MATCHER_SECRET_KEY, MATCHER_DATA_KEY, "
        "MATCHER_LOOKUP_KEY and move the files away.",
        err=True,
    )


def warn_of_unplanned_digests(engine: sa.Engine, *, now: datetime) -> None:
    """One line if nobody has planned the digests that people can ask for. Raises `StoreError`."""
    with session(engine) as opened:
        if is_planned_by_something(opened, now=now):
            return
    click.echo(
        "Warning: people can sign up for digests, and in the last two days nothing has planned "
        "any. Mend: matcher serve --digests, or let a timer run matcher digest plan and send.",
        err=True,
    )
