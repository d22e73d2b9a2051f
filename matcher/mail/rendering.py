"""Rendering: a mail's content as HTML and as text, in the colours of a theme."""

from __future__ import annotations

import hashlib
from functools import cached_property
from importlib import resources
from string import Template as Sheet
from typing import Any

import css_inline
from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from matcher.mail.cleaning import one_line, without_addresses
from matcher.mail.content import Link, MailContent
from matcher.theming.theme import Theme

WIDTH = 76
SIGNS = {"yes": "✓", "unknown": "?", "no": "✗"}
_SOURCES = ("templates/mail.html", "templates/mail.txt", "mail.css")


class Lines(str):
    """A text in lines that were made here: what is said is one line."""

    __slots__ = ()


class Renderer:
    """Gives mails their form; made once, for the style sheet is worked into the template then."""

    def __init__(self, theme: Theme) -> None:
        self._theme = theme

    def html(self, content: MailContent) -> str:
        """The mail as a whole HTML document that loads nothing."""
        return self._html.render(mail=content, signs=SIGNS)

    def text(self, content: MailContent) -> str:
        """The mail as plain text in lines of at most 76 letters (links may be longer)."""
        text = self._text.render(mail=content, signs=SIGNS)
        lines = [line.rstrip() for line in text.split("\n")]
        return "\n".join(_without_double_gaps(lines)) + "\n"

    @cached_property
    def version(self) -> str:
        """Changes with every change of the form."""
        whole = "\0".join((*map(_source, _SOURCES), repr(sorted(self._colours.items()))))
        return hashlib.sha256(whole.encode()).hexdigest()[:12]

    @cached_property
    def _html(self) -> Template:
        # In mails only what stands at the element itself is sure to be heeded. What is about the
        # dark cannot stand there.
        sheet = Sheet(_source("mail.css")).substitute(self._colours)
        plain, media, dark = sheet.partition("@media")
        inliner = css_inline.CSSInliner(
            extra_css=plain, minify_css=True, load_remote_stylesheets=False
        )
        source = inliner.inline(_source("templates/mail.html"))
        head = f"<style>{media}{dark}</style></head>"
        return _forms(autoescape=True).from_string(source.replace("</head>", head))

    @cached_property
    def _text(self) -> Template:
        forms = _forms(autoescape=False)
        forms.filters.update(wrapped=_wrapped, line_length=_line_length, way=_way)
        return forms.from_string(_source("templates/mail.txt"))

    @cached_property
    def _colours(self) -> dict[str, str]:
        light = {name.replace("-", "_"): value for name, value in self._theme.light.items()}
        dark = {f"dark_{name.replace('-', '_')}": one for name, one in self._theme.dark.items()}
        return light | dark


def _forms(*, autoescape: bool) -> Environment:
    forms = Environment(
        autoescape=autoescape,
        finalize=_clean,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # What comes from a study, not from us: no mail program may make a link of it.
    forms.filters["quoted"] = without_addresses
    return forms


def _clean(value: Any) -> Any:
    """Every text of a mail is one line; only what a template made itself has more."""
    return value if isinstance(value, Markup | Lines) else one_line(str(value))


def _wrapped(text: str, indent: str = "", *, first: str | None = None) -> Lines:
    """Lines of at most `WIDTH` letters; a longer word has a line of its own."""
    lines: list[str] = []
    line = indent if first is None else first
    start = line
    for word in one_line(text).split(" "):
        if line != start and len(line) + 1 + len(word) > WIDTH:
            lines.append(line)
            line = start = indent
        line += word if line == start else f" {word}"
    return Lines("\n".join((*lines, line)))


def _way(link: Link) -> Lines:
    """A link written out: its words, and the whole address on a line of its own."""
    return Lines("\n".join((_wrapped(f"{link.words}:"), one_line(link.url))))


def _line_length(text: str) -> int:
    return min(WIDTH, len(one_line(text)))


def _without_double_gaps(lines: list[str]) -> list[str]:
    return [line for place, line in enumerate(lines) if line or (place and lines[place - 1])]


def _source(name: str) -> str:
    return (resources.files("matcher.mail") / name).read_text(encoding="utf-8")
