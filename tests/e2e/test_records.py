"""Records from a file, in a browser: what is shown can be read by everybody, and is then used."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import OpenPage
from tests.e2e.looking import assert_accessible, assert_large_enough, sticking_out

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
TABLE = (
    b"cancer,stage,er,triple_negative,tumor,shoe size\nbreast,IV,ER+,yes,ESR1=mutation@2026-03,38\n"
)


def read_file(page: Page, content: bytes) -> None:
    """Choose a file and have it read."""
    page.goto("/records")
    page.set_input_files(
        "#file", files=[{"name": "records.csv", "mimeType": "text/csv", "buffer": content}]
    )
    page.locator("form[enctype] button").click()


@pytest.mark.parametrize(("scheme", "locale"), [("light", "es-MX"), ("dark", "en-US")])
def test_a_table_is_read_shown_and_used(open_page: OpenPage, scheme: str, locale: str) -> None:
    page = open_page(bypass_csp=True, color_scheme=scheme, locale=locale, viewport=NARROW)
    read_file(page, b"er\nmaybe\n")
    expect(page.locator(".govuk-error-summary")).to_be_visible()
    assert_accessible(page)
    read_file(page, TABLE)
    expect(page.locator("form[action='/records/use']")).to_be_visible()
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    assert_accessible(page)
    assert_large_enough(page)
    assert sticking_out(page) == []
    other = "en" if locale.startswith("es") else "es"
    page.locator(".language button").click()
    expect(page.locator("html")).to_have_attribute("lang", other)
    expect(page.locator("dd").first).to_be_visible()
    page.locator("form[action='/records/use'] button").click()
    expect(page).to_have_url("/check")
    expect(page.locator("main")).to_contain_text("ESR1")
