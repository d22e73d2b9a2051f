"""The whole way in a real browser: by hand and by keyboard, narrow and enlarged, for everybody."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.hands import Keys
from tests.e2e.patient import ANSWERS, Patient
from tests.e2e.watcher import begin
from tests.web.catalogue import CAMIZESTRANT

pytestmark = pytest.mark.browser

NARROW = {"width": 320, "height": 640}
# A window of 1,280 by 900 at 200 %.
ENLARGED = {"viewport": {"width": 640, "height": 450}, "device_scale_factor": 2}
STUDY = f"/studies/{CAMIZESTRANT}"


def go_the_whole_way(patient: Patient) -> None:
    """From the start page through the questions to results, a study, the sheet, and clearing."""
    patient.begin()
    patient.answer_all(until="tumor")
    assert len(patient.told) >= 8
    go_from_check_to_cleared(patient, STUDY)


def go_from_check_to_cleared(patient: Patient, study: str) -> None:
    """Results, one study that fits, the sheet, and clearing; then nothing is left."""
    patient.press("check.show")
    card = patient.page.locator(f'.card.lv-fits:has(a[href="{study}"])')
    link = card.locator(".card__title a")
    title = link.inner_text().removesuffix(patient.words("frame.in_english")).strip()
    with patient.page.expect_navigation():
        patient.hands.press(link)
    patient.look()
    assert patient.path == study
    expect(patient.page.get_by_role("heading", level=1)).to_contain_text(title)
    patient.press("frame.to_results")
    patient.press("sheet.link")
    expect(patient.page.locator(".paper")).to_contain_text(title)
    patient.press("frame.clear")
    assert patient.path == "/cleared"
    patient.page.goto("/results")
    expect(patient.page.get_by_role("heading", level=1)).to_have_text(patient.words("gone.title"))


@pytest.mark.parametrize(
    ("language", "wishes"),
    [("es", {"viewport": NARROW}), ("en", ENLARGED)],
    ids=["spanish-320", "english-enlarged"],
)
def test_the_whole_way_without_script(
    open_page: OpenPage, language: str, wishes: dict[str, object]
) -> None:
    page = open_page(java_script_enabled=False, locale=language, **wishes)
    go_the_whole_way(Patient(page, language=language))


@pytest.mark.parametrize(
    ("language", "wishes"),
    [("en", {}), ("es", {"viewport": NARROW})],
    ids=["english-desktop", "spanish-320"],
)
def test_the_whole_way_by_keyboard_alone(
    open_page: OpenPage, language: str, wishes: dict[str, object]
) -> None:
    page = open_page(locale=language, **wishes)
    keys = Keys(page)
    go_the_whole_way(Patient(page, hands=keys, language=language))
    assert keys.stops >= 100


def test_a_list_a_fold_and_a_fault_by_keyboard(open_page: OpenPage) -> None:
    page = open_page()
    begin(page)
    page.goto("/questions/country")
    patient = Patient(page, hands=Keys(page))
    fold = page.locator("details.govuk-details")
    patient.hands.press(fold.locator("summary"))
    expect(fold).to_have_attribute("open", "")
    patient.press("frame.continue")
    expect(page).to_have_title(re.compile("^Error: "))
    # From the summary, which has the focus, one Tab leads to its link, and Enter to the list.
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#answer")).to_be_focused()
    page.keyboard.type("Mex")
    patient.press("frame.continue")
    page.goto("/questions/country")
    expect(page.locator("#answer")).to_have_value("MX")


def test_for_somebody_that_one_cares_for(open_page: OpenPage) -> None:
    patient = Patient(open_page())
    patient.begin("other")
    expect(patient.page.get_by_role("heading", level=1)).to_contain_text("the person you care for")
    patient.answer_all(until="tumor")
    patient.page.goto("/results")
    fitting = patient.page.locator(".level__heading.lv-fits")
    expect(fitting).to_contain_text(patient.words("level.fits"))
    patient.page.goto("/check")
    go_from_check_to_cleared(patient, STUDY)


def test_after_a_loss(open_page: OpenPage) -> None:
    answers = {"cancer_status": "never", "age": "41", "family_history": "breast"}
    page = open_page(viewport=PHONE, locale="es")
    patient = Patient(page, language="es", answers=answers)
    patient.begin("loss")
    patient.answer_all(until="family_history")
    # Nobody is asked about a cancer that they never had.
    assert not {"cancer", "extent", "er", "her2", "tumor", "treatments"}.intersection(patient.told)
    page.goto("/results")
    study = page.locator(".card.lv-fits a").first.get_attribute("href")
    assert study is not None
    page.goto("/check")
    go_from_check_to_cleared(patient, study)


def test_under_18(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE)
    patient = Patient(page, answers={**ANSWERS, "age": "15"})
    patient.begin()
    while patient.path != "/under-18":
        patient.answer()
    assert patient.told[-1] == "age"
    title = page.get_by_role("heading", level=1)
    for path in ("/results", "/results/fits", "/check", "/sheet", "/questions"):
        page.goto(path)
        assert patient.path == "/under-18", path
        expect(title).to_have_text(patient.words("young.title"))
    page.goto(STUDY)
    expect(page.locator(".card__level, .reasons, .sum")).to_have_count(0)
    page.goto("/under-18")
    patient.press("young.change")
    patient.hands.write(page.locator("#answer"), "51")
    patient.press("frame.continue")
    assert patient.path.startswith("/questions/")
    patient.press("frame.clear")
    assert patient.path == "/cleared"


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_fault_takes_the_focus_and_leads_to_its_input(open_page: OpenPage, language: str) -> None:
    page = open_page(viewport=PHONE, locale=language)
    begin(page)
    patient = Patient(page, language=language)
    # A field and a group of choices: the link leads to the first of them.
    for path, field in (("/questions/age", "#answer"), ("/questions/er", "#answer")):
        page.goto(path)
        plain = page.title()
        patient.press("frame.continue")
        expect(page).to_have_title(f"Error: {plain}")
        summary = page.locator(".govuk-error-summary")
        expect(summary).to_be_focused()
        expect(summary.get_by_role("heading")).to_have_text(patient.words("frame.problem"))
        summary.get_by_role("link").click()
        expect(page.locator(field)).to_be_focused()


def test_every_tile_answers_at_its_outer_edge(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE)
    begin(page)
    page.goto("/questions/extent")
    for tile in page.locator(".govuk-radios__item").all():
        tile.scroll_into_view_if_needed()
        box = tile.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] - 8, box["y"] + box["height"] - 8)
        expect(tile.locator("input")).to_be_checked()


def test_the_best_questions_lead_to_an_answer_and_back(open_page: OpenPage) -> None:
    page = open_page(viewport=PHONE)
    begin(page)
    page.goto("/results")
    panel = page.locator(".best")
    expect(panel.get_by_role("heading").first).to_be_in_viewport()
    expect(panel.locator("li")).to_have_count(3)
    for item in panel.locator("li").all():
        expect(item).to_contain_text(re.compile("could tell us (if|more) "))
    offered = panel.get_by_role("link").first.inner_text()
    panel.get_by_role("link").first.click()
    page.wait_for_url("**/questions/*?from=results")
    page.get_by_label("I'd rather not say").check()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/results")
    assert offered not in page.locator(".best").inner_text()


def test_the_way_can_end_early_and_be_gone_on_with(open_page: OpenPage) -> None:
    patient = Patient(open_page())
    patient.begin()
    for _ in range(3):
        patient.answer()
    patient.page.goto("/check")
    patient.press("results.go_on")
    expect(patient.page.locator(".progress")).to_have_text(re.compile("Question 4 of at most 10$"))
    patient.press("frame.back")
    expect(patient.page.locator(".progress")).to_have_text(re.compile("Question 3 of at most 10$"))
    patient.press("frame.back")
    expect(patient.page.locator("input[value=breast]")).to_be_checked()


def test_spanish_from_the_browser_and_by_the_switch(open_page: OpenPage) -> None:
    page = open_page(locale="es-MX")
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", "es")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    page.get_by_role("button", name="Español").click()
    expect(page.get_by_role("button", name="Empezar")).to_be_visible()


def test_a_printed_page_leaves_out_what_only_a_screen_needs(open_page: OpenPage) -> None:
    page = open_page()
    begin(page)
    page.goto("/results")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Español")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
