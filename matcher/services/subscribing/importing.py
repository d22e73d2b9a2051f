"""Importing: people who confirmed elsewhere become subscribers, from a file of one a line."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO, TypeVar

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from matcher.mail.addresses import Address, parse_address
from matcher.schemas.profiles import profile_json
from matcher.schemas.subscribers import EXAMPLE, OLDEST, Line, LineError, LineFault, LineReader
from matcher.services.digests.desk import Desk
from matcher.services.digests.profile import Profile, open_profile, seal_profile
from matcher.services.keys import remember_keys
from matcher.services.subscribing.adults import is_adult
from matcher.services.subscribing.known_by import address_hashes
from matcher.services.subscribing.renewing import MONTHS, months_later
from matcher.store.database import session
from matcher.store.known_addresses import (
    add_subscribers,
    subscribers_by_hash,
    suppressed_reasons,
)
from matcher.store.subscribers import Subscriber
from matcher.store.suppressions import lock_address

BATCH = 500
LONGEST_LINE = 200_000

YOUNG = LineFault(
    "answers.age", None, "is under 18", "Leave the line out: mails are for adults only."
)

ADDED, UPDATED, UNCHANGED, REFUSED = "added", "updated", "unchanged", "refused"
T = TypeVar("T")
ASKED_IN = 2
"""So many months are left at least to somebody who is imported: time to be asked."""


@dataclass(frozen=True)
class Refusal:
    """A line that was not taken: its number in the file, from 1, and all that is wrong."""

    number: int
    faults: tuple[LineFault, ...]


@dataclass(frozen=True)
class Imported:
    """How many lines became what."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0


@dataclass(frozen=True)
class _Person:
    """A good line: its number, what it says, its address and the hashes that is known by."""

    number: int
    line: Line
    address: Address
    hashes: tuple[str, ...]


def import_subscribers(
    desk: Desk, file: BinaryIO, *, now: datetime, refuse: Callable[[Refusal], None]
) -> Imported:
    """Read all lines; each batch is one transaction. `refuse` hears of every line not taken.

    Nobody who stopped is started again, whatever the file says. Raises `StoreError`.
    """
    counts = dict.fromkeys((ADDED, UPDATED, UNCHANGED, REFUSED), 0)

    def turn_down(number: int, *faults: LineFault) -> None:
        counts[REFUSED] += 1
        refuse(Refusal(number, faults))

    people = _people(desk, file, now=now, turn_down=turn_down)
    for batch in _batched(people, BATCH):
        for person, fate in zip(batch, _take(desk, batch, now=now), strict=True):
            if isinstance(fate, LineFault):
                turn_down(person.number, fate)
            else:
                counts[fate] += 1
    return Imported(**counts)


def _people(
    desk: Desk, file: BinaryIO, *, now: datetime, turn_down: Callable[..., None]
) -> Iterator[_Person]:
    """The good lines; an address that comes again counts only the first time."""
    reader = LineReader(desk.book, now=now)
    first_seen: dict[bytes, int] = {}
    for number, text in _lines(file):
        try:
            line = _of_an_adult(reader.read(_decoded(text)))
            address = parse_address(line.email)
        except LineError as error:
            turn_down(number, *error.faults)
            continue
        hashes = address_hashes(desk.hashes, address.normal)
        before = first_seen.setdefault(bytes.fromhex(hashes[0]), number)
        if before != number:
            problem = f"is the address of line {before} again, which was read"
            turn_down(number, LineFault("email", None, problem, "Keep one line for each address."))
            continue
        yield _Person(number, line, address, hashes)


def _of_an_adult(line: Line) -> Line:
    if not is_adult(line.answers.given):
        raise LineError([YOUNG])
    return line


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """The lines that are not blank, with their numbers; None for one that is too long."""
    for number in itertools.count(1):
        line = file.readline(LONGEST_LINE + 1)
        if not line:
            return
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE)
            yield number, None
        elif line.strip():
            yield number, line


def _decoded(line: bytes | None) -> str:
    problem, mend = "this is not UTF-8 text", "Save the file as UTF-8."
    if line is None:
        problem, mend = f"this is longer than {LONGEST_LINE} bytes", f"Write as: {EXAMPLE}"
    else:
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            pass
    raise LineError([LineFault("the line", None, problem, mend)])


def _take(desk: Desk, batch: Sequence[_Person], *, now: datetime) -> list[str | LineFault]:
    """Store a batch; what became of each."""
    try:
        return _taken(desk, batch, now=now)
    except IntegrityError:
        # Somebody confirmed the same address just now: the second time it is known.
        return _taken(desk, batch, now=now)


def _taken(desk: Desk, batch: Sequence[_Person], *, now: datetime) -> list[str | LineFault]:
    with session(desk.engine, writing=True) as opened:
        remember_keys(opened, desk.settings)
        for person in sorted(batch, key=lambda one: one.hashes[-1]):
            lock_address(opened, person.hashes)
        hashes = [one for person in batch for one in person.hashes]
        fates = _decided(opened, desk, batch, hashes, now=now)
        opened.commit()
        return fates


def _decided(
    session: Session, desk: Desk, batch: Sequence[_Person], hashes: list[str], *, now: datetime
) -> list[str | LineFault]:
    known = subscribers_by_hash(session, hashes)
    reasons = suppressed_reasons(session, hashes)
    fates: list[str | LineFault] = []
    new = []
    for person in batch:
        reason = next((reasons[one] for one in person.hashes if one in reasons), None)
        there = next((known[one] for one in person.hashes if one in known), None)
        if there is not None and there.standing == "stopped":
            reason = reason or there.stopped_reason or "unsubscribed"
        if reason:
            fates.append(_stopped(reason))
        elif there is not None:
            fates.append(UPDATED if _update(desk, there, person, now=now) else UNCHANGED)
        else:
            new.append(_row(desk, person, now=now))
            fates.append(ADDED)
    add_subscribers(session, new)
    return fates


def _stopped(reason: str) -> LineFault:
    mend = "Leave the line out: only the owner of the address can start again, on the site."
    return LineFault("email", None, f"is not to be mailed any more ({reason})", mend)


def _row(desk: Desk, person: _Person, *, now: datetime) -> dict[str, object]:
    line = person.line
    public_id = secrets.token_hex(16)
    return {
        "public_id": public_id,
        "address_hash": person.hashes[0],
        "address": desk.safe.seal(person.address.text.encode()),
        "profile": seal_profile(desk.safe, _profile(line, Profile()), of=public_id),
        "seen": None,
        "frequency": line.frequency,
        "language": line.language,
        "zone": line.zone,
        "detail": line.detail or "count",
        "standing": "active",
        "stopped_reason": None,
        "stopped_at": None,
        "consent_version": line.consent_version,
        "consent_at": line.consent_at,
        "confirmed_at": line.consent_at,
        "renewed_at": _counted_from(line, now),
        "version": 1,
    }


def _profile(line: Line, before: Profile) -> Profile:
    """What the line says; what it is silent about, and what was muted, stays as it was."""
    return replace(
        before,
        answers=profile_json(line.answers)["answers"],
        about=before.about if line.about is None else line.about,
        leave_out=before.leave_out if line.leave_out is None else line.leave_out,
    )


def _update(desk: Desk, there: Subscriber, person: _Person, *, now: datetime) -> bool:
    """Bring a subscriber up to what a line says; whether anything was different.

    Only a newer consent does: what was agreed to by then is known, and what somebody has changed
    on their page since, or agreed to again, stands.
    """
    line = person.line
    before = open_profile(desk.safe, there.profile, of=there.public_id)
    if line.consent_at <= max(there.consent_at, there.confirmed_at, before.changed or OLDEST):
        return False
    there.sqlmodel_update(
        {
            "profile": seal_profile(desk.safe, _profile(line, before), of=there.public_id),
            "frequency": line.frequency,
            "language": line.language,
            "zone": line.zone,
            "detail": line.detail or there.detail,
            "consent_version": line.consent_version,
            "consent_at": line.consent_at,
            "confirmed_at": line.consent_at,
            "renewed_at": max(there.renewed_at, _counted_from(line, now)),
            "version": there.version + 1,
        }
    )
    return True


def _batched(items: Iterable[T], size: int) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(itertools.islice(rest, size)):
        yield batch


def _counted_from(line: Line, now: datetime) -> datetime:
    """From when the twelve months count: the consent, not when we heard of it.

    Who agreed longer ago is asked in the next mails, and ends in two months unless they say yes.
    """
    return max(min(line.consent_at, now), months_later(now, ASKED_IN - MONTHS))
