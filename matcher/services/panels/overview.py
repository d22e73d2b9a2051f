"""Overview: the panels of an account at a glance: how many people, what is due, what is new."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlmodel import Session

from matcher.core.machine.day import HIDDEN
from matcher.services.digests.desk import Desk
from matcher.services.panels.looks import last_look
from matcher.services.panels.persons import names_in
from matcher.services.panels.walls import OpenPanel, navigator, panels_of
from matcher.store import panel_people
from matcher.store.panel_people import ACTIVE
from matcher.store.panels import Panel

SOON = timedelta(days=14)


@dataclass(frozen=True)
class Glance:
    """One panel: how many people are on its lists, with how many something is due within two
    weeks (a visit, or something to bring up), how many studies are new since the account last
    looked (None before its first look, which was at `looked_at`)."""

    panel: Panel
    owner: str
    is_owner: bool
    people: int
    due: int
    new_studies: int | None
    looked_at: datetime | None


def glances(
    session: Session, desk: Desk, account_id: int, *, today: date, archived: bool = False
) -> list[Glance]:
    """The panels that an account may open, or those of them that are put away, by name.

    Of people nothing is read but how many there are and their dates. Raises `NotYoursError`.
    """
    account = navigator(session, account_id)
    found = panels_of(session, account_id, archived=archived)
    return [_glance(session, desk, OpenPanel(panel, account), today) for panel in found]


def _glance(session: Session, desk: Desk, panel: OpenPanel, today: date) -> Glance:
    rows = panel_people.people(session, panel.id, standings=(ACTIVE,))
    look = last_look(session, desk, panel)
    new = None
    if look is not None:
        studies = desk.matcher().catalogue.studies
        now = {study.key for study in studies if study.standing not in HIDDEN}
        new = len(now - set(look.snapshot.studies))
    return Glance(
        panel=panel.panel,
        owner=names_in(session, panel).get(panel.panel.owner_id, ""),
        is_owner=panel.is_owner,
        people=len(rows),
        due=sum(is_due(row.next_visit, row.bring_up_by, today=today) for row in rows),
        new_studies=new,
        looked_at=look.at if look else None,
    )


def is_due(next_visit: date | None, bring_up_by: date | None, *, today: date) -> bool:
    """Whether a visit comes within two weeks, or something is to be brought up by then or was."""
    soon = today + SOON
    comes = next_visit is not None and today <= next_visit <= soon
    return comes or (bring_up_by is not None and bring_up_by <= soon)
