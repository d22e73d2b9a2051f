"""Resolving: the addresses of a host's name, within a time of our own."""

from __future__ import annotations

import queue
import socket
import threading
from collections.abc import Sequence
from typing import Any, TypeAlias

from matcher.mail.deadline import Deadline

Found: TypeAlias = Sequence[tuple[int, int, int, str, tuple[Any, ...]]]


def addresses(host: str, port: int, *, limit: Deadline) -> Found:
    """What to connect to, as `socket.getaddrinfo` gives it. Raises `OSError`."""
    # The system's look-up cannot be told how long to wait: it is left behind when it is too slow.
    answer: queue.SimpleQueue[Found | Exception] = queue.SimpleQueue()

    def look_up() -> None:
        try:
            answer.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, ValueError) as error:
            answer.put(error)

    threading.Thread(target=look_up, name="mail-server-look-up", daemon=True).start()
    try:
        found = answer.get(timeout=limit.left())
    except queue.Empty:
        raise TimeoutError("no answer in time for the mail server's name") from None
    if isinstance(found, Exception):
        raise found
    return found
