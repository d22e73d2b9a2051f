"""Measuring: who is wrong or absent is named and not timed; rounds interleave; ratios by round."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from matcher.bench import measuring
from matcher.bench.contest import Answer
from matcher.bench.contestants import Contestant, contestants
from matcher.bench.measuring import Timing, race, ratios
from matcher.bench.workload import Workload


def silent(_: str) -> None:
    """Tell nobody."""


def entry(name: str, ready: Callable[[Workload, int], Callable[[], Answer]]) -> Contestant:
    return Contestant(name, name, "for the test", (), ready)


def right(workload: Workload, people: int) -> Callable[[], Answer]:
    return contestants()[0].ready(workload, people)


def wrong(workload: Workload, people: int) -> Callable[[], Answer]:
    run = right(workload, people)
    return lambda: replace(run(), scores=run().scores + 1)


def absent(_: Workload, __: int) -> Callable[[], Answer]:
    raise ImportError("No module named 'absent'", name="absent")


def test_wrong_and_absent_engines_are_named_and_not_timed(workload: Workload) -> None:
    entered = [entry("ours", right), entry("wrong", wrong), entry("absent", absent)]
    ours, liar, missing = race(workload, entered, rounds=2, tell=silent)
    assert len(ours.pace) == 2
    assert ours.problem is None
    assert "differently" in str(liar.problem)
    assert missing.problem == "not installed: absent"
    assert not liar.pace
    assert not missing.pace


def test_every_round_runs_everybody_once_and_begins_with_another(
    workload: Workload, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def named(name: str) -> Contestant:
        def ready(workload: Workload, people: int) -> Callable[[], Answer]:
            run = right(workload, people)

            def say() -> Answer:
                told.append(name)
                return run()

            return say

        return entry(name, ready)

    monkeypatch.setattr(measuring, "WARM_RUNS", 0)
    timings = race(workload, [named("a"), named("b"), named("c")], rounds=3, tell=silent)
    assert told[-9:] == ["a", "b", "c", "b", "c", "a", "c", "a", "b"]
    assert [timing.people for timing in timings] == [60, 60, 60]


def test_ratios_are_of_the_same_round() -> None:
    fast, slow = (Timing(entry("x", right), pace=pace) for pace in ([8.0, 30.0], [2.0, 3.0]))
    assert ratios(fast, slow) == [4.0, 10.0]


def test_who_is_slow_is_timed_on_fewer_people(
    workload: Workload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "SAMPLE", 2)
    monkeypatch.setattr(measuring, "ENOUGH_TO_JUDGE", 0.0)
    monkeypatch.setattr(measuring, "PATIENCE", 1.0)
    monkeypatch.setattr(measuring, "_time", lambda _: 0.2)
    (slow,) = race(workload, [entry("slow", right)], rounds=1, tell=silent)
    assert slow.people == 10


def test_an_engine_that_does_not_exist_cannot_be_left_out() -> None:
    assert "plain" not in {one.name for one in contestants(["plain"])}
    with pytest.raises(ValueError, match="nobody"):
        contestants(["nobody"])
