"""Gaps: places of a label where a word is missing, as where a page's glossary words were lost."""

from __future__ import annotations

import re

WHOLE = r"(?:inherited|germline|hereditary) (?:or|and|and/or) tumou?r\b"
NOUN = r"(?:cancer|mutation|tumou?r|gene)"
GAPS = (
    re.compile(r"(?<![\w+-])[\w+-]+ [,;.](?: [\w+-]+)?"),
    re.compile(r", ?,|\( ?\)"),
    # "mutations or cancer", "previvors and cancer survivors" are whole: two nouns are joined.
    # So is "an inherited or tumor BRCA mutation".
    re.compile(
        rf"(?<![\w+-])(?!{WHOLE}|{NOUN}\b|\w+s\b)[\w+-]+ (?:or|and|and/or) {NOUN}s?\b", re.I
    ),
    re.compile(r"\b(?:a|an|the) (?:or|and|of|with|in|for|by)\b", re.I),
    re.compile(r"\b(?:with|of|by) (?:who|whose|of|with)\b", re.I),
    re.compile(r"\b(?:with|of|for|by|from|a|an|the|or|and) ?(?:[.;:)]|$)", re.I),
)


def lost_words(label: str) -> tuple[str, ...]:
    """The places of a label (one line, single blanks) where a word seems to be missing.

    ``people with metastatic or cancer`` gives ``("metastatic or cancer",)``. What stood there is
    not for a machine to guess.
    """
    found = (match.group().strip() for gap in GAPS for match in gap.finditer(label))
    return tuple(dict.fromkeys(found))
