"""Commands that are imported when they are called: what a start costs, and what the list says."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from matcher.cli import COMMANDS
from matcher.cli import commands as group
from tests.cli.conftest import Run

TELL_IMPORTS = """
import atexit, sys
atexit.register(lambda: print(*sorted(sys.modules), file=sys.stderr))
from matcher.cli import main
main()
"""
WEB = {"matcher.web", "flask", "gunicorn"}
JOBS = {"matcher.jobs", "procrastinate", "psycopg"}
FAST = {"numba", "matcher.bench", "polars", "duckdb"}


def imported_by(*words: str, instance: Path, given: str = "") -> set[str]:
    """The modules that a start of the program imports."""
    ran = subprocess.run(
        [sys.executable, "-c", TELL_IMPORTS, *words],
        input=given,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "MATCHER_INSTANCE": str(instance)},
    )
    assert ran.stdout
    return set(ran.stderr.splitlines()[-1].split())


def test_a_look_at_the_help_imports_no_command(instance: Path) -> None:
    modules = imported_by("--help", instance=instance)
    assert {name for name in modules if name.startswith("matcher")} == {
        "matcher",
        "matcher.cli",
        "matcher.cli.later",
    }
    assert not {"numpy", "sqlalchemy"} & modules


def test_matching_imports_neither_the_web_nor_what_workers_and_the_bench_need(
    instance: Path,
) -> None:
    profile = '{"answers": {"cancer": ["breast"]}}'
    words = ("match", "--profile", "-", "--empty", "--json")
    modules = imported_by(*words, instance=instance, given=profile)
    assert "matcher.cli.matching" in modules
    assert not (WEB | JOBS | FAST) & modules


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_is_found_under_its_name_and_its_line_is_its_own(name: str) -> None:
    command = group.get_command(click.Context(group), name)
    assert command is not None
    assert command.name == name
    assert COMMANDS[name].short == command.get_short_help_str(limit=300)


def test_the_help_lists_every_command_with_its_line(run: Run) -> None:
    told = " ".join(run("--help").out.split())
    for name, later in COMMANDS.items():
        assert f" {name} {later.short}" in told


def test_a_command_that_is_not_there_is_told(run: Run) -> None:
    ran = run("matchh")
    assert ran.code == 2
    assert "No such command 'matchh'" in ran.err
