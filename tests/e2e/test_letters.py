"""Large letters and dark pages: nothing is cut off, and what has the focus can be read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import PHONE, OpenPage, chromium
from tests.e2e.looking import sticking_out
from tests.e2e.patient import Patient

INK = """link => { link.focus(); const one = getComputedStyle(link);
  return [one.backgroundColor, ...[link, ...link.querySelectorAll('*')].map(
    e => getComputedStyle(e).color)]; }"""
FOCUS, FOCUS_INK = "rgb(245, 192, 74)", "rgb(26, 22, 20)"


def at_results(page: Page, language: str) -> None:
    """Somebody whose answers fit several reviews."""
    someone = Patient(page, language=language)
    page.goto("/who")
    page.locator("main .govuk-button").first.click()
    for key in ("cancer_status", "cancer", "extent"):
        page.goto(f"/questions/{key}")
        page.locator(f'[value="{someone.answers[key]}"]').check(force=True)
        page.locator("main form .govuk-button").first.click()
    page.goto("/results")


@pytest.mark.parametrize("language", ["en-US", "es-MX"])
def test_on_a_dark_page_every_link_with_the_focus_has_its_dark_ink(
    open_page: OpenPage, language: str
) -> None:
    page = open_page(color_scheme="dark", locale=language)
    at_results(page, language[:2])
    for link in page.locator("a[href]:not(.govuk-button):visible").all():
        ground, *inks = link.evaluate(INK)
        assert (ground, set(inks)) == (FOCUS, {FOCUS_INK}), link.evaluate("e => e.outerHTML")


@pytest.fixture
def large(browser: Browser, site_url: str) -> Iterator[Page]:
    """A phone whose owner set its letters to twice their size."""
    wishes = ["--no-sandbox", "--blink-settings=defaultFontSize=32"]
    started = browser.browser_type.launch(executable_path=chromium(), args=wishes)
    yield started.new_context(viewport=PHONE, locale="es-MX", base_url=site_url).new_page()
    started.close()


def test_letters_of_twice_the_size_cut_nothing_off(large: Page) -> None:
    at_results(large, "es")
    paths = ("/", "/who", "/questions/cancer", "/questions/age", "/results", "/check", "/glossary")
    for path in paths:
        large.goto(path)
        assert sticking_out(large) == [], path
        switch = large.locator(".language button").bounding_box()
        assert switch is not None
        assert switch["x"] + switch["width"] <= PHONE["width"]


def test_what_a_word_means_is_closed_by_its_button(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE)
    at_results(page, "en")
    page.locator(".card__title a").first.click()
    page.locator("button.term").first.click()
    meaning, close = page.locator(".term-meaning:popover-open"), page.locator(".term-close:visible")
    assert meaning.is_visible()
    box = close.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    close.click()
    assert not meaning.is_visible()
