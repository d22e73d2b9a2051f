"""Bench: the benchmark of the engine on generated data, beside other engines."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import click
from rich.console import Console

from matcher.bench import ours
from matcher.bench.billion import run_billion
from matcher.bench.contestants import Contestant, contestants
from matcher.bench.growth import CATALOGUES, measure_growth, measure_latency, measure_split
from matcher.bench.measuring import Tell, measure_memory, race
from matcher.bench.report import Report, report_json
from matcher.bench.workload import Size, Workload
from matcher.cli.bench_tables import print_report
from matcher.cli.opening import open_rules
from matcher.cli.tables import print_json
from matcher.config import load_settings

QUICK = Size(studies=200, people=500)
ROUNDS, QUICK_ROUNDS = 5, 2


@click.command()
@click.option("--studies", type=click.IntRange(1, 1_000_000), help="How many studies. [1000]")
@click.option("--profiles", type=click.IntRange(1, 10_000_000), help="How many people. [10000]")
@click.option(
    "--seed", type=int, default=1, show_default=True, help="What everything is drawn from."
)
@click.option("--rounds", type=click.IntRange(1, 100), help="Rounds, each engine once. [5]")
@click.option(
    "--top",
    type=click.IntRange(1, 1000),
    default=20,
    show_default=True,
    help="How many of the best.",
)
@click.option("--without", multiple=True, metavar="NAME", help="Leave an engine out; repeatable.")
@click.option("--quick", is_flag=True, help="Small sizes and two rounds: to see that it works.")
@click.option("--billion", is_flag=True, help="Only one run of 1,000,000,000 pairs, streamed.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def bench(
    rounds: int | None,
    without: tuple[str, ...],
    *,
    quick: bool,
    billion: bool,
    as_json: bool,
    **drawn: Any,
) -> None:
    """Time the engine on generated people and studies, beside other engines, and tell how.

    The others need the optional group `bench`; one that is not installed is named and left out.
    """
    try:
        entered = contestants(without)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--without") from None
    if billion and (quick or drawn["studies"] or drawn["profiles"]):
        what = "--billion has sizes of its own; leave --quick, --studies and --profiles out"
        raise click.UsageError(what)
    size = _size(QUICK if quick else Size(), **drawn)
    report = Report(
        Workload(open_rules(load_settings()), size), rounds or (QUICK_ROUNDS if quick else ROUNDS)
    )
    with _telling() as tell:
        if billion:
            report.billion = run_billion(report.workload, kernel=ours.fastest(), tell=tell)
        else:
            _measure(report, entered, CATALOGUES[:1] if quick else CATALOGUES, tell)
    if as_json:
        print_json(report_json(report))
    else:
        print_report(report)


def _size(usual: Size, *, studies: int | None, profiles: int | None, seed: int, top: int) -> Size:
    return Size(studies or usual.studies, profiles or usual.people, seed, top)


def _measure(
    report: Report, entered: list[Contestant], catalogues: Sequence[int], tell: Tell
) -> None:
    """Everything but the billion."""
    workload, kernel = report.workload, ours.fastest()
    report.timings = race(workload, entered, rounds=report.rounds, tell=tell)
    measure_memory(report.timings, workload.size, tell=tell)
    report.split = measure_split(workload, kernel=kernel, tell=tell)
    report.growth = measure_growth(workload, kernel=kernel, tell=tell)
    report.latency = measure_latency(workload, catalogues, tell=tell)


@contextmanager
def _telling() -> Iterator[Tell]:
    """What is going on, on stderr, where that is a terminal; otherwise nothing."""
    console = Console(file=sys.stderr)
    if not console.is_terminal:
        yield lambda text: None  # noqa: ARG005
        return
    with console.status("drawing people and studies") as status:
        yield status.update
