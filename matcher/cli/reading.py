"""Reading: the command read, which shows what the reader makes of an audience phrase."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import click

from matcher.cli.complaints import InputError
from matcher.cli.matching import json_option
from matcher.cli.opening import open_rules
from matcher.cli.profiles import Day, load_json, read_answers_file
from matcher.cli.tables import console, print_json
from matcher.config import load_settings
from matcher.core.answers import Answers
from matcher.core.conditions import to_json
from matcher.core.rulebook import Rulebook
from matcher.reading.labels.audiences import Reader
from matcher.schemas.profiles import ProfileError, read_answers
from matcher.services.reading import PhraseJudge

LONGEST_LINE = 1_000_000


@click.command()
@click.argument("phrase", required=False)
@click.option("--profile", "source", metavar="FILE", help="Judge the phrase for this profile.")
@click.option("--batch", metavar="FILE.jsonl", help="One phrase (and answers) a line.")
@click.option("--today", type=Day(), default=None, help="The day to judge on.")
@json_option
def read(
    phrase: str | None, source: str | None, batch: str | None, today: date | None, *, as_json: bool
) -> None:
    """What the reader makes of an audience PHRASE, and every word that it did not use."""
    if (phrase is None) == (batch is None):
        raise click.UsageError("Give one PHRASE, or --batch FILE.jsonl.")
    book = open_rules(load_settings())
    judge = PhraseJudge(book, Reader(book), today=today or date.today())
    if batch is not None:
        _read_batch(batch, judge, book)
        return
    assert phrase is not None
    answers = read_answers_file(source, book) if source else Answers()
    document = _read_one(judge, phrase, answers)
    if as_json:
        print_json(document)
        return
    out = console()
    out.print(f"condition: {json.dumps(document['condition'], ensure_ascii=False)}", markup=False)
    out.print(f"unread:    {', '.join(document['unread']) or 'nothing'}", markup=False)
    out.print(f"verdict:   {document['verdict']}", markup=False)


def _read_one(judge: PhraseJudge, phrase: str, answers: Answers) -> dict[str, Any]:
    try:
        judged = judge.judge(phrase, answers)
    except ValueError as error:
        raise InputError(str(error), "the phrase", "Give a shorter label.") from None
    return {
        "phrase": phrase,
        "condition": to_json(judged.condition),
        "unread": list(judged.unread),
        "verdict": judged.verdict.word,
    }


def _read_batch(file: str, judge: PhraseJudge, book: Rulebook) -> None:
    failed = False
    for number, line in _lines(file):
        document = _read_line(line, f"{file}, line {number}", judge, book)
        failed = failed or "error" in document
        click.echo(json.dumps(document))
    if failed:
        raise InputError("some lines could not be read", file, "See `error` in their output.")


def _lines(file: str) -> Iterator[tuple[int, str]]:
    try:
        with Path(file).open(encoding="utf-8", errors="replace", newline="\n") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield number, line.rstrip("\r\n")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"the file cannot be read: {reason}", file, "Check the path.") from None


def _read_line(line: str, where: str, judge: PhraseJudge, book: Rulebook) -> dict[str, Any]:
    given: Any = {}
    try:
        if len(line) > LONGEST_LINE:
            raise InputError("the line is too long", where, "Keep it under 1 MB.")
        given = load_json(line, where)
        if not isinstance(given, dict) or not isinstance(given.get("phrase"), str):
            raise InputError("the line holds no phrase", where, 'Write {"phrase": "…"}.')
        document = _read_one(judge, given["phrase"], read_answers(given.get("answers"), book))
        return {**given, **document}
    except (InputError, ProfileError) as error:
        kept = given if isinstance(given, dict) else {}
        return {**kept, "error": str(error)}
