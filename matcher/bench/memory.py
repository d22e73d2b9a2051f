"""Memory: ``python -m matcher.bench.memory NAME STUDIES PEOPLE SEED BEST`` prints a peak in bytes.

The peak of resident memory while one contestant gets ready and runs, above the process that
already holds rules, studies and people. Prints null where the system does not tell.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from pathlib import Path

from matcher.bench.contestants import contestants
from matcher.bench.workload import Size, Workload
from matcher.config import load_settings
from matcher.rules import load_rules, shipped_rules

STATUS, CLEAR = Path("/proc/self/status"), Path("/proc/self/clear_refs")


def forget_peak() -> None:
    """Let the peak start from what is in memory now, where the system can (Linux)."""
    with suppress(OSError):
        CLEAR.write_text("5")


def resident() -> tuple[int, int] | None:
    """Bytes in memory now and at the peak; None where the system does not tell."""
    try:
        lines = STATUS.read_text().splitlines()
    except OSError:
        return None
    found = dict(line.split(":", 1) for line in lines)
    now, peak = (int(found[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))
    return now, peak


def main(name: str, *numbers: str) -> None:
    """Print the peak of one contestant."""
    studies, people, seed, best = map(int, numbers)
    size = Size(studies=studies, people=people, seed=seed, best=best)
    workload = Workload(load_rules(load_settings().rules or shipped_rules()), size)
    workload.people(people)
    chosen = next(one for one in contestants() if one.name == name)
    forget_peak()
    before = resident()
    chosen.ready(workload, people)()
    after = resident()
    print(json.dumps(after[1] - before[0] if before and after else None))


if __name__ == "__main__":
    main(*sys.argv[1:])
