"""Terms: explains a hard word in place, where a page first uses it in running text.

A term becomes a button that opens a popover with its meaning; no script is needed for that. So
that texts stay calm, a page explains each term once, and only so many of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from flask import Flask, g
from markupsafe import Markup, escape

from matcher.core.glossary import Finder, Term
from matcher.core.text import LANGUAGES
from matcher.web.language import language, say

MOST_IN_TEXT = 2
MOST_ON_PAGE = 6
# A quoted value may hold ">". A tag that never ends is taken as far as it goes, not read again.
_TAG = re.compile(r"""(<(?:[^>"']++|"[^"]*"?|'[^']*'?)*+>?)""")
_TAG_NAME = re.compile(r"</?\s*([A-Za-z][A-Za-z0-9]*)")
# Inside these a button must not or need not stand.
_HEADINGS = [f"h{level}" for level in range(1, 7)]
_CLOSED = frozenset(["a", "button", "summary", "legend", "label", "mark", "q", *_HEADINGS])

_QUOTE = "&#34;|&#39;|&quot;"
# A button is a block to the browser: it would part from the bracket or full stop beside it.
_BESIDE = re.compile(
    rf'((?:{_QUOTE}|["“«(¿¡])*)'
    r'(<button type="button" class="term".*?</button><span class="term-meaning".*?</span>)'
    rf'((?:{_QUOTE}|["”»).,;:?!])*)',
    re.DOTALL,
)


class TermExplainer:
    """The filter of the templates: marks terms in a text and brings their meanings along."""

    def __init__(self, terms: Iterable[Term]) -> None:
        listed = tuple(terms)
        self._finders = {name: Finder(listed, language=name) for name in LANGUAGES}

    def __call__(self, text: str) -> Markup:
        """The text, escaped if it was not, with terms that the page has not explained yet."""
        safe = escape(text)
        told: set[str] = g.setdefault("terms_told", set())
        if len(told) >= MOST_ON_PAGE:
            return safe
        most = min(len(told) + MOST_IN_TEXT, MOST_ON_PAGE)
        finder = self._finders[language()]

        def explain(found: re.Match[str]) -> str:
            term = finder.term(found)
            if term.key in told or len(told) >= most:
                return found[0]
            told.add(term.key)
            return _explained(found[0], term)

        pieces, closed = [], 0
        for piece in _TAG.split(safe):
            if piece.startswith("<"):
                closed += _opens(piece)
                pieces.append(piece)
            else:
                told_here = piece if closed else finder.pattern.sub(explain, piece)
                pieces.append(_BESIDE.sub(_kept_whole, told_here))
        return Markup("".join(pieces))


def teach_terms(app: Flask, terms: Iterable[Term]) -> None:
    """Give every template the filter ``explained``."""
    app.jinja_env.filters["explained"] = TermExplainer(terms)


def _opens(tag: str) -> int:
    name = _TAG_NAME.match(tag)
    if name is None or name[1].lower() not in _CLOSED:
        return 0
    return -1 if tag.startswith("</") else 1


def _kept_whole(found: re.Match[str]) -> str:
    before, explained, after = found.groups()
    if not before and not after:
        return found[0]
    return f'<span class="term-whole">{before}{explained}{after}</span>'


def _explained(words: str, term: Term) -> str:
    """`words` (already escaped) as a button with its popover."""
    place = f"term-{term.key}"
    button = (
        f'<button type="button" class="term" popovertarget="{place}">{words}'
        f'<span class="govuk-visually-hidden"> ({say("glossary.what")})</span></button>'
    )
    name, meaning = escape(term.name.in_(language())), escape(term.meaning.in_(language()))
    close = (
        f'<button type="button" class="term-close" popovertarget="{place}" '
        f'popovertargetaction="hide">{say("glossary.close")}</button>'
    )
    return (
        f'{button}<span class="term-meaning" id="{place}" popover>'
        f"<strong>{name}</strong> {meaning}{close}</span>"
    )
