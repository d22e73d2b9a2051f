"""Untranslated: no words outside the catalogues and the rules, and none left in one language."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from jinja2 import Environment

import matcher.web
from matcher.core.rulebook import Rulebook
from matcher.core.text import Text
from matcher.words import load_words
from tests.web.shown_texts import rule_texts

WEB = Path(matcher.web.__file__).parent
TEMPLATES = sorted([*WEB.rglob("*.html"), *(WEB.parent / "mail").rglob("*.html")])
# Blocks that hold a class or an attribute.
FOR_MACHINES = re.compile(r"\{% block (?:width|title_language) %\}[^{]*\{% endblock %\}")
SPOKEN = ("aria-label", "alt", "title", "placeholder", "aria-description", "value", "content")
# Macros take what they show as a dictionary.
GIVEN_TO_MACRO = re.compile(
    r'"(?:text|html|\w+Text|label|caption|heading)":\s*"([^"]*[^\W\d_]{2}[^"]*)"'
)
MACHINE_WORDS = re.compile(
    r"width=device-width, initial-scale=1|light dark|(?:\w+=no(?:, )?)+"
    r"|noindex|summary|website|#[0-9a-f]{3,6}"
)
SENTENCE = re.compile(r"^\W*[A-ZÁÉÍÓÚ¿¡][a-záéíóúñ']*(?: [\w'’,-]+){2,}")
LETTERS = re.compile(r"[^\W\d_]{2,}")
# Real words that are the same in both languages, and what has no translation.
SAME_IN_BOTH = {"Melanoma", "melanoma", "No", "Ductal", "ductal", "Error: {title}", "Total", "no"}


class Words(HTMLParser):
    """Collects what a template would show or read aloud without any catalogue."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent = tag in ("style", "script")
        kept = {name: value or "" for name, value in attrs}
        spoken = [kept[name] for name in SPOKEN if name in kept]
        if kept.get("type") == "hidden" or tag in ("option", "button"):
            spoken = [kept[name] for name in SPOKEN[:5] if name in kept]
        self.found += [one for one in spoken if LETTERS.search(MACHINE_WORDS.sub("", one))]

    def handle_endtag(self, tag: str) -> None:
        self._silent = self._silent and tag not in ("style", "script")

    def handle_data(self, data: str) -> None:
        if not self._silent and LETTERS.search(data):
            self.found.append(" ".join(data.split()))


def hard_coded(template: str) -> list[str]:
    """The words that a template holds itself."""
    parser = Words()
    tokens = Environment().lex(FOR_MACHINES.sub(" ", template))
    # What is filled in counts as no word, but may be the name of an element.
    filled = {"variable_begin": "h1", "block_begin": " "}
    parser.feed(
        "".join(text if kind == "data" else filled.get(kind, "") for _, kind, text in tokens)
    )
    return parser.found + GIVEN_TO_MACRO.findall(template)


@pytest.mark.parametrize("file", TEMPLATES, ids=lambda file: file.name)
def test_templates_hold_no_words(file: Path) -> None:
    assert hard_coded(file.read_text(encoding="utf-8")) == []


def test_words_in_a_template_would_be_found() -> None:
    assert hard_coded("<p>{{ say('a') }} left</p>") == ["h1 left"]
    assert hard_coded('<img alt="A picture"><i aria-label="{{ x }}">–</i>') == ["A picture"]
    assert hard_coded('{{ govukButton({"text": "Go on"}) }}') == ["Go on"]


def sentences_in(source: str) -> Iterator[str]:
    """Text in a module that reads like a sentence, apart from docstrings and complaints."""
    tree = ast.parse(source)
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise | ast.Assert):
            silent |= {id(one) for one in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent
    ]
    yield from (text for text in texts if SENTENCE.search(text))


# Told to whoever runs the site, or to programs by the API; never on a page.
OUTSIDE = ("api", "theme.py", "hosts.py", "forgery.py", "words.py", "serving.py")
FOR_OTHERS = (*OUTSIDE, "errors.py", "problems.py")


def test_modules_of_the_pages_hold_no_sentences() -> None:
    found = [
        (file.name, text)
        for file in WEB.rglob("*.py")
        if not set(FOR_OTHERS) & set(file.relative_to(WEB).parts)
        for text in sentences_in(file.read_text(encoding="utf-8"))
    ]
    assert found == []
    assert list(sentences_in('"""A doc string here."""\nx = "This is a sentence."')) == [
        "This is a sentence."
    ]


def is_left_untranslated(text: Text) -> bool:
    if not text.es.strip():
        return bool(text.en.strip())
    same = text.en.strip() == text.es.strip()
    return same and text.en not in SAME_IN_BOTH and bool(LETTERS.search(_without_codes(text.en)))


def _without_codes(text: str) -> str:
    """A text without gene names, placeholders and other words that hold a capital or a digit."""
    return re.sub(r"\{\w+\}|\b\w*[A-Z]\w*[A-Z0-9]\w*\b|\b\w*\d\w*\b", "", text)


def test_every_text_of_the_rules_is_in_both_languages(book: Rulebook) -> None:
    texts = [*rule_texts(book), *((f"text {key}", text) for key, text in book.texts.items())]
    texts += [
        (f"tag {tag.key}", text) for tag in book.tags.values() for text in (tag.label, tag.about)
    ]
    texts += [(f"name {one.key}", one.name) for one in book.attributes.values()]
    left = sorted({(place, text.en) for place, text in texts if is_left_untranslated(text)})
    assert left == []


def test_every_text_of_the_pages_is_in_both_languages() -> None:
    left = {key: text.en for key, text in load_words().texts.items() if is_left_untranslated(text)}
    assert left == {}


def test_a_text_that_was_only_copied_is_found() -> None:
    assert is_left_untranslated(Text(en="Clinical trial", es="Clinical trial"))
    assert is_left_untranslated(Text(en="Stage", es=" "))
    assert not is_left_untranslated(Text(en="ESR1", es="ESR1"))
