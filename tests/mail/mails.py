"""Mails for tests: contents with a mark of its own in every place, and readers of what came out."""

from __future__ import annotations

import dataclasses
import email
from collections.abc import Iterator
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

from matcher.mail.content import Foot, ItemContent, Link, MailContent, Row, Section
from matcher.mail.message import Head

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
NAME = "0123456789abcdef" * 2
SITE = "https://matcher.example"
STOP = f"{SITE}/unsubscribe/{'A' * 64}"

HEAD = Head(
    name="The site",
    sender="news@charity.example",
    recipient="ana@example.org",
    subject="2 new reviews for you",
    public_id=NAME,
    at=NOON,
    language="en",
    unsubscribe=STOP,
)
ITEM = ItemContent(
    news="item-news",
    title="item-title",
    title_language="en",
    in_english="item-english",
    link=Link("item-link", f"{SITE}/s/abcdefg"),
    group="item-group",
    group_note="item-group-note",
    kind="may_fit",
    level="item-level",
    note="item-note",
    marks=("item-mark-1", "item-mark-2"),
    about="item-about",
    why="item-why",
    rows=(
        Row("row-1-label", "yes", "row-1-words", "row-1-why"),
        Row("row-2-label", "unknown", "row-2-words", "row-2-why"),
        Row("row-3-label", "no", "row-3-words", "row-3-why"),
    ),
    asks_title="item-asks-title",
    asks=("item-ask-1", "item-ask-2"),
    tells="item-tells",
    science="item-science",
    mute=Link("item-mute", f"{SITE}/mute/xyz"),
)
MAIL = MailContent(
    language="en",
    subject="mail-subject",
    site="mail-site",
    heading="mail-heading",
    lead=("lead-1", "lead-2"),
    foot=Foot(("foot-1", "foot-2"), (Link("foot-link", f"{SITE}/unsubscribe/uvw"),)),
    button=Link("mail-button", f"{SITE}/my-data/open/rst"),
    after=("after-1",),
    items=(ITEM,),
    beside=("beside-1",),
    sections=(Section("section-heading", ("section-1",), Link("section-link", f"{SITE}/q")),),
)
NOT_SHOWN = ("may_fit", "yes", "unknown", "no", "en", "mail-subject")


def texts_in(value: Any) -> Iterator[str]:
    """Every text of a content, wherever it stands."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts_in(part)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from texts_in(getattr(value, field.name))


def everywhere(value: Any, text: str) -> Any:
    """The same content with `text` in the place of every text that is shown."""
    if isinstance(value, str):
        return value if value in NOT_SHOWN or value.startswith("https:") else text
    if isinstance(value, tuple):
        return tuple(everywhere(part, text) for part in value)
    if dataclasses.is_dataclass(value):
        changed = {
            field.name: everywhere(getattr(value, field.name), text)
            for field in dataclasses.fields(value)
        }
        return dataclasses.replace(value, **changed)  # type: ignore[type-var]
    return value


def parsed(message: bytes) -> EmailMessage:
    """A mail as its reader's program sees it."""
    found = email.message_from_bytes(message, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def body_of(message: bytes, kind: str) -> str:
    """One of the bodies: ``plain`` or ``html``."""
    part = parsed(message).get_body((kind,))
    assert part is not None
    content = part.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def defects_of(mail: EmailMessage) -> list[Any]:
    """All that a parser finds wrong, in the mail, its parts and their headers."""
    found: list[Any] = []
    for part in mail.walk():
        found += part.defects
        for _, value in part.items():
            found += value.defects
    return found


class Seen(HTMLParser):
    """What a document shows, which tags and attributes it has, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self._words: list[str] = []
        self._hidden = 0
        self.feed(html)

    @property
    def words(self) -> str:
        """What is seen, blanks between words made one."""
        return " ".join("".join(self._words).split())

    @property
    def links(self) -> list[str]:
        """All addresses that it names."""
        return [value for name, value in self.attributes if name in ("href", "src", "background")]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        self._hidden += tag in ("style", "title", "script")
        self._words.append(" ")

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in ("style", "title", "script")
        self._words.append(" ")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self._words.append(data)
