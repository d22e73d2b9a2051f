"""The matrix in a real browser: by arrow keys, narrowed in place, and a table to who listens."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from matcher.core.rulebook import Rulebook
from matcher.services.catalogue import open_catalogue
from tests.e2e.conftest import new_app, new_engine, serving
from tests.web.desk.panelled import FITS, MAY_FIT, OTHER, Panelled, panelled
from tests.web.desk.worker import PASSWORD

pytestmark = pytest.mark.browser

PLACE = """() => {
  const cell = document.activeElement.closest('td, th');
  return [cell.parentElement.rowIndex, cell.cellIndex];
}"""


IN_SIGHT = """() => {
  const box = document.activeElement.getBoundingClientRect();
  const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return over === document.activeElement;
}"""


@pytest.fixture
def desk(tmp_path: Path, book: Rulebook) -> Iterator[tuple[str, Panelled]]:
    """A server of its own, where Ana has three people."""
    engine = new_engine(tmp_path)
    open_catalogue(engine, book, fill=True)
    app = new_app(tmp_path, book, engine)
    ana = panelled(app)
    for code, answers in (("A-1", FITS), ("A-2", MAY_FIT), ("B-3", OTHER)):
        ana.add(code, answers)
    with serving(engine, app) as url:
        yield url, ana


def signed_in(browser: Browser, desk: tuple[str, Panelled]) -> Page:
    """Ana at the matrix; whatever the browser complains of fails the test."""
    url, ana = desk
    page = browser.new_context(base_url=url, viewport={"width": 1280, "height": 900}).new_page()
    page.on("console", lambda message: pytest.fail(message.text))
    page.on("pageerror", lambda error: pytest.fail(str(error)))
    page.goto(f"/desk/sign-in?next={ana.root}/matrix")
    page.locator("#email").fill(ana.worker.email)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    expect(page.locator("#mx-table")).to_be_visible()
    expect(page.locator("#mx-keys")).to_be_visible()
    return page


def test_arrow_keys_go_from_cell_to_cell(browser: Browser, desk: tuple[str, Panelled]) -> None:
    page = signed_in(browser, desk)
    links = page.locator("#mx-table a")
    page.locator("#mx-table tbody td a").first.focus()
    for key in ("ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)
    assert page.evaluate(PLACE) == [2, 1]
    page.keyboard.press("End")
    assert page.evaluate(PLACE) == [2, page.locator("thead th").count() - 1]
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowRight")
    assert page.evaluate(PLACE) == [1, 1]
    assert page.locator("#mx-table a[tabindex='0']").count() == 1 < links.count()
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/*/studies/*")


def test_it_is_a_table_to_who_listens(browser: Browser, desk: tuple[str, Panelled]) -> None:
    page = signed_in(browser, desk)
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    roles = Counter(node["role"]["value"] for node in tree["nodes"] if "role" in node)
    studies = page.locator("thead th").count() - 1
    assert (roles["rowheader"], roles["columnheader"]) == (3, studies + 1)
    # The cell of no study and no person is the head of both.
    assert roles["cell"] == 3 * studies
    names = [node["name"]["value"] for node in tree["nodes"] if "name" in node]
    assert "1 the label fits" in names


def test_names_stay_in_sight_and_hide_no_cell(browser: Browser, desk: tuple[str, Panelled]) -> None:
    page = signed_in(browser, desk)
    expect(page.locator("#mx-table .mx__row--far")).to_have_count(0)
    page.evaluate("document.querySelector('.mx-scroll').scrollTo(9999, 9999)")
    shown = page.locator(".mx-names a")
    # They are the names of the rows, beside them, at the left edge; nobody hears them twice.
    names = page.locator("#mx-table tbody th a").all_inner_texts()
    assert shown.all_inner_texts() == names
    assert page.locator(".mx-names").get_attribute("aria-hidden") == "true"
    edge = page.locator(".mx-scroll").bounding_box()
    assert edge is not None
    for name, row in zip(shown.all(), page.locator("#mx-table tbody tr").all(), strict=True):
        there, beside = name.bounding_box(), row.bounding_box()
        assert there is not None
        assert beside is not None
        assert edge["x"] < there["x"] < edge["x"] + 30
        assert abs(there["y"] + there["height"] / 2 - beside["y"] - beside["height"] / 2) < 3
    # A cell that gets the focus is not under them, nor a name that does.
    page.locator("#mx-table tbody td a").first.focus()
    for key in ("ArrowRight", "Home"):
        page.keyboard.press(key)
        assert page.evaluate(IN_SIGHT)
    with page.expect_navigation():
        shown.nth(1).click()
    assert "/people/" in page.url


def test_filters_and_states_change_in_place(browser: Browser, desk: tuple[str, Panelled]) -> None:
    page = signed_in(browser, desk)
    page.evaluate("window.stays = true")
    page.locator("details.filter > summary").click()
    page.locator("#f-who").select_option("bring_up")
    expect(page.locator("#mx .desk-empty")).to_be_visible()
    assert "who=bring_up" in page.url
    page.locator("#f-who").select_option("")
    expect(page.locator("#mx-table tbody tr")).to_have_count(3)
    expect(page.locator("#mx-table a[tabindex='0']")).to_have_count(1)
    expect(page.locator(".wanted__list > li").first).to_be_visible()
    assert page.evaluate("window.stays") is True
    page.go_back()
    expect(page.locator("#mx .desk-empty")).to_be_visible()


def test_without_a_script_all_is_reached(browser: Browser, desk: tuple[str, Panelled]) -> None:
    url, ana = desk
    context = browser.new_context(base_url=url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/desk/sign-in?next={ana.root}/matrix")
    page.locator("#email").fill(ana.worker.email)
    page.locator("#password").fill(PASSWORD)
    page.locator("#password").press("Enter")
    assert page.locator("#mx-table a[tabindex]").count() == 0
    page.locator("details.filter > summary").click()
    page.locator("#f-least").select_option("fits")
    page.locator(".mx-filter__send button").click()
    expect(page.locator("#mx-table tbody tr").first).to_be_visible()
    assert "least=fits" in page.url
    page.locator("#wanted a").click()
    expect(page.locator(".wanted__list > li").first).to_be_visible()
