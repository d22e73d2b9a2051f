"""Review pages: what is read from them, and that what is not used is reported."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from matcher.core.study import Ratings
from matcher.reading.reviews.drafts import SourceError
from tests.reading.review_pages import BULLETS, LABEL, page_text, read, texts, whys

REAL = Path(__file__).parents[3] / "shared/data/review-camizestrant-esr1.txt"


def test_a_whole_page_is_read() -> None:
    draft = read(page_text())
    study = draft.study
    assert study.title == "A new pill slows the growth of some tumors"
    assert (study.kind, study.posted, study.url) == ("Study", date(2026, 2, 19), None)
    assert texts(study) == (LABEL, list(BULLETS))
    assert study.ratings == Ratings("Medium-High", "High", None, "Human Research")
    assert [(section.heading, section.text) for section in study.sections] == [
        ("Summary", "Some people took a pill."),
        ("What is this study about?", "It is about a pill.\n- It is blue."),
        ("Why is this study important?", "Nobody knows yet."),
        ("Study design", "Ten people took the pill."),
        ("Disclosure", "Nobody paid for this."),
    ]
    assert study.references == ("Somebody A. A pill. 2025.", "Nobody B. Another pill. 2026.")
    assert [(unused.line, unused.text) for unused in draft.unused] == [(25, "Take our survey.")]
    assert draft.lines[LABEL] == 4


def test_the_real_page_is_read() -> None:
    if not REAL.exists():
        pytest.skip("the real page is not part of the project; the test above stands for it")
    draft = read(REAL.read_text(encoding="utf-8"))
    study = draft.study
    assert study.title == "Treating advanced breast cancer with ESR1 mutations shows promise"
    assert (study.kind, study.posted) == ("Study", date(2026, 2, 19))
    assert texts(study) == (
        LABEL,
        [
            "people with breast cancer",
            "people with ER/PR + cancer",
            "people with metastatic or advanced cancer",
        ],
    )
    assert study.ratings == Ratings("Medium-High", "High", None, "Human Research")
    assert [section.heading for section in study.sections] == [
        "Summary", "What is this study about?", "Why is this study important?", "Study design",
        "Study findings", "Side effects", "What does this mean for me?", "Disclosure",
    ]  # fmt: skip
    assert len(study.references) == 3
    assert [unused.line for unused in draft.unused] == [76]


DATES = [
    ("(posted 2/19/26)", date(2026, 2, 19)),
    ("(posted 02/19/2026)", date(2026, 2, 19)),
    ("(Posted: 11/14/2015)", date(2015, 11, 14)),
    ("posted on 9/4/20.", date(2020, 9, 4)),
    ("(posted February 19, 2026)", date(2026, 2, 19)),
    ("(posted Feb. 3rd 2026)", date(2026, 2, 3)),
    ("(posted 2026-02-19)", date(2026, 2, 19)),
    ("(posted 2-19-26)", date(2026, 2, 19)),
    ("(posted 2/29/24)", date(2024, 2, 29)),
    ("It was posted somewhere.", None),
    ("", None),
]


@pytest.mark.parametrize(("printed", "expected"), DATES)
def test_all_forms_of_the_date_are_read(printed: str, expected: date | None) -> None:
    text = page_text(summary=(f"Some people took a pill. {printed}",)).replace("posted 2/19/26", "")
    draft = read(text if printed != "(posted 2/19/26)" else page_text())
    assert draft.study.posted == expected
    assert ("posted" in draft.stated) == (expected is not None)


@pytest.mark.parametrize(
    "printed", ["(posted 2/30/26)", "(posted 23/5/24)", "(posted 0/1/24)", "(posted soon)"]
)
def test_a_date_that_is_none_is_reported_not_guessed(printed: str) -> None:
    text = page_text(summary=(f"A pill. {printed}",)).replace("posted 2/19/26", "")
    draft = read(text)
    assert draft.study.posted is None
    assert any(unused.line == 2 for unused in draft.unused)


def test_a_second_date_is_reported() -> None:
    draft = read(page_text(summary=("A pill. (posted 1/2/25)",)))
    assert draft.study.posted == date(2025, 1, 2)
    assert "2025-01-02" in whys(draft)["posted 2/19/26"]


def test_an_update_inside_the_summary_is_reported_and_the_date_stays() -> None:
    update = "Update 3/5/26: The agency has decided."
    draft = read(page_text(summary=("A pill. (posted 2/19/26)", update)))
    assert draft.study.posted == date(2026, 2, 19)
    assert "an editor may add it as an event" in whys(draft)[update]
    assert draft.study.sections[0].text == f"A pill.\n{update}"


@pytest.mark.parametrize("kind", ["Study", "Article", "Update", "Guideline", "Topic"])
def test_each_kind_is_read(kind: str) -> None:
    study = read(page_text(title=f"{kind.upper()} :  A title: with a colon")).study
    assert (study.kind, study.title) == (kind, "A title: with a colon")


def test_a_personal_story_is_read() -> None:
    assert read(page_text(title="Personal Story: My way")).study.kind == "Personal Story"


def test_a_title_without_kind_is_reported() -> None:
    draft = read(page_text(title="A title of its own"))
    assert (draft.study.title, draft.study.kind) == ("A title of its own", "Study")
    assert "of what kind" in whys(draft)["A title of its own"]
    assert "kind" not in draft.stated


def test_a_kind_on_a_line_of_its_own_is_the_kind_of_the_next() -> None:
    study = read(page_text(title="Article:\nA title of its own")).study
    assert (study.kind, study.title) == ("Article", "A title of its own")


def test_lines_before_the_title_are_reported() -> None:
    draft = read(page_text(title="Menu\nStudy: The title"))
    assert draft.study.title == "The title"
    assert whys(draft)["Menu"] == "it stands before the title"


@pytest.mark.parametrize(
    "label", ["Most relevant for:", "Most relevant for: ", "Most relevant for"]
)
def test_an_empty_label_is_no_audience_and_is_reported(label: str) -> None:
    draft = read(page_text(label=label))
    assert texts(draft.study) == (None, list(BULLETS))
    assert whys(draft)["Most relevant for:"] == "the label is empty"
    assert "most" in draft.stated


def test_a_page_without_a_label_line_is_a_review_all_the_same() -> None:
    draft = read(page_text(label="Nothing here"))
    assert draft.study.most is None
    assert "RELEVANCE block" in whys(draft)["Nothing here"]


def test_a_label_on_the_next_line_is_read() -> None:
    draft = read(page_text(label=f"Most relevant for:\n{LABEL}"))
    assert texts(draft.study) == (LABEL, list(BULLETS))


def test_a_label_that_names_no_audience_is_kept_as_printed() -> None:
    words = "The clinical relevance of this study for people is not clear"
    assert texts(read(page_text(label=f"Most relevant for: {words}")).study)[0] == words


def test_unknown_bullets_are_kept_and_repeated_ones_count_once() -> None:
    bullets = ("people who like tea", "people with metastatic or cancer", "people who like tea")
    draft = read(page_text(bullets=bullets))
    assert texts(draft.study)[1] == list(bullets[:2])
    assert draft.lines["people with metastatic or cancer"] == 7


@pytest.mark.parametrize("sign", ["- ", "• ", "•", "* ", "– ", "· ", ""])
def test_bullets_are_known_by_any_sign_or_none(sign: str) -> None:
    text = page_text().replace("- people", f"{sign}people").replace("- prev", f"{sign}prev")
    assert texts(read(text).study)[1] == list(BULLETS)


def test_a_line_among_marked_bullets_that_is_none_is_reported() -> None:
    text = page_text().replace("- previvors", "- previvors\nRead more about this")
    draft = read(text)
    assert texts(draft.study)[1] == list(BULLETS)
    assert "Read more about this" in whys(draft)


def test_bullets_after_the_colon_are_read() -> None:
    text = re.sub(r"for:\n(- .*\n)+", "for: previvors; people with breast cancer\n", page_text())
    assert texts(read(text).study)[1] == ["previvors", "people with breast cancer"]


def test_missing_ratings_are_none() -> None:
    draft = read(page_text(ratings=()))
    assert draft.study.ratings == Ratings()
    assert "relevance" in draft.stated


@pytest.mark.parametrize(
    ("printed", "expected"),
    [("Medium - High", "Medium-High"), ("medium–low", "Medium-Low"), ("HIGH.", "High"),
     ("Medium High", "Medium-High")],
)  # fmt: skip
def test_ratings_are_read_in_any_typography(printed: str, expected: str) -> None:
    draft = read(page_text(ratings=(("Quality of Writing", printed),)))
    assert draft.study.ratings.quality_of_writing == expected


def test_a_rating_on_the_next_line_is_read_and_an_empty_one_is_none() -> None:
    text = page_text(
        ratings=(
            ("Relevance", "\nHigh"),
            ("Strength of Science", ""),
            ("Research Timeline", "\nPost Approval"),
        )
    )
    draft = read(text)
    assert draft.study.ratings == Ratings("High", None, None, "Post Approval")
    assert [unused.line for unused in draft.unused] == [27]


@pytest.mark.parametrize(
    "line", ["Relevance: Very High", "Research Timeline: Human", "Relevance: 5"]
)
def test_a_rating_in_other_words_is_reported_not_guessed(line: str) -> None:
    name, value = line.split(": ")
    draft = read(page_text(ratings=((name, value),)))
    assert draft.study.ratings == Ratings()
    assert "not one of the words" in whys(draft)[line]


def test_a_rating_that_is_given_twice_is_reported() -> None:
    draft = read(page_text(ratings=(("Relevance", "High"), ("Relevance", "Low"))))
    assert draft.study.ratings.relevance == "High"
    assert "read first" in whys(draft)["Relevance: Low"]


def test_a_block_before_the_summary_is_read_too() -> None:
    lines = page_text().split("\n")
    summary, block = lines[1], lines[2:13]
    long = (
        summary + " It is a long text, as summaries are, and it stands on a line of its own here."
    )
    draft = read("\n".join([lines[0], *block, long, *lines[13:]]))
    assert texts(draft.study) == (LABEL, list(BULLETS))
    assert draft.study.posted == date(2026, 2, 19)
    assert draft.study.sections[0].heading == "Summary"


def test_most_relevant_inside_a_section_is_its_text() -> None:
    sentence = "Most relevant for people who like the pill."
    draft = read(page_text().replace("Nobody knows yet.", sentence))
    assert texts(draft.study)[0] == LABEL
    assert draft.study.sections[2].text == sentence


def test_a_listing_of_several_reviews_is_refused() -> None:
    listing = "Study: One\nMost relevant for: women\nArticle: Two\nMost relevant for: men\n"
    with pytest.raises(SourceError, match="several reviews"):
        read(listing)


def test_a_second_label_after_the_sections_is_reported() -> None:
    draft = read(page_text() + "\nMost relevant for: somebody else")
    assert texts(draft.study)[0] == LABEL
    assert "second label" in whys(draft)["Most relevant for: somebody else"]
