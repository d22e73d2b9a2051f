"""Asking: the command ask, which tells what one more answer would change."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click
from rich.padding import Padding
from rich.text import Text as RichText

from matcher.cli.matching import (
    empty_option,
    json_option,
    language_option,
    profile_option,
    today_option,
)
from matcher.cli.opening import open_matcher
from matcher.cli.profiles import read_answers_file
from matcher.cli.tables import console, print_json, print_warnings
from matcher.core.questions import Plan, Question
from matcher.schemas.questions import PlanWords, questions_json
from matcher.words import load_words

MOST_LABELS = 6


@click.command()
@profile_option
@today_option
@language_option
@empty_option
@json_option
def ask(source: str, today: date | None, language: str, *, empty: bool, as_json: bool) -> None:
    """The unanswered questions, most valuable first, with what each would change."""
    matcher = open_matcher(empty=empty)
    answers = read_answers_file(source, matcher.book)
    day = today or date.today()
    plan = matcher.ask(answers, today=day)
    words = PlanWords(matcher.book, load_words().texts, language)
    if as_json:
        print_json(questions_json(plan, words))
        return
    print_warnings(matcher.match(answers, today=day, language=language))
    out = console()
    for question in plan.questions:
        for indent, line in _told(question, plan, words):
            out.print(Padding(line, (0, 0, 0, indent), expand=False))
    if not plan.questions:
        out.print(RichText(words.say("no_questions")))


def _told(question: Question, plan: Plan, words: PlanWords) -> Iterator[tuple[int, RichText]]:
    """Lines with their indents: the question, its counts, then what each answer changes."""
    yield 0, RichText(words.question(question), style="bold")
    yield 2, RichText(words.settles(question, plan))
    by_change: dict[str, list[str]] = {}
    for answer in sorted(question.answers, key=lambda answer: not answer.changes):
        by_change.setdefault(words.changes(answer), []).append(words.answer(question, answer))
    for change, labels in by_change.items():
        yield 4, RichText(f"{_short(labels, words)}: {change}")


def _short(labels: list[str], words: PlanWords) -> str:
    """The first labels, and how many more: a country is one of hundreds."""
    shown, more = labels[:MOST_LABELS], len(labels) - MOST_LABELS
    if more > 0:
        shown = [*shown, words.number("more_answers", more)]
    return ", ".join(shown)
