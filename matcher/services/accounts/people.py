"""People: adding, inviting, disabling and resetting accounts, by command or by administrator."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from matcher.mail.addresses import AddressError, parse_address
from matcher.services.accounts.errors import AccountError
from matcher.services.accounts.invitations import invite
from matcher.services.accounts.trail import RESET, note_deed
from matcher.store import accounts as store
from matcher.store.accounts import ADMINISTRATOR, ROLES, Account, Organisation, Passkey
from matcher.store.columns import table_of

LONGEST_NAME = 120


@dataclass(frozen=True)
class Invited:
    """An account with the token of its new invitation."""

    account: Account
    token: str


@dataclass(frozen=True)
class Listed:
    """One account as it is listed. `joined`: whether it has chosen a password."""

    public_id: str
    email: str
    name: str
    organisation: str
    roles: tuple[str, ...]
    active: bool
    joined: bool
    second_factor: bool


def add_account(
    session: Session,
    *,
    email: str,
    name: str,
    roles: Sequence[str],
    organisation: str,
    language: str,
    now: datetime,
) -> Invited:
    """Add an account from the command line, and its organisation where that is new; invite it.

    Raises `AccountError` for an address that is none or has an account, and for other roles.
    """
    wanted = _roles(session, roles)
    place = store.organisation_named(session, _name(organisation, what="organisation"))
    if place is None:
        place = Organisation(name=organisation.strip(), created_at=now)
        session.add(place)
        session.flush()
    account = _new_account(session, email, name, now=now)
    account.organisation_id, account.language, account.roles = place.id or 0, language, wanted
    return _add(session, account, by=None, now=now)


def add_colleague(
    session: Session,
    administrator: Account,
    *,
    email: str,
    name: str,
    roles: Sequence[str],
    language: str,
    now: datetime,
) -> Invited:
    """Add an account to an administrator's organisation and invite it; raises as `add_account`."""
    wanted = _roles(session, roles)
    account = _new_account(session, email, name, now=now)
    account.organisation_id = administrator.organisation_id
    account.language, account.roles = language, wanted
    return _add(session, account, by=administrator.id, now=now)


def invite_again(
    session: Session, account: Account, *, now: datetime, by: int | None = None
) -> Invited:
    """A new invitation, in place of earlier ones. Raises `AccountError` for a disabled account.

    Of an account that somebody has joined it is noted as a reset: the link opens all of theirs.
    `by` is the account that does so, here as below; None is the command line.
    """
    if not account.active:
        raise AccountError(
            "disabled",
            "this account is disabled",
            account.email,
            "Enable it first: matcher user enable EMAIL.",
        )
    token = invite(session, account.id or 0, now=now)
    action = RESET if account.confirmed_at else "account_invited"
    note_deed(session, account, action, by=by, now=now)
    session.commit()
    return Invited(account, token)


def reset(session: Session, account: Account, *, now: datetime, by: int | None = None) -> Invited:
    """Take password and second factors away, sign out everywhere, and invite again."""
    account.password = None
    drop_second_factors(session, account)
    _shut_out(session, account)
    return invite_again(session, account, now=now, by=by)


def disable(session: Session, account: Account, *, now: datetime, by: int | None = None) -> None:
    """Shut an account out at once; its invitations are void.

    Raises `AccountError` for the last administrator of an organisation.
    """
    _keep_an_administrator(session, account)
    _shut_out(session, account)
    store.drop_invitations(session, account.id or 0)
    account.active = False
    note_deed(session, account, "account_disabled", by=by, now=now)
    session.commit()


def enable(session: Session, account: Account, *, now: datetime, by: int | None = None) -> None:
    """Let a disabled account sign in again, as it did before."""
    account.active = True
    session.add(account)
    note_deed(session, account, "account_enabled", by=by, now=now)
    session.commit()


def set_roles(
    session: Session,
    account: Account,
    roles: Sequence[str],
    *,
    now: datetime,
    by: int | None = None,
) -> None:
    """Give an account these roles and no other.

    Raises `AccountError` for none, for an unknown one, and for the last administrator.
    """
    wanted = _roles(session, roles)
    if ADMINISTRATOR not in roles:
        _keep_an_administrator(session, account)
    account.roles = wanted
    session.add(account)
    note_deed(session, account, "roles_changed", by=by, now=now)
    session.commit()


def drop_second_factors(session: Session, account: Account) -> None:
    """Take the authenticator, the recovery codes and all passkeys away. Does not commit."""
    account.tf_primary_method = account.tf_totp_secret = account.tf_last_counter = None
    account.mf_recovery_codes = None
    session.add(account)
    keys = table_of(Passkey)
    session.execute(sa.delete(Passkey).where(keys.c.user_id == account.id))


def find(session: Session, email: str) -> Account:
    """The account with this address. Raises `AccountError` if there is none."""
    found = store.account_by_email(session, email)
    if found is None:
        raise AccountError(
            "unknown", "there is no account with this address", email, "See matcher user list."
        )
    return found


def find_in(session: Session, organisation_id: int, public_id: str) -> Account | None:
    """An account of one organisation; None for what is another's, as for what is not there."""
    found = store.account_by_public_id(session, public_id)
    return found if found and found.organisation_id == organisation_id else None


def listed(session: Session, organisation_id: int | None = None) -> list[Listed]:
    """The accounts of one organisation, or all of them."""
    found = store.accounts_of(session, organisation_id)
    keys = table_of(Passkey)
    with_keys = set(session.scalars(sa.select(keys.c.user_id)))
    places = {one.id: one.name for one in session.scalars(sa.select(Organisation))}
    return [
        Listed(
            public_id=one.public_id,
            email=one.email,
            name=one.name,
            organisation=places[one.organisation_id],
            roles=role_names(one),
            active=one.active,
            joined=one.password is not None or one.id in with_keys,
            second_factor=one.tf_primary_method is not None or one.id in with_keys,
        )
        for one in found
    ]


def role_names(account: Account) -> tuple[str, ...]:
    """The roles of an account, in the order of `ROLES`."""
    held = {one.name for one in account.roles}
    return tuple(name for name in ROLES if name in held)


def _roles(session: Session, names: Sequence[str]) -> list[store.Role]:
    unknown = [name for name in names if name not in ROLES]
    if unknown or not names:
        what = f"there is no role {unknown[0]!r}" if unknown else "no role is given"
        raise AccountError("roles", what, "the roles", f"Allowed: {', '.join(ROLES)}.")
    return [store.role(session, name) for name in dict.fromkeys(names)]


def _new_account(session: Session, email: str, name: str, *, now: datetime) -> Account:
    """An account that is of no organisation yet."""
    address = _new_address(session, email)
    return Account(
        organisation_id=0, email=address, name=_name(name or email, what="name"), created_at=now
    )


def _add(session: Session, account: Account, *, by: int | None, now: datetime) -> Invited:
    session.add(account)
    session.flush()
    token = invite(session, account.id or 0, now=now)
    note_deed(session, account, "account_added", by=by, now=now)
    session.commit()
    return Invited(account, token)


def _new_address(session: Session, email: str) -> str:
    try:
        address = parse_address(email).text.lower()
    except AddressError:
        raise AccountError(
            "email", "this is no email address", email, "Write it as name@example.org."
        ) from None
    if store.account_by_email(session, address) is not None:
        raise AccountError(
            "taken",
            "there is an account with this address",
            address,
            "Invite it again: matcher user invite EMAIL.",
        )
    return address


def _name(text: str, *, what: str) -> str:
    name = text.strip()
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise AccountError(
            "name", f"this is no {what}", what, f"Give one line of 1 to {LONGEST_NAME} characters."
        )
    return name


def _shut_out(session: Session, account: Account) -> None:
    account.fs_uniquifier = secrets.token_hex(16)
    session.add(account)
    store.end_sessions(session, account.id or 0)


def _keep_an_administrator(session: Session, account: Account) -> None:
    """An organisation that has administrators keeps one who can sign in."""
    if ADMINISTRATOR not in role_names(account) or not account.active:
        return
    others = [
        one
        for one in store.accounts_of(session, account.organisation_id)
        if one.id != account.id and one.active and ADMINISTRATOR in role_names(one)
    ]
    if not others:
        raise AccountError(
            "last_administrator",
            "this is the organisation's last administrator",
            account.email,
            "Make somebody else an administrator first.",
        )
