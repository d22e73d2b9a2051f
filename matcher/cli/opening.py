"""Opening: the rules, the database and a ready matcher for the commands that need them."""

from __future__ import annotations

import click
import sqlalchemy as sa

from matcher.config import Settings, load_settings
from matcher.core.rulebook import Rulebook
from matcher.rules import load_rules, shipped_rules
from matcher.services.catalogue import open_catalogue
from matcher.services.digests.desk import Desk
from matcher.services.keys import check_keys
from matcher.services.live import LiveMatcher
from matcher.services.matching import Matcher
from matcher.store.database import connect, upgrade


def open_rules(settings: Settings) -> Rulebook:
    """The rules of this installation. Raises `RulesError`."""
    return load_rules(settings.rules or shipped_rules())


def open_database(settings: Settings, *, fill: bool = False) -> sa.Engine:
    """The database, made or upgraded where needed; `fill` puts the sample into a fresh one."""
    engine = connect(settings.database_url)
    upgrade(engine)
    if fill and open_catalogue(engine, open_rules(settings), fill=True).filled:
        _say_filled()
    return engine


def open_matcher(*, empty: bool) -> Matcher:
    """A matcher over this installation's catalogue, filled with the sample if never filled."""
    settings = load_settings()
    book = open_rules(settings)
    engine = open_database(settings)
    opened = open_catalogue(engine, book, fill=not empty)
    if opened.filled:
        _say_filled()
    return Matcher(book, opened.studies)


def open_desk(settings: Settings | None = None) -> Desk:
    """What those who work on the subscriptions need; the catalogue is never filled.

    Raises `ConfigError` if the keys are not those that the database was filled with.
    """
    settings = settings or load_settings()
    book = open_rules(settings)
    engine = open_database(settings)
    check_keys(engine, settings)
    return Desk(engine, book, LiveMatcher(engine, book), settings)


def _say_filled() -> None:
    note = "The catalogue was empty: it now holds the sample that came with the program."
    click.echo(note, err=True)
