"""Verdict: whether ledger and mail server tell the same story, and nobody lost or got too much."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

from matcher.services.short_names import short_name
from matcher.store.deliveries import TERMINAL
from tests.lab.lab_site import Row
from tests.lab.smtp_log import Accepted

MESSAGE_ID = re.compile(r"<([0-9a-f]{32})@")
STUDY_LINK = re.compile(r"/s/([a-z2-7]{7})\b")
HAD_ALREADY = "You may have had this already"
MAY_HAVE_ARRIVED = ("sent", "uncertain")


@dataclass(frozen=True)
class Mail:
    """What the server accepted: for which row, to whom, which studies it told (short names)."""

    row: str
    recipient: str
    studies: frozenset[str]
    repeated: bool

    @classmethod
    def read(cls, accepted: Accepted) -> Mail:
        message = message_from_bytes(accepted.message, policy=default)
        assert isinstance(message, EmailMessage)
        plain = message.get_body(("plain",))
        text = plain.get_content() if plain else ""
        found = MESSAGE_ID.match(message["Message-ID"])
        assert found, message["Message-ID"]
        (recipient,) = accepted.recipients
        studies = frozenset(STUDY_LINK.findall(text))
        return cls(found[1], recipient, studies, HAD_ALREADY in text)


def faults(
    rows: Sequence[Row], accepted: Iterable[Accepted], *, wanted: Mapping[str, Iterable[str]]
) -> list[str]:
    """What is wrong with a ledger whose periods are over, in words; empty if all is well.

    `wanted`: the keys of the studies that each address should have been told by now.
    """
    mails = [Mail.read(one) for one in accepted]
    return [
        *_twice(mails),
        *_untrue(rows, mails),
        *_open(rows),
        *_untold(rows, mails, wanted),
        *_unrepeated(rows, mails),
        *_again(rows, mails),
    ]


def _twice(mails: Sequence[Mail]) -> list[str]:
    """D1: no row's mail was accepted twice."""
    counts = Counter(mail.row for mail in mails)
    return [
        f"{count} mails were accepted for row {row}" for row, count in counts.items() if count > 1
    ]


def _untrue(rows: Sequence[Row], mails: Sequence[Mail]) -> list[str]:
    """D3: what is called sent was accepted; what was accepted is called sent, or uncertain."""
    arrived = {mail.row: mail for mail in mails}
    known = {row.public_id: row for row in rows}
    found = [f"a mail names no row: {id}" for id in arrived if id not in known]
    for row in rows:
        mail = arrived.get(row.public_id)
        if row.state == "sent" and mail is None:
            found.append(f"{row.period} says sent, and nothing was accepted")
        if mail and row.state not in MAY_HAVE_ARRIVED:
            found.append(f"{row.period} says {row.state}, and its mail was accepted")
        if mail and row.who not in (None, mail.recipient):
            found.append(f"the mail of {row.period} went to somebody else")
    return found


def _open(rows: Sequence[Row]) -> list[str]:
    """D2: every row came to an end."""
    return [
        f"{row.period} of {row.who} is {row.state}" for row in rows if row.state not in TERMINAL
    ]


def _untold(
    rows: Sequence[Row], mails: Sequence[Mail], wanted: Mapping[str, Iterable[str]]
) -> list[str]:
    """D2: every study that is wanted is in a mail that was answered 250."""
    sent = {row.public_id for row in rows if row.state == "sent"}
    told = defaultdict[str, set[str]](set)
    for mail in mails:
        if mail.row in sent:
            told[mail.recipient] |= mail.studies
    return [
        f"{address} was never told {key}"
        for address, keys in wanted.items()
        for key in keys
        if short_name(key) not in told[address]
    ]


def _unrepeated(rows: Sequence[Row], mails: Sequence[Mail]) -> list[str]:
    """D2: a mail that may have arrived says so when its studies come again, and only then."""
    by_row = {mail.row: mail for mail in mails}
    found = []
    unsure = dict[str, bool]()
    for row in (row for row in rows if row.kind == "digest" and row.who):
        assert row.who
        mail = by_row.get(row.public_id)
        if row.state == "uncertain":
            unsure[row.who] = True
        elif row.state == "sent" and mail and mail.repeated != unsure.pop(row.who, False):
            said = "says" if mail.repeated else "does not say"
            found.append(f"the mail of {row.period} to {row.who} {said}: {HAD_ALREADY}")
    found += [f"nothing followed the uncertain mail to {who}" for who in unsure]
    return found


def _again(rows: Sequence[Row], mails: Sequence[Mail]) -> list[str]:
    """D10: what was told in a mail that the server took is not told again."""
    by_row = {mail.row: mail for mail in mails}
    told = defaultdict[str, set[str]](set)
    found = []
    for row in rows:
        mail = by_row.get(row.public_id)
        if mail and row.state == "sent":
            if not told[mail.recipient].isdisjoint(mail.studies):
                found.append(f"the mail of {row.period} tells {row.who} again what was told")
            told[mail.recipient] |= mail.studies
    return found
