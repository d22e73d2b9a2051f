"""Database: the commands that upgrade, back up and restore it."""

from __future__ import annotations

from pathlib import Path

import click

from matcher.config import load_settings
from matcher.services import database


@click.group()
def db() -> None:
    """Upgrade, back up and restore the database."""


@db.command()
def upgrade() -> None:
    """Bring the tables up to date; makes an embedded database that is not there yet."""
    changed = database.upgrade(load_settings().database_url)
    click.echo("The tables were brought up to date." if changed else "Nothing had to be done.")


@db.command()
@click.argument("file", metavar="FILE")
def backup(file: str) -> None:
    """Make a consistent copy in FILE while the service runs."""
    settings = load_settings()
    database.back_up(settings.database_url, Path(file))
    click.echo(f"Copied to {file}. The keys in {settings.instance} are not in it: keep them apart.")


@db.command()
@click.argument("file", metavar="FILE")
def restore(file: str) -> None:
    """Put the copy in FILE in the place of the database."""
    kept = database.restore(load_settings().database_url, Path(file))
    before = f" What was there before is kept in {kept}." if kept else ""
    click.echo(f"Restored from {file}.{before}")
