"""Coded: what a CodeableConcept means by the codes and words of the rules."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from matcher.core.record_words import Concept
from matcher.core.rulebook import Rulebook
from matcher.records.fhir.nodes import Node, node, nodes, short, word

MOST_CODINGS = 30
KNOWN = ("LOINC", "SNOMED", "RxNorm")
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
        if not self.codes:
            return ""
        address, code = self.codes[0]
        known = next((name for name in KNOWN if name.casefold() in address), "code")
        return short(f"{known} {code}")

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


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A text in one form: small letters, one blank, no bracket at the end that names its sort."""
    folded = unicodedata.normalize("NFKC", text[:500]).casefold()
    folded = folded.replace("–", "-").replace("−", "-")
    return _TAG.sub("", " ".join(folded.split())).strip(" .")


@lru_cache(maxsize=4096)
def loose(text: str) -> str:
    """The words of a text alone, with a blank before and after, to look for words in it."""
    return f" {_LOOSE.sub(' ', plain(text)).replace('_', ' ').strip()} "


@dataclass(frozen=True)
class _Meaning:
    """A meaning of the rules with its words in the form in which they are looked for."""

    key: str
    codes: Mapping[str, tuple[str, ...]]
    words: frozenset[str]
    parts: tuple[tuple[str, ...], ...]
    never: tuple[str, ...]

    def says(self, text: str, words: str) -> bool:
        """Whether a text, plain and as loose words, means this."""
        if text in self.words:
            return True
        if not any(all(part in words for part in parts) for parts in self.parts):
            return False
        return not any(word in words for word in self.never)


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
        self._groups = {
            name: [_ready(one.key, one) for one in concepts]
            for name, concepts in self.records.groups.items()
        }
        lists = self.records.lists
        self._denials = frozenset(map(loose, lists.get("denials", ())))
        self._people = frozenset(map(loose, lists.get("other_people", ())))
        self._harmless = tuple(map(loose, lists.get("no_denials", ())))
        self._not_by_blood = frozenset(map(loose, lists.get("not_by_blood", ())))

    def doubts(self, coded: Coded, *, of_others: bool = False) -> bool:
        """Whether a text denies or doubts what it names, or speaks of another person.

        `of_others`: it is meant to speak of another person.
        """
        stops = self._denials if of_others else self._denials | self._people
        return any("?" in text or self._says(text, stops) for text in coded.texts)

    def is_by_blood(self, relationship: Coded) -> bool:
        """Whether no text calls a relationship one by law, adoption or marriage."""
        return not any(self._says(text, self._not_by_blood) for text in relationship.texts)

    def _says(self, text: str, stops: frozenset[str]) -> bool:
        words = loose(text)
        for phrase in self._harmless:
            words = words.replace(phrase, " ")
        return any(stop in words for stop in stops)

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
        return _only(*map(set, self._meanings(group, coded)))

    def all_in_words(self, group: str, coded: Coded) -> list[str]:
        """Every meaning that the texts name."""
        return self._meanings(group, coded)[1]

    def named(self, group: str, coded: Coded) -> Coded:
        """Codes without a text, with the names that the keys of a group give them."""
        names = [one.replace("_", " ") for one in self._meanings(group, coded)[0]]
        return Coded(coded.codes, (*coded.texts, *names))

    def answer(self, key: str, coded: Coded, *groups: str) -> str | None:
        """The value of an attribute that `coded` says, by its options or by groups of results."""
        if key not in self._options:
            return None
        by_code, by_text = map(set, self._found(self._options[key], coded))
        for group in groups:
            codes, texts = self._meanings(group, coded)
            by_code |= set(codes)
            by_text |= set(texts)
        return _only(by_code, by_text)

    def is_in(self, system: str, address: str) -> bool:
        """Whether this address names the code system."""
        return self._systems.get(address.rstrip("/").casefold()) == system

    @cached_property
    def _options(self) -> Mapping[str, list[_Meaning]]:
        return {
            key: [
                _ready(
                    option.value,
                    Concept(
                        option.value,
                        option.codes,
                        (option.value, option.label.en, option.label.es, *option.synonyms),
                    ),
                )
                for option in attribute.options
            ]
            for key, attribute in self.book.attributes.items()
        }

    def _meanings(self, group: str, coded: Coded) -> tuple[list[str], list[str]]:
        return self._found(self._groups.get(group, []), coded)

    def _found(self, meanings: list[_Meaning], coded: Coded) -> tuple[list[str], list[str]]:
        codes = [(self._systems.get(url.rstrip("/").casefold()), code) for url, code in coded.codes]
        texts = [(plain(text), loose(text)) for text in coded.texts]
        by_code = [one.key for one in meanings if any(_fits(one.codes, *code) for code in codes)]
        by_text = [one.key for one in meanings if any(one.says(*text) for text in texts)]
        return by_code, by_text


def _only(by_code: set[str], by_text: set[str]) -> str | None:
    found = by_code & by_text if by_code and by_text else by_code | by_text
    return found.pop() if len(found) == 1 else None


def _ready(key: str, concept: Concept) -> _Meaning:
    return _Meaning(
        key,
        concept.codes,
        frozenset(map(plain, concept.words)),
        tuple(tuple(map(loose, parts)) for parts in concept.parts),
        tuple(map(loose, concept.never)),
    )


def _fits(codes: Mapping[str, tuple[str, ...]], system: str | None, code: str) -> bool:
    listed = codes.get(system or "", ())
    if system == "hgnc":
        return code.upper().removeprefix("HGNC:") in listed
    if system == "icd10":
        return any(code.upper().startswith(start) for start in listed)
    return code in listed
