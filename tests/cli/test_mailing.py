"""Mailing: beside `serve` letters and digests go round in threads of their own."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any, cast

import pytest
import structlog

from matcher.cli.mailing import start_rounds
from matcher.config import Settings, SmtpServer
from matcher.services.digests.desk import Desk
from matcher.services.digests.rounds import Rounds


@pytest.mark.parametrize("digests", [False, True])
def test_letters_and_digests_go_round_apart(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, digests: bool
) -> None:
    gone_round = {"letters": threading.Event(), "digests": threading.Event()}
    threads = set()

    def errand(name: str) -> Any:
        def go(_rounds: Rounds) -> None:
            threads.add(threading.current_thread())
            gone_round[name].set()

        return go

    monkeypatch.setattr(Rounds, "do_letters", errand("letters"))
    monkeypatch.setattr(Rounds, "do_digests", errand("digests"))
    smtp = SmtpServer("127.0.0.1", 1, "none")
    settings = Settings(tmp_path, "sqlite://", "a", "b", "c", smtp=smtp)
    structlog.reset_defaults()
    rounds = start_rounds(Desk(*cast(Any, (None, None, None)), settings), digests=digests)
    assert structlog.is_configured()
    structlog.reset_defaults()
    assert gone_round["letters"].wait(10)
    assert gone_round["digests"].wait(10 if digests else 0) is digests
    rounds.stop.set()
    for thread in threads:
        thread.join(10)
    assert len(threads) == (2 if digests else 1)
