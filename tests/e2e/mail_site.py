"""Mail site: a site that mails people, its mail server in a process of its own, and the post."""

from __future__ import annotations

import email
import re
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask

from matcher.config import Settings, SmtpServer
from matcher.core.rulebook import Rulebook
from matcher.mail.transport import SmtpTransport
from matcher.services.digests.desk import Desk
from matcher.services.digests.rounds import PLAN_EVERY, Rounds
from matcher.services.live import LiveMatcher
from matcher.services.studies import import_files
from matcher.web import create_app
from matcher.web.sweeping import erase_ended
from scripts.reader_way import kind_of
from tests.e2e.conftest import Clock, new_engine, serving
from tests.e2e.payloads import as_lines
from tests.lab.smtp_double import SmtpDouble

TUESDAY = datetime(2026, 12, 1, 12, tzinfo=UTC)
HREF = re.compile(r'href="([^"]+)"')
PLAIN_LINK = re.compile(r"https?://\S+")
ONE_CLICK = b"List-Unsubscribe=One-Click"


@dataclass(frozen=True)
class Mail:
    """A mail as its reader's program shows it."""

    message: EmailMessage

    @property
    def subject(self) -> str:
        """What stands in the list of mails."""
        return str(self.message["subject"])

    @cached_property
    def text(self) -> str:
        """The plain body."""
        return self._body("plain")

    @cached_property
    def html(self) -> str:
        """The body with a form."""
        return self._body("html")

    @cached_property
    def links(self) -> tuple[str, ...]:
        """Every address that one can get to from here, the headers' too."""
        header = re.findall("<(http[^>]+)>", self.message["list-unsubscribe"] or "")
        found = [*PLAIN_LINK.findall(self.text), *HREF.findall(self.html), *header]
        return tuple(dict.fromkeys(found))

    def all(self, kind: str) -> list[str]:
        """The links of a kind (see `scripts.reader_way.KINDS`)."""
        return [link for link in self.links if kind_of("/" + link.split("/", 3)[3]) == kind]

    def one(self, kind: str) -> str:
        """The first link of a kind."""
        return self.all(kind)[0]

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        assert part is not None
        return str(part.get_content())


class MailSite:
    """The site; its clock stands at noon of a Tuesday when it begins, and goes on from there."""

    def __init__(self, folder: Path, book: Rulebook, engine: sa.Engine, double: SmtpDouble) -> None:
        self.folder, self.book, self.engine, self.double = folder, book, engine, double
        self.clock = Clock()
        self.clock.ahead = TUESDAY - datetime.now(UTC)
        self.app: Flask
        self.url = ""

    def open_at(self, url: str) -> Flask:
        """The application at its public address."""
        self.url = url
        smtp = SmtpServer("127.0.0.1", self.double.port, "none")
        self.settings = Settings(
            self.folder, str(self.engine.url), "a secret of mails", "a key of mails",
            "a lookup key of mails",
            public_url=url, smtp=smtp, mail_from="Matcher <mail@example.org>",
        )  # fmt: skip
        matcher = LiveMatcher(self.engine, self.book)
        self.desk = Desk(self.engine, self.book, matcher, self.settings)
        self._rounds = Rounds(self.desk, lambda: SmtpTransport(smtp), self.clock, digests=True)
        self.app = create_app(
            self.settings, self.book, engine=self.engine, matcher=matcher, clock=self.clock
        )
        return self.app

    def go_round(self, *, days: float = 0) -> None:
        """What `serve` does beside its requests, a quarter of an hour or some days later."""
        self.clock.ahead += timedelta(days=days) + PLAN_EVERY
        self._rounds.once()
        # The first request after so long a time would erase them; what it does itself is tested.
        erase_ended(self.engine, self.clock())

    def post(self, address: str) -> list[Mail]:
        """All mails that came to an address, oldest first."""
        return [
            Mail(email.message_from_bytes(one.message, policy=policy.default))
            for one in self.double.accepted()
            if one.recipients == (address,)
        ]

    def newest_links(self, address: str) -> Mapping[str, str]:
        """Sends what is due; gives the paths of the newest mail to an address by their kind."""
        self.go_round()
        mail = self.post(address)[-1]
        paths = [link.removeprefix(self.url) for link in mail.links]
        return {kind: path for path in reversed(paths) if (kind := kind_of(path))}

    def bring_out(self, *reviews: dict[str, Any]) -> None:
        """New reviews come out."""
        file = self.folder / "new.jsonl"
        file.write_text(as_lines(list(reviews)), encoding="utf-8")
        imported = import_files(self.engine, self.book, [file], format="review", now=self.clock())
        assert [one.status for one in imported] == ["added"] * len(reviews)

    def dump(self) -> dict[str, list[str]]:
        """All rows of all tables."""
        with self.engine.connect() as connection:
            names = sa.inspect(connection).get_table_names()
            return {
                name: sorted(map(repr, connection.execute(sa.text(f'select * from "{name}"'))))
                for name in names
            }


@contextmanager
def mailing(folder: Path, book: Rulebook, *, double_in: Path) -> Iterator[MailSite]:
    """A mail site over an empty catalogue, served as long as the block lasts."""
    engine = new_engine(folder)
    with SmtpDouble(double_in) as double:
        site = MailSite(folder, book, engine, double)
        with serving(engine, site.open_at):
            yield site


def fetch(url: str, *, method: str = "GET", body: bytes | None = None) -> int:
    """Asks for an address as a program does that has no cookies; gives the answer's status."""
    request = urllib.request.Request(url, data=body, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            answer.read()
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def one_click(mail: Mail) -> int:
    """Stops the mails as a mail program does when its own button is pressed (RFC 8058)."""
    assert mail.message["list-unsubscribe-post"] == ONE_CLICK.decode()
    (address,) = re.findall("<(http[^>]+)>", mail.message["list-unsubscribe"])
    return fetch(address, method="POST", body=ONE_CLICK)
