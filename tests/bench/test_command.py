"""The command: one JSON document, or the method and tables; never a figure without its spread."""

import json
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import pytest

from matcher.bench.billion import run_billion
from matcher.bench.contestants import contestants
from matcher.bench.growth import measure_growth, measure_latency, measure_split
from matcher.bench.measuring import Tell, Timing, measure_memory, race
from matcher.bench.workload import Size, Workload
from matcher.cli import main, opening
from matcher.core.machine import arrays, executors
from tests.kept import rules_of

bench = import_module("matcher.cli.bench")
KEPT = {"ours-numpy-facts", "ours-numpy-answers", "polars"}
PARTS = ["loading", "facts", "conditions", "kernel", "reasons"]


def silent(_: str) -> None:
    """Tell nobody."""


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["matcher", "bench", *words])
    with pytest.raises(SystemExit) as stopped:
        main()
    return int(stopped.value.code or 0)


def memory_of_the_first(timings: Sequence[Timing], size: Size, *, tell: Tell) -> None:
    """Each contestant's memory takes a process of its own; one shows that the figure comes."""
    measure_memory(timings[:1], size, tell=tell)


def test_one_document_with_method_versions_and_figures(
    instance: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bench, "CATALOGUES", (30, 60))
    monkeypatch.setattr(bench, "measure_memory", memory_of_the_first)
    monkeypatch.setattr(opening, "load_rules", rules_of)
    left_out = [w for one in contestants() if one.name not in KEPT for w in ("--without", one.name)]
    size = ("--quick", "--studies", "40", "--profiles", "70", "--json")
    assert run(monkeypatch, *size, *left_out) == 0
    out, err = capsys.readouterr()
    document = json.loads(out)
    assert err == ""
    assert list(instance.glob("*.db")) == []
    assert document["workload"]["studies"] == 40
    assert {"python", "numpy", "polars"} <= set(document["versions"])
    assert {engine["name"] for engine in document["engines"]} == KEPT
    remembered = [engine["memory"] for engine in document["engines"]]
    assert remembered[0] > 0
    for engine in document["engines"]:
        pace = engine["pairs_a_second"]
        assert pace["least"] <= pace["median"] <= pace["greatest"]
        assert set(engine["ours_is_times_as_fast"]) == {"facts", "answers"}
        assert len(engine["seconds"]) == 2
    assert list(document["split"]) == PARTS
    assert [one["studies"] for one in document["growth"]] == [40, 400, 40]
    assert [one["studies"] for one in document["latency"]] == [30]
    assert document["method"]


def test_an_unknown_engine_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--without", "nobody") == 2
    assert "polars" in capsys.readouterr().err


def test_growth_latency_and_split_tell_sizes_and_parts(workload: Workload) -> None:
    base, studies, people = measure_growth(workload, kernel="numpy", tell=silent)
    assert base.times == 1
    assert (studies.studies, studies.people) == (1500, 60)
    assert (people.studies, people.people) == (150, 600)
    (latency,) = measure_latency(workload, [30], tell=silent)
    assert 0 < latency.match <= latency.match_slow
    split = measure_split(workload, kernel="numpy", tell=silent)
    assert list(split) == PARTS
    assert min(split.values()) >= 0


def test_a_stream_in_blocks_counts_everybody_once(workload: Workload) -> None:
    told = run_billion(workload, kernel="numpy", tell=silent, studies=20, people=60)
    run_all = contestants()[0].ready(workload, 60)()
    whole = run_billion(workload, kernel="numpy", tell=silent, studies=150, people=60)
    assert (told.studies, told.people) == (20, 60)
    assert whole.fits == int(run_all.counts[:, 0].sum())


def test_the_long_run_has_sizes_of_its_own(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "--billion", "--studies", "5") == 2
    assert "sizes of its own" in capsys.readouterr().err


def test_a_kernel_that_is_not_installed_is_named(
    workload: Workload, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.setattr(executors, "_loaded", {"numpy": arrays})
    entered = [one for one in contestants() if one.name.endswith("-facts")]
    numpy, numba = race(workload, entered, rounds=1, tell=silent)
    assert (numpy.problem, numba.problem) == (None, "not installed: numba")
