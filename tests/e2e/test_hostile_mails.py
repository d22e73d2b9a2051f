"""Hostile texts around mails: what is typed into their forms and what studies in them say.

A mail is opened as a file, without any content policy: there nothing else protects its reader.
"""

from __future__ import annotations

import email
import html
from collections.abc import Iterator
from email import policy
from pathlib import Path

import pytest
from playwright.sync_api import Page

from matcher.core.rulebook import Rulebook
from matcher.mail.cleaning import without_addresses
from matcher.schemas.profiles import read_answers
from matcher.services.digests import letters
from matcher.services.digests.items import Gone, Item, Selection
from matcher.services.digests.profile import Profile, seal_profile
from matcher.services.short_names import short_name
from matcher.services.subscribing.known_by import address_hashes
from matcher.store.database import session
from tests.e2e.conftest import OpenPage
from tests.e2e.mail_site import Mail, MailSite, mailing
from tests.e2e.payloads import ATTRIBUTES, HANDLERS, LETTERS, PAYLOADS, TAGS, record
from tests.e2e.test_hostile_input import code
from tests.e2e.watcher import Watcher, begin
from tests.factories import DeliveryFactory, SubscriberFactory

pytestmark = pytest.mark.browser

A_MAIL = 12
OPENED = """() => ({
  hit: window.hit || null,
  scripts: document.querySelectorAll('script, iframe, object, embed, base, form, svg, math, input')
    .length,
  handlers: [...document.querySelectorAll('*')].flatMap(e => [...e.attributes])
    .filter(a => /^on/i.test(a.name) || (a.name === 'style' && /url|import/i.test(a.value)))
    .map(a => a.name),
  sheets: document.querySelectorAll('style').length,
  end: document.body.lastElementChild.contains([...document.links].at(-1)),
  away: [...document.querySelectorAll('[href], [src], [action], [background]')]
    .map(e => e.href || e.src || e.action || e.background),
})"""


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, book: Rulebook) -> Iterator[MailSite]:
    """A site that mails people, with every payload in every field of a study."""
    folder = tmp_path_factory.mktemp("hostile")
    with mailing(folder, book, double_in=folder / "double") as opened:
        opened.bring_out(*(record(number, payload) for number, payload in enumerate(PAYLOADS)))
        yield opened


def digests(site: MailSite, language: str) -> Iterator[Mail]:
    """Mails in full detail that together tell of every study and of every one that is gone."""
    answers = {"cancer_status": "now", "cancer": ["breast"]}
    found = site.desk.matcher().match(read_answers(answers, site.book), today=site.clock().date())
    items = [
        Item(match.study.key, match.level.word, "corrected", number=place)
        for place, match in enumerate(found.matches)
    ]
    gone = [Gone(f"gone-{n}", payload, "withdrawn") for n, payload in enumerate(PAYLOADS)]
    assert len(items) == len(PAYLOADS)
    safe = site.desk.safe
    for start in range(0, len(items), A_MAIL):
        some = slice(start, start + A_MAIL)
        selection = Selection(items=tuple(items[some]), gone=tuple(gone[some]))
        with session(site.engine, writing=True) as opened:
            person = SubscriberFactory(
                address_hash=address_hashes(site.desk.hashes, "ann@example.org")[0],
                address=safe.seal(b"ann@example.org"),
                profile=seal_profile(safe, Profile(answers)),
                language=language,
                detail="full",
            )
            opened.add(person)
            opened.flush()
            told = safe.seal(selection.to_bytes())
            row = DeliveryFactory(subscriber_id=person.id, items=told)
            envelope = letters.write(opened, site.desk, row, now=site.clock())
        assert envelope is not None
        yield Mail(email.message_from_bytes(envelope.message, policy=policy.default))


@pytest.mark.parametrize("language", ["en", pytest.param("es", marks=pytest.mark.volume)])
def test_no_mail_runs_what_a_study_says(
    open_page: OpenPage, hostile: MailSite, tmp_path: Path, language: str
) -> None:
    file = tmp_path / "mail.html"
    page = open_page(bypass_csp=True, base_url="file:")
    noted: list[str] = []
    page.on("dialog", lambda dialog: (noted.append(dialog.message), dialog.dismiss()))
    shown = ""
    for mail in digests(hostile, language):
        file.write_text(mail.html, encoding="utf-8")
        page.goto(file.as_uri(), wait_until="load")
        seen = page.evaluate(OPENED)
        links = seen.pop("away")
        assert seen == {
            "hit": None, "scripts": 0, "handlers": [], "sheets": 1, "end": True
        }, language  # fmt: skip
        assert [link for link in links if not link.startswith(hostile.url + "/")] == []
        shown += page.inner_text("body")
    assert noted == []
    # Nothing was taken out to be safe but what looks like an address: what would have run stands
    # there to be read.
    whole = " ".join(shown.split())
    there = [one for one in PAYLOADS if " ".join(without_addresses(one).split()) in whole]
    assert len(there) > len(PAYLOADS) // 2


def test_no_form_of_mails_runs_what_is_typed(open_page: OpenPage, hostile: MailSite) -> None:
    page: Page = open_page(bypass_csp=True, base_url=hostile.url)
    begin(page)
    watcher = Watcher(page.context, hostile.url)
    request = page.context.request
    held = code(request.get(f"{hostile.url}/subscribe").text())
    names = ("email", "frequency", "detail", "zone", "consent")
    for place, payload in enumerate([*TAGS, *HANDLERS, *ATTRIBUTES, *LETTERS]):
        path = ("/subscribe", "/my-data/link")[place % 2]
        told = dict.fromkeys(names, payload) | held
        answer = request.post(hostile.url + path, form=told, max_redirects=0)  # type: ignore[arg-type]
        assert answer.status == 422, payload
        body = answer.text()
        assert "<main" in body
        assert payload[:12].strip() in html.unescape(body) or not payload.isprintable()
        watcher.show(body, f"{path} with {payload!r}")


@pytest.mark.volume
def test_no_page_that_mails_lead_to_runs_what_a_study_says(
    open_page: OpenPage, hostile: MailSite
) -> None:
    page = open_page(bypass_csp=True, base_url=hostile.url)
    watcher = Watcher(page.context, hostile.url)
    keys = [study.key for study in hostile.desk.matcher().catalogue.studies]
    for key in keys[::8]:
        watcher.open(f"/s/{short_name(key)}")
