"""Transport: the fate of a mail for everything that a server can do, and that it goes out once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from matcher.mail.transport import Fate, SmtpTransport
from tests.lab.smtp_double import Kind, SmtpDouble
from tests.lab.waiting import until
from tests.mail.post import MESSAGE, SHORT, accepted, clear, envelope, send, yes

OURS = [
    ("connect_421", 421),
    ("drop_before_banner", None),
    ("banner=250 Hello", 250),
    ("banner=I am no mail server", None),
    ("ehlo=554 5.7.1 Go away", None),
    ("ehlo=drop", None),
    ("mail_from_451", 451),
    ("mail_from_550", 550),
    ("mail=550 5.1.1 No such sender", 550),
    ("mail=251 Odd", 251),
    ("mail=drop", None),
]
NOT_TAKEN = [
    ("rcpt_421", Fate.RETRY, 421),
    ("rcpt_451", Fate.RETRY, 451),
    ("rcpt=450 5.1.1 For now", Fate.RETRY, 450),
    ("rcpt=252 Cannot say", Fate.RETRY, 252),
    ("rcpt=what?", Fate.RETRY, None),
    ("rcpt=drop", Fate.RETRY, None),
    ("rcpt_550", Fate.FAILED, 550),
    ("rcpt_552_5_2_2", Fate.FAILED, 552),
    ("rcpt_550_5_7_1", Fate.FAILED, 550),
    ("rcpt=550 5.1.8 Your own domain", Fate.FAILED, 550),
    ("rcpt=550 5.1.7 Your own mailbox", Fate.FAILED, 550),
    ("rcpt=550 5.10.1 Something new", Fate.FAILED, 550),
    ("rcpt=550 No 5.1.1 here", Fate.FAILED, 550),
    ("rcpt_550_5_1_1", Fate.STOPPED, 550),
    ("rcpt=554 5.1.2 No such domain", Fate.STOPPED, 554),
    ("rcpt=556 5.1.10 Takes no mail", Fate.STOPPED, 556),
    ("rcpt=550-5.1.1 No such\r\n550 5.1.1 user", Fate.STOPPED, 550),
    ("data_451", Fate.RETRY, 451),
    ("data=421 Bye", Fate.RETRY, 421),
    ("data=250 Odd", Fate.RETRY, 250),
    ("data=drop", Fate.RETRY, None),
    ("data=354 Go ahead\r\n250 2.0.0 Taken already", Fate.RETRY, None),
    ("data_554", Fate.FAILED, 554),
    ("after_dot_421", Fate.RETRY, 421),
    ("after_dot_451", Fate.RETRY, 451),
    ("after_dot_552", Fate.FAILED, 552),
    ("after_dot_550_5_1_1", Fate.FAILED, 550),
    ("after_dot_550_5_7_1", Fate.FAILED, 550),
    ("dot=drop", Fate.UNCERTAIN, None),
    ("dot=What?", Fate.UNCERTAIN, None),
]
TAKEN = [
    ("ok", Fate.SENT, 250),
    ("quit_drop", Fate.SENT, 250),
    ("slow_ok", Fate.SENT, 250),
    ("accept_then_drop", Fate.UNCERTAIN, None),
    ("accept_then_garbage", Fate.UNCERTAIN, None),
    ("accepted=2500 Ok", Fate.UNCERTAIN, None),
    ("accepted=250-One\r\n550 Two", Fate.UNCERTAIN, None),
    ("accepted=251 Odd", Fate.UNCERTAIN, 251),
    ("accepted=354 Odd", Fate.UNCERTAIN, 354),
]


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpDouble]:
    with SmtpDouble(tmp_path_factory.mktemp("double"), kind=Kind(pace=0.05)) as double:
        yield double


@pytest.fixture(autouse=True)
def _mended(double: SmtpDouble) -> Iterator[None]:
    yield
    double.set_mode("ok")


@pytest.mark.parametrize(("mode", "code"), OURS)
def test_a_refusal_before_the_recipient_is_ours(
    double: SmtpDouble, mode: str, code: int | None
) -> None:
    double.set_mode(mode)
    mail = envelope()
    outcome = send(double, mail)
    assert (outcome.fate, outcome.code) == (Fate.OURS, code)
    assert outcome.reason
    assert accepted(double, mail) == []


@pytest.mark.parametrize(("mode", "fate", "code"), NOT_TAKEN)
def test_a_refusal_is_told_apart(
    double: SmtpDouble, mode: str, fate: Fate, code: int | None
) -> None:
    double.set_mode(mode)
    mail = envelope()
    outcome = send(double, mail)
    assert (outcome.fate, outcome.code) == (fate, code)
    assert outcome.reason
    assert accepted(double, mail) == []


@pytest.mark.parametrize(("mode", "fate", "code"), TAKEN)
def test_sent_is_said_only_of_a_250(
    double: SmtpDouble, mode: str, fate: Fate, code: int | None
) -> None:
    double.set_mode(mode)
    mail = envelope()
    outcome = send(double, mail)
    assert (outcome.fate, outcome.code) == (fate, code)
    assert accepted(double, mail) == [MESSAGE]


def test_the_envelope_goes_out_as_it_is(double: SmtpDouble) -> None:
    mail = envelope()
    send(double, mail)
    [one] = [one for one in double.accepted() if one.recipients == (mail.recipient,)]
    assert one.sender == mail.sender


@pytest.mark.parametrize("mode", ["mail_from_550", "rcpt_451", "data_554", "rcpt=drop"])
def test_nobody_is_asked_about_a_mail_that_the_server_refused(
    double: SmtpDouble, mode: str
) -> None:
    double.set_mode(mode)
    asked: list[bool] = []
    send(double, envelope(), before_dot=lambda: not asked.append(True))
    assert asked == []


def test_a_no_before_the_dot_sends_nothing(double: SmtpDouble) -> None:
    mail = envelope()
    before = len(double.talk())

    def look() -> bool:
        assert until(lambda: any(line.endswith("DATA") for line in double.talk()[before:]))
        return False

    outcome = send(double, mail, before_dot=look)
    assert (outcome.fate, outcome.code) == (Fate.WITHHELD, None)
    assert until(lambda: double.talk()[-1].endswith("end"))
    assert not [line for line in double.talk()[before:] if line.endswith(("dot", "QUIT"))]
    assert accepted(double, mail) == []


def test_a_last_look_that_fails_sends_nothing_and_harms_no_other_mail(double: SmtpDouble) -> None:
    class BrokenError(OSError):
        pass

    def look() -> bool:
        raise BrokenError

    first, second = envelope(), envelope()
    with SmtpTransport(clear(double)) as transport:
        with pytest.raises(BrokenError):
            transport.send(first, before_dot=look)
        assert transport.send(second, before_dot=yes).fate == Fate.SENT
    assert (accepted(double, first), accepted(double, second)) == ([], [MESSAGE])


def test_a_drop_in_the_message_is_no_acceptance(double: SmtpDouble) -> None:
    double.set_mode("drop_mid_data")
    mail, before = envelope(), len(double.talk())

    def look() -> bool:
        return until(lambda: any(line.endswith("end") for line in double.talk()[before:]))

    outcome = send(double, mail, before_dot=look)
    assert (outcome.fate, outcome.code) == (Fate.RETRY, None)
    assert accepted(double, mail) == []


def test_a_server_that_dies_before_the_dot_has_accepted_nothing(double: SmtpDouble) -> None:
    with SmtpDouble(double.log.parent / "dying") as dying:

        def look() -> bool:
            dying.stop()
            return True

        assert send(dying, envelope(), before_dot=look).fate == Fate.RETRY
        assert dying.accepted() == []


def test_no_server_at_all_is_ours(double: SmtpDouble) -> None:
    with SmtpDouble(double.log.parent / "gone") as gone:
        pass
    outcome = send(gone, envelope())
    assert outcome.fate == Fate.OURS
    assert "connection refused" in outcome.reason


def test_a_goodbye_that_is_not_answered_changes_nothing(double: SmtpDouble) -> None:
    double.set_mode("quit_stall")
    assert send(double, envelope(), timeout=SHORT).fate == Fate.SENT
