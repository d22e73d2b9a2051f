"""Test: a database that is locked, full or broken loses no mail, and mends without hands."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
import sqlalchemy as sa

from matcher.core.rulebook import Rulebook
from matcher.store.errors import StoreError
from tests.lab.blocked_disk import Locker, allow_bytes, full, refusing
from tests.lab.clock_control import night_passes
from tests.lab.forked import forked
from tests.lab.inhabitants import add_people, add_studies
from tests.lab.interfering import Interfering, Once
from tests.lab.lab_site import Site
from tests.lab.smtp_double import SmtpDouble
from tests.lab.trial import Trial

STUDIES = ("one", "two")
PEOPLE = ("ann", "bea", "cai")
BRIEF = 0.2
"""Seconds for which a statement waits for a lock."""


@pytest.fixture
def site(store_url: str, tmp_path: Path, rulebook: Rulebook, double: SmtpDouble) -> Site:
    """A site whose statements do not wait long for a lock."""
    url = sa.make_url(store_url)
    if url.get_backend_name() == "postgresql":
        url = url.update_query_dict({"options": f"-c lock_timeout={round(BRIEF * 1000)}"})
    brief = url.render_as_string(hide_password=False)
    return with_people(Site(brief, tmp_path, rulebook, double, wait=BRIEF))


@pytest.fixture
def sqlite_site(sqlite_url: str, tmp_path: Path, rulebook: Rulebook, double: SmtpDouble) -> Site:
    return with_people(Site(sqlite_url, tmp_path, rulebook, double))


@pytest.fixture
def postgres_site(
    postgres_url: str, tmp_path: Path, rulebook: Rulebook, double: SmtpDouble
) -> Site:
    return with_people(Site(postgres_url, tmp_path, rulebook, double))


def with_people(site: Site) -> Site:
    add_studies(site, *STUDIES)
    add_people(site, *PEOPLE)
    return site


def trial_of(site: Site) -> Trial:
    """Everything from planning to the last mail."""

    def job() -> None:
        with site.shift() as shift:
            shift.plan()
            shift.send()

    return Trial(site, job, dict.fromkeys(PEOPLE, STUDIES))


def failure(trial: Trial) -> str:
    """The kind of error that the job ends with; empty if it ends well."""
    try:
        trial.job()
    except StoreError as error:
        return error.kind
    return ""


@pytest.mark.parametrize("moment", ["before_look", "after"])
def test_a_lock_that_outlasts_all_patience(site: Site, moment: str) -> None:
    site.plan()
    trial = Trial(site, site.send, dict.fromkeys(PEOPLE, STUDIES))
    locker = Locker(site)
    locking = {moment: Once(locker.lock)}
    with pytest.raises(StoreError, match="locked"):
        site.send(wrap=lambda transport: Interfering(transport, **locking))
    locker.release()
    assert sorted(site.states().values()) == ["claimed", "claimed", "sending"]
    trial.judge(f"locked at {moment}", uncertain=1)


def test_a_database_that_is_locked_from_the_start(site: Site) -> None:
    trial = trial_of(site)
    locker = Locker(site)
    locker.lock()
    assert failure(trial) == "locked"
    locker.release()
    assert site.rows() == []
    trial.judge("locked", uncertain=0)


def test_a_lock_that_ends_in_time_is_waited_for(site: Site) -> None:
    site.plan()
    site.rules = replace(site.rules, patience=60.0)
    locking = Once(Locker(site, seconds=3 * BRIEF).lock)
    sent = site.send(wrap=lambda transport: Interfering(transport, after=locking))
    assert sent.counts == {"sent": len(PEOPLE)}


def test_a_full_disk(sqlite_site: Site) -> None:
    # So many that their rows take more room than is left in what the file has already.
    add_people(sqlite_site, *(f"more{number}" for number in range(20)))
    trial = trial_of(sqlite_site)
    with full(sqlite_site):
        assert failure(trial) == "full"
    assert sqlite_site.rows() == []
    trial.judge("full", uncertain=0)


@pytest.mark.parametrize(
    ("table", "condition", "mails"),
    [
        ("delivery", "NEW.state = 'due'", 0),
        ("delivery", "NEW.state = 'sending'", 0),
        ("delivery", "NEW.state = 'sent'", 2),
        # What cannot be put down as told keeps every further mail back.
        ("subscriber", "NEW.seen IS NOT NULL", 1),
    ],
)
def test_no_space_for_one_step_in_two_runs(
    postgres_site: Site, table: str, condition: str, mails: int
) -> None:
    trial = trial_of(postgres_site)
    with refusing(postgres_site, table, condition):
        for _ in range(2):
            assert failure(trial) == "full"
            with postgres_site.engine() as engine:
                night_passes(engine)
    assert postgres_site.double.count() == mails
    trial.judge(condition, uncertain=mails)


def broken_at_every(trial: Trial, *, step: int) -> int:
    """Let the disk fail after so many bytes, and so many more, until the job ends well; returns
    how often it failed."""
    trial.rehearse()

    for count in itertools.count():
        kind = forked(partial(failure_with, trial, count * step))
        if not kind:
            return count
        assert kind in ("cannot_open", "full")
        trial.judge(f"only {count * step} bytes", uncertain=1)
    raise AssertionError


def failure_with(trial: Trial, size: int) -> str:
    """The same on a disk that takes no more than so many bytes of any file."""
    allow_bytes(size)
    return failure(trial)


def test_a_disk_that_fails_in_the_middle(sqlite_site: Site) -> None:
    assert broken_at_every(trial_of(sqlite_site), step=60_000) > 1


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_a_disk_that_fails_after_any_page(sqlite_site: Site) -> None:
    assert broken_at_every(trial_of(sqlite_site), step=1000) > 50
