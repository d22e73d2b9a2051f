"""Review pages: what is read from them, and that every line is either used or reported."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.core.study import Ratings, Study
from matcher.reading.reviews.drafts import MAX_LABEL, Draft, SourceError
from matcher.reading.reviews.lines import text_page
from matcher.reading.reviews.reviews import read_review
from tests.reading.review_pages import BULLETS, LABEL, page_text

REAL = Path(__file__).parents[3] / "shared/data/review-camizestrant-esr1.txt"


def read(text: str, url: str | None = None) -> Draft:
    return read_review(text_page(text), url=url)


def texts(study: Study) -> tuple[str | None, list[str]]:
    return study.most.text if study.most else None, [audience.text for audience in study.also]


def whys(draft: Draft) -> dict[str, str]:
    return {unused.text: unused.why for unused in draft.unused}


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


@pytest.mark.parametrize("text", ["hello", "Study: A title", "x\n" * 1000, "- a\n- b", "{", "<"])
def test_what_is_no_review_is_refused(text: str) -> None:
    with pytest.raises(SourceError):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        page_text(title="Study: " + "word " * 200),
        page_text(label="Most relevant for: " + "people " * 1000),
        page_text(bullets=["people " * 1000]),
        page_text(bullets=[f"people {number}" for number in range(101)]),
    ],
)
def test_what_is_far_too_long_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match=r"characters|more than"):
        read(text)


def test_a_label_of_the_largest_length_is_taken() -> None:
    label = "p" * MAX_LABEL
    assert texts(read(page_text(label=f"Most relevant for: {label}")).study)[0] == label


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "/XRAY/x", "ftp://h/x", "https://", "https://h/a b", "https://u@h/",
            "https://h/\x00", "https://h/" + "x" * 1000, "https://h:99999/x", "https://[h/x"]
)  # fmt: skip
def test_a_link_that_is_none_is_reported(url: str) -> None:
    draft = read(page_text(), url=url)
    assert draft.study.url is None
    assert draft.unused[0].line is None
    assert "url" not in draft.stated


def test_a_link_that_is_given_is_taken() -> None:
    draft = read(page_text(), url="https://www.example.org/XRAY/a-new-pill?x=1")
    assert draft.study.url == "https://www.example.org/XRAY/a-new-pill?x=1"
    assert "url" in draft.stated


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n", "\u2028"])
def test_any_line_ending_is_read(ending: str) -> None:
    draft = read(page_text().replace("\n", ending))
    assert texts(draft.study) == (LABEL, list(BULLETS))
    assert draft.lines[LABEL] == 4


def test_invisible_characters_do_not_hide_a_block() -> None:
    text = page_text().replace("Most", "\ufeffMo\u200bst").replace("RELEVANCE", "RELE\u00adVANCE")
    assert texts(read(text).study)[0] == LABEL


def test_a_heading_without_text_is_reported() -> None:
    draft = read(page_text().replace("Ten people took the pill.\n", ""))
    assert whys(draft)["Study design"] == "a heading without text"


PARTS = [*page_text().split("\n"), "- x", "Relevance", "", "\x00", "🙂", "What is a study?"]
WORDLESS = (
    "RELEVANCE",
    "Relevance",
    "Reference",
    "Strength",
    "Research",
    "It may",
    "posted",
    "Most",
)


@given(st.lists(st.sampled_from(PARTS), max_size=60))
def test_every_line_is_used_or_reported(lines: list[str]) -> None:
    """No line of a page is dropped in silence, in whatever order the lines come."""
    page = text_page("\n".join(["Study: T", *lines, f"Most relevant for: {LABEL}"]))
    try:
        draft = read_review(page)
    except SourceError:
        return
    study = draft.study
    kept = [*study.references, *(part for unused in draft.unused for part in (unused.text,))]
    kept += [part for section in study.sections for part in (section.heading, section.text)]
    kept += [str(part) for part in texts(study)]
    for line in page.lines:
        bare = line.text.removesuffix(" (posted 2/19/26)").removeprefix("Disclosure: ")
        held = any(bare in part for part in kept)
        assert held or line.text == "Study: T" or bare.startswith(WORDLESS), line
