"""The clock by which people are erased: one that jumps ahead is not believed at once."""

from __future__ import annotations

from datetime import timedelta

from matcher.mail.doctor import State
from matcher.services.digests.checkup import check_up
from matcher.services.digests.desk import Desk
from matcher.services.subscribing.renewing import Swept, ends_at, sweep
from matcher.services.subscribing.trusted_clock import doubted
from matcher.store.database import session
from tests.services.subscribing.kept import NOW, add_person, person_of

DAY = timedelta(days=1)
YEARS_ON = NOW + 800 * DAY


def is_doubted(desk: Desk) -> bool:
    with session(desk.engine) as opened:
        return doubted(opened) is not None


def test_a_clock_that_jumps_ahead_erases_nobody_and_is_forgotten_once_put_right(
    desk: Desk,
) -> None:
    add_person(desk)
    sweep(desk, now=NOW)
    for hours in range(3):
        assert sweep(desk, now=YEARS_ON + timedelta(hours=hours)) == Swept()
    assert is_doubted(desk)
    assert person_of(desk) is not None
    sweep(desk, now=NOW + DAY)
    assert not is_doubted(desk)
    assert person_of(desk) is not None


def test_a_clock_that_jumps_again_is_doubted_anew(desk: Desk) -> None:
    add_person(desk)
    sweep(desk, now=NOW)
    for years in range(1, 4):
        assert sweep(desk, now=NOW + years * 800 * DAY) == Swept()
    assert person_of(desk) is not None


def test_a_machine_that_was_off_for_long_sweeps_after_a_week(desk: Desk) -> None:
    add_person(desk)
    sweep(desk, now=NOW)
    assert sweep(desk, now=YEARS_ON).ended == 0
    assert sweep(desk, now=YEARS_ON + 6 * DAY).ended == 0
    assert sweep(desk, now=YEARS_ON + 7 * DAY).ended == 1
    assert not is_doubted(desk)


def test_eight_weeks_without_a_sweep_are_believed(desk: Desk) -> None:
    add_person(desk, standing="paused")
    sweep(desk, now=ends_at(NOW) - timedelta(weeks=8))
    assert sweep(desk, now=ends_at(NOW)).ended == 1


def test_the_doctor_says_that_the_clock_is_doubted(desk: Desk) -> None:
    def told() -> State:
        found = check_up(desk.engine, desk.settings, now=NOW)
        return next(one.state for one in found if one.what == "clock")

    sweep(desk, now=NOW)
    assert told() is State.OK
    sweep(desk, now=YEARS_ON)
    assert told() is State.TO_DO
