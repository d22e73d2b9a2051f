"""Coded: what a CodeableConcept means by the codes and words of the rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from matcher.core.record_words import Concept
from matcher.core.rulebook import Rulebook
from matcher.records.fhir.nodes import Node, node, nodes, short, word

MOST_CODINGS = 30
_TAG = re.compile(
    r"\s*\((?:disorder|finding|qualifier value|procedure|substance|product|observable entity|"
    r"body structure|morphologic abnormality|regime/therapy|situation|event|person)\)$"
)
_LOOSE = re.compile(r"[^\w+%]+")


@dataclass(frozen=True)
class Coded:
    """Codes as (system's address, code), and every text that stands with them."""

    codes: tuple[tuple[str, str], ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """How the source says it: its text, else its code."""
        if self.texts:
            return short(self.texts[0])
        return short(f"code {self.codes[0][1]}") if self.codes else ""

    def __bool__(self) -> bool:
        return bool(self.codes or self.texts)


def read_coded(parent: Node, key: str) -> Coded:
    """The CodeableConcept, Coding or text under `key`; of a list, all of them together."""
    found = parent.get(key)
    if isinstance(found, str):
        return Coded(texts=(found,)) if found.strip() else Coded()
    codes: list[tuple[str, str]] = []
    texts: list[str] = []
    for concept in nodes(parent, key):
        inner = node(concept, "concept") or concept
        codings = nodes(inner, "coding") or ([inner] if "code" in inner else [])
        for coding in codings[:MOST_CODINGS]:
            if word(coding, "code"):
                codes.append((word(coding, "system"), word(coding, "code")))
            texts.extend(text for text in (word(coding, "display"),) if text)
        texts.extend(text for text in (word(inner, "text"),) if text)
    return Coded(tuple(codes), tuple(texts))


def plain(text: str) -> str:
    """A text in one form: small letters, one blank, no bracket at the end that names its sort."""
    folded = unicodedata.normalize("NFKC", text[:500]).casefold()
    folded = folded.replace("–", "-").replace("−", "-")
    return _TAG.sub("", " ".join(folded.split())).strip(" .")


@lru_cache(maxsize=4096)
def loose(text: str) -> str:
    """The words of a text alone, with a blank before and after, to look for words in it."""
    return f" {_LOOSE.sub(' ', plain(text)).replace('_', ' ').strip()} "


class Codebook:
    """The rules' codes and words, ready to be looked up."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.records = book.records
        self._systems = {
            url.rstrip("/").casefold(): name
            for name, urls in self.records.systems.items()
            for url in urls
        }

    def find(self, group: str, coded: Coded) -> str | None:
        """The meaning of `coded` in a group of the rules: the first that fits.

        None if there is none, and if codes and texts have nothing in common (see `disagrees`).
        """
        by_code, by_text = self._meanings(group, coded)
        if by_code and by_text and not set(by_code) & set(by_text):
            return None
        agreed = [key for key in by_code if not by_text or key in by_text]
        return next(iter(agreed or by_text), None)

    def disagrees(self, group: str, coded: Coded) -> bool:
        """Whether codes and texts are both known and say different things."""
        by_code, by_text = self._meanings(group, coded)
        return bool(by_code and by_text and not set(by_code) & set(by_text))

    def only(self, group: str, coded: Coded) -> str | None:
        """As `find`, but None too if several meanings fit."""
        by_code, by_text = map(set, self._meanings(group, coded))
        found = by_code & by_text if by_code and by_text else by_code | by_text
        return found.pop() if len(found) == 1 else None

    def answer(self, key: str, coded: Coded, *groups: str) -> str | None:
        """The value of an attribute that `coded` says, by its options or by groups of results."""
        by_code: set[str] = set()
        by_text: set[str] = set()
        for option in self.book.attributes[key].options:
            if self._has_code(option.codes, coded):
                by_code.add(option.value)
            if any(plain(text) in self._said[key][option.value] for text in coded.texts):
                by_text.add(option.value)
        for group in groups:
            codes, texts = self._meanings(group, coded)
            by_code |= set(codes)
            by_text |= set(texts)
        found = by_code & by_text if by_code and by_text else by_code | by_text
        return found.pop() if len(found) == 1 else None

    def is_in(self, system: str, address: str) -> bool:
        """Whether this address names the code system."""
        return self._systems.get(address.rstrip("/").casefold()) == system

    @cached_property
    def _said(self) -> Mapping[str, Mapping[str, frozenset[str]]]:
        return {
            key: {
                option.value: frozenset(
                    map(plain, (option.value, option.label.en, option.label.es, *option.synonyms))
                )
                for option in attribute.options
            }
            for key, attribute in self.book.attributes.items()
        }

    def _meanings(self, group: str, coded: Coded) -> tuple[list[str], list[str]]:
        concepts = self.records.groups.get(group, ())
        by_code = [one.key for one in concepts if self._has_code(one.codes, coded)]
        by_text = [one.key for one in concepts if any(_says(one, text) for text in coded.texts)]
        return by_code, by_text

    def _has_code(self, codes: Mapping[str, Iterable[str]], coded: Coded) -> bool:
        return any(
            _fits(system, listed, code)
            for system, listed in codes.items()
            for address, code in coded.codes
            if self.is_in(system, address)
        )


def _fits(system: str, listed: Iterable[str], code: str) -> bool:
    if system == "hgnc":
        return code.upper().removeprefix("HGNC:") in listed
    if system == "icd10":
        return any(code.upper().startswith(start) for start in listed)
    return code in listed


def _says(concept: Concept, text: str) -> bool:
    if plain(text) in map(str.casefold, concept.words):
        return True
    words = loose(text)
    if any(loose(word) in words for word in concept.never):
        return False
    return any(all(loose(part) in words for part in parts) for parts in concept.parts)
