"""Taking: what somebody chose of a file that they looked at becomes part of the panel, at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from matcher.core.text import LANGUAGES
from matcher.records.draft import Draft
from matcher.services.digests.desk import Desk
from matcher.services.panels.comparing import (
    ADDED,
    NEWER,
    OLDER,
    UNCLEAR,
    Difference,
    facts_of,
)
from matcher.services.panels.facts import answers_of, units_of, with_answers, with_earlier
from matcher.services.panels.importing import CODELESS, PreviewRow, take_preview
from matcher.services.panels.people import new_row
from matcher.services.panels.persons import Details, PersonError, changed
from matcher.services.panels.profile import (
    EARLIER,
    FILE,
    PersonProfile,
    open_person,
    seal_person,
)
from matcher.services.panels.trail import Of, note, note_each
from matcher.services.panels.walls import OpenPanel, still_kept_up
from matcher.store import panel_people
from matcher.store.panel_people import STANDINGS, PanelPerson


@dataclass(frozen=True)
class Chosen:
    """What somebody chose of a preview, by the rows' numbers from 0.

    `consent`: all who are new agreed to be in the panel. `codes` for rows without one; `settled`
    are facts of unclear order, as (row, unit), that the file is to win.
    """

    rows: frozenset[int]
    consent: bool
    language: str = "en"
    codes: Mapping[int, str] = field(default_factory=dict)
    settled: frozenset[tuple[int, str]] = frozenset()


@dataclass(frozen=True)
class Taken:
    """The public ids of who was added and who was changed; the codes of who was passed over, for
    somebody else changed them since the preview."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    passed_over: tuple[str, ...]


def take(
    session: Session, desk: Desk, panel: OpenPanel, token: str, chosen: Chosen, *, now: datetime
) -> Taken:
    """Take the chosen rows of the preview behind a token; all of it is one transaction.

    Raises `PreviewGoneError`; `PersonError` for a missing consent, a code that cannot be taken, or
    a language: then nothing was done and the preview waits on. Wants a session that is writing.
    """
    still_kept_up(session, panel)
    if chosen.language not in LANGUAGES:
        raise PersonError("language", "unknown")
    shown = take_preview(session, desk, panel, token, now=now)
    wanted = [
        (number, row)
        for number, row in enumerate(shown.rows)
        if number in chosen.rows and row.can_be_taken
    ]
    try:
        added = _added(session, desk, panel, wanted, chosen, now)
    except IntegrityError:
        # Somebody else took one of the codes in this moment.
        session.rollback()
        raise PersonError("code", "taken") from None
    taken = Taken(
        added,
        *_changed(session, desk, panel, wanted, chosen, now),
    )
    note_each(session, panel, "person_added", taken.added, now=now)
    note_each(session, panel, "answers_changed", taken.changed, now=now)
    count = len(taken.added) + len(taken.changed)
    note(session, panel, "file_taken", now=now, of=Of(count=count))
    session.commit()
    return taken


def _added(
    session: Session,
    desk: Desk,
    panel: OpenPanel,
    wanted: list[tuple[int, PreviewRow]],
    chosen: Chosen,
    now: datetime,
) -> tuple[str, ...]:
    new = [(number, row) for number, row in wanted if row.version is None]
    if new and not chosen.consent:
        raise PersonError("consent", "missing")
    taken = {panel_people.code_key(code) for code in panel_people.codes(session, panel.id).values()}
    rows = []
    for number, row in new:
        code = chosen.codes.get(number, "") if row.kind == CODELESS else row.draft.code or ""
        details = Details(code, chosen.language).checked()
        if panel_people.code_key(details.code) in taken:
            raise PersonError("code", "taken")
        taken.add(panel_people.code_key(details.code))
        profile = with_answers(
            PersonProfile(dates=_earlier(row.draft)),
            row.answers,
            facts=facts_of(row.draft, row.answers, now=now),
            source=FILE,
            by=panel.account_id,
            now=now,
        )
        rows.append(new_row(desk, panel, details, profile, now=now))
    panel_people.add_people(session, rows)
    return tuple(row["public_id"] for row in rows)


def _changed(
    session: Session,
    desk: Desk,
    panel: OpenPanel,
    wanted: list[tuple[int, PreviewRow]],
    chosen: Chosen,
    now: datetime,
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    there = [(number, row) for number, row in wanted if row.version is not None]
    if not there:
        return (), ()
    known = {
        row.code_key: row
        for row in panel_people.people(session, panel.id, standings=STANDINGS, for_update=True)
    }
    done, passed = [], []
    for number, row in there:
        code = row.draft.code or ""
        person = known.get(panel_people.code_key(code))
        if person is None or person.version != row.version:
            passed.append(code)
            continue
        settled = {unit for at, unit in chosen.settled if at == number}
        if _change(desk, panel, person, row, settled, now):
            done.append(person.public_id)
    return tuple(done), tuple(passed)


def _change(
    desk: Desk,
    panel: OpenPanel,
    person: PanelPerson,
    row: PreviewRow,
    settled: set[str],
    now: datetime,
) -> bool:
    before = open_person(desk.safe, person.profile, of=person.public_id)
    wins = [
        one
        for one in row.differences
        if one.kind in (ADDED, NEWER) or (one.kind == UNCLEAR and one.unit in settled)
    ]
    units = _with(units_of(before.answers), wins)
    told = facts_of(row.draft, row.answers, now=now)
    after = with_answers(
        replace(before, dates=_kept_beside(before.dates, row)),
        answers_of(units),
        facts={one.unit: told[one.unit] for one in wins},
        source=FILE,
        by=panel.account_id,
        now=now,
    )
    if after == before:
        return False
    person.profile = seal_person(desk.safe, after, of=person.public_id)
    changed(person, now=now)
    return True


def _with(units: dict[str, Any], wins: list[Difference]) -> dict[str, Any]:
    """The answers with those that the file wins; a result goes before "rather not say" of all."""
    for one in wins:
        key, _, gene = one.unit.partition(".")
        if gene:
            units.pop(key, None)
        units[one.unit] = one.after
    return units


def _earlier(draft: Draft) -> dict[str, Any]:
    found = draft.dates.get(EARLIER)
    return {EARLIER: list(found)} if isinstance(found, list | tuple) and found else {}


def _kept_beside(dates: Mapping[str, Any], row: PreviewRow) -> Mapping[str, Any]:
    """The older values that the file has: those it says so of itself, and those that are older than
    what is kept. What was left unsettled was never this person's."""
    older = [
        {"key": one.unit, "value": one.after, "on": one.after_on, "source": FILE}
        for one in row.differences
        if one.kind == OLDER
    ]
    return with_earlier(dates, [*_earlier(row.draft).get(EARLIER, ()), *older])
