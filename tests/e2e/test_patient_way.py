"""The whole way in a real browser: desktop and phone, light and dark, both languages, no script."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESKTOP, PHONE, OpenPage
from tests.e2e.patient import Patient, assert_accessible, assert_fits_its_width

pytestmark = pytest.mark.browser

TITLE = "Treating advanced breast cancer with ESR1 mutations shows promise"


@pytest.mark.parametrize(
    ("viewport", "scheme"), [(DESKTOP, "dark"), (PHONE, "light")], ids=["desktop", "phone"]
)
def test_the_whole_way(open_page: OpenPage, viewport: dict[str, int], scheme: str) -> None:
    patient = Patient(open_page(viewport=viewport, color_scheme=scheme, bypass_csp=True))
    patient.begin()
    patient.answer_all()
    patient.look()
    patient.press("Show my results")
    patient.look()
    first = patient.page.locator(".card").first
    expect(first).to_contain_text(TITLE)
    expect(first).to_contain_text("Its label describes people like you")
    expect(first.locator(".v-yes")).to_have_count(5)
    for fold in patient.page.locator("details > summary").all():
        if fold.is_visible():
            fold.click()
    assert_accessible(patient.page)
    first.get_by_role("link", name=TITLE).click()
    patient.look()
    expect(patient.page.get_by_role("heading", level=1)).to_contain_text(TITLE)
    for link in ("What we keep", "How the order is made"):
        patient.press(link)
        patient.look()
    for path in ("/under-18", "/nowhere", "/questions/triple_negative", "/questions/country"):
        patient.page.goto(path)
        patient.look()
    assert len(patient.seen) >= 20


@pytest.mark.parametrize("width", [320, 390])
def test_the_way_without_script(open_page: OpenPage, width: int) -> None:
    viewport = {"width": width, "height": 700}
    patient = Patient(open_page(viewport=viewport, java_script_enabled=False), inspect=False)
    patient.page.goto("/")
    patient.press("Start")
    patient.page.get_by_label("For myself").check()
    patient.press("Continue")
    patient.answer_all()
    patient.press("Show my results")
    expect(patient.page.locator(".card").first).to_contain_text(TITLE)


@pytest.mark.parametrize("path", ["/", "/who", "/results", "/check", "/privacy", "/ranking"])
def test_a_narrow_page_and_one_at_double_size_need_no_scrolling_sideways(
    open_page: OpenPage, path: str
) -> None:
    # 640 px at 200 % leave the page 320 px.
    page = open_page(viewport={"width": 320, "height": 700}, device_scale_factor=2)
    begin(page)
    page.goto(path)
    assert_fits_its_width(page)


def begin(page: Page) -> None:
    """Start a visit with two answers."""
    page.goto("/who")
    page.get_by_label("For myself").check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Cancer now", exact=True).check()
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Breast cancer", exact=True).check()
    page.get_by_role("button", name="Continue").click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_fault_takes_the_focus_and_leads_to_its_input(open_page: OpenPage, scheme: str) -> None:
    page = open_page(viewport=PHONE, color_scheme=scheme, bypass_csp=True)
    begin(page)
    page.goto("/questions/age")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("^Error: How old are you"))
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert_accessible(page)
    page.get_by_role("link", name="Type a number").click()
    expect(page.locator("#answer")).to_be_focused()


def test_the_way_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page()
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the main content")).to_be_focused()
    tab_to(page, page.get_by_role("button", name="Start"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/who")
    tab_to(page, page.get_by_label("For myself"))
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    tab_to(page, page.get_by_role("button", name="Continue"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/cancer_status")
    tab_to(page, page.get_by_label("Cancer now", exact=True))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Continue"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/questions/cancer")
    tab_to(page, page.get_by_label("Breast cancer", exact=True))
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="Show my results now"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/results")


def tab_to(page: Page, wanted: object) -> None:
    """Press Tab until the focus stands on what is wanted."""
    for _ in range(60):
        if wanted.evaluate("element => element === document.activeElement"):  # type: ignore[attr-defined]
            return
        page.keyboard.press("Tab")
    raise AssertionError("the focus never came there")


def test_the_focus_is_always_seen(open_page: OpenPage) -> None:
    page = open_page()
    begin(page)
    page.goto("/questions/er")
    page.get_by_label("ER-positive", exact=True).focus()
    page.keyboard.press("ArrowDown")
    tile = page.locator(".govuk-radios__item:has(:focus-visible)")
    assert tile.evaluate("tile => getComputedStyle(tile).outlineStyle") == "solid"


def test_every_choice_is_large_enough_to_tap(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE)
    begin(page)
    page.goto("/questions/extent")
    for tile in page.locator(".govuk-radios__item").all():
        tile.scroll_into_view_if_needed()
        box = tile.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        # The whole tile answers, its outer edge too.
        page.mouse.click(box["x"] + box["width"] - 8, box["y"] + box["height"] - 8)
        expect(tile.locator("input")).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_best_questions_lead_to_an_answer_and_back(
    open_page: OpenPage, viewport: dict[str, int], scheme: str
) -> None:
    page = open_page(viewport=viewport, color_scheme=scheme, bypass_csp=True)
    begin(page)
    page.goto("/results")
    panel = page.locator(".best")
    expect(panel.get_by_role("heading").first).to_be_in_viewport()
    expect(panel.locator("li")).to_have_count(3)
    for item in panel.locator("li").all():
        expect(item).to_contain_text(re.compile("could (settle|tell us more) "))
    assert_accessible(page)
    offered = panel.get_by_role("link").first.inner_text()
    panel.get_by_role("link").first.click()
    page.wait_for_url("**/questions/*?from=results")
    page.get_by_label("I'd rather not say").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/results")
    assert offered not in page.locator(".best").inner_text()


def test_the_way_can_end_early_and_be_gone_on_with(open_page: OpenPage) -> None:
    patient = Patient(open_page(), inspect=False)
    patient.begin()
    for _ in range(3):
        patient.answer()
    patient.page.goto("/check")
    patient.press("Answer more questions")
    expect(patient.page.locator(".progress")).to_have_text(re.compile("Question 4 of at most 10$"))
    patient.press("Back")
    expect(patient.page.locator(".progress")).to_have_text(re.compile("Question 3 of at most 10$"))
    patient.press("Back")
    expect(patient.page.locator("input[value=breast]")).to_be_checked()


def test_spanish_from_the_browser_and_by_the_switch(open_page: OpenPage) -> None:
    page = open_page(locale="es-MX", bypass_csp=True)
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    assert_accessible(page)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("button", name="Empezar")).to_be_visible()


def test_answers_lie_in_no_address_and_nowhere_in_the_browser(open_page: OpenPage) -> None:
    page = open_page()
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    begin(page)
    page.goto("/questions/er")
    page.locator('input[value="positive"]').check()
    page.get_by_role("button", name="Continue").click()
    page.goto("/results")
    told = ("breast", "positive", "now")
    assert not [url for url in addresses if url.rpartition("/")[2].split("=")[-1] in told]
    stored = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert stored == "[{},{}]"
    for cookie in page.context.cookies():
        assert not [word for word in ("breast", "positive") if word in cookie["value"]]
        assert cookie["httpOnly"]


def test_a_printed_page_leaves_out_what_only_a_screen_needs(open_page: OpenPage) -> None:
    page = open_page()
    begin(page)
    page.goto("/results")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Español")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
