"""Conversation: the pages that wait, in the order in which a person would be asked for them.

The plan says what each answer is worth; the chapters of the rules say what belongs together. One
chapter is talked through before the next, but only as far as it is worth it now: what weighs much
less than the heaviest page can wait for the next round (docs/questions.md).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from matcher.core.rulebook import Attribute, Rulebook

WORTH = 0.25
"""A page is worth asking now if it weighs at least this share of the heaviest that can come; a
chapter may say another share."""

PLAIN_WORDS = {"stage": "extent"}
"""A number that can frighten, and the question that says the same in plain words."""


def in_conversation(
    book: Rulebook,
    weights: Mapping[str, float],
    *,
    talked: Sequence[str],
    begun: Collection[str] = (),
    opened: Collection[str] = (),
) -> list[str]:
    """The keys of `weights` (what each waiting page is worth), first the one to ask next.

    `talked` are the keys answered in this round, in order: what comes before their furthest
    chapter is not gone back to before anything else, except for what is in `opened`, the questions
    that a later answer brought up. `begun` are the keys that were ever answered.
    """
    reached = max((number_of(book, key) for key in talked), default=0)
    behind = {k for k in weights if number_of(book, k) < reached and k not in opened}
    heaviest = max((weights[key] for key in weights if key not in behind), default=0.0)

    def is_light(key: str) -> bool:
        return weights[key] < _worth(book, key) * heaviest

    def place(key: str) -> tuple[bool, bool, int, float]:
        return is_light(key), key in behind, number_of(book, key), -weights[key]

    keys = sorted(weights, key=place)
    _soften(book, keys, weights, begun=begun)
    if talked and len(keys) > 1 and not is_light(keys[1]):
        _part_alike(book, keys, after=talked[-1])
    _put_plain_words_first(keys)
    return keys


def chapter_of(book: Rulebook, key: str) -> str | None:
    """The chapter that a question belongs to, None for what comes last."""
    attribute = book.attributes.get(key)
    return attribute.chapter if attribute and attribute.chapter in book.chapters else None


def number_of(book: Rulebook, key: str) -> int:
    """The number of a question's chapter in the form, from 0; what has none comes last."""
    chapter = chapter_of(book, key)
    return list(book.chapters).index(chapter) if chapter is not None else len(book.chapters)


def _worth(book: Rulebook, key: str) -> float:
    chapter = chapter_of(book, key)
    own = book.chapters[chapter].worth if chapter is not None else None
    return WORTH if own is None else own


def _soften(
    book: Rulebook, keys: list[str], weights: Mapping[str, float], *, begun: Collection[str]
) -> None:
    """Nobody meets a chapter by a tender question while it holds another that weighs something."""
    if not keys or not book.attributes[keys[0]].tender:
        return
    chapter = chapter_of(book, keys[0])
    if any(chapter_of(book, key) == chapter for key in begun):
        return
    for key in keys:
        same = chapter_of(book, key) == chapter
        if same and weights[key] > 0 and not book.attributes[key].tender:
            keys.remove(key)
            keys.insert(0, key)
            return


def _part_alike(book: Rulebook, keys: list[str], *, after: str) -> None:
    """Two lists of the same things do not follow each other if something else can come between."""
    first, second = keys[:2]
    same = chapter_of(book, first) == chapter_of(book, second)
    if same and _alike(book, after, first) and not book.attributes[second].tender:
        keys[:2] = [second, first]


def _alike(book: Rulebook, one: str, other: str) -> bool:
    first, second = book.attributes.get(one), book.attributes.get(other)
    if first is None or second is None or not (_listed(first) and _listed(second)):
        return False
    shared = _listed(first) & _listed(second)
    return 2 * len(shared) > max(len(_listed(first)), len(_listed(second)))


def _listed(attribute: Attribute) -> frozenset[str]:
    named = (option.value for option in attribute.options if not option.exclusive)
    return frozenset(named) if attribute.kind == "many" else frozenset()


def _put_plain_words_first(keys: list[str]) -> None:
    for number, words in PLAIN_WORDS.items():
        if number in keys and words in keys[keys.index(number) :]:
            keys.remove(words)
            keys.insert(keys.index(number), words)
