"""Passkeys: keys in somebody's device that sign in by a touch, a face or a PIN (WebAuthn).

Each one is asked to know its owner (user verification): it stands for password and second factor.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
import webauthn
from sqlmodel import Session
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from matcher.services.accounts.errors import AccountError
from matcher.services.accounts.trail import note_own
from matcher.store import accounts as store
from matcher.store.accounts import Account, Passkey
from matcher.store.columns import table_of

MOST = 10
LONGEST_NAME = 60
FIRST = "first"
_table = table_of(Passkey)


@dataclass(frozen=True)
class Site:
    """For whom a passkey is: the host's name, the origins of its pages, what people call it."""

    host: str
    origins: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Ceremony:
    """What the browser is asked (JSON), and the challenge that its answer must carry."""

    options: str
    challenge: bytes


def passkeys_of(session: Session, account_id: int) -> Sequence[Passkey]:
    """The passkeys of an account, oldest first."""
    found = sa.select(Passkey).where(_table.c.user_id == account_id).order_by(_table.c.id)
    return session.scalars(found).all()


def begin_keeping(session: Session, account_id: int, site: Site) -> Ceremony:
    """Ask the browser for a new passkey."""
    account = _account(session, account_id)
    if account.fs_webauthn_user_handle is None:
        account.fs_webauthn_user_handle = secrets.token_hex(32)
        session.add(account)
        session.commit()
    options = webauthn.generate_registration_options(
        rp_id=site.host,
        rp_name=site.name,
        user_id=account.fs_webauthn_user_handle.encode(),
        user_name=account.email,
        user_display_name=account.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=one.credential_id)
            for one in passkeys_of(session, account_id)
        ],
    )
    return Ceremony(webauthn.options_to_json(options), options.challenge)


def keep(
    session: Session,
    account_id: int,
    site: Site,
    *,
    challenge: bytes,
    answer: str,
    name: str,
    now: datetime,
) -> None:
    """Keep the passkey that the browser made. Raises `AccountError` ("passkey")."""
    account = _account(session, account_id)
    if len(passkeys_of(session, account_id)) >= MOST:
        raise _refused(account)
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=list(site.origins),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise _refused(account) from error
    if _by_credential(session, made.credential_id) is not None:
        raise _refused(account)
    session.add(
        Passkey(
            user_id=account_id,
            name=" ".join(name.split())[:LONGEST_NAME] or made.credential_device_type.value,
            credential_id=made.credential_id,
            public_key=made.credential_public_key,
            sign_count=made.sign_count,
            backup_state=made.credential_backed_up,
            device_type=made.credential_device_type.value,
            usage=FIRST,
            lastuse_datetime=now,
        )
    )
    note_own(session, account, "passkey_added", now=now)
    session.commit()


def begin_asking(session: Session, site: Site, *, account_id: int | None = None) -> Ceremony:
    """Ask the browser for a passkey of one account, or for any that it has for this site."""
    allowed = passkeys_of(session, account_id) if account_id is not None else ()
    options = webauthn.generate_authentication_options(
        rp_id=site.host,
        user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=[PublicKeyCredentialDescriptor(id=one.credential_id) for one in allowed],
    )
    return Ceremony(webauthn.options_to_json(options), options.challenge)


def account_of(
    session: Session,
    site: Site,
    *,
    challenge: bytes,
    answer: str,
    now: datetime,
    account_id: int | None = None,
) -> Account | None:
    """Whose passkey answered; None for a wrong answer, and for any but the one of `account_id`."""
    key = _by_credential(session, _credential_id(answer))
    if key is None or account_id not in (None, key.user_id):
        return None
    try:
        proved = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=site.host,
            expected_origin=list(site.origins),
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    account = store.account(session, key.user_id)
    if account is None or not account.active:
        return None
    key.sign_count = proved.new_sign_count
    key.backup_state = proved.credential_backed_up
    key.lastuse_datetime = now
    session.add(key)
    session.commit()
    return account


def take(session: Session, account_id: int, passkey_id: int, *, now: datetime) -> None:
    """Take a passkey away; one that is another's, or is gone, changes nothing."""
    mine = sa.and_(_table.c.id == passkey_id, _table.c.user_id == account_id)
    taken = session.scalar(sa.delete(Passkey).where(mine).returning(_table.c.id))
    account = _account(session, account_id)
    if taken is not None:
        note_own(session, account, "passkey_removed", now=now)
    if account.tf_primary_method is None and not passkeys_of(session, account_id):
        account.mf_recovery_codes = None
        session.add(account)
    session.commit()


def _by_credential(session: Session, credential_id: bytes) -> Passkey | None:
    found = sa.select(Passkey).where(_table.c.credential_id == credential_id).with_for_update()
    return session.scalar(found)


def _credential_id(answer: str) -> bytes:
    try:
        return base64url_to_bytes(str(json.loads(answer)["rawId"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return b""


def _account(session: Session, account_id: int) -> Account:
    found = store.account(session, account_id)
    if found is None:
        raise AccountError("unknown", "there is no such account", str(account_id), "Sign in again.")
    return found


def _refused(account: Account) -> AccountError:
    what = "the browser's passkey could not be kept"
    return AccountError("passkey", what, account.email, "Try it again, or use another device.")
