"""Checkup: whether all that the mails need is there: settings, keys, database, mail server."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import urlsplit

import sqlalchemy as sa

from matcher.config import Settings, is_loopback
from matcher.mail.doctor import Finding, State, ask_server, domain_records
from matcher.services.digests.last_plan import STALE, last_plan
from matcher.services.digests.pausing import Pause, paused, restored
from matcher.services.keys import keys_beside_database
from matcher.services.subscribing.trusted_clock import DOUBTED_FOR, Doubt, doubted
from matcher.store.database import session
from matcher.store.ledger_listing import last_sent, oldest_waiting
from matcher.store.studies import holds_any

LATE = timedelta(hours=6)


def check_up(engine: sa.Engine, settings: Settings, *, now: datetime) -> list[Finding]:
    """Look at everything, without sending a mail. Raises `StoreError`."""
    found = [_public_url(settings), *_server(settings), _keys(settings)]
    with session(engine) as opened:
        found.append(_held_back(paused(opened), restored(opened)))
        found.append(_catalogue(holds_any(opened)))
        found.append(_planning(last_plan(opened), settings, now))
        found.append(_clock(doubted(opened)))
        found.append(_waiting(last_sent(opened), oldest_waiting(opened), now))
    return found


def _public_url(settings: Settings) -> Finding:
    url, what = settings.public_url, "public address"
    mend = "Set MATCHER_PUBLIC_URL to https://your.host: the links in mails start with it."
    if url is None:
        return Finding(what, State.MISSING, "MATCHER_PUBLIC_URL is not set", mend)
    parts = urlsplit(url)
    if parts.scheme == "https":
        return Finding(what, State.OK, url)
    if is_loopback(parts.hostname or ""):
        return Finding(what, State.TO_DO, f"{url} is this machine alone", mend)
    found = f"{url} is not https: mail programs ignore its one-click unsubscribe"
    return Finding(what, State.MISSING, found, mend)


def _server(settings: Settings) -> list[Finding]:
    server, sender = settings.smtp, settings.mail_from
    found = []
    if server is None:
        mend = "Set MATCHER_SMTP_URL to smtp://user:password@host:587."
        found.append(Finding("mail server", State.MISSING, "MATCHER_SMTP_URL is not set", mend))
    if sender is None:
        mend = "Set MATCHER_MAIL_FROM to Your Charity <news@your.domain>."
        found.append(Finding("sender", State.MISSING, "MATCHER_MAIL_FROM is not set", mend))
    if server is not None and sender is None:
        told = f"{server.host}:{server.port} was not checked: it is asked with the sender's address"
        found.append(Finding("mail server", State.TO_DO, told, "Set the sender, then look again."))
    if server is not None and sender is not None:
        found = [*ask_server(server, sender), *domain_records(sender, server.host)]
    return found


def _keys(settings: Settings) -> Finding:
    beside = keys_beside_database(settings)
    if not beside:
        return Finding("keys", State.OK, "the keys do not lie beside the database")
    names = ", ".join(path.name for path in beside)
    found = f"{names} lie beside the database in {beside[0].parent}"
    mend = "Keep the database elsewhere (MATCHER_DATABASE_URL), or the keys (MATCHER_…_KEY)."
    return Finding("keys", State.TO_DO, found, mend)


def _held_back(stopped: Pause | None, restored_at: datetime | None) -> Finding:
    if restored_at is not None:
        found = f"this database was restored from a backup on {_told(restored_at)}"
        return Finding("sending", State.MISSING, found, "To send from it: matcher digest resume.")
    if stopped is not None:
        found = f"the last run was stopped: {stopped.why}"
        return Finding("sending", State.MISSING, found, "Mend it; the next run goes on by itself.")
    return Finding("sending", State.OK, "nothing holds the mails back")


def _catalogue(filled: bool) -> Finding:
    if filled:
        return Finding("catalogue", State.OK, "it holds studies")
    found = "the catalogue holds no studies: nothing is planned"
    return Finding("catalogue", State.TO_DO, found, "Fill it: matcher study import FILE.")


def _planning(planned: datetime | None, settings: Settings, now: datetime) -> Finding:
    last = f"they were last planned on {_told(planned)}" if planned else "they were never planned"
    found = f"digests are due at {settings.digest_time:%H:%M} in each subscriber's zone; {last}"
    if planned is not None and abs(now - planned) < STALE:
        return Finding("timer", State.OK, found)
    mend = "Run matcher serve --digests, or let a timer run matcher digest plan and send."
    return Finding("timer", State.TO_DO, found, mend)


def _waiting(done: datetime | None, waiting: datetime | None, now: datetime) -> Finding:
    last = f"the last mail went out on {_told(done)}" if done else "no mail went out yet"
    if waiting is None or now - waiting < LATE:
        return Finding("mails", State.OK, last)
    mend = "Run matcher serve --digests, or let a timer run matcher digest send."
    found = f"{last}; one has been waiting since {_told(waiting)}"
    return Finding("mails", State.MISSING, found, mend)


def _clock(doubt: Doubt | None) -> Finding:
    if doubt is None:
        return Finding("clock", State.OK, "the clock goes on from where it was last seen")
    found = f"the clock stands weeks past where it was last seen; it said {_told(doubt.seen)}"
    mend = (
        f"Set it right. If it is right, people's data is erased again in {DOUBTED_FOR.days} days."
    )
    return Finding("clock", State.TO_DO, found, mend)


def _told(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d at %H:%M} UTC"
