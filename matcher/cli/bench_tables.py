"""Bench tables: how the benchmark's report looks on a terminal."""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.table import Table

from matcher.bench import ours
from matcher.bench.method import METHOD
from matcher.bench.report import Report, machine, report_json, versions

WIDTH = 120
MILLION = 1e6
MEGABYTE = 1 << 20


def print_report(report: Report) -> None:
    """The method, then every part that was measured."""
    # Tables of figures do not wrap well: a file or a pipe gets wide lines.
    out = Console(file=sys.stdout, highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    document = report_json(report)
    for line in METHOD:
        out.print(f"- {line}", markup=False)
    work = document["workload"]
    out.print(
        f"\n{work['studies']:,} studies × {work['people']:,} people, seed {work['seed']}, the best"
        f" {work['top']}, on {work['today']}: {work['facts']} facts, {work['tags']} tags,"
        f" {work['criteria']} criteria, {work['groups']} groups, {work['audiences']} audiences."
    )
    told = ", ".join(f"{name} {version}" for name, version in versions(report.timings).items())
    where = machine()
    out.print(f"{where['cores']} cores, {where['processor']}, {where['system']}; {told}.\n")
    for table in (
        _engines(document["engines"]),
        _growth(document["growth"]),
        _latency(document["latency"]),
        _split(document["split"]),
        _billion(document["billion"]),
    ):
        if table is not None:
            out.print(table)
            out.print()


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False)
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position else "left")
    return table


def _engines(engines: list[dict[str, Any]]) -> Table | None:
    if not engines:
        return None
    table = _table(
        "Engines, side by side (least–greatest); × is how many times as fast Matcher is",
        "engine",
        "people",
        "million pairs/s",
        *(f"× from {start}" for start in ours.STARTS),
        "peak MB",
    )
    for engine in engines:
        if engine["problem"]:
            table.add_row(engine["title"], "", engine["problem"])
            continue
        times = engine["ours_is_times_as_fast"]
        memory = engine["memory"]
        table.add_row(
            engine["title"],
            f"{engine['people']:,}",
            _spread(engine["pairs_a_second"], scale=MILLION),
            *(_spread(times[start]) if start in times else "" for start in ours.STARTS),
            "" if memory is None else f"{memory / MEGABYTE:,.0f}",
        )
    return table


def _growth(growth: list[dict[str, Any]]) -> Table | None:
    if not growth:
        return None
    table = _table("Growth, Matcher from facts", "studies", "people", "seconds", "times the cost")
    for one in growth:
        table.add_row(
            f"{one['studies']:,}",
            f"{one['people']:,}",
            f"{one['seconds']:.3f}",
            f"{one['times']:.1f}",
        )
    return table


def _latency(latency: list[dict[str, Any]]) -> Table | None:
    if not latency:
        return None
    table = _table(
        "One request, milliseconds",
        "studies",
        "match, median",
        "match, 95 of 100",
        "reasons of 20 shown",
        "catalogue made ready once",
    )
    for one in latency:
        parts = (one["match"], one["match_slow"], one["reasons"], one["compile"])
        table.add_row(f"{one['studies']:,}", *(f"{part * 1000:,.2f}" for part in parts))
    return table


def _split(split: dict[str, float]) -> Table | None:
    if not split:
        return None
    table = _table("Where the time of the base goes", "part", "seconds", "share")
    total = sum(split.values())
    for part, seconds in split.items():
        table.add_row(part, f"{seconds:.3f}", f"{seconds / total:.0%}")
    return table


def _billion(one: dict[str, Any] | None) -> Table | None:
    if one is None:
        return None
    pairs = one["studies"] * one["people"]
    table = _table(f"{pairs:,} pairs, streamed", "what", "figure")
    table.add_row("from answers to the best, without drawing (s)", f"{one['seconds']:.1f}")
    table.add_row("drawing the people (s)", f"{one['drawing']:.1f}")
    total = sum(one["split"].values())
    for part, seconds in one["split"].items():
        table.add_row(f"  {part}, share of the first block", f"{seconds / total:.0%}")
    table.add_row("million pairs/s", f"{one['pairs_a_second'] / MILLION:,.1f}")
    if one["memory"] is not None:
        table.add_row("peak above the idle process (MB)", f"{one['memory'] / MEGABYTE:,.0f}")
    return table


def _spread(values: dict[str, float], *, scale: float = 1.0) -> str:
    middle, least, greatest = (values[name] / scale for name in ("median", "least", "greatest"))
    return f"{_short(middle)} ({_short(least, digits=2)}–{_short(greatest, digits=2)})"


def _short(number: float, *, digits: int = 3) -> str:
    """A number with few digits that count, never in powers of ten."""
    if number >= 10 ** (digits - 1) - 0.5:
        return f"{number:,.0f}"
    return f"{number:.{digits}g}" if number >= 0.001 else f"{number:.4f}"
