"""Letters: each mail is well made, its links work, and it goes to who still waits for it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from matcher.config import ConfigError
from matcher.core.rulebook import Rulebook
from matcher.core.text import LANGUAGES
from matcher.crypto import SealError, token_hash
from matcher.mail.addresses import read_return_path
from matcher.services.catalogue import sample_studies
from matcher.services.digests.items import Selection
from matcher.services.digests.profile import Profile, seal_profile
from matcher.services.matching import Matcher
from matcher.services.subscribing import tokens
from matcher.store.database import session
from matcher.store.signups import Signup
from matcher.store.subscribers import DETAILS, subscriber
from tests.mail.mails import Seen, defects_of, parsed
from tests.services.digests.reviews import (
    EVERYTHING,
    FILLERS,
    FITS,
    HOSTILE,
    PERSON,
    RELATED,
    SELECTIONS,
    items,
)
from tests.services.digests.writing_desk import BASE, MORNING, WritingDesk
from tests.services.digests.written import all_kinds, flat, html_of, text_of


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_is_well_made(office: WritingDesk, language: str) -> None:
    for name, envelope in all_kinds(office, language):
        envelope.check()
        mail = parsed(envelope.message)
        assert defects_of(mail) == [], name
        assert mail["Content-Language"] == language
        assert f'<html lang="{language}"' in html_of(envelope)
        is_digest = name.partition(" ")[0] in DETAILS
        assert (mail["List-Unsubscribe-Post"] is not None) == is_digest, name
        text = text_of(envelope)
        for link in set(Seen(html_of(envelope)).links):
            assert link in text, (name, link)
        assert "{" not in text, name


def test_what_was_muted_since_is_not_told(office: WritingDesk) -> None:
    for detail in DETAILS:
        who = office.subscribe(PERSON, detail=detail, muted=(FITS,))
        assert "1 new review" in text_of(office.digest(who, SELECTIONS["new"]))
        assert office.digest(who, Selection(items=items(FITS))) is None


def test_a_study_beyond_the_first_is_found_and_one_that_fits_no_more_left_out(
    office: WritingDesk,
) -> None:
    who = office.subscribe(PERSON, detail="full")
    text = text_of(office.digest(who, Selection(items=items(*FILLERS[28:], RELATED))))
    assert text.count("/s/") == 3
    other = office.subscribe({"cancer_status": "never"}, detail="full")
    assert office.digest(other, Selection(items=items(FITS))) is None


def test_nothing_is_sent_to_who_paused_or_is_gone(office: WritingDesk) -> None:
    for standing in ("paused", "stopped"):
        who = office.subscribe(PERSON, standing=standing)
        assert office.digest(who, SELECTIONS["new"]) is None
    assert office.digest(99_999, SELECTIONS["new"]) is None
    assert office.write(office.row("digest", subscriber_id=office.subscribe(PERSON))) is None
    for kind in ("link", "confirmation"):
        assert office.write(office.row(kind, subscriber_id=None)) is None


def test_the_links_work_and_are_this_persons(office: WritingDesk) -> None:
    who = office.subscribe(PERSON, detail="full")
    row = office.row("digest", subscriber_id=who)
    row.items = office.desk.safe.seal(SELECTIONS["new"].to_bytes())
    envelope = office.write(row)
    assert envelope is not None
    hashes = office.desk.hashes
    with session(office.desk.engine) as opened:
        person = subscriber(opened, who)
    assert person is not None
    links = set(Seen(html_of(envelope)).links)
    found = {link.removeprefix(f"{BASE}/").rpartition("/")[::2] for link in links}
    by_way: dict[str, list[str]] = {}
    for way, token in sorted(found):
        by_way.setdefault(way, []).append(token)
    assert sorted(by_way) == ["mute", "my-data/open", "s", "unsubscribe"]
    assert [tokens.read_unsubscribe(hashes, one) for one in by_way["unsubscribe"]] == [
        person.address_hash
    ]
    assert [tokens.read_manage(hashes, one, now=MORNING) for one in by_way["my-data/open"]] == [
        person.public_id
    ]
    muted = [tokens.read_mute(hashes, one) for one in by_way["mute"]]
    assert sorted((one.public_id, one.study) for one in muted if one) == [
        (person.public_id, 1),
        (person.public_id, 2),
    ]
    stop = parsed(envelope.message)["List-Unsubscribe"]
    assert stop == f"<{BASE}/unsubscribe/{by_way['unsubscribe'][0]}>"
    assert read_return_path(envelope.sender, hashes) == row.public_id
    assert parsed(envelope.message)["Message-ID"] == f"<{row.public_id}@charity.example>"
    assert envelope.recipient == office.desk.safe.open(person.address).decode()


def test_a_confirmation_says_what_was_asked_and_nothing_of_the_person(office: WritingDesk) -> None:
    number = office.ask(language="en", zone="Asia/Tokyo")
    row = office.row("confirmation", signup_id=number)
    first, second = office.write(row), office.write(row)
    assert first is not None
    assert first.recipient == "bo@example.org"
    text = flat(text_of(first))
    assert "On November 30, 2026, somebody asked Matcher to send emails to this address." in text
    assert "If it was not you, do nothing." in text
    assert "bo@example.org" not in text
    token = re.search(rf"{BASE}/confirm/(\S+)", text_of(second))
    assert token
    with session(office.desk.engine) as opened:
        signup = opened.get(Signup, number)
        assert signup is not None
        assert signup.token_hash == token_hash(token[1])
        assert signup.state == "mailed"
    assert token[1] not in text_of(first)


def test_a_confirmation_that_nobody_waits_for_is_not_sent(office: WritingDesk) -> None:
    number = office.ask()
    row = office.row("confirmation", signup_id=number)
    assert office.write(row, now=MORNING + timedelta(days=7)) is None
    with session(office.desk.engine, writing=True) as opened:
        signup = opened.get(Signup, number)
        assert signup is not None
        assert signup.token_hash is None
        signup.state = "confirmed"
        opened.commit()
    assert office.write(row) is None


def test_the_letter_with_the_link_opens_the_page(office: WritingDesk) -> None:
    for standing in ("active", "paused", "stopped"):
        who = office.subscribe(PERSON, standing=standing)
        text = text_of(office.write(office.row("link", subscriber_id=who)))
        found = re.search(rf"{BASE}/my-data/open/(\S+)", text)
        assert found
        assert tokens.read_manage(office.desk.hashes, found[1], now=MORNING)
        assert "ER" not in text


def test_a_nasty_title_is_tamed_and_the_mail_goes_on(office: WritingDesk) -> None:
    envelope = office.digest(
        office.subscribe(PERSON, detail="titles"), Selection(items=items(HOSTILE, FITS))
    )
    assert envelope is not None
    mail = parsed(envelope.message)
    assert defects_of(mail) == []
    assert "Bcc" not in mail
    assert "script" not in Seen(html_of(envelope)).tags
    assert "Odd Bcc: x@y.z <script>alert(1)</script> “title”" in text_of(envelope)
    assert "Tablets for advanced breast cancer" in flat(text_of(envelope))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_largest_mail_is_below_the_limit(office: WritingDesk, language: str) -> None:
    who = office.subscribe(PERSON, detail="full", language=language)
    largest = replace(EVERYTHING, items=items(*FILLERS[:12]))
    envelope = office.digest(who, largest)
    assert envelope is not None
    assert text_of(envelope).count("/s/") == 12
    assert len(envelope.message) < 100_000


def test_the_sample_in_full_is_below_the_limit(office: WritingDesk, rulebook: Rulebook) -> None:
    matcher = Matcher(rulebook, sample_studies(rulebook))
    sample = WritingDesk(replace(office.desk, matcher=lambda: matcher))
    who = sample.subscribe(PERSON, detail="full", language="es", about="other")
    keys = [study.key for study in matcher.catalogue.studies]
    for start in range(0, len(keys), 12):
        envelope = sample.digest(who, Selection(items=items(*keys[start : start + 12])))
        if envelope is not None:
            assert len(envelope.message) < 100_000
            assert defects_of(parsed(envelope.message)) == []


def test_the_sender_is_named_by_the_setting_or_by_the_theme(office: WritingDesk) -> None:
    who = office.subscribe(PERSON)
    told = SELECTIONS["new"]
    envelope = office.digest(who, told)
    assert "Sent by Matcher, news@charity.example" in flat(text_of(envelope))
    named = replace(office.desk.settings, mail_from="The Letter <news@charity.example>")
    envelope = WritingDesk(replace(office.desk, settings=named)).digest(who, told)
    assert envelope is not None
    assert "Sent by The Letter, news@charity.example" in flat(text_of(envelope))
    assert parsed(envelope.message)["From"].addresses[0].display_name == "The Letter"
    without = replace(office.desk.settings, mail_from=None)
    with pytest.raises(ConfigError, match="mails cannot be written"):
        WritingDesk(replace(office.desk, settings=without)).digest(who, told)


def test_what_is_sealed_for_somebody_else_is_written_to_nobody(office: WritingDesk) -> None:
    """Whoever can write into the tables but has no key swaps what is sealed there."""
    ana, bo = (office.subscribe(PERSON) for _ in range(2))
    with session(office.desk.engine, writing=True) as opened:
        hers, his = subscriber(opened, ana), subscriber(opened, bo)
        assert hers is not None
        assert his is not None
        hers.address = his.address
        his.profile = seal_profile(office.desk.safe, Profile(PERSON), of=hers.public_id)
        opened.commit()
    for who in (ana, bo):
        with pytest.raises(SealError):
            office.digest(who, SELECTIONS["new"])
    with pytest.raises(SealError):
        office.write(office.row("link", subscriber_id=ana))
