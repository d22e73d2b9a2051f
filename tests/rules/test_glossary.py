"""Glossary: read with its faults named; every word of it stands in what people are shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from matcher.core.glossary import Finder
from matcher.core.rulebook import Rulebook
from matcher.core.text import LANGUAGES
from matcher.rules import RulesError, load_rules, shipped_rules
from matcher.words import load_words
from tests.kept import shipped_book
from tests.web.shown_texts import page_texts, rule_texts, sample_texts

ENTRY = """terms:
  - key: er
    name: {en: ER, es: RE}
    words: {en: [ER], es: [RE]}
    meaning: {en: A receptor., es: Un receptor.}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(shipped_rules(), tmp_path / "rules")
    return tmp_path / "rules"


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return shipped_book()


def faults(folder: Path, text: str) -> list[str]:
    (folder / "glossary.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulesError) as error:
        load_rules(folder)
    return [f"{fault.line}: {fault.what}" for fault in error.value.faults]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (", es: Un receptor.", "", "'es' is a required property"),
        ("es: [RE]", "es: []", "should be non-empty"),
        ("words:", "word:", "there is no key 'word'"),
        ("[ER]", "[ER, er]", "the word 'er' is already explained under 'er'"),
        ("[ER]", "[' ER']", "the word ' ER' cannot be found in a text"),
        ("[ER]", "['+ER']", "the word '+ER' cannot be found in a text"),
    ],
)
def test_a_fault_is_named(folder: Path, old: str, new: str, told: str) -> None:
    found = faults(folder, ENTRY.replace(old, new))
    assert any(told in fault for fault in found), found


def test_a_term_that_stands_twice_is_refused(folder: Path) -> None:
    twice = ENTRY + ENTRY.removeprefix("terms:\n").replace("[ER]", "[PR]").replace("[RE]", "[RP]")
    assert faults(folder, twice) == ["6: the term 'er' stands twice"]


def test_rules_of_ones_own_may_have_no_glossary(folder: Path) -> None:
    (folder / "glossary.yaml").unlink()
    assert load_rules(folder).glossary == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_term_stands_in_a_text_that_is_shown(book: Rulebook, language: str) -> None:
    """What our own texts never say need not be explained."""
    told = [*rule_texts(book), *page_texts(load_words()), *sample_texts(book)]
    texts = [text.in_(language) for place, text in told if not place.startswith("term ")]
    texts += [tag.about.in_(language) for tag in book.tags.values()]
    texts += [
        part.in_(language)
        for attribute in book.attributes.values()
        for option in attribute.options
        for part in (option.label, option.hint)
        if part is not None
    ]
    finder = Finder(book.glossary, language=language)
    found = {finder.term(one).key for text in texts for one in finder.pattern.finditer(text)}
    missing = {term.key for term in book.glossary} - found
    assert missing == set()
    assert 40 <= len(book.glossary) <= 80
