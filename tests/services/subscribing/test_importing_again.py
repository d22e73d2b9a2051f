"""Importing people who are known: only a newer consent says anything new of them."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from matcher.services.digests.desk import Desk
from matcher.services.digests.profile import open_profile, seal_profile
from matcher.services.subscribing.importing import Imported
from matcher.services.subscribing.known_by import address_hashes
from matcher.services.subscribing.own_data import Settings, change_settings, keep_answers
from matcher.store.database import session
from matcher.store.subscribers import Subscriber, subscriber_by_hash
from tests.services.subscribing.imports import LATER_CONSENT, NOW, line, stored, taken


@pytest.fixture
def desk(kept_desk: Desk) -> Desk:
    """On each kind of database."""
    return kept_desk


def test_the_same_file_again_changes_nothing_and_a_newer_consent_does(desk: Desk) -> None:
    taken(desk, line(), line("b@example.org"))
    before = stored(desk)
    assert taken(desk, line(frequency="monthly"), line("b@example.org", answers={}))[0] == Imported(
        unchanged=2
    )
    assert stored(desk) == before
    newer = line(frequency="monthly", consent=LATER_CONSENT)
    assert taken(desk, newer, line("b@example.org", consent=LATER_CONSENT))[0] == Imported(
        updated=2
    )
    after = stored(desk)
    assert before
    assert after
    assert (after.frequency, after.version) == ("monthly", before.version + 1)


def test_what_a_line_does_not_say_and_what_was_muted_stays(desk: Desk) -> None:
    taken(desk, line(detail="full", about="other", leave_out=True))
    with session(desk.engine, writing=True) as opened:
        row = subscriber_by_hash(opened, address_hashes(desk.hashes, "ana@example.org"))
        assert row
        profile = replace(open_profile(desk.safe, row.profile), muted=("a-study",))
        row.profile, row.standing = seal_profile(desk.safe, profile), "paused"
        opened.commit()
    assert taken(desk, line(answers={}, consent=LATER_CONSENT))[0] == Imported(updated=1)
    found = stored(desk)
    assert found
    kept = open_profile(desk.safe, found.profile)
    assert (kept.answers, kept.about, kept.leave_out, kept.muted) == (
        {},
        "other",
        True,
        ("a-study",),
    )
    assert (found.detail, found.standing) == ("full", "paused")


def test_a_consent_that_is_older_than_the_stored_one_changes_nothing(desk: Desk) -> None:
    taken(desk, line())
    older = {"version": "0", "at": "2025-12-02T10:00:00+00:00"}
    assert taken(desk, line(consent=older, answers={}))[0] == Imported(unchanged=1)
    assert taken(desk, line(consent=LATER_CONSENT))[0] == Imported(updated=1)
    found = stored(desk)
    assert found
    assert found.consent_version == "2"


@pytest.mark.parametrize("deed", ["settings", "answers"])
def test_what_was_changed_on_their_page_since_the_consent_stands(desk: Desk, deed: str) -> None:
    taken(desk, line())
    before = stored(desk)
    assert before
    with session(desk.engine, writing=True) as opened:
        if deed == "settings":
            wanted = Settings("monthly", "en", "Europe/Berlin", "full")
            change_settings(opened, desk, before.public_id, wanted, now=NOW)
        else:
            told = {"cancer": ["ovarian"]}
            keep_answers(
                opened, desk, before.public_id, told, about="self", leave_out=False, now=NOW
            )
    changed = stored(desk)
    assert changed != before
    assert taken(desk, line(consent=LATER_CONSENT))[0] == Imported(unchanged=1)
    assert stored(desk) == changed
    later = {"version": "2", "at": "2026-11-22T12:00:01+00:00"}
    assert taken(desk, line(consent=later))[0] == Imported(updated=1)


def test_a_newer_consent_never_takes_back_what_was_renewed(desk: Desk) -> None:
    taken(desk, line())
    with session(desk.engine, writing=True) as opened:
        opened.execute(sa.update(Subscriber).values(renewed_at=NOW))
        opened.commit()
    assert taken(desk, line(consent=LATER_CONSENT))[0] == Imported(updated=1)
    found = stored(desk)
    assert found
    assert found.renewed_at == NOW
