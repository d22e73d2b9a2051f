"""Transport: encryption and login, and that a secret is never said where it could be heard."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from matcher.config import SmtpServer
from matcher.mail.transport import Fate, Outcome, SmtpTransport
from tests.lab.smtp_double import Kind, SmtpDouble
from tests.mail.certificates import Authority, authority
from tests.mail.post import PATIENT, SHORT, accepted, clear, envelope, yes

USER, PASSWORD = "matcher", "correct horse"


@pytest.fixture(scope="module")
def trusted(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture(scope="module")
def starttls(tmp_path_factory: pytest.TempPathFactory, trusted: Authority) -> Iterator[SmtpDouble]:
    kind = Kind(tls=trusted.server, login=(USER, PASSWORD))
    with SmtpDouble(tmp_path_factory.mktemp("starttls"), kind=kind) as double:
        yield double


@pytest.fixture(scope="module")
def smtps(tmp_path_factory: pytest.TempPathFactory, trusted: Authority) -> Iterator[SmtpDouble]:
    kind = Kind(tls=trusted.server, smtps=True)
    with SmtpDouble(tmp_path_factory.mktemp("smtps"), kind=kind) as double:
        yield double


@pytest.fixture(autouse=True)
def _mended(starttls: SmtpDouble, smtps: SmtpDouble) -> Iterator[None]:
    yield
    starttls.set_mode("ok")
    smtps.set_mode("ok")


def send(
    server: SmtpServer, trusted: Authority | None = None, *, timeout: float = PATIENT
) -> Outcome:
    context = trusted.context() if trusted else None
    with SmtpTransport(server, timeout=timeout, context=context) as transport:
        return transport.send(envelope(), before_dot=yes)


def heard(double: SmtpDouble, before: int) -> list[str]:
    return [line.split(" ")[1] for line in double.talk()[before:]]


@pytest.mark.parametrize("security", ["starttls", "if_offered"])
def test_encryption_is_used_when_it_is_offered(
    starttls: SmtpDouble, trusted: Authority, security: str
) -> None:
    before = len(starttls.talk())
    server = clear(starttls, security=security, host="localhost")
    assert send(server, trusted).fate == Fate.SENT
    assert heard(starttls, before)[:4] == ["EHLO", "STARTTLS", "EHLO", "MAIL"]


def test_encryption_from_the_first_byte(smtps: SmtpDouble, trusted: Authority) -> None:
    mail = envelope()
    server = clear(smtps, security="tls", host="localhost")
    with SmtpTransport(server, context=trusted.context()) as transport:
        assert transport.send(mail, before_dot=yes).fate == Fate.SENT
    assert len(accepted(smtps, mail)) == 1


def test_a_long_message_comes_through_encryption(smtps: SmtpDouble, trusted: Authority) -> None:
    mail = envelope(message=b"Subject: Long\r\n\r\n" + b".dots and text\r\n" * 20_000)
    server = clear(smtps, security="tls", host="localhost")
    with SmtpTransport(server, context=trusted.context()) as transport:
        assert transport.send(mail, before_dot=yes).fate == Fate.SENT
    assert accepted(smtps, mail) == [mail.message]


def test_no_encryption_when_told_so(starttls: SmtpDouble) -> None:
    before = len(starttls.talk())
    assert send(clear(starttls)).fate == Fate.SENT
    assert "STARTTLS" not in heard(starttls, before)


@pytest.mark.parametrize("which", ["starttls", "smtps"])
def test_a_certificate_for_another_host_is_refused(
    which: str, request: pytest.FixtureRequest, trusted: Authority
) -> None:
    double: SmtpDouble = request.getfixturevalue(which)
    security = "tls" if which == "smtps" else "if_offered"
    outcome = send(clear(double, security=security, host="127.0.0.1"), trusted)
    assert outcome.fate == Fate.OURS
    assert "not trusted" in outcome.reason


@pytest.mark.parametrize("which", ["starttls", "smtps"])
def test_a_certificate_that_nobody_vouches_for_is_refused(
    which: str, request: pytest.FixtureRequest
) -> None:
    double: SmtpDouble = request.getfixturevalue(which)
    security = "tls" if which == "smtps" else "if_offered"
    outcome = send(clear(double, security=security, host="localhost"))
    assert outcome.fate == Fate.OURS
    assert "not trusted" in outcome.reason


@pytest.mark.parametrize(
    ("mode", "fate"), [("no_starttls", Fate.SENT), ("starttls_refused", Fate.OURS)]
)
def test_a_server_on_this_machine_may_offer_none(
    starttls: SmtpDouble, trusted: Authority, mode: str, fate: Fate
) -> None:
    starttls.set_mode(mode)
    server = clear(starttls, security="if_offered", host="localhost")
    assert send(server, trusted).fate == fate


@pytest.mark.parametrize(
    "mode",
    [
        "no_starttls",
        "ehlo=502 5.5.1 What?",
        "starttls_refused",
        "starttls_broken",
        "starttls=220 Go ahead\r\n250 said by somebody on the way",
    ],
)
def test_without_encryption_neither_password_nor_mail_is_said(
    starttls: SmtpDouble, trusted: Authority, mode: str
) -> None:
    starttls.set_mode(mode)
    before = len(starttls.talk())
    server = SmtpServer("localhost", starttls.port, "starttls", USER, PASSWORD)
    assert send(server, trusted).fate == Fate.OURS
    assert not {"AUTH", "MAIL"} & set(heard(starttls, before))


@pytest.mark.parametrize(
    ("which", "security", "mode"),
    [("starttls", "starttls", "starttls_stalled"), ("smtps", "tls", "handshake=stall")],
)
def test_a_handshake_that_stalls_is_given_up(
    which: str,
    security: str,
    mode: str,
    request: pytest.FixtureRequest,
    trusted: Authority,
) -> None:
    double: SmtpDouble = request.getfixturevalue(which)
    double.set_mode(mode)
    server = clear(double, security=security, host="localhost")
    outcome = send(server, trusted, timeout=SHORT)
    assert outcome.fate == Fate.OURS
    assert "no answer in time" in outcome.reason


def test_encryption_that_breaks_is_ours(smtps: SmtpDouble, trusted: Authority) -> None:
    smtps.set_mode("handshake=drop")
    outcome = send(clear(smtps, security="tls", host="localhost"), trusted)
    assert outcome.fate == Fate.OURS
    assert "encryption failed" in outcome.reason


def login(double: SmtpDouble, user: str, password: str | None) -> Outcome:
    return send(SmtpServer("127.0.0.1", double.port, "none", user, password))


def test_the_right_password_is_let_in(starttls: SmtpDouble) -> None:
    before = len(starttls.talk())
    assert login(starttls, USER, PASSWORD).fate == Fate.SENT
    assert heard(starttls, before)[:3] == ["EHLO", "AUTH", "MAIL"]


@pytest.mark.parametrize("password", ["wrong horse", None])
def test_a_wrong_password_is_ours(starttls: SmtpDouble, password: str | None) -> None:
    outcome = login(starttls, USER, password)
    assert (outcome.fate, outcome.code) == (Fate.OURS, 535)
    assert outcome.reason == "the mail server refuses the user or the password"


def test_a_login_that_breaks_off_is_ours(starttls: SmtpDouble) -> None:
    starttls.set_mode("auth=drop")
    assert login(starttls, USER, PASSWORD).fate == Fate.OURS


def test_what_a_server_repeats_of_the_password_is_not_told(starttls: SmtpDouble) -> None:
    starttls.set_mode(f"auth=535 5.7.8 Not {PASSWORD}")
    outcome = login(starttls, USER, PASSWORD)
    assert (outcome.fate, outcome.code) == (Fate.OURS, 535)
    assert PASSWORD not in outcome.reason


def test_a_password_that_cannot_be_sent_is_ours_and_not_told(starttls: SmtpDouble) -> None:
    outcome = login(starttls, USER, "contraseña")
    assert outcome.fate == Fate.OURS
    assert "contrase" not in outcome.reason


def test_a_server_that_takes_no_login_is_ours(smtps: SmtpDouble, trusted: Authority) -> None:
    server = SmtpServer("localhost", smtps.port, "tls", USER, PASSWORD)
    outcome = send(server, trusted)
    assert outcome.fate == Fate.OURS
    assert "takes no user" in outcome.reason
