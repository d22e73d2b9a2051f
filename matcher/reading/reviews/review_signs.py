"""Review signs: what a line of a review page announces, told from its words."""

from __future__ import annotations

import re
from dataclasses import dataclass

from matcher.core.study import KINDS, RATING_WORDS, TIMELINES
from matcher.reading.reviews.lines import Line

RATINGS = {
    "relevance": "relevance",
    "strength of science": "strength_of_science",
    "quality of writing": "quality_of_writing",
    "research timeline": "research_timeline",
}
MOST = re.compile(r"(?:this .{1,40} is )?most relevant (?:for|to)\b ?:?", re.I)
ALSO = re.compile(r"(?:(?:it |this .{1,40} )?may )?also be relevant (?:for|to)\b ?:?", re.I)
ALSO_SHORT = re.compile(r"also relevant (?:for|to)\b ?:?", re.I)
RATING = re.compile(rf"({'|'.join(RATINGS)})(?: ?: ?(.*))?", re.I)
KIND = re.compile(rf"({'|'.join(KINDS[:-1])})(?: ?: ?(.*))?", re.I)
ENDINGS = re.compile(r"(references?|disclosures?)(?: ?: ?(.*))?", re.I)
QUESTION = re.compile(
    r"(?:what|why|how|who)\b.{3,80}\b"
    r"(?:study|article|update|guidelines?|topic|research|report|story|survey|me|you)\b.{0,40}\?",
    re.I,
)
HEADINGS = frozenset(
    (
        "study design",
        "study findings",
        "findings",
        "results",
        "side effects",
        "limitations",
        "strengths and limitations",
        "conclusions",
        "context",
        "in-depth review of this research",
        "background",
        "guidelines",
        "expert guidelines",
        "questions to ask your doctor",
        "questions to ask your health care provider",
        "questions to ask your healthcare provider",
        "clinical trials",
        "open clinical trials",
        "related resources",
        "related information and resources",
        "more information",
    )
)
MAX_HEADING = 150


@dataclass(frozen=True)
class Sign:
    """What a line is: ``most``, ``also``, ``rating``, ``block``, ``heading`` or ``plain``.

    `name` is the heading or the rating's field, `value` what follows on the same line.
    """

    kind: str
    name: str = ""
    value: str = ""


def sign_of(line: Line) -> Sign:
    """What a line announces."""
    for pattern in (MOST, ALSO, ALSO_SHORT):
        if found := pattern.match(line.text):
            kind = "most" if pattern is MOST else "also"
            return Sign(kind, found.group(), line.text[found.end() :].strip())
    if found := RATING.fullmatch(line.text):
        if found[2] is None and found[1].lower() == "relevance":
            return Sign("block", line.text)
        return Sign("rating", RATINGS[found[1].lower()], found[2] or "")
    if found := ENDINGS.fullmatch(line.text):
        return Sign("heading", found[1], found[2] or "")
    return Sign("heading", line.text) if _is_heading(line) else Sign("plain", value=line.text)


def split_kind(text: str) -> tuple[str | None, str]:
    """The kind that a title begins with, as `KINDS` writes it, and the rest."""
    found = KIND.fullmatch(text)
    if not found:
        return None, text
    kind = next(kind for kind in KINDS if kind.lower() == found[1].lower())
    return kind, found[2] or ""


def rating_value(name: str, printed: str) -> str | None:
    """A rating as `core` writes it; None for a value that is not one of its words."""
    plain = re.sub(r"[\s‐‑‒–—-]+", "-", printed.strip().rstrip(".")).lower()
    allowed = TIMELINES if name == "research_timeline" else RATING_WORDS
    return next((word for word in allowed if word.lower().replace(" ", "-") == plain), None)


def _is_heading(line: Line) -> bool:
    if line.bullet or len(line.text) > MAX_HEADING:
        return False
    return line.heading or is_known_heading(line.text)


def is_known_heading(text: str) -> bool:
    """Whether the words alone say that this is a heading of a review."""
    plain = text.lower().rstrip(":")
    known = plain in HEADINGS or QUESTION.fullmatch(text) is not None
    return known or ENDINGS.fullmatch(text) is not None
