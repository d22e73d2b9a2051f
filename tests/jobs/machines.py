"""Machines: worker processes on one database."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Protocol

from matcher.config import Settings
from matcher.jobs import machine
from matcher.store.database import connect
from tests.lab.lab_site import Site

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "matcher", "worker", "run")
WORKING = "Working."
PATIENCE = 100.0


class Machine(Protocol):
    """A running worker."""

    def is_up(self) -> bool:
        """Whether it can be told to stop. Fails if it has ended."""

    def kill(self) -> None:
        """End it as a power cut would."""

    def stop(self) -> int | None:
        """Ask it to end, and wait; returns its exit code, None if it never ended."""


class Forked:
    """A worker in a child of this process, which has everything loaded already."""

    def __init__(self, site: Site, name: str) -> None:
        site.settings.instance.mkdir(exist_ok=True)
        self._said = site.settings.instance / f"{name}.said"
        self._process = get_context("fork").Process(target=_work, args=(site, self._said))
        self._process.start()

    def is_up(self) -> bool:
        assert self._process.is_alive(), said(self._said)
        return WORKING in said(self._said)

    def kill(self) -> None:
        self._process.kill()
        self._process.join()

    def stop(self) -> int | None:
        self._process.terminate()
        self._process.join(PATIENCE)
        return self._process.exitcode


class Command:
    """A worker as it is started by hand."""

    def __init__(self, site: Site, name: str) -> None:
        folder = site.settings.instance / name
        folder.mkdir(parents=True)
        self._said = folder / "said"
        with self._said.open("w") as file:
            self._process = subprocess.Popen(
                COMMAND,
                cwd=ROOT,
                env=environment(site.settings, folder),
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
            )

    def is_up(self) -> bool:
        assert self._process.poll() is None, said(self._said)
        return WORKING in said(self._said)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()

    def stop(self) -> int | None:
        self._process.terminate()
        return self._process.wait(PATIENCE)


def said(path: Path) -> str:
    """What a worker printed so far."""
    return path.read_text() if path.exists() else ""


def environment(settings: Settings, folder: Path) -> dict[str, str]:
    """The settings as the environment of another process."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MATCHER_")}
    assert settings.smtp is not None
    assert settings.public_url is not None
    assert settings.mail_from is not None
    return kept | {
        "MATCHER_INSTANCE": str(folder),
        "MATCHER_DATABASE_URL": settings.database_url,
        "MATCHER_SECRET_KEY": settings.secret_key,
        "MATCHER_DATA_KEY": settings.data_key,
        "MATCHER_LOOKUP_KEY": settings.lookup_key,
        "MATCHER_PUBLIC_URL": settings.public_url,
        "MATCHER_SMTP_URL": f"smtp://{settings.smtp.host}:{settings.smtp.port}?tls=none",
        "MATCHER_MAIL_FROM": settings.mail_from,
    }


def until(holds: Callable[[], bool]) -> bool:
    """Wait until something holds, for at most as long as a test may take."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return False


def _work(site: Site, file: Path) -> None:
    with file.open("w") as heard:
        os.dup2(heard.fileno(), 1)
        os.dup2(heard.fileno(), 2)
    # The connections of the parent's engines are not touched: this process opens its own.
    machine.work(
        site.settings,
        connect(site.settings.database_url),
        site.book,
        concurrency=1,
        ready=lambda: os.write(1, WORKING.encode()) and None,
    )
