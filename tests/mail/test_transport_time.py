"""Transport: a server that does not answer, answers byte by byte or does not read ends nothing but
the mail at hand."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Iterator

import pytest

from matcher.mail.deadline import Deadline
from matcher.mail.line import Line
from matcher.mail.resolving import addresses
from matcher.mail.transport import Fate, SmtpTransport
from tests.lab.smtp_double import Kind, SmtpDouble
from tests.mail.post import MESSAGE, PATIENT, SHORT, accepted, clear, envelope, send, yes

# An answer of a dozen bytes at this pace takes longer than SHORT, though no byte does.
PACE = SHORT / 4


@pytest.fixture(scope="module")
def double(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpDouble]:
    with SmtpDouble(tmp_path_factory.mktemp("double"), kind=Kind(pace=PACE)) as double:
        yield double


@pytest.fixture(autouse=True)
def _mended(double: SmtpDouble) -> Iterator[None]:
    yield
    double.set_mode("ok")


@pytest.mark.parametrize(
    ("mode", "fate", "count"),
    [
        ("stalled_banner", Fate.OURS, 0),
        ("one_byte_a_second", Fate.OURS, 0),
        ("mail=stall", Fate.OURS, 0),
        ("rcpt_stall", Fate.RETRY, 0),
        ("rcpt=trickle", Fate.RETRY, 0),
        ("data=stall", Fate.RETRY, 0),
        ("dot=stall", Fate.UNCERTAIN, 0),
        ("accept_then_stall", Fate.UNCERTAIN, 1),
        ("accept_then_trickle", Fate.UNCERTAIN, 1),
    ],
)
def test_a_server_that_does_not_answer_in_time(
    double: SmtpDouble, mode: str, fate: Fate, count: int
) -> None:
    double.set_mode(mode)
    mail = envelope()
    outcome = send(double, mail, timeout=SHORT)
    assert (outcome.fate, outcome.code) == (fate, None)
    assert "no answer in time" in outcome.reason
    assert accepted(double, mail) == [MESSAGE] * count


def test_a_server_that_does_not_read(double: SmtpDouble) -> None:
    double.set_mode("stop_reading")
    mail = envelope(message=b"Subject: x\r\n\r\n" + b"x" * 30_000_000 + b"\r\n")
    outcome = send(double, mail, timeout=SHORT)
    assert outcome.fate == Fate.RETRY
    assert "no answer in time" in outcome.reason


def test_answers_each_in_time_do_not_add_up_beyond_the_deadline(double: SmtpDouble) -> None:
    double.set_mode("slow_ok")
    mail = envelope()
    with SmtpTransport(clear(double), timeout=PATIENT, deadline=PACE * 2.5) as transport:
        assert transport.send(mail, before_dot=yes).fate in (Fate.OURS, Fate.RETRY)
    assert accepted(double, mail) == []


def test_the_deadline_is_twice_the_timeout_unless_told(
    double: SmtpDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds: list[float] = []

    class Told(Deadline):
        def __init__(self, given: float) -> None:
            seconds.append(given)
            super().__init__(given)

    monkeypatch.setattr("matcher.mail.transport.Deadline", Told)
    send(double, envelope(), timeout=PATIENT)
    assert seconds[0] == 2 * PATIENT


def test_each_mail_has_a_deadline_of_its_own(double: SmtpDouble) -> None:
    double.set_mode("ok", {"late": "rcpt_stall"})
    with SmtpTransport(clear(double), timeout=SHORT) as transport:
        fates = [
            transport.send(envelope(name), before_dot=yes).fate for name in ("late", "late", "a")
        ]
    assert fates == [Fate.RETRY, Fate.RETRY, Fate.SENT]


def test_a_last_look_that_took_too_long_sends_nothing(
    double: SmtpDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr(
        "matcher.mail.transport.Deadline", lambda seconds: Deadline(seconds, clock=lambda: now[0])
    )
    mail = envelope()

    def look() -> bool:
        now[0] += 2 * PATIENT
        return True

    assert send(double, mail, before_dot=look).fate == Fate.RETRY
    assert accepted(double, mail) == []


def test_no_thread_stays_behind(double: SmtpDouble) -> None:
    double.set_mode("rcpt_stall")
    before = set(threading.enumerate())
    with SmtpTransport(clear(double, host="localhost"), timeout=SHORT) as transport:
        transport.send(envelope(), before_dot=yes)
        for thread in set(threading.enumerate()) - before:
            thread.join(PATIENT)
        assert set(threading.enumerate()) <= before


def test_a_name_that_is_not_found_is_ours(
    double: SmtpDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_up(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    outcome = send(double, envelope())
    assert outcome.fate == Fate.OURS
    assert "name or service not known" in outcome.reason


def test_a_host_that_cannot_be_a_name_is_ours(double: SmtpDouble) -> None:
    server = clear(double, host="x" * 70 + ".test")
    with SmtpTransport(server) as transport:
        assert transport.send(envelope(), before_dot=yes).fate == Fate.OURS


def test_a_look_up_that_hangs_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: free.wait(PATIENT) and [])
    try:
        with pytest.raises(TimeoutError):
            addresses("mail.test", 25, limit=Deadline(0.05))
    finally:
        free.set()


def test_an_address_that_swallows_everything_leaves_time_for_the_next(
    double: SmtpDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A queue of length 0 that is full: further connections wait for ever.
    deaf = socket.socket()
    deaf.bind(("127.0.0.1", 0))
    deaf.listen(0)
    waiting = [socket.socket() for _ in range(2)]
    for one in waiting:
        one.setblocking(False)
        one.connect_ex(deaf.getsockname())
    kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
    found = [(*kind, deaf.getsockname()), (*kind, ("127.0.0.1", double.port))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    try:
        assert send(double, envelope(), timeout=2 * SHORT).fate == Fate.SENT
    finally:
        for one in (*waiting, deaf):
            one.close()


@pytest.fixture
def line() -> Iterator[tuple[Line, socket.socket]]:
    """A line, and its other end."""
    near, far = socket.socketpair()
    with far:
        line = Line(near, hello="x.test", timeout=PATIENT, deadline=Deadline(1000))
        yield line, far
        line.close()


def test_a_line_of_text_without_end_is_not_waited_for(line: tuple[Line, socket.socket]) -> None:
    near, far = line
    far.sendall(b"2" * 70_000)
    with pytest.raises(smtplib.SMTPException, match="not SMTP"):
        near.answer()


def test_a_goodbye_has_little_time(
    line: tuple[Line, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.mail.line.GOODBYE_SECONDS", 0.05)
    near, far = line
    near.hang_up()
    with pytest.raises(TimeoutError):
        near.deadline.left()
    assert far.recv(100) == b"QUIT\r\n"
    assert far.recv(100) == b""


def test_a_deadline_counts_down_and_is_then_over() -> None:
    now = [100.0]
    deadline = Deadline(10, clock=lambda: now[0])
    assert deadline.left() == 10
    assert deadline.within(4).left() == 4
    assert deadline.within(40).left() == 10
    now[0] = 110.0
    with pytest.raises(TimeoutError):
        deadline.left()
    with pytest.raises(TimeoutError):
        deadline.within(4).left()
