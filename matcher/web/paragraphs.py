"""Paragraphs: a long text in pieces of two or three sentences, as a page can be read."""

from __future__ import annotations

import re

MOST_SENTENCES = 3
# A sentence ends where the next one begins; "e.g.", "J.", "Dr." and "vs." end none.
_END = re.compile(
    r"(?:(?<=[.!?])|(?<=[.!?][”\"»)]))(?<!\b\w\.)(?<!\bDr\.)(?<!\bvs\.)\s+(?=[“\"«(¿¡]?[A-ZÀ-Þ\d])"
)


def paragraphs(text: str) -> list[str]:
    """The text in its order, in pieces of at most three sentences and of like length."""
    sentences = _END.split(text.strip())
    pieces = -(-len(sentences) // MOST_SENTENCES)
    size, longer = divmod(len(sentences), pieces)
    found, start = [], 0
    for number in range(pieces):
        end = start + size + (number < longer)
        found.append(" ".join(sentences[start:end]))
        start = end
    return found
