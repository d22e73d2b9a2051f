"""Written: what stands in a mail that was written, and mails of every kind."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from matcher.mail.envelope import Envelope
from matcher.store.subscribers import DETAILS
from tests.mail.mails import body_of, parsed
from tests.services.digests.reviews import PERSON, SELECTIONS
from tests.services.digests.writing_desk import WritingDesk


def text_of(envelope: Envelope | None) -> str:
    assert envelope is not None
    return body_of(envelope.message, "plain")


def html_of(envelope: Envelope | None) -> str:
    assert envelope is not None
    return body_of(envelope.message, "html")


def flat(text: str) -> str:
    """A text without its line breaks."""
    return " ".join(text.split())


def subject_of(envelope: Envelope | None) -> str:
    assert envelope is not None
    return str(parsed(envelope.message)["Subject"])


def all_kinds(office: WritingDesk, language: str) -> Iterator[tuple[str, Envelope]]:
    """Every kind of mail in every amount of detail."""
    found: list[tuple[str, Envelope | None]] = []
    for detail, about in product(DETAILS, ("self", "other")):
        who = office.subscribe(PERSON, language=language, detail=detail, about=about)
        for name, selection in SELECTIONS.items():
            found.append((f"{detail} {about} {name}", office.digest(who, selection)))
    who = office.subscribe(PERSON, language=language)
    found.append(("link", office.write(office.row("link", subscriber_id=who))))
    asked = office.row("confirmation", signup_id=office.ask(language=language))
    found.append(("confirmation", office.write(asked)))
    for name, envelope in found:
        assert envelope is not None, name
        yield name, envelope
