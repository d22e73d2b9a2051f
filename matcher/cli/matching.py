"""Matching: the commands match and explain."""

from __future__ import annotations

from datetime import date

import click

from matcher.cli.explanation import print_changes, print_match
from matcher.cli.opening import open_matcher
from matcher.cli.profiles import Day, read_answers_file
from matcher.cli.tables import print_json, print_outcome, print_warnings
from matcher.core.given_change import smallest_given_change
from matcher.schemas.results import explanation_json, outcome_json
from matcher.schemas.spoken import AnswerWords
from matcher.words import load_words

profile_option = click.option(
    "--profile", "source", required=True, metavar="FILE", help="Profile as JSON; - for stdin."
)
today_option = click.option(
    "--today", type=Day(), default=None, help="The day to match on; the local date if not given."
)
json_option = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
empty_option = click.option(
    "--empty", is_flag=True, help="Do not fill an empty catalogue with the sample."
)
language_option = click.option(
    "--language", type=click.Choice(["en", "es"]), default="en", help="Language of the reasons."
)


@click.command()
@profile_option
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True)
@today_option
@language_option
@empty_option
@json_option
def match(
    source: str, limit: int, today: date | None, language: str, *, empty: bool, as_json: bool
) -> None:
    """Ranked, explained matches of one profile against the catalogue."""
    matcher = open_matcher(empty=empty)
    answers = read_answers_file(source, matcher.book)
    outcome = matcher.match(answers, today=today or date.today(), language=language)
    if as_json:
        print_json(outcome_json(outcome, limit=limit))
    else:
        print_outcome(outcome, limit=limit)


@click.command()
@click.argument("study")
@profile_option
@today_option
@language_option
@empty_option
@json_option
def explain(
    study: str, source: str, today: date | None, language: str, *, empty: bool, as_json: bool
) -> None:
    """One study for one profile: every condition, the score, and what would make it fit."""
    matcher = open_matcher(empty=empty)
    answers = read_answers_file(source, matcher.book)
    day = today or date.today()
    found = matcher.explain(study, answers, today=day, language=language)
    given = smallest_given_change(matcher.catalogue, found.match.study, answers, today=day)
    if as_json:
        print_json(explanation_json(found.match, found.change, given))
        return
    words = AnswerWords(matcher.book, load_words().texts, language)
    print_warnings(found.outcome)
    print_match(found.match, words)
    print_changes(found.change, given, words)
