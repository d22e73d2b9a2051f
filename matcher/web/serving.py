"""Serving: runs the application under gunicorn, and says when it listens."""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

THREADS = 64
GRACE_SECONDS = 8


class PortError(Exception):
    """The address cannot be listened on: `what`, `where`, `mend`."""

    def __init__(self, what: str, where: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.where, self.mend = what, where, mend


def serve(make_app: Callable[[], Flask], *, host: str, port: int) -> None:
    """Serve until told to stop. `make_app` runs in the worker, after the fork.

    Raises `PortError` if the address is taken or not ours. Prints one line once it listens.
    """
    _check_port(host, port)
    _Server(make_app, host=host, port=port).run()


def _check_port(host: str, port: int) -> None:
    where = f"{host}:{port}"
    try:
        family, kind, proto, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, proto) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        what = "the port is in use" if taken else f"cannot listen there: {error.strerror or error}"
        mend = "Stop the other program, or choose another with --port (0 picks a free one)."
        raise PortError(what, where, mend) from None


class _Server(BaseApplication):
    """One worker with threads: enough for a charity; more stand behind a proxy.

    A slow sender holds a thread. There are enough for forty of them and everybody else.
    """

    def __init__(self, make_app: Callable[[], Flask], *, host: str, port: int) -> None:
        self.make_app = make_app
        self.address = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        super().__init__()

    def load_config(self) -> None:
        """gunicorn's settings."""
        settings = {
            "bind": self.address,
            "worker_class": "gthread",
            "workers": 1,
            "threads": THREADS,
            "graceful_timeout": GRACE_SECONDS,
            "timeout": 60,
            "keepalive": 5,
            "loglevel": "warning",
            "when_ready": _announce,
            "limit_request_field_size": 8190,
            "control_socket_disable": True,
        }
        for name, value in settings.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> Any:
        """The application, made in the worker."""
        return self.make_app()


def _announce(server: Any) -> None:
    host, port = server.LISTENERS[0].sock.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    click.echo(f"Matcher is ready at http://{shown}:{port}")
