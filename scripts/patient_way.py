"""The patient's way, page by page, as `screenshots.py` photographs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page

ANSWERS = {
    "cancer_status": "now",
    "cancer": ["breast"],
    "extent": "metastatic",
    "er": "positive",
    "her2": "negative",
    "tumor": {"ESR1": "mutation"},
    "age": 52,
    "sex_at_birth": "female",
    "menopause": "unknown",
}
NEARLY = {"cancer_status": "now", "cancer": ["breast"], "extent": "early"}
CONTRADICTED = {**ANSWERS, "extent": "early", "stage": "4"}
STUDY = "/studies/treating-advanced-breast-cancer-with-esr1-mutations-shows-promise"


class Shot(NamedTuple):
    """One page: its name, how one comes to it, and whether only the window is photographed."""

    name: str
    go: Callable[[Page], None]
    window: bool = False


def at(path: str) -> Callable[[Page], None]:
    """Goes to a page."""
    return lambda page: void(page.goto(path))


def void(_: object) -> None:
    """Nothing, whatever was given."""


def send(page: Page, *checked: str) -> None:
    """Choose by values and continue."""
    for value in checked:
        page.locator(f'input[value="{value}"]').first.check()
    with page.expect_navigation():
        page.locator("main form .govuk-button").first.click()


def begin(page: Page) -> None:
    """Start a visit: the first question."""
    page.goto("/who")
    send(page, "self")


def pick_genes(page: Page) -> None:
    """The page of genes after the question about test results."""
    page.goto("/questions/tumor")
    send(page, "named")


def misdate(page: Page) -> None:
    """A gene result with a date that there is not."""
    page.locator('input[name^="month-"]').first.fill("13")
    send(page, "mutation")


def load(answers: object, path: str) -> Callable[[Page], None]:
    """Load a file of answers and go to a page."""

    def loaded(page: Page) -> None:
        page.goto("/answers")
        content = json.dumps({"answers": answers}).encode()
        file = {"name": "answers.json", "mimeType": "application/json", "buffer": content}
        page.set_input_files("#file", files=[file])
        with page.expect_navigation():
            page.locator('form[enctype] button[type="submit"]').click()
        page.goto(path)

    return loaded


def refuse_file(page: Page) -> None:
    """The answers file's page after something that is no such file."""
    load({"shoe_size": 40, "age": "old"}, "/answers")(page)
    page.set_input_files(
        "#file", files=[{"name": "a.json", "mimeType": "application/json", "buffer": b"{,}"}]
    )
    page.locator('form[enctype] button[type="submit"]').click()


def narrow(topic: str, kind: str) -> Callable[[Page], None]:
    """Narrow the results to a topic and a kind; an empty word is all of them."""

    def narrowed(page: Page) -> None:
        page.goto("/results")
        page.locator("details.filter > summary").click()
        page.locator("#f-topic").select_option(topic)
        page.locator("#f-kind").select_option(kind)
        with page.expect_navigation():
            page.locator(".filter__send button").click()

    return narrowed


def open_term(page: Page) -> None:
    """Press the first explained word that is in sight."""
    page.goto("/questions/tumor")
    page.locator("main details").first.evaluate("fold => fold.open = true")
    page.locator("main .term:visible").first.click()


def open_folds(path: str) -> Callable[[Page], None]:
    """Goes to a page and opens what is folded on it."""

    def opened(page: Page) -> None:
        page.goto(path)
        page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")

    return opened


def clear(page: Page) -> None:
    """Erase the answers."""
    page.goto("/")
    with page.expect_navigation():
        page.locator('form[action="/clear"] button').click()


WAY = (
    Shot("start", at("/")),
    Shot("who", at("/who")),
    Shot("study-alone", at(STUDY)),
    Shot("answers-none", at("/answers")),
    Shot("privacy", at("/privacy")),
    Shot("ranking", at("/ranking")),
    Shot("glossary", at("/glossary")),
    Shot("under-18", at("/under-18")),
    Shot("gone", at("/check")),
    Shot("404", at("/nowhere")),
    Shot("embed", at("/embed")),
    Shot("question-radios", begin),
    Shot("question-error", send),
    Shot("question-checkboxes", at("/questions/cancer")),
    Shot("question-number", at("/questions/age")),
    Shot("question-list", at("/questions/country")),
    Shot("question-results", at("/questions/tumor")),
    Shot("question-term", open_term, window=True),
    Shot("genes", pick_genes),
    Shot("gene-result", lambda page: send(page, "ESR1", "PIK3CA")),
    Shot("gene-error", misdate),
    Shot("check-nothing", at("/check")),
    Shot("results-nothing", at("/results")),
    Shot("check-contradiction", load(CONTRADICTED, "/check")),
    Shot("results-contradiction", at("/results")),
    Shot("results-few", load(NEARLY, "/results")),
    Shot("check", load(ANSWERS, "/check")),
    Shot("results", at("/results")),
    Shot("results-narrowed", narrow("genes", "")),
    Shot("results-empty", narrow("symptoms", "Guideline")),
    Shot("level-fits", at("/results/fits")),
    Shot("level-different", at("/results/different")),
    Shot("study", open_folds(STUDY)),
    Shot("sheet", at("/sheet")),
    Shot("answers", at("/answers")),
    Shot("answers-error", refuse_file),
    Shot("start-again", at("/")),
    Shot("cleared", clear),
)
