"""People: files of confirmed subscribers, and the settings of an installation that mails them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import READER


def person(email: str = "ana@example.org", **other: Any) -> dict[str, Any]:
    """One line of a file of subscribers."""
    agreed = datetime.now(UTC) - timedelta(days=30)
    consent = {"version": "1", "at": agreed.isoformat()}
    base = {"answers": READER, "frequency": "weekly", "zone": "America/Lima", "language": "es"}
    return {"email": email, **base, "consent": consent, **other}


def people_file(folder: Path, *lines: Any) -> Path:
    """A file of subscribers."""
    path = folder / "people.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lines))
    return path


def allow_mail(monkeypatch: pytest.MonkeyPatch, *, smtp: str = "smtp://127.0.0.1:9") -> None:
    """Set what mails need."""
    monkeypatch.setenv("MATCHER_PUBLIC_URL", "https://matcher.example.org")
    monkeypatch.setenv("MATCHER_SMTP_URL", smtp)
    monkeypatch.setenv("MATCHER_MAIL_FROM", "Charity <news@example.org>")
