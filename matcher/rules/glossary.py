"""Glossary: builds the hard words of rules/glossary.yaml and checks that each stands once."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.core.glossary import Term
from matcher.core.text import LANGUAGES
from matcher.rules.source import Source


def build_glossary(entries: Iterable[Source]) -> tuple[Term, ...]:
    """The terms in the order of the file; a key or a word that stands twice is a fault."""
    terms: dict[str, Term] = {}
    owners: dict[tuple[str, str], str] = {}
    for entry in entries:
        key = entry.value["key"]
        if key in terms:
            entry.fault(f"the term '{key}' stands twice", "Remove one, or give it another key.")
        words = {language: tuple(entry.value["words"][language]) for language in LANGUAGES}
        for language, forms in words.items():
            for word in forms:
                _check_word(entry, word, owners.get((language, word.lower())))
                owners[language, word.lower()] = key
        terms[key] = Term(key, entry.text("name"), entry.text("meaning"), words)
    return tuple(terms.values())


def _check_word(entry: Source, word: str, owner: str | None) -> None:
    if owner is not None:
        what = f"the word '{word}' is already explained under '{owner}'"
        entry["words"].fault(what, "Leave it in one place.")
    if word != word.strip() or not word[:1].isalnum():
        what = f"the word '{word}' cannot be found in a text"
        entry["words"].fault(what, "Let it begin and end with a letter or a digit.")
