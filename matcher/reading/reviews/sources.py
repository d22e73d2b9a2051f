"""Sources: a file's bytes, told apart by what they are and read into drafts."""

from __future__ import annotations

import re
from collections.abc import Iterable

from matcher.reading.reviews.drafts import Draft, Refused, SourceError
from matcher.reading.reviews.html_text import html_page
from matcher.reading.reviews.lines import text_page
from matcher.reading.reviews.review_facts import read_facts
from matcher.reading.reviews.reviews import read_review

FORMATS = ("auto", "review", "ctgov", "ctml")
MAX_BYTES = 20_000_000
MAX_HTML = 5_000_000
MAX_TEXT = 1_000_000
HEAD = 4_096
OLD_ENCODING = re.compile(r"iso-8859-\d{1,2}|(?:windows-|cp)125\d|us-ascii", re.I)
SAVE_AS_UTF_8 = "Save the file as UTF-8 text."


def read_source(
    raw: bytes, *, format: str = "auto", url: str | None = None
) -> Iterable[Draft | Refused]:
    """The studies that a file holds, in order. Raises `SourceError` if it can't be read at all."""
    text = decode(raw)
    found = recognise(text) if format == "auto" else format
    if found in ("ctgov", "ctml"):
        _refuse_trials(found)
    if found == "facts" or (found == "review" and recognise(text) == "facts"):
        return read_facts(text)
    is_html = _looks_like_html(text)
    if len(text) > (MAX_HTML if is_html else MAX_TEXT):
        raise SourceError(
            f"a review page of {len(text):,} characters; at most {MAX_TEXT:,} of text are taken",
            "",
            "Save the review's own page alone.",
        )
    page = html_page(text) if is_html else text_page(text)
    return [read_review(page, url=url)]


def decode(raw: bytes) -> str:
    """A file's text. Raises `SourceError` for what is not text, or not in a known encoding."""
    if len(raw) > MAX_BYTES:
        raise SourceError(f"larger than {MAX_BYTES // 1_000_000} MB", "", "Split the file.")
    text = _decode(raw)
    if not text.strip("\ufeff\x00 \t\r\n"):
        raise SourceError("the file is empty", "", "Save the page again.")
    if "\0" in text:
        number = text.count("\n", 0, text.index("\0")) + 1
        raise SourceError(
            "the file is not text: it holds the character NUL", f"line {number}", SAVE_AS_UTF_8
        )
    return text.removeprefix("\ufeff")


def _decode(raw: bytes) -> str:
    encodings = ["utf-16"] if raw.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8"]
    named = re.search(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w-]+)", raw[:HEAD], re.I)
    if named and OLD_ENCODING.fullmatch(name := named[1].decode("ascii")):
        # What is called iso-8859-1 is windows-1252 in every browser.
        encodings.append("cp1252" if name.lower() == "iso-8859-1" else name)
    number = 1
    for encoding in encodings:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError as error:
            number = raw.count(b"\n", 0, error.start) + 1
        except LookupError:
            continue
    raise SourceError("the text's encoding is not known", f"line {number}", SAVE_AS_UTF_8)


def recognise(text: str) -> str:
    """What a text is: ``review``, ``facts`` (JSON lines), ``ctgov`` or ``ctml``."""
    start = text.lstrip()[:HEAD]
    if start.startswith(("{", "[")):
        return "ctgov" if re.search(r'"protocolSection"\s*:', start) else "facts"
    if re.search(r"(?m)^(?:protocol_no|treatment_list)\s*:", start):
        return "ctml"
    return "review"


def _looks_like_html(text: str) -> bool:
    start = text.lstrip()[:HEAD].lower()
    return start.startswith("<") or "<html" in start or "<body" in start or "<h1" in start


def _refuse_trials(found: str) -> None:
    name = "ClinicalTrials.gov" if found == "ctgov" else "Clinical Trial Markup Language"
    raise SourceError(
        f"this is a trial record ({name}): this version reads reviews only",
        "",
        "Import the review of the study, as text, saved HTML or JSON lines.",
    )
