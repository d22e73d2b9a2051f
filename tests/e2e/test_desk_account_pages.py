"""The pages of accounts in a real browser: axe, both schemes and languages, 320 px."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from matcher.core.rulebook import Rulebook
from tests.e2e.conftest import new_app, new_engine, serving
from tests.e2e.looking import assert_accessible, sticking_out
from tests.web.desk.worker import PASSWORD, Worker

pytestmark = pytest.mark.browser

EMAIL = "boss@clinic.org"
OWN = ("", "/account", "/account/second-factor", "/account/passkeys/new", "/accounts")


@pytest.fixture
def desk(tmp_path: Path, book: Rulebook) -> Iterator[tuple[str, Flask]]:
    """A server of its own."""
    engine = new_engine(tmp_path)
    app = new_app(tmp_path, book, engine)
    with serving(engine, app) as url:
        yield url.replace("127.0.0.1", "localhost"), app


def look(page: Page) -> None:
    """Nothing that axe minds, nothing beside the page."""
    assert_accessible(page)
    assert sticking_out(page) == [], page.url


def send(page: Page) -> None:
    """Press the button of the page's own form."""
    page.locator("main form:not([data-passkey]) .govuk-button").first.click()


@pytest.mark.parametrize(
    ("scheme", "locale", "width"), [("light", "es-MX", 320), ("dark", "en-US", 1280)]
)
def test_every_page_of_accounts(
    browser: Browser, desk: tuple[str, Flask], scheme: str, locale: str, width: int
) -> None:
    url, app = desk
    boss = Worker.made(app, EMAIL, roles=["administrator", "navigator"])
    _, link = Worker.invited(app, "new@clinic.org")
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        locale=locale,
        viewport={"width": width, "height": 800},
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(url + link)
    look(page)
    send(page)
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    look(page)
    page.goto(f"{url}/desk/join/nothing")
    look(page)
    page.goto(f"{url}/desk/account")
    look(page)
    send(page)
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    look(page)
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    send(page)
    # An administrator comes no further without a second step.
    expect(page).to_have_url(f"{url}/desk/account/second-factor")
    look(page)
    page.goto(f"{url}/desk/account/authenticator")
    look(page)
    boss.secret = page.locator(".secret").inner_text().replace(" ", "")
    page.fill("#code", boss.code())
    send(page)
    expect(page.locator(".codes li")).to_have_count(8)
    look(page)
    for path in OWN:
        page.goto(f"{url}/desk{path}")
        look(page)
    page.fill("#email", "nia@clinic.org")
    page.fill("#name", "Nia")
    page.locator("main form.narrow .govuk-button").click()
    expect(page.locator(".invitation")).to_contain_text("/desk/join/")
    look(page)
    context.close()
