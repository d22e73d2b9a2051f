"""Report: everything that was measured, as one JSON document."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from importlib import metadata
from typing import Any

from matcher.bench import ours
from matcher.bench.billion import Billion
from matcher.bench.growth import Growth, Latency
from matcher.bench.measuring import Timing, ratios
from matcher.bench.method import METHOD
from matcher.bench.workload import TODAY, Workload


@dataclass
class Report:
    """One run of the benchmark; what was not asked for is empty."""

    workload: Workload
    rounds: int
    timings: Sequence[Timing] = ()
    growth: Sequence[Growth] = ()
    latency: Sequence[Latency] = ()
    split: dict[str, float] = field(default_factory=dict)
    billion: Billion | None = None

    def ours(self, start: str) -> Timing | None:
        """Our fastest timed form that begins with that start (see `ours.STARTS`)."""
        forms = [
            timing
            for timing in self.timings
            if timing.contestant.is_ours
            and timing.contestant.name.endswith(f"-{start}")
            and timing.pace
        ]
        return max(forms, key=lambda timing: timing.median, default=None)


def report_json(report: Report) -> dict[str, Any]:
    """The report as one document. Seconds, bytes, and pairs of a person and a study a second."""
    return {
        "method": list(METHOD),
        "machine": machine(),
        "versions": versions(report.timings),
        "workload": workload_json(report.workload) | {"rounds": report.rounds},
        "engines": [_engine(report, timing) for timing in report.timings],
        "growth": [asdict(one) for one in report.growth],
        "latency": [asdict(one) for one in report.latency],
        "split": report.split,
        "billion": asdict(report.billion) if report.billion else None,
    }


def machine() -> dict[str, Any]:
    """What it ran on."""
    return {"processor": platform.machine(), "cores": os.cpu_count(), "system": platform.system()}


def versions(timings: Sequence[Timing]) -> dict[str, str]:
    """The versions of Python, Matcher and all packages that took part."""
    found = {"python": platform.python_version(), "matcher": metadata.version("matcher")}
    for timing in timings:
        found |= timing.contestant.versions
    return found


def workload_json(workload: Workload) -> dict[str, Any]:
    """Seed, day, sizes and what the catalogue holds once."""
    size, contest = workload.size, workload.contest
    return {
        "seed": size.seed,
        "today": TODAY.isoformat(),
        "studies": size.studies,
        "people": size.people,
        "top": contest.best,
        "rules": workload.book.version,
        "facts": len(contest.columns),
        "tags": len(contest.tags),
        "criteria": len(contest.criteria),
        "groups": len(contest.groups),
        "audiences": len(contest.audiences),
    }


def spread(values: Sequence[float]) -> dict[str, float]:
    """Median, least and greatest."""
    return {"median": statistics.median(values), "least": min(values), "greatest": max(values)}


def _engine(report: Report, timing: Timing) -> dict[str, Any]:
    contestant = timing.contestant
    told: dict[str, Any] = {
        "name": contestant.name,
        "title": contestant.title,
        "method": contestant.method,
        "versions": contestant.versions,
        "people": timing.people,
        "problem": timing.problem,
    }
    if timing.pace:
        told |= {
            "seconds": timing.seconds,
            "pairs_a_second": spread(timing.pace),
            "memory": timing.memory,
            "ours_is_times_as_fast": {
                start: spread(ratios(mine, timing))
                for start in ours.STARTS
                if (mine := report.ours(start)) is not None
            },
        }
    return told
