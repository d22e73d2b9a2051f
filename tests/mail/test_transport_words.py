"""Transport: what it refuses to say, how a message goes over the line, and what it repeats."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from matcher.config import SmtpServer
from matcher.mail.outcome import Fate, Reply, quoted
from matcher.mail.transport import Envelope, SmtpTransport
from tests.lab.smtp_double import SmtpDouble
from tests.lab.waiting import until
from tests.mail.post import MESSAGE, SENDER, accepted, envelope, send, yes


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpDouble]:
    with SmtpDouble(tmp_path_factory.mktemp("double")) as double:
        yield double


@pytest.fixture(autouse=True)
def _mended(double: SmtpDouble) -> Iterator[None]:
    yield
    double.set_mode("ok")


@pytest.mark.parametrize(
    "address",
    [
        "",
        "reader",
        "@example.test",
        "reader@",
        "reader@example.test\r\nRCPT TO:<other@example.test>",
        "reader@example.test\n",
        "reader @example.test",
        "reader@example.test SIZE=1",
        "<reader@example.test>",
        "reader@example.test> SIZE=1 <x",
        "reader@example.test\0",
        "reader\t@example.test",
        "lectora-ñ@example.test",
        "reader@exämple.test",
    ],
)
@pytest.mark.parametrize("role", ["sender", "recipient"])
def test_an_address_cannot_carry_anything_else(double: SmtpDouble, role: str, address: str) -> None:
    before = double.talk()
    parts = {"sender": SENDER, "recipient": "reader@example.test", role: address}
    with pytest.raises(ValueError, match=role) as caught:
        send(double, Envelope(parts["sender"], parts["recipient"], MESSAGE))
    assert not address or address not in str(caught.value)
    assert double.talk() == before


@pytest.mark.parametrize("local", ["o'hara", "a+b", "x=y.z", "{me}", "#1!", "a|b~`^?$%&*/_-"])
def test_an_unusual_address_is_an_address(double: SmtpDouble, local: str) -> None:
    mail = Envelope(SENDER, f"{local}@mail.example.test", MESSAGE)
    assert send(double, mail).fate == Fate.SENT
    assert accepted(double, mail) == [MESSAGE]


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"no line",
        b"Subject: x\r\n\r\na\nb\r\n",
        b"Subject: x\r\n\r\na\rb\r\n",
        b"Subject: x\r\n\r\na\n\rb\r\n",
        b"Subject: x\n\nHello\n",
        b"Subject: x\r\n\r\na\0b\r\n",
    ],
)
def test_a_message_whose_lines_could_be_read_in_two_ways_is_refused(message: bytes) -> None:
    with (
        SmtpTransport(SmtpServer("127.0.0.1", 9, "none")) as transport,
        pytest.raises(ValueError, match="message"),
    ):
        transport.send(envelope(message=message), before_dot=yes)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\r\n",
        b".\r\n",
        b"..\r\n",
        b".\r\n.\r\n.\r\n",
        b"Hello\r\n.\r\nQUIT\r\n",
        b"Hello.\r\n.hidden\r\n..two\r\n",
        b"Hello\r\n\r\n\r\n",
        "Señora, ¿qué hay?\r\n".encode(),
    ],
)
def test_a_message_arrives_as_it_is(double: SmtpDouble, body: bytes) -> None:
    for message in (b"Subject: x\r\n\r\n" + body, b".Odd: x\r\n" + body):
        mail = envelope(message=message)
        assert send(double, mail).fate == Fate.SENT
        assert accepted(double, mail) == [message]


def test_a_last_line_without_an_end_gets_one(double: SmtpDouble) -> None:
    mail = envelope(message=b"Subject: x\r\n\r\nHello.")
    assert send(double, mail).fate == Fate.SENT
    assert accepted(double, mail) == [b"Subject: x\r\n\r\nHello.\r\n"]


@pytest.mark.parametrize(("text", "wide"), [("Hello", False), ("Señora", True)])
def test_letters_beyond_ascii_are_announced(double: SmtpDouble, text: str, wide: bool) -> None:
    before = len(double.talk())
    send(double, envelope(message=f"Subject: x\r\n\r\n{text}\r\n".encode()))
    [said] = [line for line in double.talk()[before:] if " MAIL " in line]
    assert said.endswith(" BODY=8BITMIME") is wide


@pytest.mark.parametrize(
    ("sender", "host"),
    [("digest@charity.test", "charity.test"), ("digest@localhost", "[127.0.0.1]")],
)
def test_we_greet_with_the_host_of_the_sender(double: SmtpDouble, sender: str, host: str) -> None:
    before = len(double.talk())
    send(double, Envelope(sender, "reader@example.test", MESSAGE))
    [greeting] = [line for line in double.talk()[before:] if " EHLO " in line]
    assert greeting.endswith(f"EHLO {host}")


def test_a_reason_repeats_the_server_but_no_address(double: SmtpDouble) -> None:
    double.set_mode("rcpt=550 5.1.1 <Jane.Doe+news@Example.test>: no user jane.doe, says digest")
    outcome = send(double, Envelope(SENDER, "jane.doe+news@example.test", MESSAGE))
    assert outcome.fate == Fate.STOPPED
    assert outcome.reason == (
        "the recipient was refused: 550 5.1.1 <[address]>: no user [address], says [address]"
    )


@pytest.mark.parametrize("mode", ["mail=550 No {}", "rcpt=450 No {}", "data=554 No {}"])
def test_no_refusal_names_the_sender(double: SmtpDouble, mode: str) -> None:
    for name in (SENDER, SENDER.partition("@")[0]):
        double.set_mode(mode.format(name))
        assert send(double, envelope()).reason.endswith(" No [address]")


@pytest.mark.parametrize("mode", ["dot=552 No {}", "accepted=250 Ok {}", "accepted=299 Ok {}"])
def test_no_answer_to_the_message_names_the_recipient(double: SmtpDouble, mode: str) -> None:
    mail = envelope("jane")
    double.set_mode(mode.format(mail.recipient))
    reason = send(double, mail).reason
    assert "jane" not in reason
    assert reason.endswith("[address]")


def test_a_reason_is_short(double: SmtpDouble) -> None:
    double.set_mode("rcpt=550 5.7.1 " + "very long " * 200)
    reason = send(double, envelope()).reason
    assert len(reason) == 200
    assert reason.endswith("…")


@pytest.mark.parametrize("answer", ["x" * 80_000, "250-" + "x\r\n250-" * 20_000 + "x"])
def test_an_answer_without_end_is_not_read_to_its_end(double: SmtpDouble, answer: str) -> None:
    double.set_mode(f"rcpt={answer}")
    before = len(double.talk())
    outcome = send(double, envelope())
    assert (outcome.fate, outcome.code) == (Fate.RETRY, None)
    assert "not SMTP" in outcome.reason
    assert until(lambda: double.talk()[before:][-1:] != [] and "end" in double.talk()[-1])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("User jane unknown", "User jane unknown"),
        ("a@b.c, <d@e>; (f@g)", "[address], <[address]>; ([address])"),
        ('"jane doe"@x.test left', "[address] left"),
        ("see https://x.test/?who=jane%40x.test", "see https:[address]"),
        ("two\nlines\tand\x07 a bell", "two lines and a bell"),
    ],
)
def test_words_of_the_server_are_one_line_without_addresses(text: str, said: str) -> None:
    assert quoted(text) == said


def test_an_address_with_odd_letters_is_hidden_whole() -> None:
    assert quoted("no A,b@x.test", hide=("a,b@x.test",)) == "no [address]"


def test_an_address_cut_in_half_is_not_told() -> None:
    assert quoted("x " * 497 + "jane.doe@example.test") == ("x " * 497).strip()
    assert quoted("jane@" + "x" * 2000) == ""


def test_a_reply_without_words_has_a_reason() -> None:
    assert Reply(550, "").judged("refused", fate=Fate.FAILED).reason == "refused: 550"
