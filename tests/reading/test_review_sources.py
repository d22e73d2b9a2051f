"""Sources: files are told apart by what they hold; what can't be read is refused in words."""

from __future__ import annotations

import json
from datetime import date

import pytest

from matcher.reading.labels.gaps import lost_words
from matcher.reading.reviews.dates import DateError, read_date
from matcher.reading.reviews.drafts import Draft, SourceError
from matcher.reading.reviews.sources import MAX_BYTES, MAX_TEXT, decode, read_source, recognise
from tests.reading.review_pages import LABEL, page_html, page_text


def label(raw: bytes, **how: str) -> str:
    (draft,) = read_source(raw, **how)
    assert isinstance(draft, Draft)
    assert draft.study.most
    return draft.study.most.text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (page_text(), "review"),
        (page_html(), "review"),
        ('{"title": "x"}\n', "facts"),
        ('\n {"protocolSection": {}}', "ctgov"),
        ("---\nprotocol_no: 11-111\n", "ctml"),
        ("treatment_list:\n  step:", "ctml"),
        ("Study: the protocol_no: of x", "review"),
    ],
)
def test_files_are_told_apart(text: str, expected: str) -> None:
    assert recognise(text) == expected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_texts_in_unicode_are_read(encoding: str) -> None:
    bom = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert label(bom + page_text(label="Most relevant for: señoras").encode(encoding)) == "señoras"


@pytest.mark.parametrize("encoding", ["windows-1252", "ISO-8859-1"])
def test_old_pages_that_name_their_encoding_are_read(encoding: str) -> None:
    page = page_html(label="señoras — “x”").replace('charset="utf-8"', f"charset={encoding}")
    assert label(page.encode("windows-1252")) == "señoras — “x”"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe", "empty"),
        (b"\x00\x00\x00\x00", "empty"),
        (page_text().encode() + b"\0", "NUL"),
        (page_text().encode("utf-16-le"), "NUL"),
        ("a\nb\nseñoras".encode("latin-1"), "encoding"),
        (b"\x89PNG\r\n\x1a\n\x00", "encoding"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "encoding"),
        (b"\xff\xfea", "encoding"),
        ('<meta charset="punycode">\xff'.encode("latin-1"), "encoding"),
        ('<meta charset="windows-1259">\xff'.encode("latin-1"), "encoding"),
        (b"x" * (MAX_BYTES + 1), "larger"),
        (b"x" * (MAX_TEXT + 1), "characters"),
        (b"<p>" + b"x" * 5_000_000, "characters"),
        (b'{"protocolSection": {}}', "trial record"),
        (b"protocol_no: 1\n", "trial record"),
        (b"hello", "not a review"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(raw: bytes, said: str) -> None:
    with pytest.raises(SourceError, match=said) as caught:
        list(read_source(raw))
    assert caught.value.mend


def test_the_line_of_a_wrong_byte_is_named() -> None:
    with pytest.raises(SourceError) as caught:
        decode("a\nb\nse\xf1oras".encode("latin-1"))
    assert caught.value.where == "line 3"


@pytest.mark.parametrize("format", ["ctgov", "ctml"])
def test_trial_records_are_refused_whatever_they_hold(format: str) -> None:
    with pytest.raises(SourceError, match="trial record"):
        list(read_source(page_text().encode(), format=format))


def test_a_format_that_is_named_is_believed() -> None:
    assert label(page_text().encode(), format="review") == LABEL
    facts = json.dumps({"title": "x", "primary": "women"}).encode()
    assert label(facts, format="review") == "women"
    with pytest.raises(SourceError, match="not a review"):
        list(read_source(b"protocol_no: 1\n", format="review"))


def test_a_megabyte_of_text_is_read() -> None:
    text = page_text().replace("Nobody knows yet.", "Nobody knows yet. " * 50_000)
    assert label(text.encode()) == LABEL


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2/19/26", date(2026, 2, 19)),
        ("12/31/99", date(2099, 12, 31)),
        (" 02/07/17 ", date(2017, 2, 7)),
        ("Sept. 4, 2020", date(2020, 9, 4)),
        ("2024-02-29", date(2024, 2, 29)),
    ],
)
def test_dates_are_read(text: str, expected: date) -> None:
    assert read_date(text) == expected


@pytest.mark.parametrize(
    "text", ["", "2/19", "2/29/23", "13/1/20", "2/19/026", "Ju 3, 2020", "Foo 3, 2020", "0/0/00",
             "2026-2-1", "2026-13-01", "Feb 30, 2020", "20/1/1", "１/２/20"]
)  # fmt: skip
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(DateError):
        read_date(text)


LOST = {
    "people with metastatic or cancer": ("metastatic or cancer",),
    "People with advanced , breast cancer": ("advanced , breast",),
    "people with a BRCA1 or mutation": ("BRCA1 or mutation",),
    "people diagnosed with": ("with",),
    "women with ( ) cancer": ("( )",),
    "people with a or gene": ("a or gene", "a or"),
    "people who have the of genes": ("the of",),
}
WHOLE = (
    "people with ER/PR + cancer",
    "Transgender men with, or at high risk for breast cancer",
    "People diagnosed with or concerned about their risk for cancer",
    "Women with or considering breast implant reconstruction",
    "people with breast or ovarian cancer",
    "people with mutations or cancer",
    "previvors and cancer survivors",
    "High risk women with a BRCA mutation or a close relative with a BRCA mutation",
    "",
)


@pytest.mark.parametrize("phrase", LOST)
def test_lost_words_are_noticed(phrase: str) -> None:
    assert lost_words(phrase) == LOST[phrase]


@pytest.mark.parametrize("phrase", WHOLE)
def test_nothing_is_missed_in_whole_labels(phrase: str) -> None:
    assert lost_words(phrase) == ()
