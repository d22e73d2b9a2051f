"""Digests: the commands that plan and send them, and tell how they stand."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import click
from rich.table import Table
from rich.text import Text as RichText

from matcher.cli.complaints import InputError
from matcher.cli.matching import json_option
from matcher.cli.opening import open_desk
from matcher.cli.tables import console, print_json
from matcher.config import load_settings
from matcher.jobs.needs import require_mail
from matcher.mail.transport import SmtpTransport
from matcher.services.digests import pausing
from matcher.services.digests.desk import Desk
from matcher.services.digests.planning import has_no_studies
from matcher.services.digests.planning import plan as plan_digests
from matcher.services.digests.recovering import recover
from matcher.services.digests.resuming import close_restored
from matcher.services.digests.resuming import resume as resume_mails
from matcher.services.digests.sending import send as send_mails
from matcher.services.digests.sending_rules import SendingRules
from matcher.services.digests.status import (
    DigestRow,
    FailedLetter,
    Overall,
    digest_rows,
    failed_letters,
    overall,
)
from matcher.services.subscribing.deciding import decide
from matcher.services.subscribing.replaying import replay
from matcher.store.database import session
from matcher.store.deliveries import OPEN
from matcher.web.logs import configure_logs

NEWEST = 50
MOST_LETTERS = 1000
RESUME = "matcher digest resume"
NO_STUDIES = "Nothing is planned: the catalogue holds no studies: matcher study import FILE"


class Moment(click.ParamType[datetime]):
    """A point in time with its zone."""

    name = "ISO8601"

    def convert(self, value: Any, param: Any, ctx: Any) -> datetime:
        """The moment, aware; fails with what is allowed."""
        how = "write it with its zone, as 2026-11-22T08:00:00+00:00"
        try:
            moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
            if moment.utcoffset() is not None:
                return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            return self.fail(f"{value!r} is not a time; {how}", param, ctx)
        return self.fail(f"{value!r} has no time zone; {how}", param, ctx)


now_option = click.option(
    "--now", type=Moment(), help="Act as if it were this time; the present if not given."
)


@click.group()
def digest() -> None:
    """Plan and send what is new for each subscriber.

    A timer calls plan and then send, every quarter of an hour or so; or matcher serve --digests
    does both.
    """


@digest.command()
@now_option
@json_option
def plan(now: datetime | None, *, as_json: bool) -> None:
    """Write down what each subscriber is to be told in the present week or month."""
    desk = _desk()
    moment = now or datetime.now(UTC)
    # A row that a run had in hand which is gone would keep its subscriber from being planned.
    recover(desk, now=moment, rules=SendingRules())
    planned = asdict(plan_digests(desk, now=moment))
    _tell("planned", planned, as_json=as_json)
    if has_no_studies(desk):
        click.echo(NO_STUDIES, err=True)


@digest.command()
@now_option
@json_option
def send(now: datetime | None, *, as_json: bool) -> None:
    """Hand over every mail that is due. Exits 1 if the mail server refused us."""
    require_mail(load_settings())
    desk = _desk()
    with session(desk.engine) as opened:
        since = pausing.restored(opened)
    if since:
        raise InputError(
            f"this database was restored from a backup on {since:%Y-%m-%d at %H:%M} UTC",
            desk.settings.database_url.rpartition("@")[2],
            f"Nothing is sent until you run: {RESUME}.",
        )
    clock, rules, server = _clock(now), SendingRules(), desk.settings.smtp
    assert server is not None
    decided = decide(desk, now=clock())
    with SmtpTransport(server, timeout=rules.timeout) as transport:
        sent = send_mails(desk, transport, now=clock, rules=rules)
    counts = dict(sent.counts)
    if as_json:
        print_json({"sent": counts, "paused": sent.paused, "decided": decided})
    else:
        _tell_sent(counts, _waiting(desk))
    if sent.paused:
        click.echo(
            f"Error: sending stopped: {sent.paused}\n"
            "  where: MATCHER_SMTP_URL\n"
            "  mend:  Run: matcher mail doctor. What is due stays due; run this again then.",
            err=True,
        )
        sys.exit(1)


@digest.command()
@now_option
@json_option
def status(now: datetime | None, *, as_json: bool) -> None:
    """How the digests stand: each row of the ledger, and how many are in which state."""
    del now
    desk = _desk()
    with session(desk.engine) as opened:
        whole = overall(opened)
        if as_json:
            rows = digest_rows(opened, desk)
            _print_document(rows, whole, failed_letters(opened, newest=MOST_LETTERS))
        else:
            _print_table(list(digest_rows(opened, desk, newest=NEWEST)), whole)
            _print_letters(failed_letters(opened, newest=NEWEST))


@digest.command()
@click.option(
    "--nothing-was-sent",
    is_flag=True,
    help="No mail went out after the backup was made, as when moving to another machine.",
)
def resume(*, nothing_was_sent: bool) -> None:
    """Let a restored database send again, or forget why the last run stopped.

    Digests that were due by the restore may have gone out after the backup was made. They count as
    perhaps sent: their studies come with the next digest, which says so.
    """
    desk = _desk()
    now = datetime.now(UTC)
    replay(desk, now=now)
    perhaps_sent = 0 if nothing_was_sent else close_restored(desk, now=now)
    if perhaps_sent:
        told = "1 digest counts" if perhaps_sent == 1 else f"{perhaps_sent} digests count"
        click.echo(f"{told} as perhaps sent before the restore.")
    click.echo("Mails are sent again." if resume_mails(desk) else "Nothing was held back.")


def _desk() -> Desk:
    settings = load_settings()
    if settings.public_url is None:
        raise InputError(
            "digests need the address that people reach this site at",
            "MATCHER_PUBLIC_URL",
            "Set it, as https://matcher.your-charity.org: the links in mails start with it.",
        )
    configure_logs()
    return open_desk(settings)


def _clock(now: datetime | None) -> Callable[[], datetime]:
    """The run's clock: it goes on from `now`."""
    ahead = now - datetime.now(UTC) if now else timedelta()
    return lambda: datetime.now(UTC) + ahead


def _tell(name: str, counts: dict[str, int], *, as_json: bool) -> None:
    if as_json:
        print_json({name: counts})
        return
    click.echo(f"{name.capitalize()}: {_listed(counts) or 'nothing was due'}.")


def _tell_sent(counts: dict[str, int], waiting: int) -> None:
    """What became of the mails; those that were only given back are among the waiting."""
    done = {word: count for word, count in counts.items() if word not in OPEN}
    if any(counts.values()) and not done.get("sent"):
        rest = f" ({_listed(done)})" if any(done.values()) else ""
        click.echo(f"Sent none{rest}; {waiting} still wait.")
    else:
        more = f"; {waiting} still wait" if waiting else ""
        click.echo(f"Sent: {_listed(done) or 'nothing was due'}{more}.")


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {word}" for word, count in counts.items() if count)


def _waiting(desk: Desk) -> int:
    with session(desk.engine) as opened:
        whole = overall(opened)
    return sum(counts[state] for counts in (whole.counts, whole.letters) for state in OPEN)


def _print_document(rows: Any, whole: Overall, letters: Sequence[FailedLetter]) -> None:
    """The JSON document, row by row: a ledger may be longer than the memory."""
    click.echo('{"rows": [', nl=False)
    for number, row in enumerate(rows):
        click.echo(f"{',' if number else ''}\n{json.dumps(asdict(row))}", nl=False)
    failed = [{**asdict(one), "at": one.at and one.at.isoformat()} for one in letters]
    document = {**_overall_json(whole), "failed_letters": failed}
    rest = json.dumps(document, indent=2).removeprefix("{")
    click.echo(f"\n],{rest}")


def _overall_json(whole: Overall) -> dict[str, Any]:
    paused = whole.paused
    return {
        "counts": whole.counts,
        "letters": whole.letters,
        "paused": {"why": paused.why, "since": paused.since.isoformat()} if paused else None,
        "restored": whole.restored.isoformat() if whole.restored else None,
    }


def _print_table(rows: list[DigestRow], whole: Overall) -> None:
    out = console()
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Row", "Subscriber", "Period", "State", "Tries", "Studies", "Why"):
        right = name in ("Row", "Tries", "Studies")
        table.add_column(name, justify="right" if right else "left", overflow="fold")
    for row in rows:
        who = (row.subscriber or "erased")[:8]
        cells = (str(row.id), who, row.period, row.state, str(row.attempts), str(len(row.items)))
        table.add_row(*cells, RichText(row.reason or ""))
    if rows:
        out.print(table)
    for name, counts in (("Digests", whole.counts), ("Letters", whole.letters)):
        told = ", ".join(f"{count} {state}" for state, count in counts.items() if count)
        out.print(f"{name}: {told or 'none'}.")
    if sum(whole.counts.values()) > len(rows):
        out.print(f"The newest {len(rows)} are shown; --json lists all.")
    if whole.paused:
        since = f"{whole.paused.since:%Y-%m-%d %H:%M} UTC"
        out.print(f"Held back since {since}: {whole.paused.why}", markup=False)
    if whole.restored:
        since = f"{whole.restored:%Y-%m-%d %H:%M} UTC"
        out.print(f"Restored from a backup {since}: nothing is sent until you run {RESUME}.")


def _print_letters(letters: Sequence[FailedLetter]) -> None:
    if not letters:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("Letter", "State", "At", "Why"):
        table.add_column(name, overflow="fold")
    for one in letters:
        at = f"{one.at:%Y-%m-%d %H:%M} UTC" if one.at else ""
        table.add_row(one.kind, one.state, at, RichText(one.reason or ""))
    console().print(table)
