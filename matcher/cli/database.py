"""Database: the commands that upgrade, back up and restore it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from matcher.cli.opening import open_desk
from matcher.config import load_settings
from matcher.services import database
from matcher.services.keys import KEY_FILES, check_facts
from matcher.services.subscribing.journal import FILE_NAME
from matcher.services.subscribing.replaying import replay

APART = (*KEY_FILES, FILE_NAME)


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
    """Make a consistent copy in FILE while the service runs.

    The keys and the journal of those who stopped are not in it: carry them separately.
    """
    settings = load_settings()
    database.back_up(settings.database_url, Path(file))
    click.echo(
        f"Copied to {file}. Not in it, and needed for a restore: {', '.join(APART)} in "
        f"{settings.instance}, or the keys that you set elsewhere. Carry them separately: "
        "the keys open what the copy holds, and the journal keeps the erased erased."
    )


@db.command()
@click.argument("file", metavar="FILE")
def restore(file: str) -> None:
    """Put the copy in FILE in the place of the database.

    Refuses if the keys are not those of the copy. Who stopped or was erased since the copy was
    made stays so, by the journal in the instance folder. Nothing is mailed from the restored
    database until you run: matcher digest resume.
    """
    settings = load_settings()

    def check(facts: Mapping[str, str]) -> None:
        check_facts(facts, settings)

    kept = database.restore(settings.database_url, Path(file), check=check)
    before = f" What was there before is kept in {kept}." if kept else ""
    click.echo(f"Restored from {file}.{before}")
    changed = replay(open_desk(settings), now=datetime.now(UTC))
    if changed:
        click.echo(f"Stopped or erased again, as the journal says: {changed}.")
    click.echo("Nothing is mailed from it until you run: matcher digest resume.")
