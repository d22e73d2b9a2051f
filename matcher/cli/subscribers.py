"""Subscribers: the command that takes people who have confirmed elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import click

from matcher.cli.complaints import InputError
from matcher.cli.matching import json_option
from matcher.cli.opening import open_desk
from matcher.cli.tables import print_json
from matcher.cli.warnings import warn_of_keys_beside_database
from matcher.schemas.subscribers import EXAMPLE
from matcher.services.subscribing.importing import Refusal, import_subscribers


@click.group()
def subscriber() -> None:
    """Take in people who are to be mailed what is new for them."""


@subscriber.command("import")
@click.argument("file", metavar="FILE.jsonl")
@json_option
def import_(file: str, *, as_json: bool) -> None:
    """Take in people who have already confirmed; - reads standard input.

    One object a line:

    \b
    {"email": …, "answers": {…}, "frequency": "weekly" or "monthly",
     "zone": "America/Lima", "language": "en" or "es",
     "consent": {"version": …, "at": "2026-11-22T10:00:00+00:00"}}

    and, if wanted, "detail" (count, titles, full), "about" (self, other, loss) and "leave_out"
    (true: no reviews on hard topics). Good lines are taken and broken ones named. Whoever is known
    is brought up to date where the line's consent is newer than theirs and than what they have
    changed on their page; whoever has stopped the mails is never started again.
    """
    desk = open_desk()
    warn_of_keys_beside_database(desk.settings)
    refusals: list[Refusal] = []
    with _opened(file) as lines:
        imported = import_subscribers(
            desk, lines, now=datetime.now(UTC), refuse=lambda one: _hear(one, refusals)
        )
    if as_json:
        print_json({**asdict(imported), "lines": [asdict(one) for one in refusals]})
    else:
        told = ", ".join(f"{name} {count}" for name, count in asdict(imported).items())
        click.echo(f"{told}.")
    if imported.refused:
        raise InputError(
            f"{imported.refused} could not be taken (see above)",
            "standard input" if file == "-" else file,
            "The other lines were taken. Mend these and import the file again.",
        )


def _hear(refusal: Refusal, refusals: list[Refusal]) -> None:
    refusals.append(refusal)
    for fault in refusal.faults:
        given = f" (given: {fault.value!r})" if fault.value is not None else ""
        where = f"line {refusal.number}, {fault.path}"
        click.echo(f"{where}: {fault.problem}{given}. Mend: {fault.mend}", err=True)


@contextmanager
def _opened(file: str) -> Iterator[BinaryIO]:
    with ExitStack() as stack:
        try:
            opened = sys.stdin.buffer if file == "-" else _open(stack, file)
        except (OSError, ValueError) as error:
            reason = (getattr(error, "strerror", None) or str(error)).lower()
            mend = f"Name a file with one object a line: {EXAMPLE}"
            raise InputError(f"the file cannot be read: {reason}", file, mend) from None
        yield opened


def _open(stack: ExitStack, file: str) -> BinaryIO:
    return stack.enter_context(Path(file).open("rb"))
