"""History: what happened with one person of a panel, by time. Of answers it says which, not what
they were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import Session

from matcher.services.digests.desk import Desk
from matcher.services.panels.persons import find, names_in, number
from matcher.services.panels.profile import open_person, open_text
from matcher.services.panels.walls import OpenPanel
from matcher.store import panel_work
from matcher.store.panel_people import PanelPerson

ADDED, ANSWERS, STATE, SHARE, NOTE = "added", "answers", "state", "share", "note"


@dataclass(frozen=True)
class Event:
    """One thing that happened; `by` names an account.

    `kind`: ``added`` (with the person's consent), ``answers`` (`units` were changed), ``state``
    (the last one of a study, `text` its reason), ``share`` (`version`, `language`), ``note``
    (`text`). `study` is a key where one is meant.
    """

    at: datetime
    kind: str
    by: str = ""
    study: str | None = None
    units: tuple[str, ...] = ()
    state: str | None = None
    text: str = field(default="", repr=False)
    version: int | None = None
    language: str | None = None


def history_of(session: Session, desk: Desk, panel: OpenPanel, public_id: str) -> list[Event]:
    """All that is known to have happened with a person, newest first; raises `GoneError`.

    Whoever shows it has read the person, which is noted there (`people.read_person`).
    """
    return events_of(session, desk, find(session, panel, public_id), names_in(session, panel))


def events_of(
    session: Session, desk: Desk, row: PanelPerson, names: Mapping[int, str]
) -> list[Event]:
    """The same for a row, and nothing is noted; raises `SealError`."""
    found = [
        Event(row.created_at, ADDED),
        *_answers(desk, row, names),
        *_work(session, desk, row, names),
    ]
    return sorted(found, key=lambda event: event.at)[::-1]


def _answers(desk: Desk, row: PanelPerson, names: Mapping[int, str]) -> list[Event]:
    return [
        Event(datetime.fromisoformat(one.at), ANSWERS, by=names.get(one.by, ""), units=one.units)
        for one in open_person(desk.safe, row.profile, of=row.public_id).changes
    ]


def _work(session: Session, desk: Desk, row: PanelPerson, names: Mapping[int, str]) -> list[Event]:
    id, of = number(row), row.public_id
    states = [
        Event(
            one.changed_at,
            STATE,
            by=names.get(one.by_id, ""),
            study=one.study,
            state=one.state,
            text=open_text(desk.safe, one.reason, of=of) if one.reason else "",
        )
        for one in panel_work.states_of(session, id)
    ]
    shares = [
        Event(
            one.at,
            SHARE,
            by=names.get(one.by_id, ""),
            study=one.study,
            version=one.version,
            language=one.language,
        )
        for one in panel_work.shares_of(session, id)
    ]
    notes = [
        Event(
            one.at,
            NOTE,
            by=names.get(one.by_id, ""),
            study=one.study,
            text=open_text(desk.safe, one.text, of=of),
        )
        for one in panel_work.notes_of(session, id)
    ]
    return [*shares, *states, *notes]
