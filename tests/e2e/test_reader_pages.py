"""Every page around the mails, as somebody comes to it by real links: seen, used, and private."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Response, expect

from matcher.core.rulebook import Rulebook
from matcher.services.catalogue import open_catalogue
from scripts.reader_way import ReaderWay
from tests.e2e.conftest import DESKTOP, PHONE, OpenPage
from tests.e2e.hands import Keys
from tests.e2e.looking import assert_accessible, assert_large_enough, sticking_out
from tests.e2e.mail_site import MailSite, mailing
from tests.e2e.patient import Patient
from tests.e2e.reader import Reader
from tests.e2e.test_every_page import NARROW, open_folds
from tests.e2e.watcher import begin

pytestmark = pytest.mark.browser

SHOWN_BEFORE = ("results-mails", "own-muted", "own-started")
"""Pages that differ in nothing that is tested here from others that are looked at."""
TOKEN = re.compile(r"/(?:confirm|unsubscribe|mute|my-data/open)/([^/\s?\"#]{12,})")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, book: Rulebook) -> Iterator[MailSite]:
    """A site over the sample that mails people."""
    folder = tmp_path_factory.mktemp("mailing")
    with mailing(folder, book, double_in=folder / "double") as opened:
        open_catalogue(opened.engine, book, fill=True)
        yield opened


def way_of(town: MailSite, address: str) -> ReaderWay:
    """Somebody's whole way with mails."""
    return ReaderWay(lambda: town.newest_links(address), address)


@pytest.mark.volume
@pytest.mark.parametrize(
    ("scheme", "locale", "viewport"),
    [("light", "es-MX", PHONE), ("dark", "en-US", DESKTOP)],
    ids=["light-spanish-phone", "dark-english-desktop"],
)
def test_every_page_of_the_way_can_be_read_and_pressed(
    open_page: OpenPage, town: MailSite, scheme: str, locale: str, viewport: dict[str, int]
) -> None:
    page = open_page(
        base_url=town.url, bypass_csp=True, color_scheme=scheme, locale=locale, viewport=viewport
    )
    found: list[str] = []
    for shot in way_of(town, f"{scheme}@example.org").shots():
        shot.go(page)
        if shot.name in SHOWN_BEFORE:
            continue
        expect(page.locator("html")).to_have_attribute("lang", locale[:2])
        open_folds(page)
        try:
            assert_accessible(page)
            if viewport == PHONE:
                assert_large_enough(page)
                page.set_viewport_size(NARROW)  # type: ignore[arg-type]
                assert sticking_out(page) == []
                page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        except AssertionError as error:
            found.append(f"{shot.name}: {error}")
    assert not found, "\n".join(found)


def test_the_way_leaves_no_trace(
    open_page: OpenPage, town: MailSite, caplog: pytest.LogCaptureFixture
) -> None:
    """No address and no token stands anywhere but where a mail's link put it."""
    caplog.set_level(logging.DEBUG)
    page = open_page(base_url=town.url)
    address = "trace@example.org"
    answers: dict[str, Response] = {}
    page.on("response", lambda answer: answers.update({answer.url: answer}))
    titles: list[str] = []
    for shot in way_of(town, address).shots():
        shot.go(page)
        titles.append(page.title())
        # After a link was exchanged, nothing in the address bar opens the page once more.
        if page.locator('form[action="/my-data/settings"]').count():
            assert page.url.partition("?")[0] == f"{town.url}/my-data"
    pages = [one for url, one in answers.items() if "/static/" not in url]
    tokens = {found[1] for one in pages if (found := TOKEN.search(one.url))}
    assert len(tokens) == 4
    for one in pages:
        assert one.headers["cache-control"] == "no-store", one.url
        assert one.headers["referrer-policy"] == "no-referrer", one.url
        assert "referer" not in one.request.headers, one.url
        assert "trace" not in one.url
    logged = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    assert "POST /subscribe" in logged
    assert "GET /confirm/…" in logged
    for secret in (*tokens, address):
        assert secret not in logged
        assert not [title for title in titles if secret in title]


def test_the_way_by_keyboard_alone_and_without_script(open_page: OpenPage, town: MailSite) -> None:
    page = open_page(base_url=town.url, java_script_enabled=False, locale="es", viewport=NARROW)
    begin(page)
    keys = Keys(page)
    eva = Reader(page, town, "eva@example.org", language="es")
    eva.hands = keys
    page.goto("/results")
    eva.ask_for_mails(detail="full")
    links = town.newest_links(eva.address)
    page.goto(links["confirm"])
    eva.press("confirm.yes")
    links = town.newest_links(eva.address)
    page.goto(links["mute"])
    eva.press("mute.button")
    page.goto(links["own"])
    eva.press("my_data_open.button")
    keys.press(page.locator(".pieces summary"))
    expect(page.get_by_text(eva.address)).to_be_visible()
    eva.choose("frequency", "monthly")
    eva.press("my_data.save")
    # What was done is told at the top of the page, and read out: it has the focus.
    expect(page.get_by_role("status")).to_be_focused()
    eva.press("my_data.erase_link")
    eva.press("my_data_erase.button")
    page.goto(links["unsubscribe"])
    eva.press("stop.button")
    expect(eva.heading).to_have_text(eva.words("stop.done_title"))


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_fault_takes_the_focus_and_leads_to_its_input(
    open_page: OpenPage, town: MailSite, language: str
) -> None:
    page = open_page(base_url=town.url, viewport=PHONE, locale=language)
    begin(page)
    patient = Patient(page, language=language)
    forms = {
        "/subscribe": ("subscribe.send", ["#email", "#consent"]),
        "/my-data/link": ("my_data_link.send", ["#email"]),
    }
    for path, (button, fields) in forms.items():
        page.goto(path)
        plain = page.title()
        patient.press(button)
        expect(page).to_have_title(f"Error: {plain}")
        summary = page.locator(".govuk-error-summary")
        expect(summary).to_be_focused()
        links = summary.get_by_role("link")
        expect(links).to_have_count(len(fields))
        for place, field in enumerate(fields):
            links.nth(place).click()
            expect(page.locator(field)).to_be_focused()


def test_a_wrong_address_is_kept_to_be_mended(open_page: OpenPage, town: MailSite) -> None:
    page = open_page(base_url=town.url)
    begin(page)
    reader = Reader(page, town, "eva@example")
    page.goto("/results")
    reader.press("subscribe.link")
    page.locator("#email").fill("eva at example.org")
    reader.choose("frequency", "monthly")
    reader.choose("consent", "yes")
    reader.press("subscribe.send")
    expect(page.locator("#email-error")).to_contain_text(reader.words("subscribe.email_form"))
    expect(page.locator("#email")).to_have_value("eva at example.org")
    expect(page.locator('input[name="frequency"][value="monthly"]')).to_be_checked()
    expect(page.locator("#consent")).to_be_checked()
