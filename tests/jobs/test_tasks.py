"""Tasks: what a worker leaves alone, and what it says of its failures."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from matcher.jobs.app import JobError, guarded
from matcher.jobs.tasks import StoppedError, Work
from matcher.mail.transport import SmtpTransport, Transport
from matcher.services.digests import pausing
from matcher.store.database import session
from matcher.store.deliveries import delivery_table
from matcher.store.errors import StoreError
from matcher.store.facts import RESTORED_AT, put_fact
from tests.factories import NOON
from tests.jobs.watching import do, queued, states
from tests.lab.inhabitants import add_newcomers, add_people, add_studies
from tests.lab.lab_site import Site
from tests.lab.smtp_double import SmtpDouble


@pytest.fixture
def lines() -> list[Transport]:
    """The lines to the mail server that were opened."""
    return []


@pytest.fixture
def work(site: Site, lines: list[Transport]) -> Iterator[Work]:
    """The tasks of one worker, for three people."""
    add_studies(site, "one")
    add_people(site, "ann", "ben", "cleo")
    server = site.settings.smtp
    assert server is not None

    def open_line() -> Transport:
        lines.append(SmtpTransport(server))
        return lines[-1]

    with site.desk() as desk:
        yield Work(desk, open_line, now=site.clock)


def everything(engine: sa.Engine) -> list[int]:
    with session(engine) as opened:
        return list(opened.scalars(sa.select(delivery_table.c.id)))


def test_while_the_server_refuses_us_one_task_asks_again_and_the_others_leave_it_alone(
    work: Work, site: Site, machines: sa.Engine, double: SmtpDouble, lines: list[Transport]
) -> None:
    double.set_mode("mail_from_550")
    work.plan()
    ids = queued(machines)
    work.send_rows(ids)
    assert (states(machines), len(lines)) == ({"due": 3}, 1)
    work.send_rows(ids)
    assert len(lines) == 1
    work.catch_up()
    assert len(lines) == 1
    site.clock.forward(timedelta(minutes=5))
    work.catch_up()
    assert (states(machines), len(lines)) == ({"due": 3}, 2)

    double.set_mode("ok")
    site.clock.forward(timedelta(minutes=10))
    work.catch_up()
    assert states(machines) == {"sent": 1, "due": 2}
    work.send_rows(ids)
    assert states(machines) == {"sent": 3}


def test_the_minute_decides_on_what_was_asked_and_puts_it_on_the_queue(
    work: Work, site: Site, machines: sa.Engine, double: SmtpDouble
) -> None:
    add_newcomers(site, "dora")
    do(machines, "DELETE FROM delivery")
    work.catch_up()
    work.catch_up()
    assert queued(machines) == everything(machines)
    work.send_rows(queued(machines))
    assert [mail.recipients for mail in double.accepted()] == [("dora@people.test",)]


def test_a_restored_copy_is_left_alone(
    work: Work, machines: sa.Engine, lines: list[Transport]
) -> None:
    with session(machines, writing=True) as opened:
        put_fact(opened, RESTORED_AT, NOON.isoformat())
        opened.commit()
    work.plan()
    work.catch_up()
    work.send_rows([1, 2, 3])
    assert (everything(machines), queued(machines), lines) == ([], [], [])

    with session(machines, writing=True) as opened:
        pausing.resume(opened)
        opened.commit()
    work.plan()
    assert len(queued(machines)) == 3


def test_planning_that_is_told_to_stop_leaves_nothing_half_done(
    work: Work, site: Site, machines: sa.Engine
) -> None:
    stopped = Work(work.desk, work.transport, stopping=lambda: True, now=site.clock)
    with pytest.raises(StoppedError):
        stopped.plan()
    assert (everything(machines), queued(machines)) == ([], [])
    work.plan()
    assert queued(machines) == everything(machines)


def test_a_sweep_erases_what_was_kept_long_enough(work: Work, site: Site) -> None:
    site.clock.forward(timedelta(days=430))
    work.sweep()
    with session(work.desk.engine) as opened:
        assert opened.scalar(sa.text("SELECT count(*) FROM subscriber")) == 0


def test_what_a_task_fails_of_is_told_by_its_kind_alone() -> None:
    def quote() -> None:
        raise ValueError("cleo@people.test has a BRCA1 mutation")

    with capture_logs() as told, pytest.raises(JobError, match=r"^ValueError$") as caught:
        guarded(quote)
    assert caught.value.__suppress_context__
    assert [line["kind"] for line in told] == ["ValueError"]
    assert "cleo" not in str(told)


def test_a_database_that_cannot_be_used_is_told_with_its_mend() -> None:
    def break_off() -> None:
        raise StoreError("the disk is full", "here", "Free some space.", kind="full")

    with capture_logs() as told, pytest.raises(JobError, match=r"^full$"):
        guarded(break_off)
    assert told[0]["mend"] == "Free some space."


def test_a_task_that_was_told_to_stop_has_not_failed() -> None:
    def stop() -> None:
        raise StoppedError

    with capture_logs() as told:
        guarded(stop)
    assert told == []
