"""Review pages: what is none is refused, and every line of one is used or reported."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.reading.reviews.drafts import MAX_LABEL, SourceError
from matcher.reading.reviews.lines import text_page
from matcher.reading.reviews.reviews import read_review
from tests.reading.review_pages import BULLETS, LABEL, page_text, read, texts, whys


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
