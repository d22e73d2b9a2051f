"""The name of the process that has a row: who is gone holds nothing, who is there holds on."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from matcher.services.digests import holder
from matcher.services.digests.holder import is_gone, this_process
from matcher.services.digests.recovering import recover
from matcher.services.digests.sending_rules import SendingRules
from matcher.store import ledger
from matcher.store.database import session
from matcher.store.deliveries import Delivery
from tests.services.digests.test_ledger_as_modelled import begin, writing
from tests.services.digests.writing_desk import MORNING, WritingDesk

__all__ = ["writing"]

HOUR = timedelta(hours=1)
SAY_NAME = "from matcher.services.digests.holder import this_process; print(this_process())"


@pytest.fixture(scope="module")
def gone() -> str:
    """The name of a process that has ended."""
    command = (sys.executable, "-c", SAY_NAME)
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_process_is_gone_once_it_has_ended(gone: str) -> None:
    assert is_gone(gone)
    assert not is_gone(this_process())


def test_a_process_that_ended_and_was_not_asked_how_is_gone_too() -> None:
    command = (sys.executable, "-c", SAY_NAME)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        name = child.stdout.read().strip()
        assert name
        while not is_gone(name):
            assert child.returncode is None


def test_another_process_with_the_same_number_is_not_the_holder() -> None:
    name = this_process()
    assert name is not None
    assert is_gone(name + "0")


def test_a_process_that_is_hidden_from_us_is_not_gone(
    gone: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`/proc` mounted with hidepid=2 shows nothing of another user's processes."""
    name = this_process()
    assert name is not None
    machine = " ".join(name.split()[:2])
    monkeypatch.setattr(holder, "PROC", tmp_path)
    assert not is_gone(f"{machine} {os.getpid()} 12")
    assert is_gone(gone)

    def refuse(pid: int, signal: int) -> None:
        raise PermissionError(pid, signal)

    monkeypatch.setattr(os, "kill", refuse)
    assert not is_gone(gone)


def test_of_other_machines_nothing_is_known(gone: str) -> None:
    assert not is_gone(f"x{gone}")
    assert not is_gone(None)


@pytest.mark.parametrize("sending", [False, True])
def test_rows_of_who_is_gone_are_settled_at_once(
    writing: WritingDesk, gone: str, sending: bool
) -> None:
    real, _ = begin(writing)
    for who, claimed, sent in (
        (this_process(), "claimed", "sending"),
        (gone, "due", "uncertain"),
    ):
        with session(writing.desk.engine, writing=True) as opened:
            opened.get_one(Delivery, real.row).state = "due"
            opened.flush()
            (claim,) = ledger.claim(
                opened, kinds=["digest"], limit=1, now=MORNING, lease=HOUR, holder=who
            )
            if sending:
                assert ledger.begin(opened, claim, real.planned, HOUR)
            opened.commit()
        recover(writing.desk, now=MORNING, rules=SendingRules())
        assert real.seen()[0] == (sent if sending else claimed)
