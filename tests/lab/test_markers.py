"""Markers: 40 are planted in all that people do; afterwards they are in no file and no log.

The markers are what is personal: addresses, links, answers. They go the whole way: asked,
confirmed, planned, mailed, looked at, changed, saved, erased.
"""

from __future__ import annotations

import base64
import io
import json
import logging
import quopri
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import quote

import pytest
import sqlalchemy as sa
import structlog
from flask import Flask

from matcher.config import Settings, SmtpServer
from matcher.core.conditions import Tag
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience
from matcher.crypto import SealError
from matcher.mail.envelope import Envelope
from matcher.mail.outcome import Fate, Outcome
from matcher.services.digests.desk import Desk
from matcher.services.digests.planning import plan
from matcher.services.digests.sending import send
from matcher.services.live import LiveMatcher
from matcher.services.subscribing.deciding import decide
from matcher.services.subscribing.renewing import sweep
from matcher.store.database import connect, session, upgrade
from matcher.store.facts import mark_catalogue_changed
from matcher.web import create_app
from tests.factories import StudyFactory, StudyRowFactory
from tests.lab.markers import SEALED, files_in, find, forms_of
from tests.web.conftest import Clock
from tests.web.person import Person

NAMES = ("Quillfeather", "Zumbrotta", "Wexlington", "Okonjima")
ANSWERS: Mapping[str, str | list[str]] = {
    "sex_at_birth": "intersex",
    "gender": "nonbinary",
    "breast_type": "inflammatory",
    "extent": "locally_advanced",
    "high_risk": ["endometrial"],
    "concerned_about": ["melanoma"],
    "family_history": ["pancreatic"],
    "race_ethnicity": ["bahamian"],
    "considering": ["fertility_preservation"],
    "exposures": ["artificial_sweeteners"],
    "symptoms": ["menopausal"],
    "treatments": ["ovarian_suppression"],
}
KEY_TEST = "matcher data key"
LINK = re.compile(r"https?://localhost/(confirm|unsubscribe|my-data/open|mute)/([\w-]+)")
EVERYBODY = Audience("People with breast cancer", Tag("breast_cancer"))


@dataclass
class Outbox:
    """A mail server's stand-in: it takes everything, and keeps it in memory."""

    taken: list[Envelope] = field(default_factory=list)

    def send(self, envelope: Envelope, *, before_dot: Callable[[], bool]) -> Outcome:
        assert before_dot()
        self.taken.append(envelope)
        return Outcome(Fate.SENT, 250, "taken")

    def close(self) -> None:
        """There is nothing to close."""

    def text(self, number: int = -1) -> str:
        message = message_from_bytes(self.taken[number].message, policy=policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        return str(body.get_content()) + str(message.items())

    def link(self, kind: str, name: str) -> str:
        """The token of the newest link of a kind that somebody was mailed."""
        theirs = [n for n, one in enumerate(self.taken) if name in one.recipient]
        texts = map(self.text, reversed(theirs))
        return next(m[2] for text in texts for m in LINK.finditer(text) if m[1] == kind)


@dataclass
class House:
    """An installation with everything that could keep something: its folder, logs, temporary
    files, and the pages that it answered with an error."""

    app: Flask
    desk: Desk
    clock: Clock
    outbox: Outbox
    folders: tuple[Path, ...]
    caplog: pytest.LogCaptureFixture
    capfd: pytest.CaptureFixture[str]
    errors: list[str] = field(default_factory=list)
    said: str = ""

    def mail(self) -> None:
        decide(self.desk, now=self.clock())
        plan(self.desk, now=self.clock())
        send(self.desk, self.outbox, now=self.clock)

    def places(self) -> dict[str, bytes]:
        """All that is written down anywhere, by where."""
        out = self.capfd.readouterr()
        self.said += out.out + out.err
        lines = "\n".join(
            [record.getMessage() + repr(record.__dict__) for record in self.caplog.records]
        )
        spoken = {"logs": lines, "output": self.said, "error pages": "\n".join(self.errors)}
        told = {name: text.encode("utf-8", "replace") for name, text in spoken.items()}
        return files_in(*self.folders) | told | {"argv": "\0".join(sys.argv).encode()}


@pytest.fixture
def house(
    tmp_path: Path,
    rulebook: Rulebook,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> Iterator[House]:
    folders = instance, temporary = tmp_path / "instance", tmp_path / "temporary"
    for folder in folders:
        folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    caplog.set_level(logging.DEBUG)
    structlog.reset_defaults()
    settings = Settings(
        instance=instance,
        database_url=f"sqlite:///{instance / 'matcher.db'}",
        secret_key="s" * 32,
        data_key="d" * 32,
        lookup_key="l" * 32,
        public_url="http://localhost",
        smtp=SmtpServer("localhost", 1025, "none"),
        mail_from="mail@reviews.test",
    )
    engine = connect(settings.database_url)
    upgrade(engine)
    with session(engine, writing=True) as opened:
        for number in range(3):
            study = StudyFactory(title=f"Review {number}", most=EVERYBODY, also=(), topics=())
            opened.add(StudyRowFactory(study=study, rules_version=rulebook.version))
        mark_catalogue_changed(opened)
        opened.commit()
    clock, live = Clock(), LiveMatcher(engine, rulebook)
    app = create_app(settings, rulebook, engine=engine, matcher=live, clock=clock)
    desk = Desk(engine, rulebook, live, settings)
    yield House(app, desk, clock, Outbox(), folders, caplog, capfd)
    engine.dispose()
    structlog.reset_defaults()


def test_forty_markers_leave_no_trace(house: House) -> None:
    markers = [one if isinstance(one, str) else one[0] for one in ANSWERS.values()]
    people: list[Person] = []
    for name in NAMES:
        person = come(house, name)
        token = house.outbox.link("confirm", name)
        press(person, f"/confirm/{token}")
        markers += [f"{name}.Mailbox", f"{name.lower()}.example", token]
        people.append(person)
    house.mail()
    for person, name in zip(people, NAMES, strict=True):
        markers += [house.outbox.link(kind, name) for kind in ("unsubscribe", "mute")]
        markers.append(live(house, person, name))
    everything = "\n".join(house.outbox.text(n) for n in range(len(house.outbox.taken)))
    travelled = everything + "".join(opened(house))
    assert [marker for marker in markers if marker.lower() not in travelled.lower()] == []
    for person in people:
        markers += [cookie.value for cookie in person.client._cookies.values() if cookie.value]
    assert len(set(markers)) >= 40
    # While they are subscribed, what is theirs is sealed everywhere.
    assert find(markers, house.places()) == []
    assert find(markers, {"unsealed": "\n".join(opened(house)).encode()}) != []
    for person, reason in zip(people, ("erase", "died", "erase", "sweep"), strict=True):
        leave(house, person, reason)
    assert find(markers, house.places()) == []
    # And nothing sealed is left that our key would open but its own test.
    assert set(opened(house)) == {KEY_TEST}
    with house.desk.engine.connect() as connection:
        left = connection.execute(sa.text("select count(*) from subscriber")).scalar_one()
    assert left == 0


def come(house: House, name: str) -> Person:
    """Answer everything, sign up, and have the confirmation mailed."""
    person = Person(house.app.test_client())
    told = {"cancer_status": "now", "cancer": ["breast"], **ANSWERS}
    person.open("/answers")
    answers = io.BytesIO(json.dumps({"answers": told}).encode())
    person.send("/answers/load", about="self", file=(answers, "answers.json"))
    assert person.path == "/check", person.text
    person.open("/subscribe")
    chosen = {"frequency": "weekly", "detail": "full", "zone": "Europe/Berlin", "consent": "yes"}
    person.send(email=f"{name}.Mailbox@{name.lower()}.example", **chosen)
    assert person.path == "/subscribe/sent", person.text
    house.mail()
    return person


def live(house: House, person: Person, name: str) -> str:
    """Ask for the link, change everything, make faults; returns the link's token."""
    person.open("/my-data/link")
    person.send(email=f"{name}.Mailbox@{name.lower()}.example")
    house.clock.now += house.clock.now.resolution
    house.mail()
    token = house.outbox.link("my-data/open", name)
    press(person, f"/my-data/open/{token}")
    person.open("/my-data")
    person.send("/my-data/answers")
    person.send("/my-data/answers/keep")
    person.open("/my-data")
    person.send("/my-data/file")
    for path in (f"/confirm/{token}", f"/unsubscribe/x{token}", f"/mute/{token}", "/my-data/mute"):
        person.open("/my-data")
        response = person.send(path, study=f"{name}.Mailbox", email=f"{name}.Mailbox@x")
        assert response.status_code >= 400
        house.errors.append(without_addresses_typed(response.get_data(as_text=True)))
    return token


def leave(house: House, person: Person, how: str) -> None:
    if how == "sweep":
        house.clock.now = house.clock.now.replace(year=house.clock.now.year + 2)
        sweep(house.desk, now=house.clock())
    else:
        person.open("/my-data")
        press(person, f"/my-data/{how}")
        assert person.path in ("/my-data/erased", "/my-data/condolence"), person.text


def press(person: Person, path: str) -> None:
    person.open(path)
    person.send(path)


def without_addresses_typed(page: str) -> str:
    """A page without the address that it answers to: the form for the language comes back there."""
    return re.sub(r'name="back" value="[^"]*"', "", page)


def opened(house: House) -> list[str]:
    """All that is sealed on the disk and opens with the data key."""
    found = []
    for content in files_in(*house.folders).values():
        for sealed in SEALED.findall(content):
            try:
                found.append(house.desk.safe.open(sealed).decode())
            except SealError:
                continue
    return found


# The search itself


@pytest.mark.parametrize("before", ["", "x", "xy", "xyz"])
def test_a_marker_is_found_in_every_form(before: str) -> None:
    marker, said = "Quillfeather.Box@here.example", f"{before}Quillfeather.Box@here.example and"
    written = {
        "raw": said.encode(),
        "in capitals": said.upper().encode(),
        "base64": base64.b64encode(said.encode()),
        "base64 for addresses": base64.urlsafe_b64encode(said.encode()),
        "quoted-printable": quopri.encodestring(said.encode()),
        "broken": b"Quillfeat=\r\nher.Box@here.example",
        "percent": quote(said, safe="").encode(),
        "UTF-16": said.encode("utf-16"),
        "the other UTF-16": said.encode("utf-16-be"),
        "hexadecimal": said.encode().hex().encode(),
    }
    found = {hit.place for hit in find([marker], {k: b"\0~" + v for k, v in written.items()})}
    # Two bytes before shift base 64 by a letter: only its own place counts there.
    base64_shifted = {"base64", "base64 for addresses"}
    assert found | base64_shifted == set(written)
    assert base64_shifted <= {hit.place for hit in find([marker], written)}


def test_what_is_not_there_is_not_found() -> None:
    assert find(["Quillfeather"], {"a": b"quill feather", "b": b""}) == []
    assert len(forms_of("x")) == 6
