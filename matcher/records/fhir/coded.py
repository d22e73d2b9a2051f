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
MOST_REMEMBERED = 2_000
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


NOTHING = Coded()


def read_coded(parent: Node, key: str) -> Coded:
    """The CodeableConcept, Coding or text under `key`; of a list, all of them together."""
    found = parent.get(key)
    if found is None:
        return NOTHING
    if isinstance(found, str):
        return Coded(texts=(found,)) if found.strip() else NOTHING
    codes: list[tuple[str, str]] = []
    texts: list[str] = []
    for concept in nodes(parent, key):
        inner = (node(concept, "concept") or concept) if "concept" in concept else concept
        codings = nodes(inner, "coding") or ([inner] if "code" in inner else [])
        for coding in codings[:MOST_CODINGS]:
            if code := word(coding, "code"):
                codes.append((word(coding, "system"), code))
            if text := word(coding, "display"):
                texts.append(text)
        if text := word(inner, "text"):
            texts.append(text)
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
        for parts in self.parts:
            if all(map(words.__contains__, parts)):
                return not any(map(words.__contains__, self.never))
        return False


class _Meanings:
    """Some meanings in their order. Found by the codes and words that a source has, so that the
    time for a text does not grow with the rules."""

    def __init__(self, meanings: Iterable[_Meaning]) -> None:
        self._all = tuple(meanings)
        self._by_code: dict[tuple[str, str], set[int]] = {}
        self._by_start: list[tuple[str, int]] = []
        self._by_word: dict[str, set[int]] = {}
        for place, one in enumerate(self._all):
            for system, codes in one.codes.items():
                for code in codes:
                    self._note_code(system, code, place)
            # Parts are whole words: where one fits, its first word stands in the text.
            firsts = {parts[0].split(" ")[1] for parts in one.parts if parts}
            for word_ in firsts | one.words:
                self._by_word.setdefault(word_, set()).add(place)

    def _note_code(self, system: str, code: str, place: int) -> None:
        if system == "icd10":
            self._by_start.append((code, place))
        else:
            self._by_code.setdefault((system, code), set()).add(place)

    def by_code(self, codes: Iterable[tuple[str | None, str]]) -> list[str]:
        """What some codes mean, each of (system's name, code)."""
        places: set[int] = set()
        for system, code in codes:
            told = code.upper().removeprefix("HGNC:") if system in ("hgnc", "icd10") else code
            if system == "icd10":
                places.update(place for start, place in self._by_start if told.startswith(start))
            else:
                places |= self._by_code.get((system or "", told), set())
        return [self._all[place].key for place in sorted(places)]

    def by_text(self, texts: Iterable[str]) -> list[str]:
        """What some texts mean."""
        places: set[int] = set()
        for text in texts:
            whole, words = plain(text), loose(text)
            near: set[int] = set()
            for told in self._by_word.keys() & {whole, *words.split(" ")}:
                near |= self._by_word[told]
            places.update(at for at in near if self._all[at].says(whole, words))
        return [self._all[place].key for place in sorted(places)]


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
            name: _Meanings(_ready(one.key, one) for one in concepts)
            for name, concepts in self.records.groups.items()
        }
        self._remembered: dict[tuple[str, Coded], tuple[list[str], list[str]]] = {}
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

    def all_meanings(self, group: str, coded: Coded) -> list[str]:
        """Every meaning that the codes or the texts name, also where these disagree."""
        by_code, by_text = self._meanings(group, coded)
        return [*by_code, *by_text]

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
    def _options(self) -> Mapping[str, _Meanings]:
        return {
            key: _Meanings(
                _ready(
                    option.value,
                    Concept(
                        option.value,
                        option.codes,
                        (option.value, option.label.en, option.label.es, *option.synonyms),
                    ),
                )
                for option in attribute.options
            )
            for key, attribute in self.book.attributes.items()
        }

    def _meanings(self, group: str, coded: Coded) -> tuple[list[str], list[str]]:
        # A record repeats itself: of thousands of results few have another name or value.
        found = self._remembered.get((group, coded))
        if found is None:
            meanings = self._groups.get(group)
            found = self._found(meanings, coded) if meanings else ([], [])
            if len(self._remembered) >= MOST_REMEMBERED:
                self._remembered.clear()
            self._remembered[group, coded] = found
        return found

    def _found(self, meanings: _Meanings, coded: Coded) -> tuple[list[str], list[str]]:
        codes = ((self._systems.get(url.rstrip("/").casefold()), code) for url, code in coded.codes)
        return meanings.by_code(codes), meanings.by_text(coded.texts)


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
