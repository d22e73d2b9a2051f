"""Keys: a wrong one is found at the start, and a new one takes over without losing anything."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given
from hypothesis import settings as lawful
from hypothesis import strategies as st

from matcher.config import ConfigError, Settings
from matcher.core.rulebook import Rulebook
from matcher.crypto import Safe, SealError
from matcher.services import keys, resealing
from matcher.services.digests.desk import Desk
from matcher.services.keys import check_keys, keys_beside_database
from matcher.services.live import LiveMatcher
from matcher.services.resealing import Seals, count_seals, reseal
from matcher.store.database import connect, session, upgrade
from matcher.store.sealed import replace_sealed, sealed_columns, sealed_values
from matcher.store.suppressions import suppress
from tests.services.subscribing.conftest import settings_for
from tests.services.subscribing.kept import add_mail, add_person, add_wish

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
OLD, NEW, OTHER = "d" * 32, "n" * 32, "o" * 32


@pytest.fixture
def any_desk(store: sa.Engine, rulebook: Rulebook, tmp_path: Path) -> Desk:
    """Three people, their mails and wishes, on each kind of database."""
    return peopled(store, rulebook, tmp_path, count=3)


@pytest.fixture
def desk(sqlite_url: str, rulebook: Rulebook, tmp_path: Path) -> Iterator[Desk]:
    """The same on SQLite alone."""
    engine = connect(sqlite_url)
    upgrade(engine)
    yield peopled(engine, rulebook, tmp_path, count=3)
    engine.dispose()


def peopled(engine: sa.Engine, rulebook: Rulebook, folder: Path, *, count: int) -> Desk:
    made = Desk(engine, rulebook, LiveMatcher(engine, rulebook), settings_for(engine, folder))
    for number in range(count):
        address = f"p{number}@example.org"
        add_person(made, address)
        add_mail(made, address)
        add_wish(made, address)
    return made


def plain(desk: Desk, settings: Settings) -> list[bytes]:
    safe = Safe(settings.data_key)
    with session(desk.engine) as opened:
        return [
            safe.open(value)
            for column in sealed_columns()
            for _, value in sealed_values(opened, column, after=0, limit=100)
        ]


def test_the_columns_are_found_by_what_the_tables_say_of_themselves() -> None:
    assert {column.name for column in sealed_columns()} == {
        "subscriber.address",
        "subscriber.profile",
        "subscriber.seen",
        "signup.sealed",
        "delivery.items",
        "account.tf_totp_secret",
        "panel_look.sealed",
        "panel_person.profile",
        "person_study.reason",
        "person_note.text",
    }


def test_a_new_key_takes_over_and_the_old_one_can_go(any_desk: Desk) -> None:
    check_keys(any_desk.engine, any_desk.settings)
    before = plain(any_desk, any_desk.settings)
    both = replace(any_desk.settings, data_key=f"{NEW}, {OLD}")
    check_keys(any_desk.engine, both)
    older = [seals.older for seals in count_seals(any_desk.engine, both)]
    assert reseal(any_desk.engine, both) == sum(older) == 12
    assert all(one.older == one.unreadable == 0 for one in count_seals(any_desk.engine, both))
    only = replace(any_desk.settings, data_key=NEW)
    check_keys(any_desk.engine, only)
    assert plain(any_desk, only) == before
    assert reseal(any_desk.engine, both) == 0
    with pytest.raises(SealError):
        plain(any_desk, any_desk.settings)


def test_the_old_key_cannot_go_before_all_is_sealed_anew(desk: Desk) -> None:
    check_keys(desk.engine, desk.settings)
    with pytest.raises(ConfigError, match="data key") as caught:
        check_keys(desk.engine, replace(desk.settings, data_key=NEW))
    assert "MATCHER_DATA_KEY" in caught.value.where
    assert OLD not in str(caught.value)


def test_the_new_key_cannot_go_once_it_may_have_sealed(desk: Desk) -> None:
    check_keys(desk.engine, desk.settings)
    check_keys(desk.engine, replace(desk.settings, data_key=f"{NEW},{OLD}"))
    with pytest.raises(ConfigError, match="data key"):
        check_keys(desk.engine, desk.settings)


def test_a_lookup_key_is_added_to_and_never_dropped(desk: Desk) -> None:
    check_keys(desk.engine, desk.settings)
    old = desk.settings.lookup_key
    check_keys(desk.engine, replace(desk.settings, lookup_key=f"{OTHER},{old}"))
    for dropped in (OTHER, old):
        with pytest.raises(ConfigError, match="lookup key"):
            check_keys(desk.engine, replace(desk.settings, lookup_key=dropped))


def test_without_a_proof_the_sealed_rows_themselves_are_tried(desk: Desk) -> None:
    with pytest.raises(ConfigError, match="data key"):
        check_keys(desk.engine, replace(desk.settings, data_key=OTHER))
    check_keys(desk.engine, desk.settings)


def test_what_another_changes_meanwhile_is_left_to_them(
    any_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = replace(any_desk.settings, data_key=f"{NEW},{OLD}")

    def beaten(opened: object, column: object, id: int, **values: bytes) -> bool:
        return id != 2 and replace_sealed(opened, column, id, **values)  # type: ignore[arg-type]

    monkeypatch.setattr(resealing, "replace_sealed", beaten)
    assert reseal(any_desk.engine, both) == 9
    assert sum(one.older for one in count_seals(any_desk.engine, both)) == 3
    monkeypatch.undo()
    assert reseal(any_desk.engine, both) == 3


def test_what_no_key_opens_is_counted_and_left_as_it_is(desk: Desk) -> None:
    both = replace(desk.settings, data_key=f"{NEW},{OLD}")
    (address, *_) = [one for one in sealed_columns() if one.name == "subscriber.address"]
    strange = Safe(OTHER).seal(b"x")
    with session(desk.engine, writing=True) as opened:
        ((id, old), *_) = sealed_values(opened, address, after=0, limit=1)
        assert replace_sealed(opened, address, id, old=old, new=strange)
        assert not replace_sealed(opened, address, id, old=old, new=b"late")
        opened.commit()
    reseal(desk.engine, both)
    assert Seals("subscriber.address", 2, 0, 1) in count_seals(desk.engine, both)


@lawful(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stop=st.integers(1, 12), size=st.integers(1, 4))
def test_stopped_anywhere_it_loses_nothing_and_the_next_run_ends_it(
    stop: int, size: int, rulebook: Rulebook, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("keys")
    engine = connect(f"sqlite:///{folder / 'matcher.db'}")
    upgrade(engine)
    desk = peopled(engine, rulebook, folder, count=2)
    before = plain(desk, desk.settings)
    both = replace(desk.settings, data_key=f"{NEW},{OLD}")
    left = [stop]

    def killed(*args: object, **values: bytes) -> bool:
        left[0] -= 1
        if not left[0]:
            raise KeyboardInterrupt
        return replace_sealed(*args, **values)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(resealing, "replace_sealed", killed)
        patch.setattr(resealing, "BATCH", size)
        try:
            reseal(engine, both)
        except KeyboardInterrupt:
            assert stop <= 8
    assert plain(desk, both) == before
    reseal(engine, both)
    assert plain(desk, replace(both, data_key=NEW)) == before
    engine.dispose()


def test_a_database_without_people_takes_any_key(sqlite_url: str, tmp_path: Path) -> None:
    engine = connect(sqlite_url)
    upgrade(engine)
    settings = settings_for(engine, tmp_path)
    with session(engine, writing=True) as opened:
        keys.remember_keys(opened, settings)
        opened.commit()
    other = replace(settings, data_key=OTHER, lookup_key=OTHER)
    check_keys(engine, other)
    with session(engine, writing=True) as opened:
        keys.remember_keys(opened, other)
        suppress(opened, "0" * 64, reason="erased", now=NOW)
        opened.commit()
    check_keys(engine, other)
    with pytest.raises(ConfigError):
        check_keys(engine, settings)
    engine.dispose()


def test_keys_in_the_folder_of_the_database_are_seen(tmp_path: Path) -> None:
    base = Settings(tmp_path, f"sqlite:///{tmp_path / 'm.db'}", OLD, OLD, OLD)
    assert keys_beside_database(base) == []
    (tmp_path / "data_key").write_text(OLD)
    assert keys_beside_database(base) == [tmp_path / "data_key"]
    elsewhere = replace(base, database_url=f"sqlite:///{tmp_path / 'data' / 'm.db'}")
    assert keys_beside_database(elsewhere) == []
    server = replace(base, database_url="postgresql+psycopg://u:p@host/m")
    assert keys_beside_database(server) == []


def test_the_proofs_give_nothing_away(desk: Desk) -> None:
    check_keys(desk.engine, desk.settings)
    with session(desk.engine) as opened:
        facts = keys.all_facts(opened)
    shown = facts[keys.DATA_KEY_CHECK] + facts[keys.LOOKUP_KEY_CHECK]
    for key in (desk.settings.data_key, desk.settings.lookup_key):
        assert key not in shown
