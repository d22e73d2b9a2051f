"""The sheet for the doctor as a browser prints it: one or two pages, tagged, black on white."""

from __future__ import annotations

import io
import json

import pypdf
import pytest
from playwright.sync_api import Page

from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.browser

RICH = {
    "cancer_status": "now", "cancer": ["breast"], "extent": "metastatic", "recurrent": "yes",
    "breast_type": "lobular", "age_at_diagnosis": 44, "node_status": "positive",
    "positive_nodes": 3, "stage": "2", "er": "positive", "pr": "positive", "her2": "low",
    "triple_negative": "no",
    "tumor": {
        "ESR1": {"result": "mutation", "on": "2026-03"}, "PIK3CA": "none", "TP53": "uncertain",
        "AKT1": "none", "MSI_H": "negative", "HRD": "negative", "PD_L1": "declined",
    },
    "inherited": {
        "BRCA1": "none", "BRCA2": "mutation", "PALB2": "none", "ATM": "uncertain",
        "CHEK2": "none", "TP53": "none",
    },
    "age": 52, "sex_at_birth": "female", "gender": "woman", "transgender": "no",
    "menopause": "post", "pregnant": "no", "race_ethnicity": ["white", "ashkenazi"],
    "treatments": [
        "lumpectomy", "radiation", "chemotherapy", "aromatase_inhibitor", "cdk46_inhibitor",
        "oophorectomy",
    ],
    "treatments_now": ["aromatase_inhibitor", "cdk46_inhibitor"], "lines": 1,
    "risk_reducing_surgery": ["ovaries", "fallopian_tubes"], "high_risk": ["breast", "ovarian"],
    "family_history": ["breast", "ovarian", "prostate"], "family_mutation": ["BRCA2"],
    "dense_breasts": "yes", "concerned_about": ["pancreatic", "melanoma"], "country": "US",
    "considering": ["clinical_trial", "liquid_biopsy", "reconstruction"],
    "exposures": ["dairy_or_soy", "night_shifts"], "symptoms": ["fatigue", "menopausal"],
}  # fmt: skip


def load(page: Page, answers: dict[str, object]) -> None:
    """Begin a visit with the answers of a file."""
    page.goto("/answers")
    content = json.dumps({"answers": answers}).encode()
    file = {"name": "a.json", "mimeType": "application/json", "buffer": content}
    page.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]
    page.locator('input[name="about"][value="self"]').check()
    page.locator("form[enctype] button").click()
    page.wait_for_url("**/check*")


@pytest.mark.parametrize("locale", ["en-US", "es-MX"])
def test_the_richest_sheet_prints_on_two_pages_of_either_paper(
    open_page: OpenPage, locale: str
) -> None:
    page = open_page(locale=locale, color_scheme="dark")
    load(page, RICH)
    page.goto("/sheet")
    paper = page.locator(".paper")
    colours = "element => [getComputedStyle(element).color, getComputedStyle(element).background]"
    ink, ground = paper.evaluate(colours)
    assert ink == "rgb(0, 0, 0)"
    assert ground.startswith("rgb(255, 255, 255)")
    for size in ("A4", "Letter"):
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(format=size, tagged=True)))
        assert 1 <= len(printed.pages) <= 2
        root = printed.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert "/StructTreeRoot" in root
        assert str(root["/Lang"]).startswith(locale[:2])
        text = " ".join(sheet.extract_text() for sheet in printed.pages)
        # The page around the paper stays on the screen.
        assert "PDF" not in text
        assert "BRCA2" in text
        assert "PD-L1" not in text
    made = page.request.get("/sheet.pdf")
    assert made.headers["content-type"] == "application/pdf"
    assert 1 <= len(pypdf.PdfReader(io.BytesIO(made.body())).pages) <= 2


def test_a_usual_sheet_fits_on_one_page(open_page: OpenPage) -> None:
    page = open_page()
    keys = ("cancer_status", "cancer", "extent", "er", "her2", "age")
    load(page, {key: RICH[key] for key in keys})
    page.goto("/sheet")
    for size in ("A4", "Letter"):
        printed = pypdf.PdfReader(io.BytesIO(page.pdf(format=size)))
        assert len(printed.pages) == 1, size
    assert page.locator(".paper__questions li").count() >= 3


def test_closed_parts_are_told_on_paper(open_page: OpenPage) -> None:
    page = open_page()
    load(page, {"cancer_status": "now", "cancer": ["breast"], "age": 52})
    page.goto("/results")
    told = page.get_by_text("Parts of this page that were closed")
    assert not told.is_visible()
    page.emulate_media(media="print")
    assert told.is_visible()
    for hidden in ("nav", "button:not(.term)", ".govuk-button", "details form"):
        assert all(not one.is_visible() for one in page.locator(hidden).all()), hidden
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert not told.is_visible()
