"""Volume: many subscribers planned and sent on this machine, with time and memory told.

``python -m tests.lab.volume --subscribers 50000 --studies 500 [--senders 2] [--detail full]``
prints one JSON document. Each step is a process of its own, as on a real machine; what is drawn
depends on the seed alone. The mail server is the SMTP double, which counts and throws away.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from matcher.bench.people import draw_people
from matcher.bench.workload import TODAY, Size, Workload
from matcher.config import Settings, load_settings
from matcher.core.finder import FactFinder
from matcher.mail.transport import SmtpTransport
from matcher.rules import load_rules, shipped_rules
from matcher.schemas.profiles import profile_json
from matcher.services.digests.desk import Desk
from matcher.services.digests.planning import plan
from matcher.services.digests.profile import Profile, seal_profile
from matcher.services.digests.sending import send
from matcher.services.live import LiveMatcher
from matcher.store import studies
from matcher.store.database import connect, session, upgrade
from matcher.store.deliveries import delivery_table
from matcher.store.subscribers import Subscriber
from tests.lab.smtp_double import Kind, SmtpDouble

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
ZONES = ("America/New_York", "America/Mexico_City", "America/Los_Angeles", "Europe/Madrid")
AT_ONCE = 1_000


def main() -> None:
    """Run all steps, or one of them for the process that runs all."""
    options = _options()
    if options.step:
        print(json.dumps({"plan": _plan, "send": _send}[options.step]()))
        return
    with tempfile.TemporaryDirectory(prefix="matcher-volume-") as folder:
        print(json.dumps(measure(options, Path(folder)), indent=2))


def measure(options: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """All steps; seconds and megabytes of each."""
    with SmtpDouble(folder / "double", kind=Kind(sync=False, discard=True)) as double:
        environ = {**os.environ, **_environment(options, folder, double.url)}
        desk = _desk(load_settings(environ))
        fill(desk, options.subscribers, options.studies, detail=options.detail)
        planned = _run("plan", environ)
        began = time.monotonic()
        senders = [_start("send", environ) for _ in range(options.senders)]
        sent = [_read(sender) for sender in senders]
        seconds = time.monotonic() - began
        with desk.engine.connect() as connection:
            counted = sa.select(delivery_table.c.state, sa.func.count())
            rows = connection.execute(counted.group_by(delivery_table.c.state)).all()
        mails = double.count()
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}",
        "database": desk.engine.dialect.name,
        "subscribers": options.subscribers,
        "studies": options.studies,
        "detail": options.detail,
        "plan": planned,
        "send": {"seconds": round(seconds, 1), "senders": sent},
        "rows": dict(rows),
        "mails accepted": mails,
    }


def fill(desk: Desk, subscribers: int, count: int, *, detail: str) -> None:
    """Put drawn studies and subscribers into the database."""
    drawn = Workload(desk.book, Size(studies=count, people=1)).studies(count)
    with session(desk.engine, writing=True) as opened:
        for study in drawn:
            studies.add(opened, study, rules_version=desk.book.version, now=NOW)
        opened.commit()
    people = _people(desk, subscribers, detail=detail)
    while rows := list(islice(people, AT_ONCE)):
        with session(desk.engine, writing=True) as opened:
            opened.execute(sa.insert(Subscriber), rows)
            opened.commit()


def _people(desk: Desk, count: int, *, detail: str) -> Iterator[dict[str, Any]]:
    drawn = draw_people(FactFinder(desk.book), seed=7, today=TODAY)
    before = NOW - timedelta(days=3)
    for number, answers in enumerate(islice(drawn, count)):
        address = f"reader{number}@example.org"
        yield {
            "public_id": f"{number:032x}",
            "address_hash": desk.hashes.of("address", address)[0],
            "address": desk.safe.seal(address.encode()),
            "profile": seal_profile(desk.safe, Profile(profile_json(answers)["answers"])),
            "frequency": "weekly",
            "language": ("en", "es")[number % 2],
            "zone": ZONES[number % len(ZONES)],
            "detail": detail,
            "standing": "active",
            "consent_version": "1",
            "consent_at": before,
            "confirmed_at": before,
            "renewed_at": before,
            "version": 1,
        }


def _plan() -> dict[str, Any]:
    desk = _desk(load_settings())
    desk.matcher()
    began = time.monotonic()
    planned = plan(desk, now=NOW)
    return {"planned": str(planned), **_spent(began)}


def _send() -> dict[str, Any]:
    desk = _desk(load_settings())
    assert desk.settings.smtp is not None
    began = time.monotonic()
    with SmtpTransport(desk.settings.smtp) as transport:
        sent = send(desk, transport, now=lambda: NOW)
    return {"sent": dict(sent.counts), "paused": sent.paused, **_spent(began)}


def _spent(began: float) -> dict[str, float]:
    own = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": round(time.monotonic() - began, 1),
        "processor seconds": round(own.ru_utime + own.ru_stime, 1),
        "megabytes": round(own.ru_maxrss / 1024),
    }


def _desk(settings: Settings) -> Desk:
    engine = connect(settings.database_url, wait=60)
    upgrade(engine)
    book = load_rules(shipped_rules())
    return Desk(engine, book, LiveMatcher(engine, book), settings)


def _environment(options: argparse.Namespace, folder: Path, smtp_url: str) -> dict[str, str]:
    given = {
        "MATCHER_INSTANCE": str(folder),
        "MATCHER_PUBLIC_URL": "https://matcher.example.org",
        "MATCHER_SMTP_URL": smtp_url,
        "MATCHER_MAIL_FROM": "Matcher <news@example.org>",
    }
    return given | ({"MATCHER_DATABASE_URL": options.database} if options.database else {})


def _start(step: str, environ: dict[str, str]) -> subprocess.Popen[str]:
    command = (sys.executable, "-m", "tests.lab.volume", "--step", step)
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True)


def _read(process: subprocess.Popen[str]) -> Any:
    told, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"a step ended with {process.returncode}")
    return json.loads(told)


def _run(step: str, environ: dict[str, str]) -> Any:
    return _read(_start(step, environ))


def _options(given: Sequence[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.lab.volume")
    parser.add_argument("--subscribers", type=int, default=50_000)
    parser.add_argument("--studies", type=int, default=500)
    parser.add_argument("--senders", type=int, default=2)
    parser.add_argument("--detail", choices=("count", "titles", "full"), default="full")
    parser.add_argument("--database", help="address of an empty database (default: SQLite)")
    parser.add_argument("--step", choices=("plan", "send"))
    return parser.parse_args(given)


if __name__ == "__main__":
    main()
