"""The doctor's sheet as a PDF: tagged, in two languages, fetching nothing but our own files."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from matcher.core.rulebook import Rulebook
from matcher.services.catalogue import sample_studies
from matcher.services.matching import Matcher
from matcher.web.sheet import pdf as sheet_pdf
from matcher.web.sheet.pdf import HOME, own_files, paper_of
from matcher.web.site import EXTENSION
from tests.web.catalogue import STUDIES
from tests.web.person import Person
from tests.web.test_sheet import POSITIVE, fetch, read, tell, words

RICH = {
    "pr": "positive", "sex_at_birth": "female", "menopause": "post", "lines": 1,
    "treatments": ["chemotherapy", "aromatase_inhibitor", "cdk46_inhibitor"],
    "treatments_now": ["aromatase_inhibitor"], "inherited": {"BRCA1": "none"}, "tumor": "unknown",
}  # fmt: skip
HOSTILE = 'A study <script>alert(1)</script><img src="https://evil.example/x.png"> {{7*7}}'


def test_the_pdf_is_tagged_and_tells_nothing_outside_the_paper(person: Person) -> None:
    tell(person, POSITIVE)
    response = fetch(person)
    assert response.mimetype == "application/pdf"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Content-Disposition"] == 'attachment; filename="for-the-doctor.pdf"'
    opened = read(response.data)
    root = opened.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en"
    assert opened.metadata is not None
    assert opened.metadata.title == "For a talk with the doctor"
    assert set(opened.metadata) <= {"/Title", "/Producer", "/Creator"}
    xmp = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part(>|=\")1", xmp), xmp
    assert "breast" not in xmp
    fonts = {
        font.get_object()["/BaseFont"]
        for page in opened.pages
        for font in page["/Resources"]["/Font"].values()
    }
    assert all("Sheet" in name or "Atkinson" in name for name in fonts), fonts
    assert "ER-positive" in words(response.data)


def test_the_pdf_speaks_spanish(client: Any) -> None:
    person = Person(client, **{"Accept-Language": "es-MX"})
    tell(person, POSITIVE)
    response = fetch(person)
    assert "para-el-medico.pdf" in response.headers["Content-Disposition"]
    assert read(response.data).trailer["/Root"]["/Lang"] == "es"
    assert "Mis respuestas" in words(response.data)


@pytest.mark.parametrize("language", ["en-US", "es-MX"])
def test_a_last_page_of_a_line_or_two_is_spared(
    make_app: Callable[..., Flask], book: Rulebook, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(matcher=Matcher(book, sample_studies(book)))
    person = Person(app.test_client(), **{"Accept-Language": language})
    tell(person, {**POSITIVE, **RICH})
    assert len(read(fetch(person).data).pages) == 1
    monkeypatch.setattr(sheet_pdf, "TIGHT", "")
    assert len(read(fetch(person).data).pages) == (2 if language == "es-MX" else 1)


def test_hostile_studies_are_text_and_fetch_nothing(
    make_app: Callable[..., Flask], book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile = [
        replace(STUDIES[0], key=f"hostile-{number}", title=HOSTILE, url=url)
        for number, url in enumerate(
            ("javascript:alert(1)", "file:///etc/passwd", 'https://evil.example/"><b>', None)
        )
    ]
    asked: list[str] = []
    give = sheet_pdf.OwnFiles.__call__

    def noted(self: sheet_pdf.OwnFiles, url: str) -> object:
        asked.append(url)
        return give(self, url)

    monkeypatch.setattr(sheet_pdf.OwnFiles, "__call__", noted)
    monkeypatch.setattr(sheet_pdf.OwnFiles, "fetch", noted)
    person = Person(make_app(matcher=Matcher(book, hostile)).test_client())
    tell(person, POSITIVE)
    person.open("/sheet")
    assert "<script" not in person.page
    assert "<img" not in person.page
    assert "javascript:" not in person.page
    assert "file:" not in person.page
    made = fetch(person).data
    assert "<script>alert(1)</script>" in words(made)
    assert b"/JavaScript" not in made
    assert asked
    assert all(url.startswith(HOME) for url in asked), asked


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "http://127.0.0.1:8000/",
        "https://evil.example/x.css",
        "data:text/css,*{}",
        f"{HOME}../../etc/passwd",
        "https://static.invalid.evil.example/sheet.css",
    ],
)
def test_only_our_own_files_are_fetched(app: Flask, url: str) -> None:
    with pytest.raises(ValueError, match="own files"):
        own_files(app.extensions[EXTENSION].assets)(url)


def test_without_the_extra_there_is_neither_button_nor_pdf(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(person, POSITIVE)
    person.open("/sheet")
    assert "/sheet.pdf" in person.page
    monkeypatch.setattr("matcher.web.pages.sheet.weasyprint", lambda: None)
    monkeypatch.setattr("matcher.web.sheet.sending.weasyprint", lambda: None)
    person.open("/sheet")
    assert "/sheet.pdf" not in person.page
    assert fetch(person).status_code == 404


def test_who_waits_too_long_is_told_so(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    tell(person, POSITIVE)
    monkeypatch.setattr(sheet_pdf, "LONGEST_WAIT", 0.01)
    with sheet_pdf._turn:
        assert fetch(person).status_code == 503
    assert fetch(person).status_code == 200


@pytest.mark.parametrize(
    ("languages", "paper"),
    [("en-US,en;q=0.9", "Letter"), ("es-MX", "Letter"), ("es-ES,es", "A4"), ("en-GB", "A4"),
     ("es", "Letter"), ("", "Letter"), ("zh-Hant-TW", "A4")],
)  # fmt: skip
def test_the_paper_is_that_of_the_reader_s_country(languages: str, paper: str) -> None:
    assert paper_of(languages) == paper
