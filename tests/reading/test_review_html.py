"""Saved pages: read like the text of the page, however broken the markup is, in linear time."""

from __future__ import annotations

import random
import time
from contextlib import suppress

import pytest

from matcher.reading.reviews.drafts import Draft, SourceError
from matcher.reading.reviews.html_pieces import pieces
from matcher.reading.reviews.html_text import html_page
from matcher.reading.reviews.lines import Page
from matcher.reading.reviews.reviews import read_review
from matcher.reading.reviews.sources import read_source
from tests.reading.review_pages import BULLETS, LABEL, page_html, page_text


def read(document: str) -> Draft:
    (draft,) = read_source(document.encode())
    assert isinstance(draft, Draft)
    return draft


def lines(document: str) -> list[str]:
    return [line.text for line in html_page(document).lines]


def test_the_saved_page_gives_what_its_text_gives() -> None:
    saved, text = read(page_html()).study, read(page_text()).study
    assert saved.url == "https://www.example.org/XRAY/a-new-pill"
    for name in ("title", "kind", "posted", "most", "also", "ratings", "sections", "references"):
        assert getattr(saved, name) == getattr(text, name), name


def test_what_stands_around_the_review_is_reported_with_its_line() -> None:
    found = [(unused.text, unused.line) for unused in read(page_html()).unused]
    numbered = list(enumerate(page_html().split("\n"), 1))
    assert found == [
        (text, number)
        for text in ("Take our survey.", "Copyright")
        for number, line in numbered
        if text in line
    ]


def test_words_that_are_hidden_or_code_are_no_text() -> None:
    document = (
        "<p>a<span hidden>no</span><span style='display: none'>no</span>"
        '<span aria-hidden="true">no</span> b</p><script>no</script><style>no</style>'
        "<!-- no --><noscript>no</noscript><svg><text>no</text></svg><template>no</template>"
    )
    assert lines(document) == ["a b"]


def test_entities_are_read_and_huge_numbers_do_no_harm() -> None:
    assert lines("<p>a &lt; b &amp;&nbsp;c&#x41;&#66; &bogus; d") == ["a < b & cAB &bogus; d"]
    assert lines(f"<p>a&#{'9' * 6000};b&#x{'f' * 6000};c") == ["a�b�c"]


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ("<p>a<p>b<br>c<div>d", ["a", "b", "c", "d"]),
        ("<li>a<li>b</ul>c", ["a", "b", "c"]),
        ("<b>a<i>b</b>c</i>d", ["abcd"]),
        ("a < b and c <3 d", ["a < b and c <3 d"]),
        ("<p title='a > b'>c</p>", ["c"]),
        ('<p title="a>b', ["b"]),
        ("<p>a</p", ["a"]),
        ("<p>a<b class='x", ["a"]),
        ("<p>a<!-- never closed <p>b", ["a never closed", "b"]),
        ("a<script>never closed <p>b", ["a"]),
        ("<nav>menu<p>a<h1>Study: b", ["menu", "a", "Study: b"]),
        ("<NAV>menu</NAV><P>a", ["a"]),
        ("</p></div></nav>a", ["a"]),
        ("<p\nclass=x\n>a", ["a"]),
        ("<td>Relevance:</td><td>High</td>", ["Relevance:", "High"]),
        ("<textarea><p>a</textarea>b", ["<p>a", "b"]),
        ("<![CDATA[ x ]]>a<?php echo ?>b", ["ab"]),
        ("", []),
        ("<", ["<"]),
    ],
)
def test_broken_markup_is_read_as_well_as_can_be(document: str, expected: list[str]) -> None:
    assert lines(document) == expected


def test_the_pieces_of_a_document_are_the_document() -> None:
    whole = page_html()
    made = random.Random(7)
    for _ in range(300):
        start, end = sorted(made.sample(range(len(whole)), 2))
        broken = whole[start:end] + whole[made.randrange(len(whole)) :]
        assert "".join(piece.text for piece in pieces(broken)) == broken


def test_a_page_cut_at_any_place_is_read_or_refused() -> None:
    whole = page_html()
    read_whole = 0
    for end in range(0, len(whole), 7):
        try:
            draft = read_review(html_page(whole[:end]))
        except SourceError:
            continue
        read_whole += draft.study.most is not None and draft.study.most.text == LABEL
    assert read_whole > 50


def test_bullets_are_list_items() -> None:
    draft = read(page_html())
    assert [audience.text for audience in draft.study.also] == list(BULLETS)


@pytest.mark.parametrize(
    ("head", "title", "kind"),
    [
        ("<h1>Article: A title</h1>", "A title", "Article"),
        ("<h1>XRAY</h1><h2>Update: A title</h2>", "A title", "Update"),
        ("<h1>XRAY</h1><p>Topic: A title</p>", "A title", "Topic"),
        ("<p>Guideline</p><h1>A title of its own</h1>", "A title of its own", "Guideline"),
        ("<h1>A title of its own</h1>", "A title of its own", "Study"),
        ("<title>Study: A title | Site</title><body>", "A title", "Study"),
        ("<title>A title - with a dash - Site</title><body>", "A title - with a dash", "Study"),
    ],
)
def test_the_title_is_found(head: str, title: str, kind: str) -> None:
    draft = read(f"<html>{head}<p>Most relevant for: women</p></html>")
    assert (draft.study.title, draft.study.kind) == (title, kind)


def test_a_link_that_is_not_whole_is_reported() -> None:
    draft = read(page_html(link="/XRAY/a-new-pill"))
    assert draft.study.url is None
    assert draft.unused[0].text == "/XRAY/a-new-pill"


def test_scripts_in_a_page_stay_text() -> None:
    draft = read(page_html(label="people &lt;script&gt;alert(1)&lt;/script&gt;"))
    assert draft.study.most
    assert draft.study.most.text == "people <script>alert(1)</script>"


HOSTILE = (
    "<", "</", "<!", "<!--", "<!-- -->", "<a", "<a ", '<a x="', "<a x='>", '<a x=">', "<a =\"'>",
    "<script>", "<title>", "</script", "<nav>", "<li>", "&", "&#", "<a x=", "=", "<![CDATA[", "<?",
    "<p>\n", "<style>a</style", "<textarea>", "<h1>", "<span hidden>", "Relevance: High\n<br>",
    "<p>- x", "<p>posted 1/1/2", "<p>update ", "\n", " ", "<p>Most relevant for: x",
)  # fmt: skip


def seconds(document: str) -> float:
    start = time.process_time()
    with suppress(SourceError):
        read_review(html_page(document))
    return time.process_time() - start


@pytest.mark.parametrize("unit", HOSTILE)
def test_the_time_grows_with_the_length_alone(unit: str) -> None:
    def page(size: int) -> str:
        return "<h1>Study: A title</h1>" + unit * (size // len(unit))

    small = min(seconds(page(20_000)) for _ in range(3))
    large = min(seconds(page(160_000)) for _ in range(2))
    # Eight times the length; sixty-four times the work if it were its square.
    assert large < 24 * small + 0.05


@pytest.mark.volume
@pytest.mark.parametrize("unit", HOSTILE)
def test_a_million_characters_take_seconds(unit: str) -> None:
    assert seconds(unit * (1_000_000 // len(unit))) < 10


def test_an_empty_page_has_no_lines() -> None:
    assert html_page("<html></html>") == Page(())
