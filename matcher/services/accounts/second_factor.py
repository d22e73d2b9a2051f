"""Second factor: the code of an authenticator app, or a recovery code where the phone is lost."""

from __future__ import annotations

import secrets
from datetime import datetime

import segno
import sqlalchemy as sa
from passlib.exc import TokenError  # type: ignore[import-untyped]
from passlib.totp import TOTP  # type: ignore[import-untyped]
from sqlmodel import Session

from matcher.crypto import KeyedHashes, Safe, SealError
from matcher.services.accounts.errors import AccountError
from matcher.services.accounts.trail import FAILED, note_own
from matcher.store import accounts as store
from matcher.store.accounts import Account, Passkey
from matcher.store.columns import table_of

AUTHENTICATOR = "authenticator"
RECOVERY_CODES = 8
RECOVERY_LENGTH = 12
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another when a code is written down and typed again."""

LONGEST_CODE = 40


def new_secret() -> str:
    """A new secret for an authenticator app: 160 bits in base 32."""
    return str(TOTP.new().base32_key)


def grouped(secret: str) -> str:
    """A secret in groups of four, for people to type."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def picture(secret: str, *, email: str, issuer: str) -> str:
    """The secret as a QR code: SVG that can stand in a page, dark on light in every theme."""
    address = TOTP(key=secret, format="base32", issuer=issuer).to_uri(email)
    drawn = segno.make(address, error="m", micro=False)
    return str(drawn.svg_inline(scale=5, border=4, dark="#000", light="#fff", omitsize=False))


def keep_authenticator(
    session: Session,
    safe: Safe,
    account_id: int,
    *,
    secret: str,
    code: str,
    now: datetime,
) -> None:
    """Keep an app's secret once its owner has typed a code of it.

    Raises `AccountError` ("code") for a code that is not of this secret and time.
    """
    account = _account(session, account_id)
    counter = _counter(secret, code, last=None, now=now)
    if counter is None:
        raise _wrong_code(account)
    account.tf_primary_method = AUTHENTICATOR
    account.tf_totp_secret = safe.seal(secret.encode())
    account.tf_last_counter = counter
    session.add(account)
    note_own(session, account, "authenticator_added", now=now)
    session.commit()


def take_authenticator(session: Session, account_id: int, *, now: datetime) -> None:
    """Take the app's secret away, and the recovery codes if no passkey is left."""
    account = _account(session, account_id)
    account.tf_primary_method = account.tf_totp_secret = account.tf_last_counter = None
    if not has_passkey(session, account_id):
        account.mf_recovery_codes = None
    session.add(account)
    note_own(session, account, "authenticator_removed", now=now)
    session.commit()


def new_recovery_codes(
    session: Session, hashes: KeyedHashes, account_id: int, *, now: datetime
) -> tuple[str, ...]:
    """New recovery codes in place of all earlier ones. They are shown once: hashes are stored."""
    account = _account(session, account_id)
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    account.mf_recovery_codes = [_hashes_of(hashes, account, code)[0] for code in codes]
    session.add(account)
    note_own(session, account, "recovery_codes_made", now=now)
    session.commit()
    return codes


def check_code(
    session: Session,
    safe: Safe,
    hashes: KeyedHashes,
    account_id: int,
    code: str,
    *,
    now: datetime,
) -> bool:
    """Whether a code is the app's of now or a recovery code; it is used up then."""
    account = _account(session, account_id)
    typed = "".join(code.split()).lower()[:LONGEST_CODE]
    good = _use_app(safe, account, typed, now=now) or _use_recovery(hashes, account, typed)
    session.add(account)
    if not good:
        note_own(session, account, FAILED, now=now)
    session.commit()
    return good


def has_passkey(session: Session, account_id: int) -> bool:
    """Whether an account can sign in by a passkey."""
    keys = table_of(Passkey)
    found = sa.select(keys.c.id).where(keys.c.user_id == account_id).limit(1)
    return session.scalar(found) is not None


def has_second_factor(session: Session, account: Account) -> bool:
    """Whether a password alone does not sign this account in."""
    return account.tf_primary_method is not None or has_passkey(session, account.id or 0)


def _use_app(safe: Safe, account: Account, typed: str, *, now: datetime) -> bool:
    if account.tf_totp_secret is None:
        return False
    try:
        secret = safe.open(account.tf_totp_secret).decode()
    except SealError:
        # Sealed with a key that is gone: the recovery codes still open, or a reset helps.
        return False
    counter = _counter(secret, typed, last=account.tf_last_counter, now=now)
    if counter is not None:
        account.tf_last_counter = counter
    return counter is not None


def _use_recovery(hashes: KeyedHashes, account: Account, typed: str) -> bool:
    left = list(account.mf_recovery_codes or ())
    for one in _hashes_of(hashes, account, typed):
        if one in left:
            left.remove(one)
            account.mf_recovery_codes = left
            return True
    return False


def _counter(secret: str, code: str, *, last: int | None, now: datetime) -> int | None:
    """Which half minute a code is of, at most one beside this one; None if of none, or used."""
    app = TOTP(key=secret, format="base32")
    try:
        return int(app.match(code.strip(), time=now, last_counter=last).counter)
    except (TokenError, ValueError):
        return None


def _recovery_code() -> str:
    code = "".join(secrets.choice(LETTERS) for _ in range(RECOVERY_LENGTH))
    return "-".join(code[at : at + 4] for at in range(0, RECOVERY_LENGTH, 4))


def _hashes_of(hashes: KeyedHashes, account: Account, code: str) -> tuple[str, ...]:
    return hashes.of("recovery code", f"{account.public_id} {code.replace('-', '')}")


def _account(session: Session, account_id: int) -> Account:
    found = store.account(session, account_id, for_update=True)
    if found is None:
        raise AccountError("unknown", "there is no such account", str(account_id), "Sign in again.")
    return found


def _wrong_code(account: Account) -> AccountError:
    what = "this is not the code that the app shows now"
    return AccountError("code", what, account.email, "Type the six digits that it shows.")
