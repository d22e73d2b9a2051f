"""Passkeys in a real browser, with an authenticator that the browser pretends to have."""

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

EMAIL = "ana@clinic.org"
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def desk(tmp_path: Path, book: Rulebook) -> Iterator[tuple[str, Flask]]:
    """A server of its own: its address by name, for a number is no home for a passkey."""
    engine = new_engine(tmp_path)
    app = new_app(tmp_path, book, engine)
    with serving(engine, app) as url:
        yield url.replace("127.0.0.1", "localhost"), app


def signed_in(page: Page, url: str) -> None:
    page.goto(f"{url}/desk/sign-in")
    page.fill("#email", EMAIL)
    page.fill("#password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_made_and_signs_in(browser: Browser, desk: tuple[str, Flask]) -> None:
    url, app = desk
    Worker.made(app, EMAIL)
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    blocked: list[str] = []
    page.on("console", lambda line: blocked.append(line.text) if line.type == "error" else None)
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    device = {"authenticatorId": made["authenticatorId"]}

    signed_in(page, url)
    assert_accessible(page)
    assert sticking_out(page) == []
    page.goto(f"{url}/desk/account/passkeys/new")
    page.fill("#name", "My phone")
    page.get_by_role("button", name="Make the passkey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your recovery codes")
    assert len(devtools.send("WebAuthn.getCredentials", device)["credentials"]) == 1
    page.goto(f"{url}/desk/account")
    assert_accessible(page)
    assert sticking_out(page) == []
    expect(page.get_by_text('Passkey "My phone"')).to_be_visible()

    # The passkey alone signs in.
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{url}/desk")

    # After the password it is the second step; without it there is no way in.
    page.get_by_role("button", name="Sign out", exact=True).click()
    signed_in(page, url)
    expect(page.get_by_role("heading", level=1)).to_have_text("The second step")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(f"{url}/desk")

    # Nobody who cannot show that it is them gets in.
    page.get_by_role("button", name="Sign out", exact=True).click()
    devtools.send("WebAuthn.setUserVerified", {**device, "isUserVerified": False})
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator(".passkey__failed")).to_be_visible()
    page.goto(f"{url}/desk")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert blocked == []
    context.close()
