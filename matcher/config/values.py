"""Values: what each setting may hold. A parser raises `ValueError` that says what is allowed."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from datetime import time
from email.utils import getaddresses
from pathlib import Path
from typing import TypeAlias
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

MIN_SECRET = 16
MAILBOX = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]{1,64}@(localhost|[\w-]+(\.[\w-]+)+)")
POSTGRES_SCHEMES = ("postgresql+psycopg", "postgresql", "postgres")


@dataclass(frozen=True)
class SmtpServer:
    """A mail server. `security` is ``tls``, ``starttls`` (or refuse), ``if_offered``, ``none``."""

    host: str
    port: int
    security: str
    user: str | None = None
    password: str | None = field(default=None, repr=False)


def secret(raw: str) -> str:
    if any(len(part.strip()) < MIN_SECRET for part in raw.split(",")) or not raw.isprintable():
        raise ValueError(f"a secret text of at least {MIN_SECRET} characters")
    return raw


def database_url(raw: str) -> str:
    scheme, colon, rest = raw.partition("://")
    allowed = "sqlite:///path/to/file.db or postgresql://user:password@host/name"
    if not colon or "\0" in raw:
        raise ValueError(allowed)
    file = rest.removeprefix("/")
    if (
        scheme == "sqlite"
        and rest.startswith("/")
        and file not in ("", ":memory:")
        and "?" not in file
    ):
        return raw
    if scheme in POSTGRES_SCHEMES and (_split(raw).path.strip("/") or "dbname=" in raw):
        return f"postgresql+psycopg://{rest}"
    raise ValueError(allowed)


def folder(raw: str) -> Path:
    if "\0" in raw or not (path := Path(raw).expanduser().absolute()).is_dir():
        raise ValueError("a folder that exists")
    return path


def _split(raw: str) -> SplitResult:
    """The parts of a link, its port checked; raises `ValueError` for what is not a link."""
    if re.search(r"[\s\x00-\x1f\x7f]", raw):
        raise ValueError("a link without blanks")
    try:
        parts = urlsplit(raw)
        if parts.port == 0:
            raise ValueError("port 0")
    except ValueError:
        raise ValueError("a link with a host and, if any, a port from 1 to 65535") from None
    return parts


def public_url(raw: str) -> str:
    parts = _split(raw)
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError("https://your.host or http://localhost, without a password")
    if parts.query or parts.fragment:
        raise ValueError("a link without ? and #")
    return raw.rstrip("/")


def smtp_server(raw: str) -> SmtpServer:
    parts = _split(raw)
    allowed = "smtp://user:password@host:port, smtps://user:password@host:port, ?tls=none"
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    tls_off = query == {"tls": "none"} and parts.scheme == "smtp"
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname or (query and not tls_off):
        raise ValueError(allowed)
    if parts.path.strip("/") or parts.fragment:
        raise ValueError(allowed)
    security = "tls" if parts.scheme == "smtps" else "starttls"
    if tls_off:
        security = "none"
    elif security == "starttls" and is_loopback(parts.hostname):
        security = "if_offered"
    return SmtpServer(
        host=parts.hostname,
        port=parts.port or (465 if security == "tls" else 587),
        security=security,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
    )


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this very machine."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host.lower().rstrip(".") == "localhost"


def address(raw: str) -> str:
    found = getaddresses([raw])
    if len(found) != 1 or not raw.isprintable() or not MAILBOX.fullmatch(found[0][1]):
        raise ValueError("one address, as name@host or Name <name@host>")
    return raw


def time_of_day(raw: str) -> time:
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", raw):
        raise ValueError("a time of day from 00:00 to 23:59, as 08:00")
    return time.fromisoformat(raw)


def ancestors(raw: str) -> tuple[str, ...]:
    origin = re.compile(r"'self'|'none'|https?://(\*\.)?[A-Za-z0-9.-]+(:[0-9]{1,5})?")
    found = tuple(raw.split())
    if not all(origin.fullmatch(part) for part in found) or ("'none'" in found and len(found) > 1):
        raise ValueError("origins with blanks between them, as https://charity.org, or 'none'")
    return found


def networks(raw: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in raw.split(","))
    except ValueError:
        raise ValueError("addresses or networks, as 10.0.0.1, 192.168.0.0/24") from None


def second_factor(raw: str) -> str:
    if raw not in ("required", "offered"):
        raise ValueError("required or offered")
    return raw
