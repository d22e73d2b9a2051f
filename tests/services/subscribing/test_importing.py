"""Importing subscribers: good lines are taken, broken ones named, nobody is started again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from matcher.services.digests.desk import Desk
from matcher.services.digests.profile import open_profile
from matcher.services.keys import DATA_KEY_CHECK
from matcher.services.subscribing import importing
from matcher.services.subscribing.importing import Imported
from matcher.services.subscribing.known_by import address_hashes
from matcher.services.subscribing.renewing import ends_at, months_later
from matcher.store.database import session
from matcher.store.facts import fact
from matcher.store.subscribers import subscriber_by_hash
from matcher.store.suppressions import suppress
from tests.services.subscribing.imports import ANSWERS, LATER_CONSENT, NOW, line, stored, taken


@pytest.fixture
def desk(kept_desk: Desk) -> Desk:
    """On each kind of database."""
    return kept_desk


def in_turn(deeds: list[Callable[..., Any]]) -> Callable[..., Any]:
    """Does what is last in the list, then what is before it."""

    def deed(*args: Any) -> Any:
        return deeds.pop()(*args)

    return deed


def test_a_line_becomes_a_subscriber_with_all_that_it_says(desk: Desk) -> None:
    imported, refused = taken(desk, line("Ana@Example.org", detail="full", about="other"))
    assert (imported, refused) == (Imported(added=1), [])
    found = stored(desk)
    assert found
    assert desk.safe.open(found.address) == b"Ana@example.org"
    profile = open_profile(desk.safe, found.profile)
    assert (profile.answers, profile.about, profile.leave_out) == (ANSWERS, "other", False)
    told = (found.frequency, found.zone, found.language, found.detail, found.standing)
    assert told == ("weekly", "America/Lima", "es", "full", "active")
    agreed = datetime(2026, 1, 2, 10, tzinfo=UTC)
    assert (found.consent_at, found.confirmed_at) == (agreed, agreed)
    assert found.renewed_at == months_later(NOW, -10)
    with session(desk.engine) as opened:
        assert fact(opened, DATA_KEY_CHECK)


def test_nobody_under_18_is_taken_and_nothing_is_said_of_their_answers(desk: Desk) -> None:
    imported, (refused,) = taken(
        desk, line(answers={"age": 17}), line("b@d.eu", answers={"age": 18})
    )
    assert imported == Imported(added=1, refused=1)
    (fault,) = refused.faults
    assert (refused.number, fault.path, fault.value) == (1, "answers.age", None)
    assert "17" not in f"{fault.problem} {fault.mend}"
    assert stored(desk) is None


def test_nobody_who_stopped_is_started_again(desk: Desk) -> None:
    taken(desk, line())
    reason = "bounced"
    with session(desk.engine, writing=True) as opened:
        hashes = address_hashes(desk.hashes, "ana@example.org")
        suppress(opened, hashes[0], reason=reason, now=NOW)
        suppress(opened, address_hashes(desk.hashes, "b@example.org")[0], reason=reason, now=NOW)
        row = subscriber_by_hash(opened, hashes)
        assert row
        row.standing, row.stopped_reason, row.stopped_at = "stopped", reason, NOW
        opened.commit()
    lines = (line(frequency="monthly"), line("B@EXAMPLE.org"), line("c@d.eu"))
    imported, refused = taken(desk, *lines)
    assert imported == Imported(added=1, refused=2)
    assert [one.number for one in refused] == [1, 2]
    assert all(reason in one.faults[0].problem for one in refused)
    found = stored(desk)
    assert found
    assert (found.standing, found.frequency) == ("stopped", "weekly")
    assert stored(desk, "b@example.org") is None


def test_an_address_known_by_an_older_lookup_key_is_known(desk: Desk) -> None:
    taken(desk, line())
    newer = replace(desk, settings=replace(desk.settings, lookup_key=f"{'n' * 32},{'l' * 32}"))
    assert taken(newer, line())[0] == Imported(unchanged=1)


BROKEN: tuple[tuple[Any, str, str | None], ...] = (
    (b"{", "the line", None),
    (b"[]", "the line", None),
    (b"\xff\xfe", "the line", None),
    (b'{"email": 1, "email": 2}', "the line", None),
    (b"[" * 50_000, "the line", None),
    (b"x" * 300_000, "the line", None),
    (b'{"email": NaN}', "the line", None),
    (b'{"frequency": ' + b"1" * 9_000 + b"}", "the line", None),
    (rb'{"email": "\ud800@example.org"}', "the line", None),
    (line(email=None), "email", None),
    (line("ana"), "email", None),
    (line("a@b.org, c@d.org"), "email", None),
    (line("a@b.org\nBcc: c@d.org"), "email", None),
    (line(frequency="daily"), "frequency", "daily"),
    (line(zone="Mars/Base"), "zone", "Mars/Base"),
    (line(zone="../../etc/passwd"), "zone", "../../etc/passwd"),
    (line(language="fr"), "language", "fr"),
    (line(consent={"version": "1", "at": "2026-01-02T10:00:00"}), "consent.at", "2026-01-02"),
    (line(consent={"version": "1", "at": "2027-01-02T10:00:00Z"}), "consent.at", "2027-01-02"),
    (line(consent={"version": "1", "at": "0001-01-01T00:00:00+14:00"}), "consent.at", "0001-"),
    (line(consent={"version": "1", "at": "1999-11-20T10:00:00Z"}), "consent.at", "1999-11-20"),
    (line(consent={"version": "1"}), "consent.at", None),
    (line(consent={"version": "1\0", "at": "2026-01-02T10:00:00Z"}), "consent.version", "1"),
    (line(consent="yes"), "consent", None),
    (line(answers={"er": "SECRET"}), "answers.er", None),
    (line(answers={"nothing": "SECRET"}), "answers.nothing", None),
    (line(answers=[]), "answers", None),
    (line(leave_out="yes"), "leave_out", "yes"),
    (line(name="SECRET"), "name", None),
)


def test_broken_lines_are_named_and_the_others_are_taken(desk: Desk) -> None:
    lines = [
        one
        for number, (broken, _, _) in enumerate(BROKEN)
        for one in (broken, line(f"p{number}@example.org"))
    ]
    imported, refused = taken(desk, *lines)
    assert imported == Imported(added=len(BROKEN), refused=len(BROKEN))
    for place, (one, (_, path, shown)) in enumerate(zip(refused, BROKEN, strict=True)):
        assert (one.number, [fault.path for fault in one.faults]) == (2 * place + 1, [path])
        (fault,) = one.faults
        assert fault.mend
        assert "SECRET" not in repr(fault)
        assert fault.value == shown if shown is None else (fault.value or "").startswith(shown)


def test_all_that_is_wrong_in_a_line_is_named(desk: Desk) -> None:
    _, (one,) = taken(desk, line(frequency="x", language="y", answers={"er": "z"}))
    assert {fault.path for fault in one.faults} == {"frequency", "language", "answers.er"}


def test_marks_blank_lines_and_windows_line_ends_do_no_harm(desk: Desk) -> None:
    first, second = json.dumps(line()).encode(), json.dumps(line("b@example.org")).encode()
    file = b"\xef\xbb\xbf" + first + b"\r\n\r\n  \r\n" + second + b"\r\n"
    assert taken(desk, file)[0] == Imported(added=2)


def test_an_address_that_comes_twice_counts_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 1)
    imported, refused = taken(desk, line(), line("b@example.org"), line("ANA@example.org"))
    assert imported == Imported(added=2, refused=1)
    assert refused[0].number == 3
    assert "line 1" in refused[0].faults[0].problem


def test_a_run_that_was_cut_off_is_finished_by_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    people = [line(f"p{number}@example.org") for number in range(5)]
    real = importing.add_subscribers
    deeds: list[Callable[..., Any]] = [lambda *_: 1 / 0, real]
    monkeypatch.setattr(importing, "add_subscribers", in_turn(deeds))
    with pytest.raises(ZeroDivisionError):
        taken(desk, *people)
    monkeypatch.setattr(importing, "add_subscribers", real)
    assert taken(desk, *people)[0] == Imported(added=3, unchanged=2)


def test_someone_who_confirms_at_the_same_moment_is_no_error(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The address was not known when it was looked for, and is when it is written."""
    taken(desk, line())
    real = importing.subscribers_by_hash
    deeds: list[Callable[..., Any]] = [real, lambda *_: {}]
    monkeypatch.setattr(importing, "subscribers_by_hash", in_turn(deeds))
    newer = line(frequency="monthly", consent=LATER_CONSENT)
    assert taken(desk, newer)[0] == Imported(updated=1)


def test_nothing_of_a_person_is_readable_in_the_tables(desk: Desk) -> None:
    taken(desk, line(answers={"cancer": ["pancreatic"]}))
    found = stored(desk)
    assert found
    for text in (b"ana", b"example", b"pancreatic"):
        assert text not in repr(found).encode().lower()


def test_a_batch_is_one_look_up_and_one_write(desk: Desk) -> None:
    statements: list[str] = []

    def note(*args: Any) -> None:
        statements.append(args[2])

    sa.event.listen(desk.engine, "before_cursor_execute", note)
    people = [line(f"p{number}@example.org") for number in range(600)]
    imported = taken(desk, *people)[0]
    sa.event.remove(desk.engine, "before_cursor_execute", note)
    assert imported == Imported(added=600)
    inserts = [one for one in statements if one.startswith("INSERT INTO subscriber")]
    looks = [one for one in statements if one.startswith("SELECT") and "FROM subscriber" in one]
    assert (len(inserts), len(looks) <= 6) == (2, True)


def test_the_moment_of_consent_may_not_lie_ahead_of_the_import(desk: Desk) -> None:
    at = (NOW + timedelta(days=1, seconds=1)).isoformat()
    _, refused = taken(desk, line(consent={"version": "1", "at": at}))
    assert [fault.path for fault in refused[0].faults] == ["consent.at"]


def test_who_agreed_long_ago_has_two_months_to_say_that_they_want_to_go_on(desk: Desk) -> None:
    taken(desk, line(consent={"version": "1", "at": "2024-01-02T10:00:00+00:00"}))
    found = stored(desk)
    assert found
    assert found.consent_at == datetime(2024, 1, 2, 10, tzinfo=UTC)
    assert ends_at(found.renewed_at) == months_later(NOW, 2)
