"""Organising: panels are made, renamed, shared with colleagues, given away and put away.

A panel has one owner, who decides all of this; members may leave by themselves. Changes want a
session that is writing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from matcher.services.panels.trail import Of, note
from matcher.services.panels.walls import (
    NotYoursError,
    OpenPanel,
    OwnersOnlyError,
    is_navigator,
    navigator,
    require_kept_up,
    require_owner,
)
from matcher.store import accounts, panel_people, panels
from matcher.store.accounts import Account
from matcher.store.columns import is_clean
from matcher.store.panels import Panel

LONGEST_NAME = 80


class PanelNameError(ValueError):
    """The name is ``empty``, ``long`` or holds ``signs`` that cannot be kept (`fault`)."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"a panel's name: {fault}")
        self.fault = fault


class LastMemberError(Exception):
    """Nobody who may open the panel would be left: its owner is out of service."""


class NoColleagueError(LookupError):
    """No navigator of the same organisation, in service, has this public id."""


@dataclass(frozen=True)
class Member:
    """Somebody who may open a panel; `added_at` is None for its owner."""

    account: Account
    added_at: datetime | None

    @property
    def is_owner(self) -> bool:
        """Whether the panel is theirs."""
        return self.added_at is None


def make_panel(session: Session, account_id: int, *, name: str, now: datetime) -> OpenPanel:
    """Make a panel that is the account's own; raises `NotYoursError`, `PanelNameError`."""
    account = navigator(session, account_id)
    panel = Panel(
        organisation_id=account.organisation_id,
        name=checked_name(name),
        owner_id=account_id,
        created_at=now,
    )
    session.add(panel)
    session.flush()
    made = OpenPanel(panel, account)
    note(session, made, "panel_made", now=now)
    session.commit()
    return made


def rename(session: Session, panel: OpenPanel, *, name: str, now: datetime) -> None:
    """Give a panel another name; raises `OwnersOnlyError`, `PanelNameError`."""
    wanted = checked_name(name)
    held = _held_by_owner(session, panel)
    if held.name != wanted:
        held.name = wanted
        note(session, panel, "panel_renamed", now=now)
    session.commit()


def checked_name(name: str) -> str:
    """The name in the form it is kept in; raises `PanelNameError`."""
    plain = " ".join(name.split())
    if not plain:
        raise PanelNameError("empty")
    if len(plain) > LONGEST_NAME:
        raise PanelNameError("long")
    if not is_clean(plain):
        raise PanelNameError("signs")
    return plain


def members_of(session: Session, panel: OpenPanel) -> list[Member]:
    """The owner of a panel, then its members in the order in which they came."""
    added = {row.account_id: row.added_at for row in panels.members(session, panel.id)}
    known = {
        account.id: account
        for account in accounts.accounts_of(session, panel.panel.organisation_id)
    }
    owner = [Member(known[panel.panel.owner_id], None)] if panel.panel.owner_id in known else []
    return owner + [Member(known[id], at) for id, at in added.items() if id in known]


def colleagues(session: Session, panel: OpenPanel) -> list[Account]:
    """The navigators in service of the panel's organisation who may not open it yet, by name."""
    inside = {member.account.id for member in members_of(session, panel)}
    found = accounts.accounts_of(session, panel.panel.organisation_id)
    outside = [one for one in found if one.id not in inside and is_navigator(one)]
    return sorted(outside, key=lambda one: (one.name.casefold(), one.email))


def add_member(session: Session, panel: OpenPanel, public_id: str, *, now: datetime) -> None:
    """Let a colleague open the panel; twice is no error.

    Raises `OwnersOnlyError`, `PanelArchivedError`, `NoColleagueError`.
    """
    held = _held_by_owner(session, panel)
    require_kept_up(OpenPanel(held, panel.account))
    colleague = _colleague(session, panel, public_id)
    there = {row.account_id for row in panels.members(session, panel.id)}
    assert colleague.id is not None
    if colleague.id not in there and colleague.id != held.owner_id:
        panels.put_member(session, panel.id, colleague.id, now=now)
        note(session, panel, "member_added", now=now, of=Of(other_account=colleague.id))
    session.commit()


def remove_member(session: Session, panel: OpenPanel, public_id: str, *, now: datetime) -> int:
    """Take a member out, at once; the owner looks after their people from now on. How many those
    are is returned. The owner may take anybody out, a member only themselves.

    Raises `OwnersOnlyError`: also for the owner, who gives the panel to somebody before leaving;
    and `LastMemberError`.
    """
    member = accounts.account_by_public_id(session, public_id) if is_clean(public_id) else None
    held = panels.lock_panel(session, panel.id)
    there = {row.account_id for row in panels.members(session, panel.id)}
    if held is None or member is None or member.id is None or member.id not in there:
        session.commit()
        return 0
    if panel.account_id not in (held.owner_id, member.id):
        raise OwnersOnlyError
    if not _opens_without(session, held, there - {member.id}):
        raise LastMemberError
    handed = panel_people.give_people(session, panel.id, of=member.id, to=held.owner_id, now=now)
    panels.drop_member(session, panel.id, member.id)
    told = Of(other_account=member.id, count=handed)
    note(session, panel, "member_removed", now=now, of=told)
    session.commit()
    return handed


def give_panel(session: Session, panel: OpenPanel, public_id: str, *, now: datetime) -> None:
    """Make a member the owner; who was it stays a member, and may then leave.

    Raises `OwnersOnlyError`, `NoColleagueError` for who is no member.
    """
    held = _held_by_owner(session, panel)
    member = _colleague(session, panel, public_id)
    there = {row.account_id for row in panels.members(session, panel.id)}
    if member.id is None or member.id not in there:
        raise NoColleagueError
    panels.drop_membership(session, panel.id, member.id)
    panels.put_member(session, panel.id, panel.account_id, now=now)
    held.owner_id = member.id
    note(session, panel, "panel_given", now=now, of=Of(other_account=member.id))
    session.commit()


def take_over(session: Session, panel: OpenPanel, *, now: datetime) -> None:
    """Become the owner of a panel whose owner is out of service; they stay a member.

    Raises `OwnersOnlyError` while the owner is in service, `NotYoursError`.
    """
    navigator(session, panel.account_id)
    held = panels.lock_panel(session, panel.id)
    there = {row.account_id for row in panels.members(session, panel.id)}
    if held is None or panel.account_id not in there:
        raise NotYoursError
    before = held.owner_id
    if _opens_without(session, held, set()):
        raise OwnersOnlyError
    panels.drop_membership(session, panel.id, panel.account_id)
    panels.put_member(session, panel.id, before, now=now)
    held.owner_id = panel.account_id
    note(session, panel, "panel_taken_over", now=now, of=Of(other_account=before))
    session.commit()


def has_owner(session: Session, panel: OpenPanel) -> bool:
    """Whether the owner of the panel is in service; if not, a member may take it over."""
    return _opens_without(session, panel.panel, set())


def _opens_without(session: Session, panel: Panel, members: set[int]) -> bool:
    """Whether the owner or one of these members is in service and may open the panel."""
    found = (accounts.account(session, id) for id in (panel.owner_id, *members))
    return any(
        one is not None and one.organisation_id == panel.organisation_id and is_navigator(one)
        for one in found
    )


def archive_panel(session: Session, panel: OpenPanel, *, now: datetime) -> None:
    """Put a panel away: it can be read, and nothing in it changed. Raises `OwnersOnlyError`."""
    held = _held_by_owner(session, panel)
    if held.archived_at is None:
        held.archived_at = now
        note(session, panel, "panel_archived", now=now)
    session.commit()


def bring_back_panel(session: Session, panel: OpenPanel, *, now: datetime) -> None:
    """Take a panel up again that was put away. Raises `OwnersOnlyError`."""
    held = _held_by_owner(session, panel)
    if held.archived_at is not None:
        held.archived_at = None
        note(session, panel, "panel_brought_back", now=now)
    session.commit()


def _held_by_owner(session: Session, panel: OpenPanel) -> Panel:
    """The panel, kept from others who would change it; raises `OwnersOnlyError`."""
    require_owner(panel)
    navigator(session, panel.account_id)
    held = panels.lock_panel(session, panel.id)
    if held is None:
        raise NotYoursError
    require_owner(OpenPanel(held, panel.account))
    return held


def _colleague(session: Session, panel: OpenPanel, public_id: str) -> Account:
    found = accounts.account_by_public_id(session, public_id) if is_clean(public_id) else None
    if (
        found is None
        or found.organisation_id != panel.panel.organisation_id
        or not is_navigator(found)
    ):
        raise NoColleagueError
    return found
