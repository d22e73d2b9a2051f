"""Erasing: all that is kept of one person of a panel goes at once; the trail keeps a number."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from matcher.crypto import token_hash
from matcher.services.digests.desk import Desk
from matcher.services.panels.looks import forget
from matcher.services.panels.trail import Of, note
from matcher.services.panels.walls import OpenPanel, still_open
from matcher.services.subscribing import journal
from matcher.store import panel_people, panel_work
from matcher.store import visits as visit_store
from matcher.store.erasing import empty_log
from matcher.store.panel_people import PanelPerson


def erase(session: Session, desk: Desk, panel: OpenPanel, public_id: str, *, now: datetime) -> bool:
    """Erase a person, in an archived panel too; False if they were gone already.

    Row, answers, states, notes and shares go, what everybody last saw of them, and the open visits
    in which somebody changes their answers. A line in the journal comes first, so that no restored
    backup brings them back; the commit last; then the log of SQLite is emptied.
    """
    still_open(session, panel)
    row = panel_people.person(session, panel.id, public_id, for_update=True)
    if row is None:
        return False
    journal.append(desk, journal.LEFT_PANEL, line_for(public_id), at=now)
    take_out(session, desk, row)
    note(session, panel, "person_erased", now=now, of=Of(person=public_id))
    session.commit()
    empty_log(desk.engine)
    return True


def take_out(session: Session, desk: Desk, row: PanelPerson) -> None:
    """Take everything that is a person's out of the tables."""
    assert row.id is not None
    visit_store.delete_visits_of(session, row.public_id)
    panel_work.delete_work(session, row.id)
    forget(session, desk, row.panel_id, [row.public_id])
    panel_people.delete_person(session, row.id)


def take_out_again(session: Session, desk: Desk) -> int:
    """Take out of a restored database whom the journal says was erased; returns how many."""
    gone = {
        entry.address_hash for entry in journal.entries(desk) if entry.what == journal.LEFT_PANEL
    }
    if not gone:
        return 0
    found = [
        id for id, public_id in panel_people.all_public_ids(session) if line_for(public_id) in gone
    ]
    for id in found:
        row = session.get(PanelPerson, id)
        if row is not None:
            take_out(session, desk, row)
    return len(found)


def line_for(public_id: str) -> str:
    """What stands for a person in the journal: a hash of the random number that they are named
    by, which nobody can lead back."""
    return token_hash(f"panel person {public_id}")
