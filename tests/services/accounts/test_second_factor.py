"""Second factor: a code counts once, a recovery code once, and the secret is sealed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from passlib.totp import TOTP

from matcher.crypto import KeyedHashes, Safe
from matcher.services.accounts import second_factor
from matcher.services.accounts.errors import AccountError
from matcher.services.accounts.people import add_account
from matcher.store.accounts import Account, account_by_email
from matcher.store.database import session
from tests.factories import NOON

SAFE, HASHES = Safe("a key for the tests"), KeyedHashes("a lookup key of tests")
HALF = timedelta(seconds=30)
EMAIL = "ana@clinic.org"


def code_at(secret: str, when: datetime) -> str:
    return str(TOTP(key=secret, format="base32").generate(time=when).token)


@pytest.fixture
def ana(store: sa.Engine) -> int:
    """The number of an account."""
    with session(store, writing=True) as opened:
        made = add_account(
            opened,
            email=EMAIL,
            name="Ana",
            roles=["navigator"],
            organisation="Clinic",
            language="en",
            now=NOON,
        )
    return made.account.id or 0


def row(store: sa.Engine) -> Account:
    with session(store) as opened:
        found = account_by_email(opened, EMAIL)
    assert found is not None
    return found


def set_up(store: sa.Engine, ana: int) -> str:
    secret = second_factor.new_secret()
    with session(store, writing=True) as opened:
        code = code_at(secret, NOON)
        second_factor.keep_authenticator(opened, SAFE, ana, secret=secret, code=code, now=NOON)
    return secret


def check(store: sa.Engine, ana: int, code: str, *, now: datetime) -> bool:
    with session(store, writing=True) as opened:
        return second_factor.check_code(opened, SAFE, HASHES, ana, code, now=now)


def test_each_code_counts_once_and_only_around_its_time(store: sa.Engine, ana: int) -> None:
    secret = set_up(store, ana)
    assert not check(store, ana, code_at(secret, NOON), now=NOON)
    later = NOON + 4 * HALF
    for off in (-2, 2):
        assert not check(store, ana, code_at(secret, later + off * HALF), now=later)
    assert check(store, ana, code_at(secret, later), now=later)
    assert not check(store, ana, code_at(secret, later - HALF), now=later)
    assert check(store, ana, f" {code_at(secret, later + HALF)} ", now=later)


def test_of_many_at_once_one_gets_in(store: sa.Engine, ana: int) -> None:
    secret = set_up(store, ana)
    later = NOON + 4 * HALF
    with ThreadPoolExecutor(6) as pool:
        tried = pool.map(lambda _: check(store, ana, code_at(secret, later), now=later), range(6))
        assert list(tried).count(True) == 1


def test_a_wrong_code_sets_nothing_up(store: sa.Engine, ana: int) -> None:
    for code in ("", "12345", "abcdef", "1234567", code_at(second_factor.new_secret(), NOON)):
        with session(store, writing=True) as opened, pytest.raises(AccountError):
            second_factor.keep_authenticator(
                opened, SAFE, ana, secret=second_factor.new_secret(), code=code, now=NOON
            )
    assert row(store).tf_totp_secret is None


def test_the_secret_is_sealed_and_recovery_codes_are_hashes(store: sa.Engine, ana: int) -> None:
    secret = set_up(store, ana)
    with session(store, writing=True) as opened:
        codes = second_factor.new_recovery_codes(opened, HASHES, ana, now=NOON)
    found = row(store)
    assert secret.encode() not in (found.tf_totp_secret or b"")
    assert SAFE.open(found.tf_totp_secret or b"").decode() == secret
    assert not {*codes} & {*(found.mf_recovery_codes or ())}
    assert check(store, ana, codes[3], now=NOON)
    assert not check(store, ana, codes[3], now=NOON)
    assert len(row(store).mf_recovery_codes or ()) == 7


def test_new_recovery_codes_void_the_old_ones(store: sa.Engine, ana: int) -> None:
    set_up(store, ana)
    with session(store, writing=True) as opened:
        old = second_factor.new_recovery_codes(opened, HASHES, ana, now=NOON)
    with session(store, writing=True) as opened:
        new = second_factor.new_recovery_codes(opened, HASHES, ana, now=NOON)
    assert not any(check(store, ana, code, now=NOON) for code in old)
    assert check(store, ana, new[0], now=NOON)


def test_without_the_app_its_recovery_codes_are_gone(store: sa.Engine, ana: int) -> None:
    secret = set_up(store, ana)
    with session(store, writing=True) as opened:
        codes = second_factor.new_recovery_codes(opened, HASHES, ana, now=NOON)
    with session(store, writing=True) as opened:
        second_factor.take_authenticator(opened, ana, now=NOON)
    later = NOON + 4 * HALF
    assert not check(store, ana, codes[0], now=later)
    assert not check(store, ana, code_at(secret, later), now=later)
    with session(store) as opened:
        assert not second_factor.has_second_factor(opened, row(store))


def test_the_picture_can_stand_in_a_page() -> None:
    drawn = second_factor.picture(second_factor.new_secret(), email=EMAIL, issuer="Matcher")
    assert drawn.startswith("<svg")
    assert "style=" not in drawn
    assert "<script" not in drawn
