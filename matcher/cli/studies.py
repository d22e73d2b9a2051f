"""Studies: the commands that keep the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import sqlalchemy as sa
from rich.table import Table
from rich.text import Text as RichText
from sqlmodel import Session

from matcher.cli.complaints import InputError
from matcher.cli.matching import empty_option, json_option
from matcher.cli.opening import open_database, open_rules
from matcher.cli.tables import console, print_json
from matcher.config import load_settings
from matcher.core.study import Study
from matcher.schemas.results import study_json
from matcher.services.studies import (
    earlier_versions,
    export_studies,
    find_study,
    import_files,
    import_report,
    list_studies,
    withdraw_study,
)
from matcher.services.study_import import Imported
from matcher.store.database import session


@click.group()
def study() -> None:
    """Import, list, show, export and withdraw studies."""


@study.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["auto", "review", "ctgov", "ctml"]),
    default="auto",
    show_default=True,
)
@click.option("--url", help="The study's own link, if the page does not tell it.")
@json_option
def import_(files: tuple[str, ...], form: str, url: str | None, *, as_json: bool) -> None:
    """Read studies into the catalogue; reports everything that was not used."""
    settings = load_settings()
    book = open_rules(settings)
    engine = open_database(settings)
    results = import_files(engine, book, [Path(file) for file in files], format=form, url=url)
    if as_json:
        print_json(import_report(results))
    else:
        for imported in results:
            _print_imported(imported)
    refused = [imported for imported in results if imported.status == "refused"]
    if refused:
        places = ", ".join(dict.fromkeys(imported.source for imported in refused))
        whys = "; ".join(dict.fromkeys(imported.why or "it cannot be read" for imported in refused))
        mend = "The other studies were taken. Mend these and import them again."
        raise InputError(f"{len(refused)} could not be taken: {whys}", places, mend)


@study.command("list")
@empty_option
@json_option
def list_(*, empty: bool, as_json: bool) -> None:
    """All studies of the catalogue, by key."""
    with _catalogue(empty=empty) as opened:
        found = list_studies(opened)
    if as_json:
        print_json({"studies": [study_json(one) for one in found]})
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Key", "Kind", "Posted", "Most relevant for"):
        table.add_column(name, overflow="fold")
    for one in found:
        posted = one.posted.isoformat() if one.posted else "no date"
        label = one.most.text if one.most else "(does not say)"
        table.add_row(one.key, one.kind, posted, RichText(label))
    console().print(table)
    console().print(f"\n{len(found)} studies.")


@study.command()
@click.argument("key")
@empty_option
@json_option
def show(key: str, *, empty: bool, as_json: bool) -> None:
    """One study with everything that is known of it."""
    with _catalogue(empty=empty) as opened:
        found = find_study(opened, key)
        earlier = earlier_versions(opened, key)
    document = {
        **study_json(found.study),
        "version": found.version,
        "added_at": found.added_at.isoformat(),
        "updated_at": found.updated_at.isoformat(),
        "withdrawn_at": found.withdrawn_at.isoformat() if found.withdrawn_at else None,
        "withdrawn_reason": found.withdrawn_reason,
        "earlier_versions": [study_json(version) for version in earlier],
    }
    if as_json:
        print_json(document)
    else:
        _print_study(found.study, document)


@study.command()
@empty_option
def export(*, empty: bool) -> None:
    """The catalogue as JSON lines, which import again to the same."""
    with _catalogue(empty=empty) as opened:
        for line in export_studies(opened):
            click.echo(line)


@study.command()
@click.argument("key")
@click.option(
    "--reason",
    default="Withdrawn on the command line",
    show_default=True,
    help="Why it goes; kept with the study.",
)
def withdraw(key: str, reason: str) -> None:
    """Take a study out of the catalogue; its history is kept."""
    with _catalogue(empty=True, writing=True) as opened:
        withdraw_study(opened, key, reason=reason)
    click.echo(f"Withdrawn: {key}")


@contextmanager
def _catalogue(*, empty: bool, writing: bool = False) -> Iterator[Session]:
    engine = _filled(empty=empty)
    with session(engine, writing=writing) as opened:
        yield opened


def _filled(*, empty: bool) -> sa.Engine:
    settings = load_settings()
    return open_database(settings, fill=not empty)


def _print_imported(imported: Imported) -> None:
    out = console()
    out.print(f"{imported.status}: {imported.key or imported.source}", markup=False)
    if imported.why:
        out.print(f"  why: {imported.why}", markup=False)
    for label in imported.unread:
        words = "; ".join(label.words)
        out.print(f"  words not read in “{label.audience}”: {words}", markup=False)
    for unused in imported.unused:
        place = f"line {unused.line}: " if unused.line else ""
        out.print(f"  not used: {place}{unused.text} ({unused.why})", markup=False)


def _print_study(found: Study, document: dict[str, object]) -> None:
    out = console()
    out.print(RichText(found.title, style="bold"))
    out.print(f"key:    {found.key}", markup=False)
    out.print(f"link:   {found.url or 'none'}", markup=False)
    posted = found.posted.isoformat() if found.posted else "no date"
    out.print(f"kind:   {found.kind}, posted {posted}, version {document['version']}", markup=False)
    out.print(f"most:   {found.most.text if found.most else '(does not say)'}", markup=False)
    for audience in found.also:
        out.print(f"also:   {audience.text}", markup=False)
    ratings = found.ratings
    out.print(
        f"rated:  relevance {ratings.relevance or '–'}, "
        f"science {ratings.strength_of_science or '–'}, "
        f"stage {ratings.research_timeline or '–'}",
        markup=False,
    )
    if found.marks:
        out.print(f"marks:  {', '.join(found.marks)}", markup=False)
    for event in found.events:
        out.print(f"event:  {event.on}: {event.text.en}", markup=False)
    if found.summary:
        out.print(f"summary: {found.summary.en}", markup=False)
    if document["withdrawn_at"]:
        out.print(f"withdrawn: {document['withdrawn_at']}: {document['withdrawn_reason']}")
