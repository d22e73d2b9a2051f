"""Trail: every read and every change of a panel or a person leaves one entry, in its transaction.

An entry says who, when, what and whom by public id. No code and nothing of a person's health is in
it: a code is looked up when the trail is shown, and of who was erased there is none any more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from matcher.records.spreadsheets.writing import write_rows
from matcher.services.digests.desk import Desk
from matcher.services.panels.walls import OpenPanel
from matcher.store import accounts, panel_people, trail
from matcher.store.database import session as open_session

ACTIONS: Mapping[str, str] = {
    "panel_made": "organising.make_panel",
    "panel_renamed": "organising.rename",
    "panel_archived": "organising.archive_panel",
    "panel_brought_back": "organising.bring_back_panel",
    "panel_given": "organising.give_panel",
    "panel_taken_over": "organising.take_over",
    "member_added": "organising.add_member",
    "member_removed": "organising.remove_member",
    "people_read": "people.people_of",
    "person_read": "people.read_person",
    "person_added": "people.add_person, taking.take",
    "answers_changed": "people.change_answers, taking.take",
    "details_changed": "people.change_details",
    "person_handed_over": "people.hand_over, organising.remove_member",
    "person_archived": "people.archive",
    "person_brought_back": "people.bring_back",
    "person_died": "people.mark_died",
    "death_taken_back": "people.take_death_back",
    "person_erased": "erasing.erase",
    "file_previewed": "importing.preview",
    "file_taken": "taking.take",
    "work_read": "work.work_of",
    "state_set": "work.set_state",
    "study_shared": "work.share",
    "note_added": "work.add_note",
    "person_exported": "export.export_person",
    "panel_exported": "export.export_panel",
    "trail_read": "trail.entries",
    "trail_exported": "trail.trail_csv",
    "look_kept": "looks.keep_look",
    "study_read": "desk_view.study_board",
    "matrix_read": "desk_view.board_of, desk_view.news_of",
    "matrix_exported": "desk_view.board_csv",
    "member_reset": "accounts: the account of somebody who opens the panel was reset",
    "member_reset_by_command": "accounts: so it was from the command line",
    "sheet_printed": "a sheet of paper for a person",
}
"""Everything that is noted, and which verb of the services (or page) notes it."""

COLUMNS = ("at", "account", "action", "what", "code", "study", "other_account", "count")
PAGE = 200


@dataclass(frozen=True)
class Of:
    """What an entry is about: a person (public id), a study (key), another account, how many."""

    person: str | None = None
    study: str | None = None
    other_account: int | None = None
    count: int | None = None


NOTHING = Of()


@dataclass(frozen=True)
class Entry:
    """One entry as it is shown. `code` is None where nobody is meant, and where `erased`."""

    id: int
    at: datetime
    account: str
    action: str
    code: str | None
    erased: bool
    study: str | None
    other_account: str | None
    count: int | None


def note(
    session: Session, panel: OpenPanel, action: str, *, now: datetime, of: Of = NOTHING
) -> None:
    """Add one entry to the transaction of what it tells of; `action` is one of `ACTIONS`."""
    note_each(session, panel, action, [of.person], now=now, of=of)


def note_each(
    session: Session,
    panel: OpenPanel,
    action: str,
    people: Iterable[str | None],
    *,
    now: datetime,
    of: Of = NOTHING,
) -> None:
    """Add one entry for each person (public id), otherwise the same."""
    if action not in ACTIONS:
        raise ValueError(f"the trail has no action {action!r}")
    same = {
        "at": now,
        "account_id": panel.account_id,
        "organisation_id": panel.panel.organisation_id,
        "panel_id": panel.id,
        "action": action,
        "study": of.study,
        "other_account_id": of.other_account,
        "count": of.count,
    }
    trail.add_entries(session, [{**same, "person": person} for person in people])


def note_read(
    desk: Desk, panel: OpenPanel, action: str, *, now: datetime, of: Of = NOTHING
) -> None:
    """Note that something was read, in a small transaction of its own, before it is shown.

    Whoever calls this holds no session that has written. Raises `StoreError`: then nothing may be
    shown.
    """
    with open_session(desk.engine, writing=True) as session:
        note(session, panel, action, now=now, of=of)
        session.commit()


def entries(
    session: Session,
    desk: Desk,
    panel: OpenPanel,
    *,
    now: datetime,
    person: str | None = None,
    before: int | None = None,
) -> list[Entry]:
    """The `PAGE` newest things that were done in a panel, or with one person of it, newest first.

    `before` is the `id` of the last entry of the page before. Reading it is noted too.
    """
    found = _entries(session, panel, person=person, before=before, limit=PAGE)
    note_read(desk, panel, "trail_read", now=now, of=Of(person=person))
    return found


def trail_csv(
    session: Session,
    desk: Desk,
    panel: OpenPanel,
    *,
    words: Callable[[str], str],
    now: datetime,
) -> str:
    """The whole trail of a panel as CSV, oldest first; times are in UTC.

    `words` say what an action is. Codes are looked up: the trail itself holds none.
    """
    found = _entries(session, panel, person=None, before=None, limit=None)
    note_read(desk, panel, "trail_exported", now=now, of=Of(count=len(found)))
    return "".join(write_rows([list(COLUMNS), *(_cells(one, words) for one in reversed(found))]))


def _cells(entry: Entry, words: Callable[[str], str]) -> list[str]:
    code = "" if entry.code is None else entry.code
    return [
        entry.at.isoformat(timespec="seconds"),
        entry.account,
        entry.action,
        words(entry.action),
        "(erased)" if entry.erased else code,
        entry.study or "",
        entry.other_account or "",
        "" if entry.count is None else str(entry.count),
    ]


def _entries(
    session: Session,
    panel: OpenPanel,
    *,
    person: str | None,
    before: int | None,
    limit: int | None,
) -> list[Entry]:
    codes = panel_people.codes(session, panel.id)
    names = {
        account.id: account.name or account.email
        for account in accounts.accounts_of(session, panel.panel.organisation_id)
    }
    return [
        Entry(
            id=row.id or 0,
            at=row.at,
            account=names.get(row.account_id, ""),
            action=row.action,
            code=codes.get(row.person) if row.person else None,
            erased=row.person is not None and row.person not in codes,
            study=row.study,
            other_account=names.get(row.other_account_id) if row.other_account_id else None,
            count=row.count,
        )
        for row in trail.entries_of(session, panel.id, person=person, before=before, limit=limit)
    ]
