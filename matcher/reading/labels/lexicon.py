"""Lexicon: what every run of words can mean, taken from the rules and the cues of grammar.

All phrases stand in one tree of words. Looking up costs at most `LONGEST` steps at each word of a
label, so reading stays linear in its length.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from matcher.core.rulebook import (
    Leaf,
    Rulebook,
    TagRule,
    within,
)
from matcher.reading.labels import cues
from matcher.reading.labels.words import clean, key_set, words_of

LONGEST = 14
CANCER_ROLES = key_set("diagnosed high_risk average_risk concerned family")
GENE_ROLES = key_set("inherited tumor family_mutation")
THING_ROLES = key_set("had now considering reduced exposure symptom")
PLAIN_ROLES = key_set("ancestry signature")
STATES = ("positive", "negative", "low", "ultralow", "zero")
ANY = "any"
NEVER_SIGNED = key_set("any low mutation test tested")


@dataclass(frozen=True)
class Sense:
    """One meaning of a phrase. `exact`: it means this and nothing narrower."""

    kind: str
    value: str
    exact: bool = True


@dataclass
class Node:
    """A place in the tree of phrases: what ends here, and which words can follow."""

    senses: list[Sense] = field(default_factory=list)
    following: dict[str, Node] = field(default_factory=dict)


class Lexicon:
    """The phrases of a rulebook and of the grammar, and the tags that roles lead to."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.by_role: dict[tuple[str, str], str] = {}
        self._tree = Node()
        self._add_cues()
        for tag in book.tags.values():
            self._add_tag(tag)
        self.signed = frozenset(self._signed_words()) - NEVER_SIGNED
        genes = {concept.lower() for role, concept in self.by_role if role in GENE_ROLES}
        self.plus = frozenset(genes) - NEVER_SIGNED

    @cached_property
    def grouped_tags(self) -> list[tuple[tuple[str, ...], str]]:
        """Tags of genes that together make the tag of their group: (members, group)."""
        groups = {
            option.value: option.one_of
            for attribute in self.book.attributes.values()
            for option in attribute.options
            if option.one_of
        }
        return [
            (tuple(self.by_role[role, gene] for gene in groups[concept]), key)
            for (role, concept), key in self.by_role.items()
            if role in GENE_ROLES and concept in groups
        ]

    def group_of(self, genes: Iterable[str]) -> str | None:
        """The tag of a group that just these genes make up ("BRCA1 and BRCA2"); None for others."""
        keys = {
            key
            for (role, gene), key in self.by_role.items()
            if role in GENE_ROLES and gene in genes
        }
        return next((group for members, group in self.grouped_tags if set(members) <= keys), None)

    @cached_property
    def two_meanings(self) -> dict[str, tuple[str, str]]:
        """Treatments that a phrase of daily life names too: (tag of daily life, the phrase)."""
        daily = {c: key for (role, c), key in self.by_role.items() if role == "exposure"}
        found: dict[str, tuple[str, str]] = {}
        for phrase, senses in self._phrases():
            named = {s.value for s in senses if s.kind == "thing" and s.exact}
            other = next((daily[concept] for concept in sorted(named & set(daily))), None)
            for role in ("had", "now", "considering") if other else ():
                keys = [key for c in named if (key := self.tag_for(role, c))]
                found |= dict.fromkeys(keys, (other or "", phrase))
        return found

    def _phrases(self) -> Iterator[tuple[str, list[Sense]]]:
        waiting = [("", self._tree)]
        while waiting:
            path, node = waiting.pop()
            if node.senses:
                yield path.strip(), node.senses
            waiting.extend((f"{path} {key}", inner) for key, inner in node.following.items())

    def tag_for(self, role: str, concept: str) -> str | None:
        """The key of the tag that says "this role of this concept"."""
        return self.by_role.get((role, concept))

    def family(self, role: str) -> str:
        """The key of the tag with a number that has this role."""
        return next(key for key, family in self.book.families.items() if family.role == role)

    def phrase_tag(self, *keys: str) -> str | None:
        """The key of the plain tag that exactly these words name."""
        found = [
            sense.value
            for length, senses in self.walk(keys)
            for sense in senses
            if length == len(keys) and sense.kind == "tag"
        ]
        return found[0] if found else None

    def walk(self, keys: Iterable[str]) -> Iterator[tuple[int, tuple[Sense, ...]]]:
        """All phrases that begin with the first of `keys`, shortest first: (length, senses)."""
        node: Node | None = self._tree
        for length, key in enumerate(keys, start=1):
            node = node.following.get(key) if node is not None else None
            if node is None:
                return
            if node.senses:
                yield length, tuple(node.senses)

    def about(self, key: str) -> frozenset[str]:
        """Whose facts a tag looks at: ``person``, ``main_cancer``, ``breast``, ``prostate``."""
        return frozenset(self.book.attributes[leaf].about for leaf in self.leaves(key))

    def leaves(self, key: str) -> frozenset[str]:
        """The attributes that a tag looks at."""
        return frozenset(
            part.attribute for part in within(self.book.tag(key).when) if isinstance(part, Leaf)
        )

    def values(self, key: str) -> frozenset[str]:
        """The values that a tag asks of its only attribute; empty if it looks at several."""
        when = self.book.tag(key).when
        return frozenset(when.values) if isinstance(when, Leaf) else frozenset()

    def _add(self, phrase: str, sense: Sense) -> None:
        keys = [word.key for word in words_of(clean(phrase))]
        if not keys or len(keys) > LONGEST:
            return
        node = self._tree
        for key in keys:
            node = node.following.setdefault(key, Node())
        if sense not in node.senses:
            node.senses.append(sense)

    def _add_cues(self) -> None:
        for kind, phrases in _CUES.items():
            for phrase in phrases:
                self._add(phrase, Sense(kind, phrase))
        for frame, phrases in cues.FRAMES.items():
            for phrase in phrases:
                self._add(phrase, Sense("frame", frame))
        for phrase, meaning in cues.ALIASES.items():
            self._add(phrase, Sense("alias", meaning))

    def _add_tag(self, tag: TagRule) -> None:
        role, concept = tag.role, tag.concept
        if role is None or concept is None or role in PLAIN_ROLES:
            self._add_plain(tag)
        else:
            self.by_role[role, concept] = tag.key
            for phrase, exact in self._names(tag, role):
                self._add_name(phrase, role, concept, exact=exact)

    def _add_plain(self, tag: TagRule) -> None:
        names = list(tag.phrases)
        if tag.role in PLAIN_ROLES:
            names = [name for name, _ in self._names(tag, tag.role or "")]
        for phrase in names:
            self._add(phrase, Sense("tag", tag.key))
            self._add_receptor(tag, phrase)

    def _add_receptor(self, tag: TagRule, phrase: str) -> None:
        keys = [word.key for word in words_of(clean(phrase))]
        if tag.topic == "receptors" and keys[-1] in STATES and len(keys) > 1:
            self._add(" ".join(keys[:-1]), Sense("receptor", " ".join(keys[:-1])))

    def _names(self, tag: TagRule, role: str) -> Iterator[tuple[str, bool]]:
        yield from ((phrase, True) for phrase in tag.phrases)
        leaf = next((part for part in within(tag.when) if isinstance(part, Leaf)), None)
        attribute = self.book.attributes[leaf.attribute] if leaf else None
        option = attribute.option(tag.concept or "") if attribute else None
        if option is None or option.panel:
            return
        named = role in GENE_ROLES | PLAIN_ROLES
        if named:
            yield option.value, True
        for synonym in option.synonyms:
            is_organ = role == "reduced" and " " not in synonym and "ectomy" not in synonym
            if not is_organ and not (role in GENE_ROLES and "mutation" in synonym):
                yield synonym, named

    def _add_name(self, phrase: str, role: str, concept: str, *, exact: bool) -> None:
        if role in CANCER_ROLES:
            self._add_cancer(phrase, concept, exact=exact)
        elif role in GENE_ROLES:
            self._add(phrase, Sense("gene", concept))
        elif role in THING_ROLES:
            self._add(phrase, Sense("thing", concept, exact))

    def _add_cancer(self, phrase: str, concept: str, *, exact: bool) -> None:
        keys = [word.key for word in words_of(clean(phrase))]
        if keys[-1] == "cancer" and len(keys) > 1:
            self._add(" ".join(keys[:-1]), Sense("site", concept, exact))
        elif keys[0] in ("cancer", "carcinoma") or (exact and len(keys) == 1):
            self._add(phrase, Sense("whole_cancer", concept, exact))

    def _signed_words(self) -> Iterator[str]:
        """The words after which a plus or minus sign means positive or negative."""
        for tag in self.book.tags.values():
            for phrase in tag.phrases:
                keys = [word.key for word in words_of(clean(phrase))]
                if len(keys) > 1 and keys[-1] in ("positive", "negative"):
                    yield keys[-2]


_CUES: dict[str, Iterable[str]] = {
    "head": cues.HEADS,
    "survivor": cues.HAD_CANCER_HEADS,
    "carrier": cues.CARRIER_HEADS,
    "foreign": cues.FOREIGN_HEADS,
    "relative": cues.RELATIVES,
    "near_relative": cues.NEAR_RELATIVES,
    "cancer_noun": cues.CANCER_NOUNS,
    "gene_noun": cues.GENE_NOUNS,
    "gene_adjective": cues.GENE_ADJECTIVES,
    "gene_state": cues.GENE_STATES,
    "inherited": cues.INHERITED_WORDS,
    "tumor_word": cues.TUMOR_WORDS,
    "determiner": cues.DETERMINERS,
    "skipped": cues.SKIPPED,
    "says_nothing": cues.SAYS_NOTHING,
    "except": cues.EXCEPT,
    "opaque": cues.OPAQUE,
    "test_negative": cues.TEST_NEGATIVE,
    "starting": cues.STARTING,
    "other_word": cues.OTHER_WORDS,
}
