"""Every page of the desk: axe, both schemes and languages, at two sizes.

The pages come from the application's own table of addresses, so that a new one is looked at from
then on. Requests to other hosts and breaches of the content policy fail a test by themselves.
"""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Page

from tests.e2e.conftest import OpenPage
from tests.e2e.desk_site import DeskSite, desk_site
from tests.e2e.looking import assert_accessible, sticking_out
from tests.web.catalogue import CAMIZESTRANT

pytestmark = pytest.mark.browser

WIDE, TABLET = {"width": 1280, "height": 900}, {"width": 768, "height": 1024}
KINDS = (
    ({"viewport": WIDE, "color_scheme": "light", "locale": "en-US"}, "en"),
    ({"viewport": TABLET, "color_scheme": "dark", "locale": "es-MX"}, "es"),
    ({"viewport": WIDE, "color_scheme": "dark", "locale": "es-MX"}, "es"),
    ({"viewport": TABLET, "color_scheme": "light", "locale": "en-US"}, "en"),
)
"""Each page is seen in two of them that have nothing in common."""


EMPTY = """() => {
  document.querySelectorAll('main form').forEach(one => one.noValidate = true);
  document.querySelectorAll('main input:not([type=hidden]):not([type=radio])')
    .forEach(one => { one.value = ''; one.checked = false; });
}"""


@pytest.fixture(scope="module")
def desk(site: tuple[str, Flask]) -> DeskSite:
    """A desk over the sample."""
    return desk_site(site[1], "pages@clinic.org", CAMIZESTRANT)


def seen(open_page: OpenPage, desk: DeskSite, url: str, kind: int) -> Page:
    """A browser of one kind, with the navigator signed in."""
    wishes, language = KINDS[kind]
    page = open_page(**wishes)
    desk.let_in(page, url)
    page.goto("/desk")
    if page.locator("html").get_attribute("lang") != language:
        page.get_by_role("button", name={"en": "English", "es": "Español"}[language]).click()
    return page


@pytest.mark.parametrize("half", [0, 1])
def test_axe_finds_nothing(
    open_page: OpenPage, site: tuple[str, Flask], desk: DeskSite, half: int
) -> None:
    both = [seen(open_page, desk, site[0], half * 2 + one) for one in (0, 1)]
    paths = desk.pages(studies=[CAMIZESTRANT])
    assert len(paths) > 25
    found: list[str] = []
    for path in paths[half::2]:
        for page in both:
            answer = page.goto(path)
            assert answer is not None
            assert answer.status == 200, path
            assert answer.headers["cache-control"] == "no-store"
            found += faults(page)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_on_refused_forms(
    open_page: OpenPage, site: tuple[str, Flask], desk: DeskSite
) -> None:
    page = seen(open_page, desk, site[0], 1)
    found: list[str] = []
    person = f"{desk.ana.root}/people/{desk.persons[0]}"
    for path, button in (
        ("/desk", "main form .govuk-button"),
        (f"{desk.ana.root}/people/add", "main form .govuk-button"),
        (f"{desk.ana.root}/records", "form[enctype] .govuk-button"),
        (f"{desk.ana.root}/studies/{CAMIZESTRANT}", "#share .govuk-button"),
        (f"{person}/facts/er", "main form .govuk-button"),
        ("/desk/accounts", "main form[action='/desk/accounts'] .govuk-button"),
        ("/desk/account", "main form[action$=password] .govuk-button"),
    ):
        page.goto(path)
        page.evaluate(
            "document.querySelectorAll('main form').forEach(one => one.noValidate = true)"
        )
        page.evaluate(
            "document.querySelectorAll('main input:not([type=hidden]):not([type=radio])')"
            ".forEach(one => { one.value = ''; one.checked = false; })"
        )
        with page.expect_navigation():
            page.locator(button).first.click()
        if not page.locator(".govuk-error-summary").count():
            found.append(f"{path}: no summary of what is wrong")
        found += faults(page)
    assert not found, "\n".join(found)


def faults(page: Page) -> list[str]:
    """What axe finds on the page with its folds open, and what stands out to the side."""
    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    found = [f"{page.url} sticks out: {sticking_out(page)}"] if sticking_out(page) else []
    try:
        assert_accessible(page)
    except AssertionError as error:
        found.append(str(error))
    return found
