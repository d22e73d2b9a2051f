"""Trail of accounts: who let whom in or shut whom out, and each sign-in, in its transaction.

An entry says who, when, what and whom by account. No address is in it: who tries one that has no
account is counted as a try (see `tries`) and stands here nowhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from matcher.records.spreadsheets.writing import write_rows
from matcher.store import accounts, panels, trail
from matcher.store.accounts import Account

RESET = "account_reset"
DEEDS = (
    "account_added",
    "account_invited",
    RESET,
    "account_disabled",
    "account_enabled",
    "roles_changed",
)
"""What is done to another's account, by an administrator or by the command line."""

BY_COMMAND = "_by_command"
SIGNED_IN, FAILED = "signed_in", "sign_in_failed"
OWN = (
    "joined",
    SIGNED_IN,
    FAILED,
    "signed_out",
    "signed_out_everywhere",
    "password_changed",
    "authenticator_added",
    "authenticator_removed",
    "recovery_codes_made",
    "passkey_added",
    "passkey_removed",
)
ACTIONS = (*DEEDS, *(f"{deed}{BY_COMMAND}" for deed in DEEDS), *OWN)
MEMBER_RESET = "member_reset"
"""In the trails of the panels that a reset account opens; it too may be by command."""

COLUMNS = ("at", "account", "action", "other_account")
COMMAND_LINE = "(command line)"
PAGE = 200


@dataclass(frozen=True)
class Told:
    """One entry as it is shown. `account` is "" where nobody is known: a deed `by_command`, or a
    sign-in that failed; `whom` is "" for what somebody did to their own account."""

    id: int
    at: datetime
    account: str
    action: str
    whom: str
    by_command: bool


@dataclass(frozen=True)
class Reset:
    """When an account was reset, and by whom; "" is the command line."""

    at: datetime
    by: str


def note_own(session: Session, account: Account, action: str, *, now: datetime) -> None:
    """Add what somebody did with their own account; `action` is one of `OWN`."""
    if action not in OWN:
        raise ValueError(f"the trail of accounts has no action {action!r}")
    trail.add_entries(session, [_row(account, account.id, action, None, now=now)])


def note_deed(
    session: Session, account: Account, action: str, *, by: int | None, now: datetime
) -> None:
    """Add what was done to an account; `by` is who did it, None for the command line.

    A reset is added to the trail of each panel that the account opens, too: whoever holds its
    new invitation can open them.
    """
    if action not in DEEDS:
        raise ValueError(f"the trail of accounts has no action {action!r}")
    rows = [_deed(account, action, by, now=now)]
    if action == RESET:
        opened = panels.panels_open_to(
            session, account_id=account.id or 0, organisation_id=account.organisation_id
        )
        told = _deed(account, MEMBER_RESET, by, now=now)
        rows += [{**told, "panel_id": one.id} for one in opened]
    trail.add_entries(session, rows)


def entries(
    session: Session, organisation_id: int, *, before: int | None = None, limit: int | None = PAGE
) -> list[Told]:
    """The newest entries of an organisation's accounts; `before` is the last `id` of the page
    before. No `limit` gives all."""
    ours = accounts.accounts_of(session, organisation_id)
    names = {one.id: one.name or one.email for one in ours}
    found = trail.account_entries(session, organisation_id, before=before, limit=limit)
    return [_told(row, names) for row in found]


def trail_csv(session: Session, organisation_id: int) -> str:
    """The whole trail of an organisation's accounts as CSV, oldest first; times are in UTC."""
    found = entries(session, organisation_id, limit=None)
    return "".join(write_rows([list(COLUMNS), *map(_cells, reversed(found))]))


def resets(session: Session, account: Account, *, most: int = 5) -> Sequence[Reset]:
    """The latest resets of an account, newest first."""
    return [
        Reset(row.at, "" if row.action.endswith(BY_COMMAND) else _name(session, row.account_id))
        for row in trail.entries_about(
            session, account.id or 0, (RESET, RESET + BY_COMMAND), limit=most
        )
    ]


def reset_is_news(session: Session, account: Account) -> bool:
    """Whether an account was reset since it was signed in to; ask before the new sign-in."""
    found = trail.entries_about(
        session, account.id or 0, (RESET, RESET + BY_COMMAND, SIGNED_IN), limit=1
    )
    return bool(found) and found[0].action != SIGNED_IN


def _deed(account: Account, action: str, by: int | None, *, now: datetime) -> dict[str, object]:
    if by is None:
        # An entry is always an account's: the command line has none, so it is whom it touched.
        return _row(account, account.id, action + BY_COMMAND, account.id, now=now)
    return _row(account, by, action, account.id, now=now)


def _row(
    account: Account, who: int | None, action: str, whom: int | None, *, now: datetime
) -> dict[str, object]:
    return {
        "at": now,
        "account_id": who,
        "organisation_id": account.organisation_id,
        "panel_id": None,
        "action": action,
        "person": None,
        "study": None,
        "other_account_id": whom,
        "count": None,
    }


def _told(row: trail.TrailEntry, names: dict[int | None, str]) -> Told:
    by_command = row.action.endswith(BY_COMMAND)
    failed = row.action == FAILED
    who = names.get(row.account_id, "")
    return Told(
        id=row.id or 0,
        at=row.at,
        account="" if by_command or failed else who,
        action=row.action.removesuffix(BY_COMMAND),
        whom=who if failed else names.get(row.other_account_id, "") if row.other_account_id else "",
        by_command=by_command,
    )


def _cells(one: Told) -> list[str]:
    who = COMMAND_LINE if one.by_command else one.account
    return [one.at.isoformat(timespec="seconds"), who, one.action, one.whom]


def _name(session: Session, account_id: int) -> str:
    found = accounts.account(session, account_id)
    return (found.name or found.email) if found else ""
