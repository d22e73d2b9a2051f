"""Warnings: what is told on stderr beside a command's work."""

from __future__ import annotations

import click

from matcher.config import Settings
from matcher.services.keys import keys_beside_database


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
