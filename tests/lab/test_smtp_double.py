"""Double: what it accepts is in its log first, and stays there; modes change while it runs."""

from __future__ import annotations

import json
import os
import signal
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.smtp_double import READY, ROOT, Kind, SmtpDouble
from tests.lab.smtp_log import Log, read_log
from tests.lab.smtp_modes import NAMED, Board, Mode, parsed
from tests.lab.waiting import until

HELLO = b"Subject: Hello\r\n\r\n.dot\r\n"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmtpDouble]:
    with SmtpDouble(tmp_path_factory.mktemp("double")) as double:
        yield double


@pytest.fixture
def double(shared: SmtpDouble) -> SmtpDouble:
    shared.forget()
    return shared


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[SmtpDouble]:
    with SmtpDouble(tmp_path / "mortal") as double:
        yield double


def send(double: SmtpDouble, recipient: str = "r@x.test") -> dict[str, tuple[int, bytes]]:
    with smtplib.SMTP("127.0.0.1", double.port, timeout=30) as client:
        return client.sendmail("s@x.test", [recipient, "also@x.test"], HELLO)


def test_a_message_is_accepted_as_it_was_sent(double: SmtpDouble) -> None:
    assert double.url == f"smtp://127.0.0.1:{double.port}"
    assert send(double) == {}
    [one] = double.accepted()
    assert (one.sender, one.recipients) == ("s@x.test", ("r@x.test", "also@x.test"))
    assert one.message == HELLO
    assert one.at > 1_700_000_000
    assert double.count() == 1


def test_what_was_accepted_survives_a_kill(mortal: SmtpDouble) -> None:
    mortal.set_mode("accept_then_stall")
    with socket.create_connection(("127.0.0.1", mortal.port), timeout=30) as wire:
        file = wire.makefile("rb")
        for line in (b"", b"HELO x", b"MAIL FROM:<s@x.test>", b"RCPT TO:<r@x.test>", b"DATA"):
            wire.sendall(line + b"\r\n" if line else b"")
            assert file.readline()[:1] in b"23"
        wire.sendall(b"Hello\r\n.\r\n")
        assert until(lambda: mortal.talk()[-1].endswith("stall"))
        mortal.stop()
    assert [one.message for one in mortal.accepted()] == [b"Hello\r\n"]


def test_a_double_goes_on_where_another_stopped(mortal: SmtpDouble) -> None:
    send(mortal)
    mortal.stop()
    with SmtpDouble(mortal.log.parent, port=mortal.port) as again:
        send(again)
        assert (again.port, again.count()) == (mortal.port, 2)


def test_the_log_is_on_disk_before_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda _: synced.append(len(read_log(tmp_path / "log"))))
    Log(tmp_path / "log").add("s", ("r",), HELLO)
    assert synced == [1]
    Log(tmp_path / "log", sync=False).add("s", ("r",), HELLO)
    assert synced == [1]


def test_half_a_line_is_no_acceptance(tmp_path: Path) -> None:
    log = Log(tmp_path / "log", sync=False)
    log.add("s", ("r",), HELLO)
    log.add("s", ("r",), HELLO)
    whole = (tmp_path / "log").read_bytes()
    (tmp_path / "log").write_bytes(whole[:-5])
    assert len(read_log(tmp_path / "log")) == 1
    assert read_log(tmp_path / "none") == []


def test_modes_change_while_it_runs_for_some_or_for_all(double: SmtpDouble) -> None:
    double.set_mode("ok", {"bad@": "rcpt_550_5_1_1"})
    assert send(double) == {}
    assert send(double, "bad@x.test") == {"bad@x.test": (550, b"5.1.1 No such user")}
    double.set_mode("rcpt_451")
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        send(double)
    double.set_mode("ok")
    assert send(double, "bad@x.test") == {}
    assert [len(one.recipients) for one in double.accepted()] == [2, 1, 2]


@pytest.mark.parametrize(
    ("mode", "count"), [("after_dot_451", 0), ("dot=drop", 0), ("accept_then_drop", 1)]
)
def test_before_and_after_a_message_is_accepted(double: SmtpDouble, mode: str, count: int) -> None:
    double.set_mode(mode)
    with pytest.raises(smtplib.SMTPException):
        send(double)
    assert double.count() == count


def test_a_message_that_breaks_off_is_not_accepted(mortal: SmtpDouble) -> None:
    with socket.create_connection(("127.0.0.1", mortal.port), timeout=30) as wire:
        wire.sendall(b"HELO x\r\nMAIL FROM:<s@x.test>\r\nRCPT TO:<r@x.test>\r\nDATA\r\nHello\r\n.")
    assert until(lambda: "1 end" in mortal.talk())
    assert mortal.accepted() == []


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["RCPT TO:<r@x.test>"], b"503"),
        (["MAIL FROM:<s@x.test>", "DATA"], b"503"),
        (["MAIL FROM:<s@x.test>", "MAIL FROM:<s@x.test>"], b"503"),
        (["MAIL FROM:<s@x.test>", "RSET", "MAIL FROM:<s@x.test>"], b"250"),
        (["BDAT 3"], b"500"),
        (["__init__"], b"500"),
    ],
)
def test_it_insists_on_the_order_of_things(
    double: SmtpDouble, lines: list[str], code: bytes
) -> None:
    with socket.create_connection(("127.0.0.1", double.port), timeout=30) as wire:
        file = wire.makefile("rb")
        answer = file.readline()
        for line in lines:
            wire.sendall(line.encode() + b"\r\n")
            answer = file.readline()
    assert answer[:3] == code


def test_what_was_heard_is_noted(mortal: SmtpDouble) -> None:
    send(mortal)
    assert until(lambda: "1 end" in mortal.talk())
    heard = [line.split(" ")[:2] for line in mortal.talk()]
    said = ["EHLO", "MAIL", "RCPT", "RCPT", "DATA", "dot", "QUIT", "end"]
    assert heard == [["1", what] for what in said]


def test_it_forgets_when_told(mortal: SmtpDouble) -> None:
    send(mortal)
    assert until(lambda: "1 end" in mortal.talk())
    mortal.set_mode("rcpt_451")
    mortal.forget()
    assert (mortal.accepted(), mortal.talk()) == ([], [])
    assert send(mortal) == {}
    assert mortal.count() == 1


def test_only_counting_keeps_nothing(tmp_path: Path) -> None:
    with SmtpDouble(tmp_path / "double", kind=Kind(discard=True)) as double:
        send(double)
        send(double)
        assert double.count() == 2
        assert double.talk() == []
        assert double.log.read_bytes() == b".."


def test_it_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    port = int(process.stdout.readline())
    process.send_signal(signal.SIGKILL)
    process.communicate()
    for _ in range(6000):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=30).close()
        except OSError:
            break
    else:
        pytest.fail("the double outlived who started it")


STARTER = """
import sys, time, pathlib
from tests.lab.smtp_double import SmtpDouble
print(SmtpDouble(pathlib.Path(sys.argv[1])).port, flush=True)
time.sleep(600)
"""


def test_it_is_started_by_hand_and_told_by_a_file(tmp_path: Path) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-m", "tests.lab.smtp_double", "--log", str(log)]
    with subprocess.Popen(
        [*command, "--mode", "mail_from_550"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().removeprefix(READY))
        with smtplib.SMTP("127.0.0.1", port, timeout=30) as client:
            client.ehlo()
            assert client.mail("s@x.test")[0] == 550
            Path(f"{log}.mode").write_text(json.dumps({"mode": "ok", "some": {}}))
            assert client.mail("s@x.test")[0] == 250
        process.kill()


def test_every_name_is_a_mode() -> None:
    assert parsed("ok") == Mode()
    assert parsed("rcpt_451").at("rcpt").startswith("451 ")
    assert parsed("rcpt_451").at("data") == parsed("rcpt_451").manner() == ""
    assert parsed("one_byte_a_second").manner() == "trickle"
    assert parsed("mail=552 Full=yes") == Mode("mail", "552 Full=yes")
    for name in NAMED:
        parsed(name)


@pytest.mark.parametrize("mode", ["", "rcpt", "rcpt=", "rcpt_999", "weather=450 Rain"])
def test_a_mode_that_is_none_is_refused(mode: str, tmp_path: Path) -> None:
    board = Board(tmp_path / "mode")
    with pytest.raises(ValueError, match="no mode"):
        board.write(mode, {})
    with pytest.raises(ValueError, match="no mode"):
        board.write("ok", {"x": mode})
    assert not (tmp_path / "mode").exists()
