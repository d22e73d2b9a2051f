"""Needs: what a machine must have before it can work on the queue. Imports nothing optional."""

from __future__ import annotations

from importlib.util import find_spec

import sqlalchemy as sa

from matcher.config import ConfigError, Settings
from matcher.store.errors import StoreError, place

PARTS = ("procrastinate", "psycopg", "psycopg_pool")


def require_queue(settings: Settings) -> None:
    """Raises `StoreError` where there can be no queue: without its packages, or on SQLite."""
    url = sa.make_url(settings.database_url)
    if missing := [part for part in PARTS if find_spec(part) is None]:
        raise StoreError(
            f"the queue's packages are not installed: {', '.join(missing)}",
            "matcher worker",
            "Install them with: pip install 'matcher[queue]'.",
            kind="no_queue",
        )
    if url.get_backend_name() != "postgresql":
        raise StoreError(
            "a queue for many machines needs PostgreSQL, and this database is SQLite",
            place(url),
            "Set MATCHER_DATABASE_URL to a PostgreSQL database; on one machine use "
            "`matcher serve --digests` or `matcher digest plan` and `matcher digest send`.",
            kind="no_queue",
        )


def require_mail(settings: Settings) -> None:
    """Raises `ConfigError` for a setting that mails cannot do without."""
    if missing := settings.missing_for_mail:
        raise ConfigError(
            f"no mails can be sent: {' and '.join(missing)} not set",
            "the settings",
            "Set them as docs/operating.md says, the same wherever mails are sent from.",
        )
