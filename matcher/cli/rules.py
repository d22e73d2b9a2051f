"""Rules: the commands that check the rules and run their worked cases."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from matcher.cli.complaints import InputError, tell_faults
from matcher.cli.matching import json_option
from matcher.cli.tables import console, print_json
from matcher.config import load_settings
from matcher.core.answers import Answers
from matcher.core.rulebook import Rulebook
from matcher.reading.labels.audiences import Reader
from matcher.rules import RulesError, load_rules, shipped_rules
from matcher.rules.cases import CaseEntry, read_canaries, read_cases
from matcher.schemas.profiles import ProfileError, read_answers
from matcher.services.cases import CaseRunner
from matcher.services.catalogue import sample_studies
from matcher.services.rules_report import RulesReport, report_on
from matcher.yaml_text import Fault

folder_argument = click.argument("folder", metavar="[DIR]", required=False)


@click.group()
def rules() -> None:
    """Check the rules, and run their worked cases."""


@rules.command()
@folder_argument
@json_option
def check(folder: str | None, *, as_json: bool) -> None:
    """Validate the rules in DIR (or this installation's): every fault at once, then a report."""
    place = _folder(folder)
    try:
        book = load_rules(place)
    except RulesError as error:
        tell_faults(error.faults)
        raise click.exceptions.Exit(1) from None
    canaries, faults = _canaries(place, book)
    cases, more = read_cases(place)
    faults += more
    _people(cases, book, faults)
    if faults:
        tell_faults(faults)
        raise click.exceptions.Exit(1)
    report = report_on(book, sample_studies(book), canaries, today=date.today())
    if as_json:
        print_json(_report_json(book, report))
    else:
        _print_report(book, report)


@rules.command()
@folder_argument
def test(folder: str | None) -> None:
    """Run the worked cases in DIR (or this installation's)."""
    place = _folder(folder)
    book = load_rules(place)
    entries, faults = read_cases(place)
    if faults:
        tell_faults(faults)
        raise click.exceptions.Exit(1)
    reader = Reader(book)
    runner = CaseRunner(book, sample_studies(book), lambda text: reader.read(text).condition)
    failed = 0
    for entry in entries:
        result = runner.run(entry)
        failed += not result.holds
        for difference in result.differences:
            fault = entry.fault(difference, "Mend the rules, or the case if it is wrong.")
            click.echo(str(fault), err=True)
    click.echo(f"{len(entries) - failed} cases hold, {failed} do not.")
    if failed:
        raise click.exceptions.Exit(1)


def _folder(folder: str | None) -> Path:
    place = Path(folder) if folder else load_settings().rules or shipped_rules()
    if not place.is_dir():
        raise InputError("there is no such folder", str(place), "Name a folder of rules.")
    return place


def _canaries(place: Path, book: Rulebook) -> tuple[list[Answers], list[Fault]]:
    entries, faults = read_canaries(place)
    return _people(entries, book, faults), faults


def _people(entries: list[CaseEntry], book: Rulebook, faults: list[Fault]) -> list[Answers]:
    """The answers of each entry; what cannot be taken is added to the faults."""
    people: list[Answers] = []
    for entry in entries:
        try:
            people.append(read_answers(entry.content.get("answers"), book))
        except ProfileError as error:
            for fault in error.faults:
                what = f"{fault.path}: {fault.problem} (given: {fault.value!r})"
                faults.append(entry.fault(what, "Mend this person's answers."))
    return people


def _report_json(book: Rulebook, report: RulesReport) -> dict[str, object]:
    return {
        "rules": book.version,
        "attributes": len(book.attributes),
        "tags": report.tags,
        "canaries": report.canaries,
        "studies": report.studies,
        "never_yes": list(report.never_yes),
        "unreached": list(report.unreached),
        "unread": [{"words": words, "count": count} for words, count in report.unread],
    }


def _print_report(book: Rulebook, report: RulesReport) -> None:
    out = console()
    out.print(f"Rules {book.version}: no faults.")
    out.print(f"{len(book.attributes)} questions, {report.tags} tags, {report.canaries} canaries.")
    _print_list("Tags that are yes for no canary", report.never_yes)
    _print_list(
        f"Studies (of {report.studies}) that no canary reaches at may_fit or above",
        report.unreached,
    )
    words = [f"{count} × {text}" for text, count in report.unread]
    _print_list("Words of labels that were not read, most frequent first", words)


def _print_list(title: str, items: tuple[str, ...] | list[str]) -> None:
    out = console()
    out.print(f"\n{title}: {len(items)}", markup=False)
    for item in items:
        out.print(f"  {item}", markup=False)
