"""Accounts in the store: one per address, invitations that work once, sessions that end."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from matcher.store import accounts
from matcher.store.accounts import Account, DeskSession, Invitation, Organisation
from matcher.store.database import session
from tests.factories import NOON


def add_account(opened: Session, email: str, *, organisation: str = "Clinic") -> Account:
    place = accounts.organisation_named(opened, organisation)
    if place is None:
        place = Organisation(name=organisation, created_at=NOON)
        opened.add(place)
        opened.flush()
    account = Account(organisation_id=place.id, email=email, name="Ana", created_at=NOON)
    account.roles = [accounts.role(opened, "navigator")]
    opened.add(account)
    opened.flush()
    return account


def test_an_account_is_found_by_its_address_in_any_case(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        made = add_account(opened, "ana@clinic.org")
        opened.commit()
    with session(store) as opened:
        found = accounts.account_by_email(opened, " Ana@Clinic.org ")
        assert found is not None
        assert (found.id, [one.name for one in found.roles]) == (made.id, ["navigator"])


@pytest.mark.parametrize("second", ["ana@clinic.org", "Ana@clinic.org"])
def test_no_two_accounts_have_one_address(store: sa.Engine, second: str) -> None:
    with session(store, writing=True) as opened:
        add_account(opened, "ana@clinic.org")
        with pytest.raises(sa.exc.IntegrityError):
            add_account(opened, second)


def test_no_other_role_can_be_stored(store: sa.Engine) -> None:
    with session(store, writing=True) as opened, pytest.raises(sa.exc.IntegrityError):
        accounts.role(opened, "owner")


def test_an_invitation_is_used_once_and_not_after_its_end(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        ana = add_account(opened, "ana@clinic.org")
        end = NOON + timedelta(days=7)
        opened.add(Invitation(token_hash="a", account_id=ana.id, ends_at=end))
        opened.add(Invitation(token_hash="b", account_id=ana.id, ends_at=end))
        opened.flush()
        assert accounts.open_invitation(opened, "a", now=NOON) is not None
        used = [accounts.use_invitation(opened, "a", now=NOON) for _ in range(2)]
        assert used == [ana.id, None]
        assert accounts.open_invitation(opened, "a", now=NOON) is None
        assert accounts.use_invitation(opened, "b", now=end) is None


def test_all_sign_ins_of_one_account_end_but_one(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        ana, ben = add_account(opened, "ana@clinic.org"), add_account(opened, "ben@clinic.org")
        for name, account in (("1", ana), ("2", ana), ("3", ben)):
            opened.add(
                DeskSession(
                    id_hash=name,
                    account_id=account.id,
                    begun_at=NOON,
                    last_seen_at=NOON,
                    ends_at=NOON + timedelta(hours=12),
                )
            )
        opened.flush()
        assert accounts.end_sessions(opened, ana.id or 0, but="1") == 1
        left = opened.scalars(sa.select(DeskSession)).all()
        assert {one.id_hash for one in left} == {"1", "3"}
        assert accounts.purge_sessions(opened, now=NOON + timedelta(hours=12)) == 2


def test_the_accounts_of_one_organisation_are_not_anothers(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        ana = add_account(opened, "ana@clinic.org")
        add_account(opened, "eva@charity.org", organisation="Charity")
        found = accounts.accounts_of(opened, ana.organisation_id)
        assert [one.email for one in found] == ["ana@clinic.org"]
        assert len(accounts.accounts_of(opened)) == 2
