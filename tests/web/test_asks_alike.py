"""What is asked of a person: alike on cards, on a study's page and on the sheet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from matcher.core.conditions import AnyOf, Tag
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.services.matching import Matcher
from tests.web.person import Person
from tests.web.test_asked import study
from tests.web.test_sheet import paper, tell

BREAST = {"cancer_status": "now", "cancer": ["breast"], "sex_at_birth": "female"}
SPREAD = "Has my cancer spread, and if so, how far?"
GENES = ("PALB2", "BRCA2", "CHEK2", "BRCA1")

Seen = Callable[..., dict[str, str]]


@pytest.fixture
def seen(make_app: Callable[..., Flask], book: Rulebook) -> Seen:
    """The pages of somebody with these answers, at a site with these studies alone."""

    def open_pages(answers: dict[str, Any], *studies: Study, about: str = "self") -> dict[str, str]:
        person = Person(make_app(matcher=Matcher(book, studies)).test_client())
        tell(person, answers, about=about)
        pages = (
            "/results",
            "/results/open",
            "/results/different",
            f"/studies/{studies[0].key}",
            "/sheet",
        )
        return {path: person.open(path).text and person.text for path in pages}

    return open_pages


@pytest.mark.parametrize(
    ("answers", "tags", "question", "asked_of"),
    [
        (
            {**BREAST, "sex_at_birth": "male", "age": 72},
            ("breast_cancer", "pregnant"),
            "Should I have a pregnancy test before we plan treatment?",
            {**BREAST, "age": 32},
        ),
        (
            {**BREAST, "risk_reducing_surgery": ["breasts"]},
            ("breast_cancer", "dense_breasts"),
            "Are my breasts dense on the mammogram?",
            BREAST,
        ),
        (
            {**BREAST, "cancer": ["breast", "unknown"]},
            ("breast_cancer", "her2_positive", "metastatic:ovarian"),
            "Which of my cancers is the one we are treating now?",
            {**BREAST, "cancer": ["breast", "ovarian"]},
        ),
        (
            {**BREAST, "extent": "unknown"},
            ("breast_cancer", "metastatic:breast"),
            SPREAD,
            BREAST,
        ),
        (
            {**BREAST, "extent": "unknown"},
            ("breast_cancer", "metastatic:breast"),
            "/questions/extent?from=study",
            BREAST,
        ),
        (
            BREAST,
            ("breast_cancer", "reduced_ovaries"),
            "Which organs were removed in my surgery",
            {**BREAST, "treatments": ["mastectomy", "unknown"]},
        ),
    ],
)
def test_what_makes_no_sense_or_was_passed_over_is_asked_nowhere(
    seen: Seen,
    answers: dict[str, Any],
    tags: tuple[str, ...],
    question: str,
    asked_of: dict[str, Any],
) -> None:
    one = study("one", *tags)
    for path, text in seen(answers, one).items():
        assert question not in text, path
    assert any(question in text for text in seen(asked_of, one).values())


def test_genes_are_asked_of_in_one_phrase_and_in_the_order_of_the_form(seen: Seen) -> None:
    ways = AnyOf(tuple(Tag(f"inherited_{gene}") for gene in GENES))
    pages = seen(BREAST, Study(key="genes", title="genes", most=Audience("genes", ways)))
    for path in ("/studies/genes", "/sheet"):
        text = pages[path]
        assert text.count("Have I been tested for inherited gene changes?") == 1, path
        assert "(BRCA1, BRCA2, PALB2, and CHEK2)" in text, path


def test_the_sheet_asks_first_what_most_of_its_studies_depend_on(seen: Seen) -> None:
    pages = seen(
        BREAST,
        study("er", "breast_cancer", "er_positive"),
        study("her2", "breast_cancer", "her2_positive"),
        study("her2-too", "breast_cancer", "her2_positive", "age_at_most:60"),
    )
    text = paper(pages["/sheet"])
    assert 0 < text.index("What is my HER2 result") < text.index("Is my cancer ER-positive")


DEATH = "Ovary removal reduces risk of death from any cause"
OWN = Study(key="own", title="x", most=Audience("x", Tag("metastatic:breast")))
YOUNG = {"cancer_status": "never", "sex_at_birth": "female", "age": 38, "menopause": "pre"}


@pytest.mark.parametrize(
    ("about", "answers", "is_folded"),
    [
        ("loss", {"pregnant": "yes"}, True),
        ("self", {"pregnant": "yes"}, False),
        ("loss", {**BREAST, "extent": "metastatic"}, False),
    ],
)
def test_after_a_loss_titles_of_dying_are_folded(
    seen: Seen, about: str, answers: dict[str, Any], is_folded: bool
) -> None:
    titled = Study(key="death", title=DEATH, most=Audience("women", Tag("woman")))
    pregnant = Study(key="baby", title="baby", most=Audience("baby", Tag("pregnant")))
    told = {**YOUNG, "gender": "woman", **answers}
    pages = seen(told, titled, pregnant, OWN, about=about)
    before = pages["/results"].partition(DEATH)[0]
    assert DEATH in pages["/results"]
    assert (before.count("<details") > before.count("</details>")) == is_folded
    assert (DEATH in paper(pages["/sheet"])) != is_folded


def test_hard_topics_are_folded_on_the_page_of_another_situation_too(seen: Seen) -> None:
    hard = study("hard", "prostate_cancer", "metastatic")
    plain = study("plain", "prostate_cancer")
    pages = seen(BREAST, hard, plain)
    for path in ("/results", "/results/different"):
        open_part, _, folded = pages[path].rpartition("One review on a hard topic")
        assert 'href="/studies/plain"' in open_part, path
        assert 'href="/studies/hard"' not in open_part, path
        assert 'href="/studies/hard"' in folded, path


@pytest.mark.parametrize("about", ["loss", "self"])
def test_a_loss_is_met_with_a_word_before_the_first_question(person: Person, about: str) -> None:
    person.begin(about)
    assert ("We are sorry for your loss." in person.text) == (about == "loss")
    person.answer("cancer_status", "never")
    assert "sorry" not in person.text
