"""The start page in a real browser: seen at once, small, and with a way past its header."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

FIRST_LOAD = 80_000


def test_what_a_browser_fetches_at_first(open_page: OpenPage) -> None:
    page = open_page()
    devtools = page.context.new_cdp_session(page)
    devtools.send("Network.enable")
    sizes: list[float] = []
    devtools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto("/", wait_until="networkidle")
    # The page, its style sheets, typeface, logo and icon.
    assert 4 <= len(sizes) <= 7
    assert sum(sizes) <= FIRST_LOAD, sizes


@pytest.mark.parametrize(("width", "height"), [(390, 844), (320, 568)])
@pytest.mark.parametrize(("locale", "name"), [("en-US", "Start"), ("es-MX", "Empezar")])
def test_the_button_is_seen_without_scrolling(
    open_page: OpenPage, locale: str, name: str, width: int, height: int
) -> None:
    page = open_page(viewport={"width": width, "height": height}, locale=locale)
    page.goto("/")
    box = page.get_by_role("button", name=name).bounding_box()
    assert box is not None
    assert box["y"] + box["height"] <= height
    assert box["height"] >= 44


def test_the_way_past_the_header_shows_itself(open_page: OpenPage) -> None:
    page = open_page(viewport={"width": 320, "height": 568})
    page.goto("/")
    skip = page.get_by_role("link", name="Skip to the main content")
    hidden = skip.bounding_box()
    page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    shown = skip.bounding_box()
    assert hidden is not None
    assert shown is not None
    assert hidden["height"] <= 1
    assert shown["height"] >= 24
    page.keyboard.press("Enter")
    assert page.url.endswith("#main-content")
