"""Double: a stand-in for a mail server, in a process of its own, that misbehaves when told.

By hand: ``python -m tests.lab.smtp_double --log FILE --port 2525 --mode rcpt_451``. Beside the
log lie ``FILE.mode`` (what is on, see `smtp_modes`) and ``FILE.talk`` (the commands heard).
"""

from __future__ import annotations

import argparse
import itertools
import os
import socket
import ssl
import subprocess
import sys
import threading
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.lab.smtp_log import Accepted, Log, Notes, read_log, read_notes
from tests.lab.smtp_modes import NAMED, Board
from tests.lab.smtp_talk import House, Talk

ROOT = Path(__file__).resolve().parents[2]
READY = "The SMTP double listens on port "


def beside(log: Path, what: str) -> Path:
    return log.with_name(f"{log.name}.{what}")


@dataclass(frozen=True)
class Kind:
    """What sort of server the double is.

    Without `sync` it does not wait for the disk, with `discard` it only counts: both for speed,
    and neither notes the talk. `pace` is the seconds between two bytes, and before a slow answer.
    `tls` is the certificate and its key: offered by STARTTLS, or spoken from the start with
    `smtps`. `login` is the user and the password that AUTH accepts.
    """

    sync: bool = True
    discard: bool = False
    pace: float = 1.0
    tls: tuple[Path, Path] | None = None
    smtps: bool = False
    login: tuple[str, str] | None = None

    def options(self) -> list[str]:
        """The same as options of the command."""
        return [
            f"--pace={self.pace}",
            *([] if self.sync else ["--no-sync"]),
            *(["--discard"] if self.discard else []),
            *(["--tls", *map(str, self.tls)] if self.tls else []),
            *(["--smtps"] if self.smtps else []),
            *(["--login", *self.login] if self.login else []),
        ]


class SmtpDouble:
    """The double, started and stopped. Its files lie in `folder`; `port` 0 picks one."""

    def __init__(
        self, folder: Path, *, mode: str = "ok", port: int = 0, kind: Kind | None = None
    ) -> None:
        kind = kind or Kind()
        folder.mkdir(parents=True, exist_ok=True)
        self.log = folder / "accepted.jsonl"
        self._discard = kind.discard
        self._board = Board(beside(self.log, "mode"))
        self._board.write(mode, {})
        where = [f"--port={port}", f"--log={self.log}", "--with-parent"]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.lab.smtp_double", *where, *kind.options()],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line.startswith(READY):
            self.stop()
            raise RuntimeError(f"the SMTP double did not start: {line!r}")
        self.port = int(line.removeprefix(READY))

    @property
    def url(self) -> str:
        """The value of MATCHER_SMTP_URL that leads here, in clear text."""
        return f"smtp://127.0.0.1:{self.port}"

    def set_mode(self, mode: str, some: dict[str, str] | None = None) -> None:
        """What happens from now on; in `some` for recipients that hold a text. Raises
        `ValueError` for a mode that is none."""
        self._board.write(mode, some or {})

    def accepted(self) -> list[Accepted]:
        """What was accepted so far, whether its 250 was said or not."""
        return read_log(self.log)

    def count(self) -> int:
        """How many were accepted so far, also with `discard`."""
        return self.log.stat().st_size if self._discard else len(self.accepted())

    def talk(self) -> list[str]:
        """What was heard so far: ``1 EHLO``, ``1 dot``, ``1 end``, one entry a command; the
        number is the connection's."""
        return read_notes(beside(self.log, "talk"))

    def forget(self) -> None:
        """Empty the log and the talk; the mode is ok again."""
        self.set_mode("ok")
        for path in (self.log, beside(self.log, "talk")):
            os.truncate(path, 0)

    def stop(self) -> None:
        """Kill it as it stands; what it accepted stays in the log."""
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def main() -> None:
    given = _options()
    board = Board(beside(given.log, "mode"))
    if not given.with_parent:
        board.write(given.mode, {})
    context = None
    if given.tls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(*given.tls)
    log = Log(given.log, sync=given.sync, discard=given.discard)
    noted = given.sync and not given.discard
    house = House(
        board=board,
        log=log,
        notes=Notes(beside(given.log, "talk") if noted else None),
        pace=given.pace,
        login=tuple(given.login) if given.login else None,
        tls=context,
        smtps=given.smtps,
    )
    listener = socket.create_server(("127.0.0.1", given.port), backlog=128)
    print(f"{READY}{listener.getsockname()[1]}", flush=True)
    if given.with_parent:
        threading.Thread(target=_end_with_parent, daemon=True).start()
    for number in itertools.count(1):
        wire, _ = listener.accept()
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        talk = Talk(house, wire, number)
        threading.Thread(target=talk.run, name=f"talk-{number}", daemon=True).start()


def _end_with_parent() -> None:
    sys.stdin.read()
    os._exit(0)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", type=Path, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--mode", default="ok", help=f"stage=answer, or: {', '.join(NAMED)}")
    parser.add_argument("--pace", type=float, default=1.0)
    parser.add_argument("--tls", nargs=2, metavar=("CERT", "KEY"))
    parser.add_argument("--smtps", action="store_true", help="encrypted from the first byte")
    parser.add_argument("--login", nargs=2, metavar=("USER", "PASSWORD"))
    parser.add_argument("--no-sync", dest="sync", action="store_false")
    parser.add_argument("--discard", action="store_true", help="only count what is accepted")
    parser.add_argument("--with-parent", action="store_true", help="end when stdin is closed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
