"""Persons: a person of a panel as they are shown and changed, opened and sealed, and what can be
wrong with what is said of them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlmodel import Session

from matcher.core.rulebook import Rulebook
from matcher.core.text import LANGUAGES
from matcher.records.person_code import code_fault
from matcher.schemas.profiles import profile_json, read_answers
from matcher.services.digests.desk import Desk
from matcher.services.panels.profile import PersonProfile, open_person
from matcher.services.panels.walls import OpenPanel, still_kept_up
from matcher.store import accounts, panel_people
from matcher.store.panel_people import PanelPerson

_PIECES = re.compile(r"([^0-9]*)([0-9]*)")


class GoneError(LookupError):
    """There is no such person in the panel, or not any more."""


class ChangedMeanwhileError(Exception):
    """Somebody else changed this since it was shown; nothing was done. Show it anew."""


class PersonError(ValueError):
    """What was said of a person cannot be taken: of which `field`, and which `fault`.

    For `code` a fault of `records.person_code`, or ``taken``; ``missing`` for `consent`;
    ``unknown`` for `language`; ``no_member`` for `owner`.
    """

    def __init__(self, field: str, fault: str) -> None:
        super().__init__(f"{field}: {fault}")
        self.field, self.fault = field, fault


@dataclass(frozen=True)
class Person:
    """A person of a panel, opened. `owner` names the account with the number `owner_id`."""

    public_id: str
    code: str
    profile: PersonProfile = field(repr=False)
    standing: str
    language: str
    next_visit: date | None
    bring_up_by: date | None
    owner_id: int
    owner: str
    consent_at: datetime
    version: int
    created_at: datetime
    changed_at: datetime

    @property
    def place(self) -> list[tuple[str, int]]:
        """By what people stand in the order of their codes: A-9 comes before A-12."""
        pieces = _PIECES.findall(self.code.casefold())
        return [(words, int(number or -1)) for words, number in pieces]

    @property
    def seen(self) -> Seen:
        """This person as they stand here."""
        return Seen(self.public_id, self.version)


@dataclass(frozen=True)
class Seen:
    """Whom a change is about, and in which version they were shown to who makes it."""

    public_id: str
    version: int


@dataclass(frozen=True)
class Details:
    """What a navigator says of a person beside the answers; `leave_out` are topics not to be
    brought up with them."""

    code: str
    language: str = "en"
    next_visit: date | None = None
    bring_up_by: date | None = None
    leave_out: tuple[str, ...] = ()

    def checked(self) -> Details:
        """The same, the code in the form it is kept in; raises `PersonError`."""
        code = " ".join(self.code.split())
        fault = code_fault(code)
        if fault is not None:
            raise PersonError("code", fault)
        if self.language not in LANGUAGES:
            raise PersonError("language", "unknown")
        return Details(code, self.language, self.next_visit, self.bring_up_by, self.leave_out)


def opened(desk: Desk, row: PanelPerson, names: Mapping[int, str]) -> Person:
    """A row as a person; `names` are the accounts' by number. Raises `SealError`."""
    return Person(
        public_id=row.public_id,
        code=row.code,
        profile=open_person(desk.safe, row.profile, of=row.public_id),
        standing=row.standing,
        language=row.language,
        next_visit=row.next_visit,
        bring_up_by=row.bring_up_by,
        owner_id=row.owner_id,
        owner=names.get(row.owner_id, ""),
        consent_at=row.consent_at,
        version=row.version,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


def names_in(session: Session, panel: OpenPanel) -> dict[int, str]:
    """The names of the accounts of a panel's organisation, by number."""
    found = accounts.accounts_of(session, panel.panel.organisation_id)
    return {account.id or 0: account.name or account.email for account in found}


def find(session: Session, panel: OpenPanel, public_id: str) -> PanelPerson:
    """The row of a person; raises `GoneError`."""
    row = panel_people.person(session, panel.id, public_id)
    if row is None:
        raise GoneError
    return row


def hold(session: Session, panel: OpenPanel, public_id: str) -> PanelPerson:
    """The row of a person, kept from others who would change or erase it.

    Raises `GoneError` and, in a panel that is put away, `PanelArchivedError`.
    """
    still_kept_up(session, panel)
    row = panel_people.person(session, panel.id, public_id, for_update=True)
    if row is None:
        raise GoneError
    return row


def hold_seen(session: Session, panel: OpenPanel, seen: Seen) -> PanelPerson:
    """The same of the version that was seen; raises `ChangedMeanwhileError` too."""
    row = hold(session, panel, seen.public_id)
    if row.version != seen.version:
        raise ChangedMeanwhileError
    return row


def number(row: PanelPerson) -> int:
    """The number of a row that is in the table."""
    assert row.id is not None
    return row.id


def changed(row: PanelPerson, *, now: datetime) -> None:
    """Count a change of a row that is held."""
    row.version, row.changed_at = row.version + 1, now


def checked_answers(answers: Mapping[str, object], book: Rulebook) -> dict[str, object]:
    """Answers in the public JSON shape, in their own order; raises `ProfileError`."""
    found: dict[str, object] = profile_json(read_answers(dict(answers), book))["answers"]
    return found
