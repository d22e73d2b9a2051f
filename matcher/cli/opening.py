"""Opening: the rules, the catalogue and a ready matcher for the commands that need them."""

from __future__ import annotations

import click

from matcher.config import Settings, load_settings
from matcher.core.rulebook import Rulebook
from matcher.rules import load_rules, shipped_rules
from matcher.services.catalogue import open_catalogue
from matcher.services.matching import Matcher
from matcher.store.database import connect


def open_rules(settings: Settings) -> Rulebook:
    """The rules of this installation. Raises `RulesError`."""
    return load_rules(settings.rules or shipped_rules())


def open_matcher(*, empty: bool) -> Matcher:
    """A matcher over this installation's catalogue, filled with the sample if never filled."""
    settings = load_settings()
    book = open_rules(settings)
    opened = open_catalogue(connect(settings.database_url), book, fill=not empty)
    if opened.filled:
        note = "The catalogue was empty: it now holds the sample that came with the program."
        click.echo(note, err=True)
    return Matcher(book, opened.studies)
