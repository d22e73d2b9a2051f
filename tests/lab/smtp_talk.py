"""Talk: one conversation of the SMTP double with whoever connected."""

from __future__ import annotations

import socket
import ssl
import time
from base64 import b64decode
from dataclasses import dataclass
from typing import NoReturn

from tests.lab.smtp_log import Log, Notes
from tests.lab.smtp_modes import DROP, SLOW, STALL, TRICKLE, Board

DOT = b"\r\n.\r\n"
UNREAD_SECONDS = 10.0


class EndOfTalk(Exception):  # noqa: N818 - it is no error
    """This conversation is over."""


@dataclass(frozen=True)
class House:
    """What all conversations share. `pace` is the seconds between two bytes, or before a slow
    answer; `login` is the user and the password, if they are asked for."""

    board: Board
    log: Log
    notes: Notes
    pace: float = 1.0
    login: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    smtps: bool = False


class Talk:
    """Runs until the other side leaves or the mode says so; closes the connection."""

    def __init__(self, house: House, wire: socket.socket, number: int) -> None:
        self._house, self._wire, self._number = house, wire, number
        self._unread = b""
        self._secure = False
        self._sender = ""
        self._recipients: tuple[str, ...] = ()

    def run(self) -> None:
        try:
            if self._house.smtps:
                self._shake_hands()
            self._say("banner", "220 double.test ready")
            while True:
                self._hear()
        except (EndOfTalk, OSError):
            pass
        finally:
            self._wire.close()
            self._note("end")

    def _hear(self) -> None:
        line = self._until(b"\r\n").decode("utf-8", errors="replace")
        verb, _, args = line.partition(" ")
        told = f"{verb.upper()} {args}".strip()
        self._note(told if told.startswith(("MAIL ", "EHLO ", "HELO ")) else verb.upper())
        answer = getattr(self, f"_{verb.lower()}", None) if verb.isalpha() else None
        if verb.lower() not in VERBS or answer is None:
            self._write(b"500 5.5.1 What?\r\n")
        else:
            answer(args)

    def _ehlo(self, _: str) -> None:
        self._forget()
        offers = ["double.test", "8BITMIME"]
        if not self._secure and self._offers_tls():
            offers.append("STARTTLS")
        if self._house.login or self._deed("auth"):
            offers.append("AUTH PLAIN LOGIN")
        lines = [f"250-{offer}" for offer in offers[:-1]] + [f"250 {offers[-1]}"]
        self._say("ehlo", "\r\n".join(lines))

    def _offers_tls(self) -> bool:
        if deed := self._deed("starttls"):
            return deed != "none"
        return bool(self._house.tls or self._deed("handshake"))

    def _helo(self, _: str) -> None:
        self._forget()
        self._say("ehlo", "250 double.test")

    def _starttls(self, _: str) -> None:
        self._say("starttls", "220 2.0.0 Go ahead")
        self._shake_hands()

    def _shake_hands(self) -> None:
        deed = self._deed("handshake")
        if deed == STALL:
            self._stall()
        if deed or self._house.tls is None:
            self._write(b"this is no handshake\r\n")
            raise EndOfTalk
        self._wire = self._house.tls.wrap_socket(self._wire, server_side=True)
        self._secure, self._unread = True, b""

    def _auth(self, args: str) -> None:
        kind, _, given = args.partition(" ")
        if kind.upper() == "PLAIN":
            user, password = b64decode(given).decode().split("\0")[1:]
        else:
            self._write(b"334 VXNlcm5hbWU6\r\n")
            user = b64decode(self._until(b"\r\n")).decode()
            self._write(b"334 UGFzc3dvcmQ6\r\n")
            password = b64decode(self._until(b"\r\n")).decode()
        right = (user, password) == self._house.login
        self._say("auth", "235 2.7.0 Welcome" if right else "535 5.7.8 Wrong password")

    def _mail(self, args: str) -> None:
        if self._sender:
            self._write(b"503 5.5.1 Nested MAIL\r\n")
        elif self._say("mail", "250 2.1.0 Ok"):
            self._sender = _bracketed(args)

    def _rcpt(self, args: str) -> None:
        if not self._sender:
            self._write(b"503 5.5.1 MAIL first\r\n")
            return
        before, self._recipients = self._recipients, (*self._recipients, _bracketed(args))
        if not self._say("rcpt", "250 2.1.5 Ok"):
            self._recipients = before

    def _data(self, _: str) -> None:
        if not self._recipients:
            self._write(b"503 5.5.1 RCPT first\r\n")
            return
        if not self._say("data", "354 Go ahead"):
            return
        if self._deed("body") == STALL:
            self._stall(reading=False)
        if self._deed("body"):
            self._more()
            raise EndOfTalk
        # An empty message is a dot at once.
        self._unread = b"\r\n" + self._unread
        message = (self._until(DOT) + b"\r\n").replace(b"\r\n.", b"\r\n")[2:]
        self._note("dot")
        if self._deed("dot") and not self._say("dot", ""):
            self._forget()
            return
        self._house.log.add(self._sender, self._recipients, message)
        self._say("accepted", "250 2.0.0 Ok: taken")
        self._forget()

    def _rset(self, _: str) -> None:
        self._forget()
        self._write(b"250 2.0.0 Ok\r\n")

    def _noop(self, _: str) -> None:
        self._write(b"250 2.0.0 Ok\r\n")

    def _quit(self, _: str) -> None:
        self._say("quit", "221 2.0.0 Bye")
        raise EndOfTalk

    def _forget(self) -> None:
        self._sender, self._recipients = "", ()

    def _note(self, what: str) -> None:
        self._house.notes.add(self._number, what)

    def _deed(self, stage: str) -> str:
        return self._house.board.mode(" ".join(self._recipients)).at(stage)

    def _manner(self) -> str:
        return self._house.board.mode(" ".join(self._recipients)).manner()

    def _say(self, stage: str, usual: str) -> bool:
        """Give the usual answer, or do what the mode says instead: whether it was the usual."""
        deed = self._deed(stage) or self._manner()
        if deed == DROP:
            raise EndOfTalk
        if deed == STALL:
            self._stall()
        if deed == SLOW:
            time.sleep(self._house.pace)
        if deed == TRICKLE and usual:
            for byte in usual.encode() + b"\r\n":
                self._write(bytes([byte]))
                time.sleep(self._house.pace)
        elif deed not in ("", SLOW, TRICKLE):
            self._write(deed.encode() + b"\r\n")
            if deed.startswith("421"):
                raise EndOfTalk
            return False
        elif usual:
            self._write(usual.encode() + b"\r\n")
        return True

    def _stall(self, *, reading: bool = True) -> NoReturn:
        """Say nothing until the other side leaves; without reading, it cannot even write."""
        self._note("stall")
        while reading:
            self._more()
        # Who does not read does not see the other side leave.
        time.sleep(UNREAD_SECONDS)
        raise EndOfTalk

    def _write(self, data: bytes) -> None:
        self._wire.sendall(data)

    def _until(self, end: bytes) -> bytes:
        """What comes before `end`, without it."""
        parts, tail = [], self._unread
        while (at := tail.find(end)) < 0:
            keep = max(len(tail) - len(end), 0)
            parts.append(tail[:keep])
            self._unread = b""
            self._more()
            tail = tail[keep:] + self._unread
        self._unread = tail[at + len(end) :]
        return b"".join(parts) + tail[:at]

    def _more(self) -> None:
        more = self._wire.recv(65_536)
        if not more:
            raise EndOfTalk
        self._unread += more


VERBS = ("ehlo", "helo", "starttls", "auth", "mail", "rcpt", "data", "rset", "noop", "quit")


def _bracketed(args: str) -> str:
    return args[args.index("<") + 1 : args.index(">")]
