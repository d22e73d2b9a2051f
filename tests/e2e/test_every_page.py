"""Every page: axe, both schemes and languages; large targets; no scrolling sideways; what is shut.

The pages come from the application's own table of addresses (`tests/e2e/routes.py`), so that a
new one is looked at from then on.
"""

from __future__ import annotations

from collections.abc import Iterator
from unittest.mock import Mock

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from matcher.store.errors import StoreError
from tests.e2e.conftest import DESKTOP, PHONE, OpenPage
from tests.e2e.looking import assert_accessible, assert_large_enough, sticking_out
from tests.e2e.routes import ERROR_PAGES, paths, paths_behind
from tests.e2e.test_sheet import RICH, load
from tests.e2e.watcher import begin

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
EMPTY = """document.querySelectorAll('main input:not([type=hidden]), main select').forEach(
  e => { if (['radio', 'checkbox'].includes(e.type)) e.checked = false; else e.value = ''; })"""


def pages(app: Flask) -> list[str]:
    """The addresses that answer with a page of their own, each once."""
    odd = (".pdf", ".json", "/file", "/start", "/finish")
    found = [path for path in paths(app, "GET") if not path.endswith(odd)]
    return [path for path in found if path != "/questions"] + ERROR_PAGES


def somebody(open_page: OpenPage, *, rich: bool = False, **wishes: object) -> Page:
    """A page of somebody with breast cancer and a mutation to enter the result of.

    With `rich` they answered nearly everything, and much of it fits.
    """
    page = open_page(bypass_csp=True, **wishes)
    if rich:
        load(page, RICH)
        return page
    begin(page)
    page.goto("/questions/inherited/genes")
    page.locator('input[value="BRCA1"]').check()
    page.locator("main form .govuk-button").first.click()
    return page


def open_folds(page: Page) -> None:
    """Open everything that is folded."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")


SIZES = {
    "320": (NARROW, "document.documentElement.style.fontSize=''"),
    # 640 px at 200 % leave the page 320 px; the letters alone at twice their size are another way.
    "letters-200": (
        {"width": 640, "height": 900},
        "document.documentElement.style.fontSize='200%'",
    ),
}


@pytest.mark.parametrize(
    ("scheme", "locale", "viewport"),
    [("light", "es-MX", PHONE), ("dark", "en-US", DESKTOP)],
    ids=["light-spanish-phone", "dark-english-desktop"],
)
def test_every_page_can_be_read_and_pressed(
    open_page: OpenPage,
    site: tuple[str, Flask],
    scheme: str,
    locale: str,
    viewport: dict[str, int],
) -> None:
    """Axe finds nothing, all is large enough to tap, and nothing scrolls sideways."""
    rich = viewport == PHONE
    page = somebody(open_page, rich=rich, color_scheme=scheme, locale=locale, viewport=viewport)
    found: list[str] = []
    for path in pages(site[1]):
        page.goto(path)
        found += faults_of(page)
        # A page takes longer to load than to look at: it is looked at in all ways at once.
        if rich:
            found += faults_on_a_phone(page)
            found += faults_of_narrowness(page)
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
    # Each kind of form, sent without an answer.
    forms = ("/who", "/questions/age", "/questions/er", "/questions/country", "/answers")
    for path in (*forms, "/subscribe"):
        page.goto(path)
        page.evaluate(EMPTY)
        page.locator("main form .govuk-button:not([name])").last.click()
        expect(page.locator(".govuk-error-summary")).to_be_visible()
        found += faults_of(page)
    assert not found, "\n".join(found)


def faults_of(page: Page) -> list[str]:
    """What axe finds on the page with its folds open."""
    open_folds(page)
    try:
        assert_accessible(page)
    except AssertionError as error:
        return [str(error)]
    return []


def faults_on_a_phone(page: Page) -> list[str]:
    """What is too small to tap on a phone."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    try:
        assert_large_enough(page)
    except AssertionError as error:
        return [str(error)]
    return []


def faults_of_narrowness(page: Page) -> list[str]:
    """What sticks out of narrow windows; the letters are large after it."""
    found: list[str] = []
    for size, (viewport, change) in SIZES.items():
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        page.evaluate(change)
        if out := sticking_out(page):
            found.append(f"{page.url} at {size}: {out}")
    return found


STATUS = "performance.getEntriesByType('navigation')[0].responseStatus"


def refusals(page: Page, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Comes to one page after the other that nobody should see; gives the status it must have."""
    page.goto("/answers")
    large = {"name": "a.json", "mimeType": "application/json", "buffer": b" " * 1_100_000}
    page.locator("input[type=file]").set_input_files(files=[large])  # type: ignore[list-item]
    page.locator("form[enctype] button").click()
    yield 413
    # A form that is older than its cookie.
    page.goto("/who")
    page.context.clear_cookies()
    page.locator("main form .govuk-button").click()
    yield 400
    for status, fault in ((500, RuntimeError()), (503, StoreError("away", "here", "Wait."))):
        monkeypatch.setitem(app.view_functions, "glossary.glossary", Mock(side_effect=fault))
        page.goto("/glossary")
        yield status


@pytest.mark.parametrize(("scheme", "locale"), [("light", "es-MX"), ("dark", "en-US")])
def test_axe_finds_nothing_on_refusals_and_breakdowns(
    open_page: OpenPage,
    site: tuple[str, Flask],
    monkeypatch: pytest.MonkeyPatch,
    scheme: str,
    locale: str,
) -> None:
    page = open_page(bypass_csp=True, color_scheme=scheme, locale=locale, viewport=NARROW)
    found: list[str] = []
    for status in refusals(page, site[1], monkeypatch):
        assert page.evaluate(STATUS) == status
        assert sticking_out(page) == [], status
        assert_large_enough(page)
        expect(page.locator("html")).to_have_attribute("lang", locale[:2])
        found += faults_of(page)
    assert not found, "\n".join(found)


def test_all_but_the_sign_in_of_the_desk_is_shut(site: tuple[str, Flask]) -> None:
    client = site[1].test_client()
    behind = paths_behind(site[1], "GET")
    assert {"/desk", "/desk/account", "/desk/panels/nothing"} <= set(behind)
    for path in behind:
        answer = client.get(path)
        # What is nowhere is not told to strangers either.
        if answer.status_code != 404:
            assert answer.headers.get("Location", "").startswith("/desk/sign-in?next="), path
