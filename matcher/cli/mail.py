"""Mail: the commands that check the sender and take in what mail servers send back."""

from __future__ import annotations

import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import click

from matcher.cli.complaints import InputError, complain
from matcher.cli.matching import json_option
from matcher.cli.opening import open_database, open_desk
from matcher.cli.tables import print_json
from matcher.cli.warnings import warn_of_keys_beside_database
from matcher.config import ConfigError, load_settings
from matcher.mail.doctor import Finding, State
from matcher.mail.reports import LARGEST, ReportError, read_report
from matcher.rules import RulesError
from matcher.services.digests.bounces import Deed, Heard, hear_report
from matcher.services.digests.checkup import check_up
from matcher.services.digests.desk import Desk
from matcher.services.keys import check_keys
from matcher.store.database import session
from matcher.store.errors import StoreError

PIPED = "-"
TRY_LATER = 75
"""What mail servers take for "keep this mail and try again" (EX_TEMPFAIL)."""

COLOURS = {State.OK: "green", State.MISSING: "red", State.TO_DO: "yellow"}


@click.group()
def mail() -> None:
    """Check the sender of mails, and take in what mail servers send back."""


@mail.command()
@json_option
def doctor(*, as_json: bool) -> None:
    """Whether everything that mails need is there. Sends nothing; exits 1 if something is missing.

    Talks to the mail server up to naming the sender. What stands in the domain's DNS it cannot
    see: it says what has to stand there, and how to look.
    """
    settings = load_settings()
    engine = open_database(settings)
    check_keys(engine, settings)
    warn_of_keys_beside_database(settings)
    findings = check_up(engine, settings, now=datetime.now(UTC))
    if as_json:
        print_json({"findings": [asdict(one) for one in findings]})
    else:
        _print_findings(findings)
    if any(one.state is State.MISSING for one in findings):
        sys.exit(1)


@mail.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@json_option
def bounce(files: tuple[str, ...], *, as_json: bool) -> None:
    """Take in reports of mail servers, one mail a FILE; - reads standard input.

    An address that does not exist any more, or whose owner calls the mails spam, gets no more.
    A report that names no mail that was sent from here changes nothing, and exits 2.

    For -, where a mail server waits for the code, it exits 0 then, as nobody needs to hear of it,
    and 75 (try again later) while the database cannot be used.

    Let your mail server hand over only what comes to the return paths (news+b and many letters
    behind it), not what people write to news: docs/operating.md shows how.
    """
    try:
        desk = open_desk()
        heard = {file: _heard(desk, file) for file in files}
    except (StoreError, ConfigError, RulesError) as error:
        if PIPED in files:
            complain(error)
            sys.exit(TRY_LATER)
        raise
    if as_json:
        print_json({"reports": [{"file": file, **asdict(one)} for file, one in heard.items()]})
    else:
        for file, one in heard.items():
            click.echo(f"{file}: {one.deed}: {one.why}")
    refused = {
        file: one for file, one in heard.items() if one.deed is Deed.REFUSED and file != PIPED
    }
    if refused:
        whys = "; ".join(dict.fromkeys(one.why for one in refused.values()))
        mend = "Nothing was changed by these. Give the report as it came, headers and all."
        raise InputError(f"{len(refused)} not taken: {whys}", ", ".join(map(_named, refused)), mend)


def _heard(desk: Desk, file: str) -> Heard:
    try:
        report = read_report(_read(file))
    except ReportError as error:
        return Heard(Deed.REFUSED, str(error))
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or str(error)).lower()
        return Heard(Deed.REFUSED, f"the file cannot be read: {why}")
    with session(desk.engine, writing=True) as opened:
        return hear_report(opened, desk, report, now=datetime.now(UTC))


def _read(file: str) -> bytes:
    if file == PIPED:
        return sys.stdin.buffer.read(LARGEST + 1)
    with Path(file).open("rb") as opened:
        return opened.read(LARGEST + 1)


def _print_findings(findings: list[Finding]) -> None:
    """One line each, however long: what is to be copied must not be broken up."""
    room = max(len(one.what) for one in findings) + 2
    for one in findings:
        state = click.style(f"{one.state:<9}", fg=COLOURS[one.state])
        click.echo(f"{state}{one.what:<{room}}{one.found}")
        if one.mend:
            click.echo(click.style(f"{'':<{9 + room}}{one.mend}", dim=True))


def _named(file: str) -> str:
    return "standard input" if file == "-" else file
