"""Language: which one a visitor reads, and how pages speak it."""

from __future__ import annotations

from datetime import date
from typing import Any

from babel.dates import format_date, format_skeleton
from babel.lists import format_list
from flask import Flask, g, request, session
from markupsafe import Markup

from matcher.core.text import LANGUAGES, Text, joined
from matcher.web.site import site


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


def say(key: str, /, **values: Any) -> Markup:
    """A page text in the visitor's language, about the person the answers are about."""
    return site().words.speak(
        key, language=language(), cared_for=g.get("cared_for", False), **values
    )


def say_count(key: str, n: int, /, **values: Any) -> Markup:
    """A page text for one or for `n` things."""
    return site().words.count(
        key, n, language=language(), cared_for=g.get("cared_for", False), **values
    )


def shown(text: Text | None) -> str:
    """A text of the rules or of a study in the visitor's language, empty for None."""
    return text.in_(language()) if text else ""


def month(day: date) -> str:
    """Month and year, as "February 2026"."""
    return format_skeleton("yMMMM", day, locale=language())


def long_date(day: date) -> str:
    """A whole date in words."""
    return format_date(day, format="long", locale=language())


def listed(parts: list[str], *, style: str = "standard") -> str:
    """A list in words: "a, b and c"; style "or" for "a, b or c"."""
    text: str = format_list(parts, style=style, locale=language())  # type: ignore[arg-type]
    for joiner in (" y ", " o "):
        if len(parts) > 1 and text.endswith(end := f"{joiner}{parts[-1]}"):
            return text.removesuffix(end) + joined(["", parts[-1]], joiner, language=language())
    return text


def sentence(text: str) -> str:
    """A label with a capital first letter, as it stands alone."""
    return text[:1].upper() + text[1:]


def teach_templates(app: Flask) -> None:
    """Give every template the words above."""
    app.jinja_env.globals.update(say=say, say_count=say_count, language=language)
    app.jinja_env.filters.update(shown=shown, month=month, long_date=long_date, sentence=sentence)
