"""Records: the command that reads profiles out of records and tells what it did not use."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click
from rich.text import Text as RichText

from matcher.cli.complaints import say
from matcher.cli.matching import json_option, today_option
from matcher.cli.opening import open_rules
from matcher.cli.tables import console, print_json
from matcher.config import load_settings
from matcher.core.text import LANGUAGES
from matcher.records.draft import Refusal
from matcher.records.spreadsheets.template import template
from matcher.schemas.spoken import AnswerWords
from matcher.services.record_reading import FORMATS, ReadProfile, read_records, report_json
from matcher.words import Speaker, load_words

LARGEST = 20_000_000
NOBODY = "No row with a person was found"
FILL_IN = "Fill in one row for each person, below the row that names the columns."
CHECK_PATH = "Check the name of the file and that you may read it."
READ_AGAIN = "Mend this part and read the file again."
REST_READ = f"The rest was read. {READ_AGAIN}"


@click.group()
def profile() -> None:
    """Read profiles from hospital records and tables; nothing is stored."""


@profile.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--format", "kind", type=click.Choice(FORMATS), default="auto", show_default=True)
@today_option
@json_option
def import_profiles(
    files: tuple[str, ...], kind: str, today: date | None, *, as_json: bool
) -> None:
    """Profiles from FHIR/mCODE bundles or CSV, with what was not used and why; stores nothing."""
    book = open_rules(load_settings())
    unread: list[Refusal] = []
    found = read_records(_contents(files, unread), book, format=kind, today=today or date.today())
    refused = (*unread, *found.refused)
    if as_json:
        document = report_json(found)
        document["refused"] = [vars(one) for one in refused]
        print_json(document)
    else:
        words = AnswerWords(book, load_words().texts, "en")
        for read in found.profiles:
            _print_profile(read, words)
    for one in refused:
        mend = CHECK_PATH if one in unread else REST_READ if found.profiles else READ_AGAIN
        say(_problem(one), one.source, mend)
    if not refused and not found.profiles:
        say(NOBODY, ", ".join(map(click.format_filename, files)), FILL_IN)
    if refused or not found.profiles:
        sys.exit(2)


def _problem(refusal: Refusal) -> str:
    """What is wrong: what it is about comes first, then the value."""
    given = "" if refusal.value is None else f" ({refusal.value!r})"
    if refusal.path:
        return f"{refusal.path}: {refusal.problem}{given}"
    return f"{refusal.problem[:1].upper()}{refusal.problem[1:]}{given}"


@profile.command("template")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def print_template(language: str) -> None:
    """An empty CSV table for `profile import`, made from the rules: it says how to fill it in."""
    book = open_rules(load_settings())
    for line in template(book, Speaker(load_words(), language)):
        click.echo(line, nl=False)


def _contents(files: tuple[str, ...], unread: list[Refusal]) -> Iterator[tuple[str, bytes]]:
    for name in files:
        try:
            if name == "-":
                yield "standard input", sys.stdin.buffer.read(LARGEST + 1)
                continue
            with Path(name).open("rb") as file:
                content = file.read(LARGEST + 1)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            unread.append(
                Refusal(click.format_filename(name), "", None, f"the file cannot be read: {reason}")
            )
        else:
            yield click.format_filename(name), content


def _unit_name(unit: str, words: AnswerWords) -> str:
    """An answer's name, of a result with its gene."""
    key, _, gene = unit.partition(".")
    name = words.name(key)
    return f"{name}, {gene}" if gene else name


def _print_profile(read: ReadProfile, words: AnswerWords) -> None:
    draft = read.draft
    out = console()
    code = f" (code {draft.code})" if draft.code else ""
    out.print(RichText(f"{draft.source}{code}", style="bold"))
    out.print("Read:" if draft.answers else "No answer was found.")
    for key, value in draft.answers.items():
        on = f" ({draft.dates[key]})" if key in draft.dates else ""
        said = "; ".join(words.words(key, value))
        out.print(RichText(f"  {words.name(key)}: {said}{on}"))
    for one in read.contradictions:
        named = ", ".join(_unit_name(unit, words) for unit in one.answers)
        out.print(RichText(f"! {named}: {one.text}", style="yellow"))
    if draft.unused:
        out.print(f"Not used ({len(draft.unused)}):")
    for unused in draft.unused:
        out.print(RichText(f"  {unused.what}: {unused.why}"))
    out.print()
