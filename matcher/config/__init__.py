"""Config: the settings of an installation, read once and checked at start.

Each setting is an environment variable ``MATCHER_NAME`` or, where that is not set, the key
``name`` of ``config.toml`` in the instance folder. An empty value means "not set".
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import TypeVar

from matcher.config import values
from matcher.config.error import ConfigError
from matcher.config.folders import instance_folder, kept_key, kept_theme, made
from matcher.config.values import Network, SmtpServer, is_loopback

__all__ = ["ConfigError", "Network", "Settings", "SmtpServer", "is_loopback", "load_settings"]

T = TypeVar("T")

NAMES = (
    "database_url",
    "rules",
    "secret_key",
    "data_key",
    "lookup_key",
    "public_url",
    "smtp_url",
    "mail_from",
    "digest_time",
    "frame_ancestors",
    "trusted_proxies",
    "theme",
    "desk_second_factor",
)
SECRET = ("secret_key", "data_key", "lookup_key")


@dataclass(frozen=True)
class Settings:
    """All settings, checked. `rules` and `theme` are None for the shipped ones; keys are never
    printed.

    `data_key` may hold several keys with commas between them: the first seals, all unseal.
    `lookup_key` likewise: the first is for new hashes and tokens, all are looked for and accepted,
    and none is ever dropped. `desk_second_factor` is ``required`` or ``offered``.
    """

    instance: Path
    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    data_key: str = field(repr=False)
    lookup_key: str = field(repr=False)
    rules: Path | None = None
    public_url: str | None = None
    smtp: SmtpServer | None = None
    mail_from: str | None = None
    digest_time: time = time(8)
    frame_ancestors: tuple[str, ...] = ()
    trusted_proxies: tuple[Network, ...] = ()
    theme: Path | None = None
    desk_second_factor: str = "offered"

    @property
    def missing_for_mail(self) -> tuple[str, ...]:
        """The variables that are not set, and that people cannot be mailed without."""
        needed = {"public_url": self.public_url, "smtp_url": self.smtp, "mail_from": self.mail_from}
        return tuple(f"MATCHER_{name.upper()}" for name, value in needed.items() if not value)

    @property
    def sends_mail(self) -> bool:
        """Whether this installation has all that it needs to mail people."""
        return not self.missing_for_mail


def load_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this process; makes missing keys. Raises `ConfigError` for a wrong value."""
    env = os.environ if environ is None else environ
    instance = instance_folder(env)
    given = _Given(env, instance / "config.toml")
    return Settings(
        instance=instance,
        database_url=given.read("database_url", values.database_url)
        or f"sqlite:///{made(instance) / 'matcher.db'}",
        secret_key=given.read("secret_key", values.secret) or kept_key(instance, "secret_key"),
        data_key=given.read("data_key", values.secret) or kept_key(instance, "data_key"),
        lookup_key=given.read("lookup_key", values.secret) or kept_key(instance, "lookup_key"),
        rules=given.read("rules", values.folder),
        public_url=given.read("public_url", values.public_url),
        smtp=given.read("smtp_url", values.smtp_server),
        mail_from=given.read("mail_from", values.address),
        digest_time=given.read("digest_time", values.time_of_day) or time(8),
        frame_ancestors=given.read("frame_ancestors", values.ancestors) or (),
        trusted_proxies=given.read("trusted_proxies", values.networks) or (),
        theme=given.read("theme", values.folder) or kept_theme(instance),
        desk_second_factor=given.read("desk_second_factor", values.second_factor) or "offered",
    )


class _Given:
    """The values as given, environment before file, each with the place where it stands."""

    def __init__(self, env: Mapping[str, str], file: Path) -> None:
        self._env, self._file, self._toml = env, file, _toml_values(file)

    def read(self, name: str, parse: Callable[[str], T]) -> T | None:
        """The parsed value, None if not set. `parse` says in a `ValueError` what is allowed."""
        variable = f"MATCHER_{name.upper()}"
        raw = self._env.get(variable, "").strip()
        where = f"environment variable {variable}"
        if not raw and name in self._toml:
            raw, where = self._toml[name].strip(), f"{name} in {self._file}"
        if not raw:
            return None
        try:
            return parse(raw)
        except ValueError as error:
            shown = "its value (not shown)" if name in SECRET else repr(_masked(raw, name=name))
            raise ConfigError(
                f"{variable} cannot be {shown}", where, f"Allowed: {error}."
            ) from None


def _toml_values(file: Path) -> dict[str, str]:
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise ConfigError(
            f"the settings file cannot be read: {error}", str(file), "Mend or remove the file."
        ) from None
    for name, value in table.items():
        if name not in NAMES:
            allowed = f"Allowed: {', '.join(NAMES)}."
            raise ConfigError(f"there is no setting {name!r}", str(file), allowed)
        if not isinstance(value, str):
            raise ConfigError(
                f"the setting {name!r} is not text", str(file), "Write its value in quotes."
            )
    return table


def _masked(raw: str, *, name: str) -> str:
    """The value without what may be a password, cut to a readable length."""
    if name.endswith("_url"):
        before = "(?<=://)" if "://" in raw else "^"
        raw = re.sub(f"{before}.*@", "***@", raw, flags=re.DOTALL)
        raw = re.sub(r"(?i)(passw[^=]*=)[^&]*", r"\1***", raw)
    return raw if len(raw) <= 200 else raw[:200] + "…"
