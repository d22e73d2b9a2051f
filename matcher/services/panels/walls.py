"""Walls: who may open which panel. Everything about a panel is done with what this gives.

There is one question, asked again with every request, and by each change within its transaction:
who was taken out of a panel, out of their role or out of service is out at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from matcher.store import accounts, panels
from matcher.store.accounts import NAVIGATOR, Account
from matcher.store.panels import Panel


class NotYoursError(LookupError):
    """There is no such panel, or not for this account: which of the two, nobody is told."""


class OwnersOnlyError(PermissionError):
    """Only the owner of the panel may do this."""


class PanelArchivedError(Exception):
    """The panel is archived: it can be read, and brought back, and nothing else."""


@dataclass(frozen=True)
class OpenPanel:
    """A panel that was opened for an account."""

    panel: Panel
    account: Account

    @property
    def id(self) -> int:
        """The panel's number."""
        assert self.panel.id is not None
        return self.panel.id

    @property
    def account_id(self) -> int:
        """The account's number."""
        assert self.account.id is not None
        return self.account.id

    @property
    def is_owner(self) -> bool:
        """Whether the panel is this account's own."""
        return self.panel.owner_id == self.account.id


def open_panel(session: Session, account_id: int, panel_public_id: str) -> OpenPanel:
    """Open a panel for an account; raises `NotYoursError`."""
    account = navigator(session, account_id)
    found = panels.panel_open_to(
        session,
        panel_public_id,
        account_id=account_id,
        organisation_id=account.organisation_id,
    )
    if found is None:
        raise NotYoursError
    return OpenPanel(found, account)


def panels_of(session: Session, account_id: int, *, archived: bool = False) -> Sequence[Panel]:
    """The panels that an account may open, or those of them that are archived, by name.

    Nothing is read of the people in them. Raises `NotYoursError` for who is no navigator.
    """
    account = navigator(session, account_id)
    found = panels.panels_open_to(
        session, account_id=account_id, organisation_id=account.organisation_id
    )
    wanted = [panel for panel in found if (panel.archived_at is not None) == archived]
    return sorted(wanted, key=lambda panel: (panel.name.casefold(), panel.id))


def navigator(session: Session, account_id: int) -> Account:
    """The account if it is in service as a navigator; raises `NotYoursError`."""
    account = accounts.account(session, account_id)
    if account is None or not is_navigator(account):
        raise NotYoursError
    return account


def is_navigator(account: Account) -> bool:
    """Whether an account is in service and may work with panels."""
    return account.active and any(role.name == NAVIGATOR for role in account.roles)


def require_owner(panel: OpenPanel) -> None:
    """Raises `OwnersOnlyError` unless the panel is the account's own."""
    if not panel.is_owner:
        raise OwnersOnlyError


def still_open(session: Session, panel: OpenPanel) -> Panel:
    """The panel as it is now, asked again where something of it is changed; until the transaction
    ends nobody is taken out of it, and it is not put away. Raises `NotYoursError`.

    It is asked before anything else is locked: who takes a member out locks in this order too.
    """
    account = navigator(session, panel.account_id)
    held = panels.hold_panel(session, panel.id)
    found = panels.panel_open_to(
        session,
        panel.panel.public_id,
        account_id=panel.account_id,
        organisation_id=account.organisation_id,
    )
    if held is None or found is None:
        raise NotYoursError
    return held


def still_kept_up(session: Session, panel: OpenPanel) -> None:
    """`still_open` for what cannot be changed in a panel that is put away.

    Raises `NotYoursError`, `PanelArchivedError`.
    """
    require_kept_up(OpenPanel(still_open(session, panel), panel.account))


def require_kept_up(panel: OpenPanel) -> None:
    """Raises `PanelArchivedError` for a panel that is put away."""
    if panel.panel.archived_at is not None:
        raise PanelArchivedError
