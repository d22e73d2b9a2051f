"""People: the head of an audience, with what stands before it ("young breast cancer patients")."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matcher.core.conditions import Condition, Tag, Unread
from matcher.reading.labels import cues
from matcher.reading.labels.boundaries import is_head
from matcher.reading.labels.lexicon import ANY
from matcher.reading.labels.meaning import meaning
from matcher.reading.labels.naming import read_noun
from matcher.reading.labels.nouns import Cancers, Genes, Listing, Noun, Risk, Said, Thing
from matcher.reading.labels.numbers import read_ages
from matcher.reading.labels.roles import Frame
from matcher.reading.labels.scanner import Scanner
from matcher.reading.labels.shaping import all_of

MOST_NOUNS = 4


@dataclass(frozen=True)
class Head:
    """People named: `before` is what stands before the word, `person` what the word itself says.

    `word` is that word; `kind`: head, survivor, carrier or person (women, previvors).
    `foreign`: people whom no answers describe (doctors, caregivers).
    """

    before: Condition | None
    person: Condition | None
    word: str
    kind: str
    end: int
    foreign: bool = False


def read_head(scanner: Scanner, at: int) -> Head | None:
    """The people named here, or None if this is no audience."""
    nouns: list[Noun] = []
    position = at
    while len(nouns) < MOST_NOUNS:
        head = _read_word(scanner, position, nouns)
        if head is not None:
            alone = head.foreign and scanner.key(at) in ("a", "an", "one")
            return None if alone else head  # "… and a close relative": no audience of its own
        ages = read_ages(scanner, position)
        determiner = scanner.find(position, "determiner")
        noun, end = read_noun(scanner, position, depth=1)
        if noun is None and determiner is not None:
            position += determiner[0]
            continue
        if ages is not None or noun is None or end == position:
            return None
        if _begins_unknown(scanner, position, end):
            return None
        link, after = scanner.link(end)
        if link in (";", ".") or (link and not scanner.is_known(position)):
            return None
        if link and not is_head(scanner, end):
            following = read_noun(scanner, after, depth=1)
            if following[0] is None or not is_head(scanner, following[1]):
                return None
            if isinstance(noun, Thing) or isinstance(following[0], Thing):
                return None  # "afraid of surgery or chemotherapy": no premodifiers of people
            noun = Listing((noun, following[0]), (link,), scanner.source(position, following[1]))
            end = following[1]
        nouns.append(noun)
        position = end
    return None


def _begins_unknown(scanner: Scanner, at: int, end: int) -> bool:
    """Whether unknown words stand before a connector: they belong to what came before."""
    while at < end and not scanner.is_known(at):
        at += 1
    return at < end and bool(scanner.link(at)[0])


def _read_word(scanner: Scanner, at: int, nouns: list[Noun]) -> Head | None:
    """The word for people, if it stands here and is not itself a modifier of a later one."""
    if not is_head(scanner, at):
        return None
    foreign = scanner.find(at, "foreign")
    named = scanner.find(at, "head", "survivor", "carrier")
    tag = scanner.find(at, "tag")
    if (
        tag is not None
        and (named is None or tag[0] >= named[0])
        and (foreign is None or tag[0] >= foreign[0])
    ):
        return _tag_head(scanner, at, tag[0], Tag(tag[1].value), nouns)
    if foreign is not None and (named is None or foreign[0] > named[0]):
        word = scanner.key(at + foreign[0] - 1)
        return Head(None, None, word, "foreign", at + foreign[0], foreign=True)
    if named is None:
        return None
    person, before = _had_cancer(scanner, named[1].kind), _before(scanner, nouns, named[1].kind)
    end = at + named[0]
    return Head(before, person, scanner.key(end - 1), named[1].kind, end)


def _tag_head(scanner: Scanner, at: int, length: int, person: Condition, nouns: list[Noun]) -> Head:
    """ "women", or "female" before "patients" or "breast cancer survivors"."""
    end = at + length
    later = _later_head(scanner, end)
    if later is not None:
        return replace(
            later,
            before=all_of((_before(scanner, nouns, ""), person, later.before)),
        )
    return Head(_before(scanner, nouns, ""), person, scanner.key(end - 1), "person", end)


def _later_head(scanner: Scanner, at: int) -> Head | None:
    if is_head(scanner, at):
        return _read_word(scanner, at, [])
    noun, end = read_noun(scanner, at, depth=3)
    if isinstance(noun, Cancers | Genes) and is_head(scanner, end) and not scanner.link(at)[0]:
        return _read_word(scanner, end, [noun])
    return None


def _had_cancer(scanner: Scanner, kind: str) -> Condition | None:
    key = scanner.lexicon.tag_for("diagnosed", ANY) if kind == "survivor" else None
    return Tag(key) if key else None


def _before(scanner: Scanner, nouns: list[Noun], kind: str) -> Condition | None:
    frame = Frame(cues.HAVE)
    parts: list[Condition | None] = []
    for noun in nouns:
        told = noun
        if isinstance(noun, Genes) and kind == "carrier":
            told = replace(noun, plain=False)
        if isinstance(noun, Thing):
            told = Said(_unread(noun), noun.words)
        if isinstance(noun, Cancers) and noun.risk:
            told = Risk("at", noun.words, noun)
        parts.append(meaning(told, frame, scanner.lexicon))
    return all_of(parts)


def _unread(noun: Thing) -> Condition:
    return Unread(noun.all_words)
