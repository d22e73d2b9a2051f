"""Test: whatever line a run is killed at, no mail arrives twice, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from matcher.mail import deadline, dialing, envelope, line, outcome, transport
from matcher.services.digests import (
    acknowledging,
    batches,
    drafting,
    letters,
    patience,
    pausing,
    planning,
    recording,
    recovering,
    sending,
    sending_rules,
)
from matcher.store import clock, database, deliveries, digest_rows, ledger, signups, subscribers
from tests.lab.clock_control import WEEK
from tests.lab.inhabitants import add_link_letters, add_newcomers, add_people, add_studies
from tests.lab.lab_site import Site
from tests.lab.line_killer import LineKiller
from tests.lab.trial import LATER, Trial

SENT_BY = [
    *(sending, sending_rules, drafting, letters, recording, acknowledging, recovering),
    *(patience, pausing),
    *(transport, line, dialing, deadline, envelope, outcome),
    *(ledger, clock, database, deliveries, signups, subscribers),
]
PLANNED_BY = [planning, batches, acknowledging, digest_rows, clock, database, subscribers]
SENDING, PLANNING = LineKiller(SENT_BY), LineKiller(PLANNED_BY)
BOTH = LineKiller([*SENT_BY, planning, batches, digest_rows])
DECISIVE = LineKiller([drafting, recording, acknowledging, transport])
STUDIES = ("one", "two", "three")


PEOPLE = ("ann", "bea", "cai")


def sending_trial(site: Site) -> Trial:
    """Three digests, a confirmation and the link to somebody's page are due."""
    add_studies(site, *STUDIES)
    add_people(site, *PEOPLE)
    site.plan()
    add_newcomers(site, "new")
    add_link_letters(site, "cai")
    return Trial(site, site.send, dict.fromkeys(PEOPLE, STUDIES))


def planning_trial(site: Site) -> Trial:
    """One has a digest of last week that never went out, the other came since."""
    add_studies(site, *STUDIES)
    add_people(site, "ann")
    site.plan()
    add_people(site, "bea")
    site.clock.forward(WEEK)
    return Trial(site, site.plan, dict.fromkeys(("ann", "bea"), STUDIES))


def whole_trial(site: Site) -> Trial:
    """Planning, a run in which one mail is put off, and the run that tries it again."""
    add_studies(site, *STUDIES)
    add_people(site, "ann", "bea")

    def job() -> None:
        with site.shift() as shift:
            shift.plan()
            site.double.set_mode("ok", {"ann": "rcpt_451"})
            shift.send()
            site.double.set_mode("ok")
            shift.clock.forward(LATER)
            shift.send()

    return Trial(site, job, dict.fromkeys(("ann", "bea"), STUDIES))


@pytest.mark.parametrize(
    ("trial", "killer", "share"),
    [(sending_trial, DECISIVE, 61), (planning_trial, PLANNING, 211), (whole_trial, BOTH, 701)],
)
def test_killed_at_some_lines(
    site: Site, trial: Callable[[Site], Trial], killer: LineKiller, share: int
) -> None:
    assert trial(site).run(killer, first=share, every=share) > 0


@pytest.mark.volume
@pytest.mark.timeout(0)
@pytest.mark.parametrize(
    ("trial", "killer"),
    [(sending_trial, SENDING), (planning_trial, PLANNING), (whole_trial, BOTH)],
)
def test_killed_at_every_line(
    site: Site, trial: Callable[[Site], Trial], killer: LineKiller
) -> None:
    made = trial(site)
    points = made.run(killer)
    print(f"\n{trial.__name__}: {points} points, {len(made.judged)} different leftovers")
    assert points > 100
