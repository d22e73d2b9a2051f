"""Test: several programs plan and send at once, and one of them stops at the worst moment."""

from __future__ import annotations

from collections import Counter

import pytest

from matcher.mail.transport import Envelope, Fate, Outcome
from tests.lab.clock_control import WEEK
from tests.lab.forked import forked, stop_here
from tests.lab.inhabitants import add_people, add_studies, address_of
from tests.lab.lab_site import Site
from tests.lab.schedulers import at_first_mail, end_of, harass, lapse, scheduler
from tests.lab.trial import LATER, quiet
from tests.lab.verdict import faults

STUDIES = ("one", "two")
PEOPLE = tuple(f"person{number}" for number in range(8))


@pytest.fixture
def busy(site: Site) -> Site:
    """A site where everybody's digest is due."""
    add_studies(site, *STUDIES)
    add_people(site, *PEOPLE)
    site.make_ready()
    return site


def stop(_: Envelope) -> None:
    stop_here()


def accepted(site: Site) -> Counter[str]:
    """How many mails were accepted for each name."""
    return Counter(one.recipients[0].partition("@")[0] for one in site.double.accepted())


def judged(site: Site, weeks: int = 2) -> list[str]:
    """What is wrong after the next weeks' runs."""

    def weeks_pass() -> None:
        with site.shift() as shift:
            shift.clock.forward(LATER)
            shift.send()
            for _ in range(weeks):
                shift.clock.forward(WEEK)
                shift.plan()
                shift.send()

    lapse(site)
    forked(weeks_pass)
    quiet(site.double)
    wanted = {address_of(name): STUDIES for name in PEOPLE}
    return faults(site.rows(), site.double.accepted(), wanted=wanted)


def test_two_at_once_share_the_work(busy: Site) -> None:
    counts = Counter[str]()
    for program in [scheduler(busy), scheduler(busy)]:
        for run in program.result():
            counts.update(run)
    assert counts["sent"] == len(PEOPLE)
    assert accepted(busy) == Counter(PEOPLE)
    assert busy.states() == dict.fromkeys(PEOPLE, "sent")


@pytest.mark.parametrize(("moment", "arrives"), [("before_look", 0), ("after", 1)])
def test_one_that_sleeps_past_its_lease_says_nothing_more(
    busy: Site, moment: str, arrives: int
) -> None:
    sleeper = scheduler(busy, wrap=at_first_mail(moment, stop))
    assert sleeper.wait_until_stopped()
    lapse(busy)
    (others,) = scheduler(busy).result()
    assert others == {"uncertain": 1, "sent": len(PEOPLE) - 1}
    sleeper.wake()
    # Neither the mail that it had in hand, nor the rows that it had claimed, are its own now.
    assert end_of(sleeper) == [{"lost": 3}]
    (first,) = [name for name, state in busy.states().items() if state == "uncertain"]
    assert accepted(busy)[first] == arrives
    assert judged(busy) == []


def test_one_that_sleeps_within_its_lease_is_left_alone(busy: Site) -> None:
    sleeper = scheduler(busy, wrap=at_first_mail("before_look", stop))
    assert sleeper.wait_until_stopped()
    (others,) = scheduler(busy).result()
    assert others == {"sent": len(PEOPLE) - 3}
    busy.clock.forward(WEEK)
    # Who is just being mailed is not planned; who was only claimed is.
    planned = forked(busy.plan)
    assert (planned.waiting, planned.superseded) == (1, 2)
    sleeper.wake()
    assert end_of(sleeper) == [{"sent": 1, "lost": 2}]
    assert judged(busy) == []


def test_rows_that_others_have_are_not_given_back(busy: Site) -> None:
    class Refused:
        """Falls asleep, and finds that the server refuses everything."""

        def send(self, *_: object, **__: object) -> Outcome:
            stop_here()
            return Outcome(Fate.OURS, 451, "the mail server does not take our sender: 451")

        def close(self) -> None:
            """There is no connection."""

    sleeper = scheduler(busy, wrap=lambda _: Refused())
    assert sleeper.wait_until_stopped()
    lapse(busy)
    other = scheduler(busy, wrap=at_first_mail("after", stop))
    assert other.wait_until_stopped()
    # Both have the sleeper's second and third row in hand: the other one rightly.
    sleeper.wake()
    end_of(sleeper)
    scheduler(busy).result()
    other.wake()
    end_of(other)
    assert judged(busy) == []


def test_one_that_dies_leaves_its_work_to_the_other(busy: Site) -> None:
    dying = scheduler(busy, wrap=at_first_mail("before_dot", stop))
    assert dying.wait_until_stopped()
    dying.kill()
    assert end_of(dying) == []
    lapse(busy)
    (others,) = scheduler(busy).result()
    assert others == {"uncertain": 1, "sent": len(PEOPLE) - 1}
    assert judged(busy) == []


@pytest.mark.volume
@pytest.mark.timeout(0)
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("count", [4, 8])
def test_many_that_are_stopped_and_killed(busy: Site, count: int, seed: int) -> None:
    add_people(busy, *(f"more{number}" for number in range(40)))
    programs = [scheduler(busy, runs=3) for _ in range(count)]
    harass(busy, programs, seed=seed, deeds=60)
    for program in programs:
        end_of(program)
    assert judged(busy) == []
