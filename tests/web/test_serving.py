"""Serving: the one line it says, broken and slow senders, a taken port, and how it stops."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from urllib.request import urlopen

import pytest

HEAD = (
    "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    "Connection: close\r\n{more}\r\n\r\n"
)
CHUNKED = "Transfer-Encoding: chunked"
PROFILE = '{"answers": {}}'
WHOLE = f"{len(PROFILE):x}\r\n{PROFILE}\r\n"


def start(folder: Path, *options: str) -> subprocess.Popen[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MATCHER_")}
    return subprocess.Popen(
        [sys.executable, "-m", "matcher", "serve", *options],
        env={**kept, "MATCHER_INSTANCE": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    """A server of its own process: its first line and its port. It must stop when told."""
    process = start(tmp_path_factory.mktemp("instance"), "--port", "0")
    assert process.stdout is not None
    line = process.stdout.readline()
    found = re.fullmatch(r"Matcher is ready at http://127\.0\.0\.1:(\d+)\n", line)
    assert found is not None, line
    yield line, int(found[1])
    began = monotonic()
    process.send_signal(signal.SIGTERM)
    rest, _ = process.communicate(timeout=20)
    assert monotonic() - began < 10
    assert rest == ""
    assert process.returncode == 0


def send(port: int, text: str) -> tuple[int, str]:
    """Send raw bytes; the status and body of the answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as wire:
        wire.sendall(text.encode())
        answer = b""
        while part := wire.recv(65536):
            answer += part
    head, _, body = answer.decode().partition("\r\n\r\n")
    return int(head.split()[1]), body


def test_it_serves_where_it_says(server: tuple[str, int]) -> None:
    with urlopen(f"http://127.0.0.1:{server[1]}/healthz") as response:
        assert json.load(response) == {"status": "ok"}


def test_a_body_in_chunks_is_read(server: tuple[str, int]) -> None:
    head = HEAD.format(path="/api/v1/match", more=CHUNKED)
    assert send(server[1], head + WHOLE + "0\r\n\r\n")[0] == 200


@pytest.mark.parametrize("path", ["/api/v1/match", "/who"])
@pytest.mark.parametrize(
    "body", [WHOLE + "0\r\nbad trailer\r\n\r\n", f"zz\r\n{PROFILE}\r\n0\r\n\r\n"]
)
def test_a_broken_body_is_malformed(server: tuple[str, int], path: str, body: str) -> None:
    status, answer = send(server[1], HEAD.format(path=path, more=CHUNKED) + body)
    assert status == 400
    assert "Traceback" not in answer


def test_forty_slow_senders_keep_nobody_waiting(server: tuple[str, int]) -> None:
    slow = [socket.create_connection(("127.0.0.1", server[1])) for _ in range(40)]
    head = HEAD.format(path="/api/v1/match", more="Content-Length: 100")
    for wire in slow:
        wire.sendall(f"{head}{{".encode())
    began = monotonic()
    with urlopen(f"http://127.0.0.1:{server[1]}/", timeout=10) as response:
        assert response.status == 200
    assert monotonic() - began < 5
    for wire in slow:
        wire.close()


def test_a_taken_port_is_told_with_how_to_mend(server: tuple[str, int], tmp_path: Path) -> None:
    process = start(tmp_path, "--port", str(server[1]))
    out, told = process.communicate(timeout=60)
    assert process.returncode == 2
    assert out == ""
    assert str(server[1]) in told
    assert "--port" in told
    assert "Traceback" not in told
