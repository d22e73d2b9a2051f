"""Folders: where an installation keeps its own files, and the keys it makes there once."""

from __future__ import annotations

import os
import secrets
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import matcher
from matcher.config.error import ConfigError
from matcher.config.values import secret


def instance_folder(env: Mapping[str, str]) -> Path:
    if given := env.get("MATCHER_INSTANCE", "").strip():
        if "\0" in given or (
            (path := Path(given).expanduser().absolute()).exists() and not path.is_dir()
        ):
            raise ConfigError(
                f"MATCHER_INSTANCE cannot be {given!r}",
                "environment variable MATCHER_INSTANCE",
                "Allowed: a folder; one that is missing is made.",
            )
        return path
    checkout = Path(matcher.__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "matcher").is_dir():
        return checkout / "instance"
    return _user_data_folder(env) / "matcher"


def _user_data_folder(env: Mapping[str, str]) -> Path:
    for variable in ("XDG_DATA_HOME", "LOCALAPPDATA"):
        if env.get(variable) and Path(env[variable]).is_absolute():
            return Path(env[variable])
    home = env.get("HOME") or env.get("USERPROFILE")
    if not home:
        raise ConfigError(
            "no place is known for Matcher's own files: there is no home folder",
            "environment variable MATCHER_INSTANCE",
            "Set MATCHER_INSTANCE to a folder that Matcher may write to.",
        )
    mac = sys.platform == "darwin"
    return Path(home, "Library/Application Support") if mac else Path(home, ".local/share")


def made(folder: Path) -> Path:
    """The folder, made readable to its owner alone when it is not there."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(
            f"the instance folder cannot be made: {error.strerror}",
            str(folder),
            "Set MATCHER_INSTANCE to a folder that Matcher may write to.",
        ) from None
    return folder


def kept_theme(instance: Path) -> Path | None:
    """The theme that lies in the instance folder, if there is one."""
    theme = instance / "theme"
    return theme if theme.is_dir() else None


def kept_key(instance: Path, name: str) -> str:
    """The key in the instance folder, made if absent: whoever makes it first, all get the same."""
    path = made(instance) / name
    try:
        if not path.exists():
            _write_new(path, secrets.token_urlsafe(48))
        return secret(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"the key file cannot be used: {error}",
            str(path),
            f"Restore the file from a backup, or set MATCHER_{name.upper()}.",
        ) from None


def _write_new(path: Path, text: str) -> None:
    """Write a file that appears whole or not at all, and never replaces one that is there."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
