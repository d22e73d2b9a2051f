"""Language: which one a visitor reads, and how pages speak it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask import Flask, g, request, session
from markupsafe import Markup, escape

from matcher.core.reasons import Reason
from matcher.core.text import LANGUAGES, Text
from matcher.services.cards import flat
from matcher.web.site import site
from matcher.words import Speaker


def language() -> str:
    """The visitor's language: the one chosen on a page, else the browser's, else English.

    A page without cookies may ask for one by its address (`g.language`).
    """
    chosen = g.get("language") or session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def choose_language(wanted: str) -> None:
    """Remember a language in the visitor's signed cookie; any other word changes nothing."""
    if wanted in LANGUAGES:
        session["language"] = wanted
        g.pop("language", None)


def speaker() -> Speaker:
    """Who speaks to the visitor: in their language, about the person the answers are about."""
    return Speaker(
        site().words,
        language(),
        cared_for=g.get("cared_for", False),
        at_desk=g.get("at_desk", False),
    )


def say(key: str, /, **values: Any) -> Markup:
    """A page text in the visitor's language, about the person the answers are about."""
    return speaker().say(key, **values)


def say_count(key: str, n: int, /, **values: Any) -> Markup:
    """A page text for one or for `n` things."""
    return speaker().say_count(key, n, **values)


def shown(text: Text | None) -> str:
    """A text of the rules or of a study in the visitor's language, empty for None."""
    return speaker().shown(text)


def month(day: date) -> str:
    """Month and year, as "February 2026"."""
    return speaker().month(day)


def long_date(day: date) -> str:
    """A whole date in words."""
    return speaker().long_date(day)


def listed(parts: Iterable[str], *, style: str = "standard") -> str:
    """A list in words: "a, b and c"; style "or" for "a, b or c"."""
    return speaker().listed(list(parts), style=style)


def sentence(text: str) -> str:
    """A label with a capital first letter, as it stands alone."""
    return text[:1].upper() + text[1:]


def mark_english(text: str, reasons: Iterable[Reason]) -> Markup:
    """A text about reasons, escaped; words of labels that were not read are marked as English."""
    unread = {part.unread for reason in reasons for part in flat(reason) if part.unread}
    marked = escape(text)
    if not unread or language() == "en":
        return marked
    longest_first = sorted((str(escape(words)) for words in unread), key=len, reverse=True)
    whole = rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"
    found = re.compile(whole, re.IGNORECASE)
    return Markup(found.sub(r'<span lang="en">\g<0></span>', str(marked)))


def teach_templates(app: Flask) -> None:
    """Give every template the words above."""
    app.jinja_env.globals.update(say=say, say_count=say_count, language=language)
    app.jinja_env.filters.update(
        shown=shown,
        month=month,
        long_date=long_date,
        listed=listed,
        sentence=sentence,
        mark_english=mark_english,
    )
