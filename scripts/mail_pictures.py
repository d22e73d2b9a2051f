"""Photographs mails: ``python -m scripts.mail_pictures FOLDER``.

Every kind of mail at three widths, light and dark, in both languages, side by side on contact
sheets; beside them each mail's text. ``--only digest-full`` takes the mails whose names begin so,
``--width``, ``--scheme`` and ``--language`` one kind. Needs Chromium, Playwright and Pillow
(``pip install pillow``).
"""

from __future__ import annotations

import argparse
import email
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from itertools import product
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from matcher.config import Settings
from matcher.core.text import LANGUAGES
from matcher.rules import load_rules, shipped_rules
from matcher.schemas.profiles import read_answers
from matcher.services.catalogue import sample_studies
from matcher.services.digests import letters
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Gone, Item, Selection
from matcher.services.digests.profile import Profile, seal_profile
from matcher.services.matching import Matcher
from matcher.services.subscribing.known_by import address_hashes
from matcher.services.subscribing.wish import Wish, seal_wish
from matcher.store.database import connect, session, upgrade
from matcher.store.deliveries import Delivery
from matcher.store.signups import Signup
from matcher.store.subscribers import DETAILS, Subscriber
from scripts.screenshots import SCHEMES, contact_sheets

NOW = datetime(2026, 11, 30, 8, tzinfo=UTC)
SCALES = {680: 0.6, 390: 0.8, 320: 0.8}
ADDRESS = "ana@example.org"
ANSWERS = {"cancer_status": "now", "cancer": ["breast"], "extent": "metastatic", "er": "positive"}
PLACES = (0, 6, 8, 11)
"""Where among the matches the reviews of the pictures stand: at several levels."""


class PostOffice:
    """A desk over the sample, with a subscriber for each language and amount of detail."""

    def __init__(self, folder: Path, theme: Path | None) -> None:
        engine = connect(f"sqlite:///{folder}/matcher.db")
        upgrade(engine)
        book = load_rules(shipped_rules())
        matcher = Matcher(book, sample_studies(book))
        settings = Settings(
            folder, str(engine.url), "a secret of pictures", "a key of pictures",
            "a lookup key of pictures",
            public_url="https://matcher.example.org",
            mail_from="news@matcher.example.org",
            theme=theme,
        )  # fmt: skip
        self.desk = Desk(engine, book, lambda: matcher, settings)
        answers = read_answers(ANSWERS, book)
        outcome = matcher.match(answers, today=NOW.date())
        self._keys = [match.study.key for match in outcome.matches[:12]]
        self._levels = [match.level.word for match in outcome.matches[:12]]

    def mails(self, language: str) -> Iterator[tuple[str, EmailMessage]]:
        """All kinds of mails by name."""
        for detail in DETAILS:
            for name, selection in self._selections():
                yield f"digest-{detail}-{name}", self._digest(language, detail, selection)
        yield "digest-full-carer", self._digest(language, "full", self._new(), about="other")
        for kind in ("confirmation", "link"):
            yield f"letter-{kind}", self._letter(language, kind)

    def _selections(self) -> Iterator[tuple[str, Selection]]:
        yield "new", self._new()
        yield "first", Selection(items=self._items("new", "new", "new"), more=25, first=True)
        gone = (
            Gone("a", "A study of one thing", "retracted"),
            Gone("b", "An older review of another thing", "superseded"),
        )
        items = self._items("moved", "corrected", "maybe", "tender")
        yield "changed", Selection(items=items, gone=gone, more=2)
        yield "last", Selection(last=True)

    def _new(self) -> Selection:
        return Selection(items=self._items("new", "new"))

    def _items(self, *whys: str) -> tuple[Item, ...]:
        return tuple(
            Item(
                self._keys[place],
                self._levels[place],
                "new" if why == "tender" else why,
                before="may_fit" if why == "moved" else None,
                tender=why == "tender",
                number=place + 1,
            )
            for place, why in zip(PLACES, whys, strict=False)
        )

    def _digest(
        self, language: str, detail: str, selection: Selection, *, about: str = "self"
    ) -> EmailMessage:
        person = self._person(language, detail, about)
        items = self.desk.safe.seal(selection.to_bytes())
        return self._written("digest", person, items=items)

    def _letter(self, language: str, kind: str) -> EmailMessage:
        return self._written(kind, self._person(language, "count", "self"))

    def _person(self, language: str, detail: str, about: str) -> Subscriber:
        safe = self.desk.safe
        hashed = address_hashes(self.desk.hashes, ADDRESS)[0]
        return Subscriber(
            address_hash=hashed, address=safe.seal(ADDRESS.encode()),
            profile=seal_profile(safe, Profile(ANSWERS, about=about)),
            frequency="weekly", language=language, zone="UTC", detail=detail,
            consent_version="1", consent_at=NOW, confirmed_at=NOW, renewed_at=NOW,
        )  # fmt: skip

    def _written(self, kind: str, person: Subscriber, items: bytes | None = None) -> EmailMessage:
        """The mail as its reader's program sees it; nothing of it stays in the database."""
        wish = seal_wish(self.desk.safe, Wish(ADDRESS, person.language))
        signup = Signup(
            kind="subscribe", address_hash="0" * 64, mailbox_hash="0" * 64,
            network_hash="0" * 64, sealed=wish, asked_at=NOW,
        )  # fmt: skip
        with session(self.desk.engine, writing=True) as opened:
            opened.add_all([person, signup])
            opened.flush()
            row = Delivery(
                kind=kind, period="pictures", due_at=NOW, next_at=NOW, planned_at=NOW,
                items=items, subscriber_id=person.id, signup_id=signup.id,
            )  # fmt: skip
            envelope = letters.write(opened, self.desk, row, now=NOW)
        assert envelope is not None
        message = email.message_from_bytes(envelope.message, policy=policy.default)
        assert isinstance(message, EmailMessage)
        return message


def body(message: EmailMessage, kind: str) -> str:
    """One body of a mail."""
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def photograph(
    browser: Browser, mails: list[tuple[str, EmailMessage]], kind: str, folder: Path
) -> list[Path]:
    """A picture of each mail; gives the pictures."""
    width, scheme, _ = kind.split("-")
    page = browser.new_page(
        viewport={"width": int(width), "height": 640},
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.route("**/*", lambda route: route.abort())
    taken = []
    for name, message in mails:
        page.set_content(body(message, "html"))
        if (wide := page.evaluate("document.documentElement.scrollWidth")) > int(width):
            sys.exit(f"Error: {name} is {wide} wide at {width}.")
        taken.append(folder / f"{name}.png")
        page.screenshot(path=taken[-1], full_page=True)
    page.close()
    return taken


@contextmanager
def opened(theme: Path | None) -> Iterator[tuple[PostOffice, Browser]]:
    """A post office in a temporary folder, and a browser."""
    path = os.environ.get("MATCHER_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory(prefix="matcher-mails-") as kept, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield PostOffice(Path(kept), theme), browser
        browser.close()


def wished() -> argparse.Namespace:
    """The wishes of the command line."""
    parser = argparse.ArgumentParser(description="Photographs mails.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", default="", help="mails whose names begin so")
    parser.add_argument("--theme", type=Path, help="the folder of a theme")
    for name, known in (("width", [*SCALES]), ("scheme", SCHEMES), ("language", LANGUAGES)):
        parser.add_argument(f"--{name}", action="append", type=type(known[0]), choices=known)
    wishes = parser.parse_args()
    wishes.width = wishes.width or [*SCALES]
    wishes.scheme = wishes.scheme or [*SCHEMES]
    wishes.language = wishes.language or [*LANGUAGES]
    return wishes


def main() -> None:
    """Do what the command line wishes."""
    wishes = wished()
    with opened(wishes.theme) as (office, browser):
        for language in wishes.language:
            mails = [one for one in office.mails(language) if one[0].startswith(wishes.only)]
            texts = wishes.folder / f"text-{language}"
            texts.mkdir(parents=True, exist_ok=True)
            for name, message in mails:
                head = f"From: {message['from']}\nSubject: {message['subject']}\n\n"
                (texts / f"{name}.txt").write_text(head + body(message, "plain"))
            for width, scheme in product(wishes.width, wishes.scheme):
                kind = f"{width}-{scheme}-{language}"
                folder = wishes.folder / kind
                folder.mkdir(exist_ok=True)
                pictures = photograph(browser, mails, kind, folder)
                contact_sheets(pictures, SCALES[width], wishes.folder, kind)
                print(f"{kind}: {len(pictures)} mails")


if __name__ == "__main__":
    main()
