"""Workers: processes on one queue send each mail once, whoever of them stops or dies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from matcher.cli.worker import worker as commands
from matcher.config import ConfigError
from matcher.jobs import queue, worker
from matcher.jobs.tasks import Work
from matcher.mail.transport import SmtpTransport
from matcher.store.errors import StoreError
from matcher.store.tables import QUEUE_SCHEMA
from tests.jobs.machines import Command, Forked, Machine, until
from tests.jobs.watching import JOBS, do, queued, states
from tests.lab.inhabitants import add_people, add_studies
from tests.lab.lab_site import Site
from tests.lab.smtp_double import SmtpDouble

PEOPLE = 40
Start = Callable[..., list[Machine]]
FORGET = (
    f"DELETE FROM {JOBS}",
    f"DELETE FROM {QUEUE_SCHEMA}.procrastinate_periodic_defers",
)
WORKERS = f"{QUEUE_SCHEMA}.procrastinate_workers"


@pytest.fixture
def town(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """Forty people for whom there is something new, five in a job."""
    monkeypatch.setattr(queue, "ROWS_A_JOB", 5)
    add_studies(site, "one", "two")
    add_people(site, *(f"reader{number}" for number in range(PEOPLE)))
    return site


@pytest.fixture
def start(town: Site) -> Iterator[Start]:
    """Starts machines, waits until they are up, and ends them with the test."""
    started: list[Machine] = []

    def begin(*names: str, kind: type[Forked | Command] = Forked) -> list[Machine]:
        new: list[Machine] = [kind(town, name) for name in names]
        started.extend(new)
        assert until(lambda: all(machine.is_up() for machine in new))
        return new

    yield begin
    for machine in started:
        machine.kill()


def plan(site: Site) -> None:
    """What the task does every quarter of an hour."""
    server = site.settings.smtp
    assert server is not None
    with site.desk() as desk:
        Work(desk, lambda: SmtpTransport(server), now=site.clock).plan()


def received(double: SmtpDouble) -> Counter[str]:
    """How many mails each person was sent."""
    return Counter(recipient for mail in double.accepted() for recipient in mail.recipients)


def workers(engine: sa.Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(sa.text(f"SELECT count(*) FROM {WORKERS}")) or 0)


def test_two_machines_send_each_mail_once(
    town: Site, machines: sa.Engine, double: SmtpDouble, start: Start
) -> None:
    both = start("north", "south")
    plan(town)
    assert until(lambda: states(machines)["sent"] == PEOPLE), states(machines)
    assert received(double) == Counter(f"reader{number}@people.test" for number in range(PEOPLE))
    assert [machine.stop() for machine in both] == [0, 0]
    assert workers(machines) == 0
    assert queued(machines) == []


def test_what_a_machine_that_died_had_in_hand_is_taken_up_and_nothing_is_sent_twice(
    town: Site, machines: sa.Engine, double: SmtpDouble, start: Start
) -> None:
    double.set_mode("slow_ok")
    (doomed,) = start("doomed")
    assert until(lambda: workers(machines) == 1)
    start("steady")
    plan(town)
    assert until(lambda: len(double.accepted()) >= 5)
    doomed.kill()

    # The night passes for what it held, and it has given no sign of life. Then a minute begins.
    dead = f"(SELECT min(id) FROM {WORKERS})"
    held = f"SELECT jsonb_array_elements_text(args -> 'ids')::integer FROM {JOBS}"
    night = "interval '1 day'"
    do(
        machines,
        f"UPDATE delivery SET lease_until = lease_until - {night}"
        f" WHERE id IN ({held} WHERE worker_id = {dead})",
        f"UPDATE {WORKERS} SET last_heartbeat = last_heartbeat - {night} WHERE id = {dead}",
        FORGET[1],
    )
    double.set_mode("ok")
    start("fresh")
    assert until(lambda: states(machines).keys() <= {"sent", "uncertain"}), states(machines)

    found = states(machines)
    assert found.total() == PEOPLE
    assert found["uncertain"] <= 1
    assert set(received(double).values()) == {1}
    assert found["sent"] <= len(received(double)) <= PEOPLE


def test_a_machine_stops_between_two_mails_and_a_lost_queue_loses_nothing(
    town: Site,
    machines: sa.Engine,
    double: SmtpDouble,
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queue, "ROWS_A_JOB", PEOPLE)
    double.set_mode("slow_ok")
    (first,) = start("first", kind=Command)
    plan(town)
    assert until(lambda: len(double.accepted()) >= 2)
    assert first.stop() == 0
    found = states(machines)
    assert found.keys() == {"sent", "due"}
    assert found["sent"] == len(double.accepted()) < PEOPLE

    do(machines, *FORGET)
    double.set_mode("ok")
    start("second")
    assert until(lambda: states(machines)["sent"] == PEOPLE), states(machines)
    assert set(received(double).values()) == {1}


def test_a_machine_does_not_wait_for_a_server_that_does_not_answer(
    town: Site,
    machines: sa.Engine,
    double: SmtpDouble,
    start: Start,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "GRACE", 0.2)
    double.set_mode("accept_then_stall")
    (stuck,) = start("stuck")
    plan(town)
    assert until(lambda: len(double.accepted()) == 1)
    assert stuck.stop() == 1
    assert states(machines) == {"sending": 1, "claimed": 4, "due": PEOPLE - 5}


def test_a_worker_says_what_is_missing(
    instance: object, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    del instance
    run = CliRunner().invoke
    assert isinstance(error := run(commands, ["run"]).exception, StoreError)
    assert "needs PostgreSQL" in error.what
    assert isinstance(run(commands, ["prepare"]).exception, StoreError)

    monkeypatch.setenv("MATCHER_DATABASE_URL", postgres_url)
    assert isinstance(fault := run(commands, ["run"]).exception, ConfigError)
    assert "MATCHER_SMTP_URL" in fault.what
    for name, value in (
        ("PUBLIC_URL", "https://reviews.test"),
        ("SMTP_URL", "smtp://127.0.0.1:25"),
        ("MAIL_FROM", "digest@reviews.test"),
    ):
        monkeypatch.setenv(f"MATCHER_{name}", value)
    assert isinstance(error := run(commands, ["run"]).exception, StoreError)
    assert "matcher worker prepare" in error.mend
    said = [run(commands, ["prepare"]).output for _ in range(2)]
    assert said == ["The queue is ready.\n", "Nothing had to be done.\n"]
