"""Bounces: what is done about a report: a dead address or a complaint stops the mails."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlmodel import Session

from matcher.mail.addresses import read_return_path
from matcher.mail.reports import Report, Verdict
from matcher.services.digests.desk import Desk
from matcher.services.subscribing.stopping import stop
from matcher.store.deliveries import Delivery
from matcher.store.returned_mails import address_hash_of, mails_named, note_return

RETURN_PATH_LIKE = re.compile(r"(?i)[^@]*\+b[a-z2-7]{30,}@.*")
PUBLIC_ID = re.compile(r"<([0-9a-f]{32})@[^@>]+>")
STOPS = {Verdict.DEAD: "bounced", Verdict.COMPLAINT: "complained"}


class Deed(StrEnum):
    """What a report led to."""

    STOPPED = "stopped"
    NOTED = "noted"
    NOTHING = "nothing"
    REFUSED = "refused"


@dataclass(frozen=True)
class Heard:
    """What a report led to, and why, in words without addresses."""

    deed: Deed
    why: str


def hear_report(session: Session, desk: Desk, report: Report, *, now: datetime) -> Heard:
    """Do what a report asks for: any number of times it does the same. Commits.

    It changes something only if it names a mail that was sent from here, by the return path that
    only that mail had, or else by the Message-ID of the mail that came back.
    """
    mail = _mail(session, desk, report)
    if isinstance(mail, Heard):
        return mail
    heard = _heard(session, desk, report, mail, now=now)
    session.commit()
    return heard


def _mail(session: Session, desk: Desk, report: Report) -> Delivery | Heard:
    """The mail that a report is about, or why it is not believed."""
    ours = [one for one in report.sent_to if RETURN_PATH_LIKE.fullmatch(one)]
    read = {read_return_path(one, desk.hashes) for one in ours}
    if None in read:
        return _refused("it names a return path that was not made here, or was changed")
    names = {name for name in read if name} or _returned(report)
    if len(names) != 1:
        return _refused(f"it names {'several mails' if names else 'no mail'} sent from here")
    mails = mails_named(session, sorted(names))
    if not mails:
        return _refused("the mail it names is not known here")
    if not mails[0].attempts:
        return _refused("the mail it names was never sent")
    return mails[0]


def _returned(report: Report) -> set[str]:
    """The mails that came back, by their Message-IDs."""
    found = (PUBLIC_ID.fullmatch(one) for one in report.returned)
    return {one[1] for one in found if one}


def _heard(session: Session, desk: Desk, report: Report, mail: Delivery, *, now: datetime) -> Heard:
    reason = STOPS.get(report.verdict)
    status = report.status or "no status given"
    if reason is None:
        if report.verdict is not Verdict.FAILED:
            return Heard(Deed.NOTHING, f"it asks for nothing ({report.verdict}: {status})")
        note_return(session, mail, f"returned: {status}")
        return Heard(Deed.NOTED, f"this mail was not delivered ({status}); the next one is tried")
    address_hash = address_hash_of(session, mail)
    if address_hash is None:
        return Heard(Deed.NOTHING, "nothing is kept any more of whoever that mail went to")
    news = stop(session, desk, address_hash, reason=reason, now=now)
    note_return(session, mail, f"{'returned' if reason == 'bounced' else reason}: {status}")
    if not news:
        return Heard(Deed.NOTHING, "this address had stopped already")
    return Heard(Deed.STOPPED, f"this address gets no more mails ({reason}: {status})")


def _refused(why: str) -> Heard:
    return Heard(Deed.REFUSED, why)
