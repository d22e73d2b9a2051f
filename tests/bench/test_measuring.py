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


def wrong_for_many(workload: Workload, people: int) -> Callable[[], Answer]:
    return (wrong if people > 2 else right)(workload, people)


def broken(_: Workload, __: int) -> Callable[[], Answer]:
    raise TypeError("takes 2 arguments")


def absent(_: Workload, __: int) -> Callable[[], Answer]:
    raise ImportError("No module named 'absent'", name="absent")


def test_wrong_and_absent_engines_are_named_and_not_timed(workload: Workload) -> None:
    entered = [entry("ours", right), entry("wrong", wrong), entry("absent", absent)]
    entered.append(entry("broken", broken))
    ours, liar, missing, fallen = race(workload, entered, rounds=2, tell=silent)
    assert len(ours.pace) == 2
    assert ours.problem is None
    assert "differently" in str(liar.problem)
    assert missing.problem == "not installed: absent"
    assert fallen.problem == "failed: TypeError: takes 2 arguments"
    assert not liar.pace
    assert not missing.pace


def test_an_answer_that_is_wrong_beyond_the_sample_is_noticed(
    workload: Workload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "SAMPLE", 2)
    entered = [entry("ours", right), entry("liar", wrong_for_many)]
    _, liar = race(workload, entered, rounds=1, tell=silent)
    assert liar.problem == "answers differently on 60 people"


def test_our_own_mistakes_are_not_hushed_up(workload: Workload) -> None:
    with pytest.raises(TypeError):
        race(workload, [entry("ours-new-facts", broken)], rounds=1, tell=silent)


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


@pytest.mark.parametrize(
    ("at_once", "each", "people"),
    [
        (0.0, 0.01, 60),  # 0.6 s for everybody
        (0.9, 0.0, 60),  # much whoever comes, nothing more for each
        (0.0, 0.1, 10),  # 6 s for everybody: 1 s
        (0.5, 0.1, 5),
        (0.0, 3.0, 1),  # more than a second each
    ],
)
def test_who_is_slow_is_timed_on_fewer_people(
    workload: Workload,
    monkeypatch: pytest.MonkeyPatch,
    at_once: float,
    each: float,
    people: int,
) -> None:
    asked = [0]

    def ready(workload: Workload, people: int) -> Callable[[], Answer]:
        asked.append(people)
        return right(workload, people)

    monkeypatch.setattr(measuring, "SAMPLE", 2)
    monkeypatch.setattr(measuring, "PATIENCE", 1.0)
    monkeypatch.setattr(measuring, "_time", lambda _: at_once + each * asked[-1])
    (slow,) = race(workload, [entry("slow", ready)], rounds=1, tell=silent)
    assert slow.people == people


def test_a_busy_moment_in_a_short_run_drives_nobody_out(
    workload: Workload, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [0]

    def ready(workload: Workload, people: int) -> Callable[[], Answer]:
        asked.append(people)
        return right(workload, people)

    seconds = {2: 0.3, 12: 0.9, 60: 0.9}
    monkeypatch.setattr(measuring, "SAMPLE", 2)
    monkeypatch.setattr(measuring, "PATIENCE", 1.0)
    monkeypatch.setattr(measuring, "_time", lambda _: seconds[asked[-1]])
    (one,) = race(workload, [entry("one", ready)], rounds=1, tell=silent)
    assert one.people == 60


def test_an_engine_that_does_not_exist_cannot_be_left_out() -> None:
    assert "plain" not in {one.name for one in contestants(["plain"])}
    with pytest.raises(ValueError, match="nobody"):
        contestants(["nobody"])
