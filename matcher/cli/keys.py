"""Keys: the commands that check what is sealed and seal it anew under another key."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click
import sqlalchemy as sa
from rich.table import Table

from matcher.cli.matching import json_option
from matcher.cli.opening import open_database
from matcher.cli.tables import console, print_json
from matcher.config import Settings, load_settings
from matcher.services.keys import check_keys
from matcher.services.resealing import Seals, count_seals, reseal


@click.group()
def keys() -> None:
    """Check the data keys, and change to another one.

    \b
    To change to another key:
      1. Make one:  openssl rand -base64 48
      2. Put it behind the old one, with a comma between: in the file data_key of the instance
         folder, or in MATCHER_DATA_KEY:  old,new
      3. Restart every Matcher that uses this database: from now on all open what the new seals.
      4. Put it first:  new,old  and restart them again: from now on the new key seals.
      5. matcher keys rotate
      6. matcher keys check  says when nothing needs the old key; then take it out and restart.
    Backups from before keep needing the old key: keep it where you keep the keys of backups.

    The lookup key is never changed, only added to (new,old): without the old one nobody could
    be found by an address, and the links in old mails would no longer stop them.
    """


@keys.command()
@json_option
def rotate(*, as_json: bool) -> None:
    """Seal everything anew under the first data key. Can be stopped and run again at any time."""
    settings, engine = _opened()
    done = reseal(engine, settings)
    seals = count_seals(engine, settings)
    if as_json:
        print_json({"resealed": done, **_document(seals)})
    else:
        click.echo(f"{done} sealed anew under the first data key.")
        _tell(seals, settings)
    _stop_unless_clean(seals)


@keys.command()
@json_option
def check(*, as_json: bool) -> None:
    """Which data still needs an older key, or cannot be opened by any; then exits 1."""
    settings, engine = _opened()
    seals = count_seals(engine, settings)
    if as_json:
        print_json(_document(seals))
    else:
        table = Table(box=None, pad_edge=False, header_style="bold")
        table.add_column("What is sealed")
        for name in ("First key", "Older keys", "No key opens it"):
            table.add_column(name, justify="right")
        for one in seals:
            table.add_row(one.column, str(one.first), str(one.older), str(one.unreadable))
        console().print(table)
        _tell(seals, settings)
    _stop_unless_clean(seals)


def _opened() -> tuple[Settings, sa.Engine]:
    settings = load_settings()
    engine = open_database(settings)
    check_keys(engine, settings)
    return settings, engine


def _document(seals: list[Seals]) -> dict[str, object]:
    return {"columns": [asdict(one) for one in seals]}


def _tell(seals: list[Seals], settings: Settings) -> None:
    older = sum(one.older for one in seals)
    unreadable = sum(one.unreadable for one in seals)
    if unreadable:
        click.echo(
            f"Error: {unreadable} cannot be opened by any data key\n"
            f"  where: {', '.join(one.column for one in seals if one.unreadable)}\n"
            "  mend:  Add the key that they were sealed with to the data keys.",
            err=True,
        )
    if older:
        click.echo(f"{older} still need an older key. Mend: matcher keys rotate.")
    elif "," in settings.data_key and not unreadable:
        click.echo(
            "Nothing needs the older keys now: take them out of MATCHER_DATA_KEY or of the file "
            f"{settings.instance / 'data_key'}, and restart. Backups of before still need them."
        )


def _stop_unless_clean(seals: list[Seals]) -> None:
    if any(one.older or one.unreadable for one in seals):
        sys.exit(1)
