"""Hosts: by which names this application may be called, and which proxies it believes."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from matcher.config import Network, Settings, is_loopback

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


def trust_hosts(app: Flask, settings: Settings, *, insecure: bool) -> None:
    """Refuse requests under any other name than the public one and this very machine's.

    With `insecure` any name will do, so that a workshop's laptop can serve its own network.
    """
    if not insecure:
        app.config["TRUSTED_HOSTS"] = [*LOOPBACK, *_public_names(settings.public_url)]
    if settings.trusted_proxies:
        app.wsgi_app = TrustedProxies(  # type: ignore[method-assign]
            app.wsgi_app, settings.trusted_proxies
        )


def _public_names(public_url: str | None) -> list[str]:
    parts = urlsplit(public_url or "")
    host = parts.hostname or ""
    # Answers never travel unencrypted between machines.
    return [host] if host and (parts.scheme == "https" or is_loopback(host)) else []


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
