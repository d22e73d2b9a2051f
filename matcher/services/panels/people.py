"""People: reading, adding and changing the people of a panel. Each leaves its entry in the trail.

A change is made to the version that was shown: if somebody else was quicker, nothing is changed
and `ChangedMeanwhileError` says so. Changes want a session that is writing, reads one that is not.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from matcher.services.digests.desk import Desk
from matcher.services.panels.facts import with_answers
from matcher.services.panels.persons import (
    Details,
    Person,
    PersonError,
    Seen,
    changed,
    checked_answers,
    find,
    hold,
    hold_seen,
    names_in,
    opened,
)
from matcher.services.panels.profile import TOLD, Fact, PersonProfile, open_person, seal_person
from matcher.services.panels.trail import Of, note, note_read
from matcher.services.panels.walls import (
    OpenPanel,
    is_navigator,
    still_kept_up,
)
from matcher.store import accounts, panel_people, panels
from matcher.store.panel_people import ACTIVE, ARCHIVED, DIED, PanelPerson


@dataclass(frozen=True)
class NewPerson:
    """Somebody to add: `consent` says that they agreed to be in the panel.

    Of `profile` the answers count, with what `facts` and `dates` say of them.
    """

    details: Details
    profile: PersonProfile = field(repr=False)
    consent: bool
    source: str = TOLD


@dataclass(frozen=True)
class NewAnswers:
    """All answers of a person as they are from now on (public JSON). `facts` tell by unit where
    one was found and when; what they are silent about and is new was noted now, from `source`."""

    answers: Mapping[str, Any] = field(repr=False)
    facts: Mapping[str, Fact] = field(default_factory=dict, repr=False)
    source: str = TOLD


def people_of(
    session: Session,
    desk: Desk,
    panel: OpenPanel,
    *,
    now: datetime,
    standings: Sequence[str] = (ACTIVE,),
) -> list[Person]:
    """The people of a panel with these standings, in the order in which they came."""
    names = names_in(session, panel)
    rows = panel_people.people(session, panel.id, standings=standings)
    found = [opened(desk, row, names) for row in rows]
    note_read(desk, panel, "people_read", now=now, of=Of(count=len(found)))
    return found


def read_person(
    session: Session, desk: Desk, panel: OpenPanel, public_id: str, *, now: datetime
) -> Person:
    """One person, whatever their standing; raises `GoneError`."""
    found = opened(desk, find(session, panel, public_id), names_in(session, panel))
    note_read(desk, panel, "person_read", now=now, of=Of(person=public_id))
    return found


def add_person(
    session: Session, desk: Desk, panel: OpenPanel, new: NewPerson, *, now: datetime
) -> Person:
    """Add a person, whom the account looks after from now on.

    Raises `PersonError`, `ProfileError` for answers that cannot be taken, `PanelArchivedError`.
    """
    still_kept_up(session, panel)
    details = new.details.checked()
    if not new.consent:
        raise PersonError("consent", "missing")
    require_free(session, panel, details.code)
    answers = checked_answers(new.profile.answers, desk.book)
    profile = with_answers(
        PersonProfile(dates=new.profile.dates, leave_out=details.leave_out),
        answers,
        facts=new.profile.facts,
        source=new.source,
        by=panel.account_id,
        now=now,
    )
    row = PanelPerson(**new_row(desk, panel, details, profile, now=now))
    session.add(row)
    flush_code(session)
    note(session, panel, "person_added", now=now, of=Of(person=row.public_id))
    session.commit()
    return opened(desk, row, names_in(session, panel))


def new_row(
    desk: Desk, panel: OpenPanel, details: Details, profile: PersonProfile, *, now: datetime
) -> dict[str, Any]:
    """The columns of somebody new who agreed now, with a public id of their own."""
    public_id = secrets.token_hex(16)
    return {
        "public_id": public_id,
        "panel_id": panel.id,
        "code": details.code,
        "code_key": panel_people.code_key(details.code),
        "profile": seal_person(desk.safe, profile, of=public_id),
        "standing": ACTIVE,
        "language": details.language,
        "next_visit": details.next_visit,
        "bring_up_by": details.bring_up_by,
        "owner_id": panel.account_id,
        "consent_at": now,
        "version": 1,
        "created_at": now,
        "changed_at": now,
    }


def require_free(session: Session, panel: OpenPanel, code: str, *, but: int | None = None) -> None:
    """Raises `PersonError` if the code is somebody's already, whatever their standing."""
    there = panel_people.person_by_code(session, panel.id, code)
    if there is not None and there.id != but:
        raise PersonError("code", "taken")


def flush_code(session: Session) -> None:
    """Write a code; raises `PersonError` if somebody else took it in the same moment."""
    try:
        session.flush()
    except IntegrityError:
        session.rollback()
        raise PersonError("code", "taken") from None


def change_answers(
    session: Session, desk: Desk, panel: OpenPanel, seen: Seen, new: NewAnswers, *, now: datetime
) -> bool:
    """Put other answers in the place of a person's; False if nothing is different.

    Raises `ProfileError`, `GoneError`, `ChangedMeanwhileError`, `PanelArchivedError`.
    """
    answers = checked_answers(new.answers, desk.book)
    row = hold_seen(session, panel, seen)
    before = open_person(desk.safe, row.profile, of=row.public_id)
    after = with_answers(
        before, answers, facts=new.facts, source=new.source, by=panel.account_id, now=now
    )
    if after == before:
        session.commit()
        return False
    row.profile = seal_person(desk.safe, after, of=row.public_id)
    changed(row, now=now)
    note(session, panel, "answers_changed", now=now, of=Of(person=row.public_id))
    session.commit()
    return True


def change_details(
    session: Session, desk: Desk, panel: OpenPanel, seen: Seen, details: Details, *, now: datetime
) -> None:
    """Say something else of a person beside the answers. Raises as `change_answers`, and
    `PersonError`."""
    said = details.checked()
    row = hold_seen(session, panel, seen)
    require_free(session, panel, said.code, but=row.id)
    profile = open_person(desk.safe, row.profile, of=row.public_id)
    row.profile = seal_person(
        desk.safe, replace(profile, leave_out=said.leave_out), of=row.public_id
    )
    row.code, row.code_key = said.code, panel_people.code_key(said.code)
    row.language, row.next_visit = said.language, said.next_visit
    row.bring_up_by = said.bring_up_by
    changed(row, now=now)
    flush_code(session)
    note(session, panel, "details_changed", now=now, of=Of(person=row.public_id))
    session.commit()


def hand_over(session: Session, panel: OpenPanel, seen: Seen, *, to: str, now: datetime) -> None:
    """Let another account (public id) look after a person: the owner of the panel or a member.

    Raises as `change_answers`, and `PersonError`.
    """
    # Whoever takes a member out takes the panel first and their people then: so does this.
    panels.lock_panel(session, panel.id)
    row = hold_seen(session, panel, seen)
    account = accounts.account_by_public_id(session, to)
    if account is None or account.id is None or not may_own(session, panel, account.id):
        raise PersonError("owner", "no_member")
    row.owner_id = account.id
    changed(row, now=now)
    told = Of(person=row.public_id, other_account=account.id)
    note(session, panel, "person_handed_over", now=now, of=told)
    session.commit()


def may_own(session: Session, panel: OpenPanel, account_id: int) -> bool:
    """Whether an account may open the panel, and so look after people in it."""
    account = accounts.account(session, account_id)
    there = panels.panel_open_to(
        session,
        panel.panel.public_id,
        account_id=account_id,
        organisation_id=panel.panel.organisation_id,
    )
    return (
        account is not None
        and account.organisation_id == panel.panel.organisation_id
        and is_navigator(account)
        and there is not None
    )


def archive(session: Session, panel: OpenPanel, public_id: str, *, now: datetime) -> None:
    """Put a person away: they leave every list, and can be brought back. Twice is no error."""
    _turn(session, panel, public_id, (ACTIVE, ARCHIVED, "person_archived"), now=now)


def bring_back(session: Session, panel: OpenPanel, public_id: str, *, now: datetime) -> None:
    """Take a person up again who was put away."""
    _turn(session, panel, public_id, (ARCHIVED, ACTIVE, "person_brought_back"), now=now)


def mark_died(session: Session, panel: OpenPanel, public_id: str, *, now: datetime) -> None:
    """Note that a person died: they leave every list at once, and nothing is sent for them."""
    for before in (ACTIVE, ARCHIVED):
        _turn(session, panel, public_id, (before, DIED, "person_died"), now=now)


def take_death_back(session: Session, panel: OpenPanel, public_id: str, *, now: datetime) -> None:
    """It was a mistake: the person is on the lists again."""
    _turn(session, panel, public_id, (DIED, ACTIVE, "death_taken_back"), now=now)


def _turn(
    session: Session, panel: OpenPanel, public_id: str, how: tuple[str, str, str], *, now: datetime
) -> None:
    """`how`: from which standing, to which, and the trail's word. From another one nothing."""
    before, after, action = how
    row = hold(session, panel, public_id)
    if row.standing == before:
        row.standing = after
        changed(row, now=now)
        note(session, panel, action, now=now, of=Of(person=public_id))
    session.commit()
