"""Doctor: how the mail server takes us is found out without sending a mail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from matcher.config.values import smtp_server
from matcher.mail.doctor import State, ask_server, domain_records
from tests.lab.smtp_double import SmtpDouble

SENDER = "Charity <news@example.org>"


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpDouble]:
    with SmtpDouble(tmp_path_factory.mktemp("smtp")) as running:
        yield running


def test_a_server_that_takes_us_is_asked_up_to_the_sender_and_no_further(
    double: SmtpDouble,
) -> None:
    double.set_mode("ok")
    findings = ask_server(smtp_server(double.url), SENDER)
    assert {one.what: one.state for one in findings} == {
        "mail server": State.OK,
        "encryption": State.OK,
        "sender": State.OK,
    }
    heard = " ".join(double.talk())
    assert "MAIL" in heard
    assert "RCPT" not in heard
    assert double.accepted() == []


@pytest.mark.parametrize("mode", ["connect_421", "drop_before_banner", "mail_from_550"])
def test_a_server_that_refuses_us_is_told_with_what_to_do(double: SmtpDouble, mode: str) -> None:
    double.set_mode(mode)
    last = ask_server(smtp_server(double.url), SENDER, timeout=2)[-1]
    assert last.state is State.MISSING
    assert last.found
    assert last.mend
    assert "news+b" not in last.found


def test_a_server_that_is_not_there_is_told() -> None:
    (only,) = ask_server(smtp_server("smtp://127.0.0.1:1"), SENDER, timeout=2)
    assert (only.what, only.state) == ("mail server", State.MISSING)


def test_a_sender_too_long_for_a_return_path_is_told(double: SmtpDouble) -> None:
    double.set_mode("ok")
    last = ask_server(smtp_server(double.url), f"{'n' * 30}@example.org")[-1]
    assert (last.what, last.state) == ("sender", State.MISSING)
    assert "shorter" in last.mend


def test_the_records_of_the_domain_are_to_be_looked_at_by_hand() -> None:
    records = domain_records(SENDER, "mx.example.net")
    assert {one.state for one in records} == {State.TO_DO}
    assert all("example.org" in one.found + one.mend for one in records[:4])
    assert "mx.example.net" in records[0].found
