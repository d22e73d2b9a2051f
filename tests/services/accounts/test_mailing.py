"""The mail of an invitation: what it says, in which language, and that it says nothing else."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest

from matcher.config import ConfigError, Settings
from matcher.services.accounts.mailing import written
from matcher.services.accounts.people import Invited
from matcher.store.accounts import Account

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
KEYS = ("a secret for the tests", "a key for the tests", "a lookup key of tests")
MAIL = {"public_url": "https://match.example.org", "mail_from": "Charity <news@example.org>"}


def invited(language: str) -> Invited:
    account = Account(organisation_id=1, email="nia@clinic.org", name="Nia", language=language)
    return Invited(account, "t" * 43)


def told(language: str, folder: Path) -> EmailMessage:
    settings = Settings(folder, "sqlite://", *KEYS, **MAIL)  # type: ignore[arg-type]
    envelope = written(settings, invited(language), now=NOW)
    assert (envelope.sender, envelope.recipient) == ("news@example.org", "nia@clinic.org")
    message = message_from_bytes(envelope.message, policy=default)
    assert isinstance(message, EmailMessage)
    assert not message.defects
    return message


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("en", "Your account at Charity", "The link works once, and for 7 days."),
        ("es", "Su cuenta en Charity", "sirve una sola vez y durante 7 días"),
    ],
)
def test_both_bodies_hold_the_link_and_how_long_it_lasts(
    language: str, subject: str, said: str, tmp_path: Path
) -> None:
    message = told(language, tmp_path)
    assert message["Subject"] == subject
    assert message["List-Unsubscribe"] is None
    for kind in ("plain", "html"):
        body = message.get_body((kind,))
        assert body is not None
        text = re.sub(r"\s+", " ", str(body.get_content()))
        assert f"https://match.example.org/desk/join/{'t' * 43}" in text
        assert said in text


def test_without_a_sender_no_mail_is_written(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="mails cannot be written"):
        written(Settings(tmp_path, "sqlite://", *KEYS), invited("en"), now=NOW)
