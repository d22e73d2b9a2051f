"""Transport: one line for many mails, and what happens when it breaks between them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from matcher.mail.deadline import Deadline
from matcher.mail.transport import MAILS_A_LINE, Fate, SmtpTransport
from tests.lab.smtp_double import SmtpDouble
from tests.lab.waiting import until
from tests.mail.post import SHORT, accepted, clear, envelope, yes


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpDouble]:
    with SmtpDouble(tmp_path_factory.mktemp("double")) as double:
        yield double


@pytest.fixture
def double(shared: SmtpDouble) -> SmtpDouble:
    shared.forget()
    return shared


@pytest.fixture
def transport(double: SmtpDouble) -> Iterator[SmtpTransport]:
    with SmtpTransport(clear(double)) as transport:
        yield transport


def fates(transport: SmtpTransport, *names: str) -> list[Fate]:
    return [transport.send(envelope(name), before_dot=yes).fate for name in names]


def heard(double: SmtpDouble, verb: str) -> list[int]:
    """The lines on which something was heard, counted from 1 in the order of their greetings."""
    lines = [line.split(" ")[:2] for line in double.talk()]
    order = [number for number, said in lines if said == "EHLO"]
    return [order.index(number) + 1 for number, said in lines if said == verb and number in order]


def test_nothing_is_opened_before_there_is_a_mail(double: SmtpDouble) -> None:
    with SmtpTransport(clear(double)):
        pass
    assert heard(double, "EHLO") == []


def test_many_mails_share_a_line_which_is_closed_politely(double: SmtpDouble) -> None:
    with SmtpTransport(clear(double)) as transport:
        assert fates(transport, "a", "b", "c") == [Fate.SENT] * 3
    assert heard(double, "MAIL") == [1, 1, 1]
    assert heard(double, "EHLO") == heard(double, "QUIT") == [1]
    assert heard(double, "RSET") == []


def test_a_line_is_renewed_after_its_share_of_mails(
    double: SmtpDouble, transport: SmtpTransport
) -> None:
    assert fates(transport, *["a"] * (MAILS_A_LINE + 1)) == [Fate.SENT] * (MAILS_A_LINE + 1)
    assert heard(double, "MAIL") == [1] * MAILS_A_LINE + [2]
    assert heard(double, "QUIT") == [1]


def test_bad_recipients_stand_among_good_ones(double: SmtpDouble, transport: SmtpTransport) -> None:
    double.set_mode("ok", {"gone": "rcpt_550_5_1_1", "full": "after_dot_552", "late": "data_451"})
    names = ("a", "gone", "b", "full", "c", "late", "d")
    assert fates(transport, *names) == [
        Fate.SENT,
        Fate.STOPPED,
        Fate.SENT,
        Fate.FAILED,
        Fate.SENT,
        Fate.RETRY,
        Fate.SENT,
    ]
    assert set(heard(double, "MAIL")) == {1}
    assert len(double.accepted()) == 4


@pytest.mark.parametrize("mode", ["rcpt_421", "after_dot_421", "rcpt=drop", "accept_then_drop"])
def test_the_next_mail_gets_a_new_line_when_this_one_ended(
    double: SmtpDouble, transport: SmtpTransport, mode: str
) -> None:
    double.set_mode("ok", {"bad": mode})
    first, _, last = fates(transport, "a", "bad", "b")
    assert (first, last) == (Fate.SENT, Fate.SENT)
    assert heard(double, "EHLO") == [1, 2]


def test_an_answer_that_makes_no_sense_ends_the_line(
    double: SmtpDouble, transport: SmtpTransport
) -> None:
    double.set_mode("ok", {"odd": "accepted=354 Go on", "strange": "rcpt=252 Who knows"})
    assert fates(transport, "odd", "a", "strange", "b") == [
        Fate.UNCERTAIN,
        Fate.SENT,
        Fate.RETRY,
        Fate.SENT,
    ]
    assert heard(double, "EHLO") == [1, 2, 3]


def test_a_mail_held_back_ends_its_line(double: SmtpDouble, transport: SmtpTransport) -> None:
    held, next_one = envelope(), envelope()
    assert transport.send(held, before_dot=lambda: False).fate == Fate.WITHHELD
    assert transport.send(next_one, before_dot=yes).fate == Fate.SENT
    assert heard(double, "EHLO") == [1, 2]
    assert (len(accepted(double, held)), len(accepted(double, next_one))) == (0, 1)


@pytest.mark.parametrize("mode", ["mail_from_550", "rcpt_stall", "data=stall", "dot=stall"])
def test_a_line_that_cannot_be_trusted_is_left_at_once(double: SmtpDouble, mode: str) -> None:
    double.set_mode(mode)
    with SmtpTransport(clear(double), timeout=SHORT) as transport:
        assert fates(transport, "a") != [Fate.SENT]
        assert until(lambda: heard(double, "end") == [1])


def test_a_line_with_half_a_message_is_left_at_once(
    double: SmtpDouble, transport: SmtpTransport
) -> None:
    def look() -> bool:
        raise ZeroDivisionError

    transport.send(envelope(), before_dot=lambda: False)
    assert until(lambda: heard(double, "end") == [1])
    with pytest.raises(ZeroDivisionError):
        transport.send(envelope(), before_dot=look)
    assert until(lambda: heard(double, "end") == [1, 2])


def test_a_kept_line_is_not_held_to_the_time_of_an_earlier_mail(
    double: SmtpDouble, transport: SmtpTransport, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(
        "matcher.mail.transport.Deadline", lambda seconds: Deadline(seconds, clock=lambda: now[0])
    )
    assert fates(transport, "a") == [Fate.SENT]
    now[0] += 1000
    assert fates(transport, "b") == [Fate.SENT]
    assert heard(double, "EHLO") == [1]


def test_a_kept_line_that_died_is_opened_again(tmp_path: Path) -> None:
    first = SmtpDouble(tmp_path / "double")
    with SmtpTransport(clear(first)) as transport:
        assert fates(transport, "a") == [Fate.SENT]
        first.stop()
        with SmtpDouble(tmp_path / "double", port=first.port) as second:
            assert fates(transport, "b") == [Fate.SENT]
            assert len(second.accepted()) == 2


def test_a_kept_line_that_died_is_ours_when_it_cannot_be_opened_again(tmp_path: Path) -> None:
    with (
        SmtpDouble(tmp_path / "double") as double,
        SmtpTransport(clear(double)) as transport,
    ):
        assert fates(transport, "a") == [Fate.SENT]
        double.stop()
        assert fates(transport, "b") == [Fate.OURS]


def test_a_refusal_of_the_sender_is_asked_twice_at_most(
    double: SmtpDouble, transport: SmtpTransport
) -> None:
    assert fates(transport, "a") == [Fate.SENT]
    double.set_mode("mail=421 4.7.0 Too many mails on this line")
    assert fates(transport, "b") == [Fate.OURS]
    assert heard(double, "MAIL") == [1, 1, 2]


def test_a_refusal_that_is_ours_is_forgotten_when_it_is_mended(
    double: SmtpDouble, transport: SmtpTransport
) -> None:
    double.set_mode("connect_421")
    assert fates(transport, "a") == [Fate.OURS]
    double.set_mode("ok")
    assert fates(transport, "b") == [Fate.SENT]


def test_a_line_that_is_out_of_step_is_not_trusted(
    double: SmtpDouble, transport: SmtpTransport
) -> None:
    double.set_mode("ok", {"odd": "accepted=250 2.0.0 Ok\r\n250 2.0.0 Ok"})
    assert fates(transport, "odd", "a") == [Fate.SENT, Fate.SENT]
    assert heard(double, "EHLO") == [1, 2]


def test_every_line_is_closed(double: SmtpDouble) -> None:
    double.set_mode("ok", {"bad": "rcpt=421 Bye", "odd": "rcpt=what?"})
    with SmtpTransport(clear(double)) as transport:
        fates(transport, "a", "bad", "odd", "b")
        transport.close()
        transport.close()
        assert until(lambda: len(heard(double, "end")) == 3)
        assert fates(transport, "c") == [Fate.SENT]
