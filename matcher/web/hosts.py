"""Hosts: by which names this application may be called, and which proxies it believes."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.exceptions import SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix

from matcher.config import Network, Settings, is_loopback

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def trust_hosts(app: Flask, settings: Settings, *, insecure: bool) -> None:
    """Refuse requests under any other name than the public one and this very machine's.

    With `insecure` any name will do, so that a workshop's laptop can serve its own network.
    """
    if not insecure:
        _refuse_other_names(app, {*LOOPBACK, *_public_names(settings.public_url)})
    if settings.trusted_proxies:
        app.wsgi_app = TrustedProxies(  # type: ignore[method-assign]
            app.wsgi_app, settings.trusted_proxies
        )


def _refuse_other_names(app: Flask, names: set[str]) -> None:
    # Flask's own TRUSTED_HOSTS takes no IPv6 address, and so not every loopback one.
    @app.before_request
    def check() -> None:
        if name_of(request.host) not in names:
            raise SecurityError("This host name is not served here.")


def name_of(host: str) -> str:
    """The name in a ``name:port``, in lower case; an IPv6 address keeps its brackets."""
    address, bracket, _ = host.lower().partition("]")
    return address + bracket if bracket else host.lower().partition(":")[0]


def _public_names(public_url: str | None) -> list[str]:
    parts = urlsplit(public_url or "")
    host = parts.hostname or ""
    # Answers never travel unencrypted between machines.
    if not host or (parts.scheme != "https" and not is_loopback(host)):
        return []
    return [f"[{host}]" if ":" in host else host]


class TrustedProxies:
    """Takes the forwarded address, scheme and host from listed proxies, from nobody else."""

    def __init__(self, app: WSGIApplication, networks: Iterable[Network]) -> None:
        self._direct = app
        self._proxied = ProxyFix(app, x_for=1, x_proto=1, x_host=1)
        self._networks = tuple(networks)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        chosen: Callable[..., Iterable[bytes]] = (
            self._proxied if self._trusts(environ.get("REMOTE_ADDR", "")) else self._direct
        )
        return chosen(environ, start_response)

    def _trusts(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks)
