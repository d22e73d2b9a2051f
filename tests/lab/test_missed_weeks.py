"""Test: one mail per period, whatever clocks do; after missed weeks one that holds everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from matcher.core.rulebook import Rulebook
from matcher.services.short_names import short_name
from tests.lab.clock_control import WEEK, local
from tests.lab.inhabitants import add_people, add_studies, address_of
from tests.lab.lab_site import Site
from tests.lab.smtp_double import SmtpDouble
from tests.lab.verdict import Mail, faults

NEW_YORK, SYDNEY = "America/New_York", "Australia/Sydney"


@pytest.fixture
def one_site(sqlite_url: str, tmp_path: Path, rulebook: Rulebook, double: SmtpDouble) -> Site:
    """Where the kind of database makes no difference."""
    return Site(sqlite_url, tmp_path, rulebook, double)


def run(site: Site) -> int:
    """Plan and send; returns how many mails were accepted since."""
    before = site.double.count()
    with site.shift() as shift:
        shift.plan()
        shift.send()
    return site.double.count() - before


def told(site: Site) -> list[set[str]]:
    """The studies of each mail, oldest first, by short names."""
    return [set(Mail.read(one).studies) for one in site.double.accepted()]


def names(*keys: str) -> set[str]:
    return {short_name(key) for key in keys}


def judged(site: Site, *keys: str) -> list[str]:
    return faults(site.rows(), site.double.accepted(), wanted={address_of("ann"): keys})


def periods(site: Site) -> list[tuple[str, str]]:
    return [(row.period, row.state) for row in site.rows()]


def test_weeks_without_a_sender_end_in_one_mail(site: Site) -> None:
    add_studies(site, "first")
    add_people(site, "ann")
    assert run(site) == 1
    for key in ("two", "three", "four"):
        site.clock.forward(WEEK)
        add_studies(site, key)
        site.plan()
    assert run(site) == 1
    assert told(site) == [names("first"), names("two", "three", "four")]
    assert periods(site) == [
        ("2026-W49", "sent"),
        ("2026-W50", "superseded"),
        ("2026-W51", "superseded"),
        ("2026-W52", "sent"),
    ]
    reasons = {row.reason for row in site.rows() if row.state == "superseded"}
    assert reasons == {"a newer digest holds its reviews"}
    assert judged(site, "first", "two", "three", "four") == []


def test_weeks_without_any_run_end_in_one_mail(one_site: Site) -> None:
    site = one_site
    add_studies(site, "first")
    add_people(site, "ann")
    assert run(site) == 1
    add_studies(site, "two", "three")
    site.clock.forward(3 * WEEK)
    assert run(site) == 1
    assert told(site) == [names("first"), names("two", "three")]
    assert periods(site) == [("2026-W49", "sent"), ("2026-W52", "sent")]


def test_a_clock_that_jumps_back_and_forth(one_site: Site) -> None:
    site = one_site
    add_studies(site, "first")
    add_people(site, "ann")
    run(site)
    for number, jump in enumerate([-2 * WEEK, WEEK, 9 * WEEK, -8 * WEEK, WEEK, 2 * WEEK]):
        add_studies(site, f"study{number}")
        site.clock.forward(jump)
        run(site)
        assert run(site) == 0
    site.clock.forward(20 * WEEK)
    run(site)
    assert [row for row in periods(site) if row[1] not in ("sent", "empty")] == []
    keys = ["first", *(f"study{number}" for number in range(6))]
    # Each study once, in all the mails together.
    assert sorted(name for mail in told(site) for name in mail) == sorted(names(*keys))
    assert judged(site, *keys) == []


@pytest.mark.parametrize(
    ("zone", "frequency", "at", "due"),
    [
        # Half past one comes twice that night; the first one counts.
        (NEW_YORK, "monthly", time(1, 30), local(NEW_YORK, date(2026, 11, 1), 1, 30)),
        # Half past two does not come at all.
        (SYDNEY, "monthly", time(2, 30), local(SYDNEY, date(2028, 10, 1), 3)),
        # A week that is an hour shorter than others, and one that is an hour longer.
        (NEW_YORK, "weekly", time(8), local(NEW_YORK, date(2027, 3, 15), 8)),
        (NEW_YORK, "weekly", time(8), local(NEW_YORK, date(2027, 11, 8), 8)),
    ],
)
def test_when_clocks_change(
    one_site: Site, zone: str, frequency: str, at: time, due: datetime
) -> None:
    site = one_site
    site.settings = replace(site.settings, digest_time=at)
    site.clock.at = due - timedelta(days=5)
    add_studies(site, "first")
    add_people(site, "ann", zone=zone, frequency=frequency)
    assert run(site) == 1
    mailed = []
    for number, minutes in enumerate((-30, -1, 0, 60)):
        site.clock.at = due + timedelta(minutes=minutes)
        add_studies(site, f"study{number}")
        if run(site):
            mailed.append(minutes)
    assert mailed == [0]
    assert told(site) == [names("first"), names("study0", "study1", "study2")]
