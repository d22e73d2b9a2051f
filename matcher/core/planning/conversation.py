"""Conversation: the pages that wait, in the order in which a person would be asked for them.

The plan says what each answer is worth; the chapters of the rules say what belongs together. One
chapter is talked through before the next, but only as far as it is worth it now: what weighs much
less than the heaviest page can wait for the next round (docs/questions.md).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from matcher.core.rulebook import Attribute, Rulebook

WORTH = 0.4
"""A page is worth asking now if it weighs at least this share of the heaviest that can come."""

PLAIN_WORDS = {"stage": "extent"}
"""A number that can frighten, and the question that says the same in plain words."""


def in_conversation(
    book: Rulebook,
    weights: Mapping[str, float],
    *,
    talked: Sequence[str],
    begun: Collection[str] = (),
    opened: Collection[str] = (),
    worth: float = WORTH,
) -> list[str]:
    """The keys of `weights` (what each waiting page is worth), first the one to ask next.

    `talked` are the keys answered in this round, in order: their chapters, but for the last one's,
    were left and are not gone back to before anything else, except for what is in `opened`, the
    questions that a later answer brought up. `begun` are the keys that were ever answered.
    """
    now = chapter_of(book, talked[-1]) if talked else None
    left = {chapter_of(book, key) for key in talked} - {now}
    behind = {k for k in weights if chapter_of(book, k) in left and k not in opened}
    heaviest = max((weights[key] for key in weights if key not in behind), default=0.0)
    numbers = {chapter: number for number, chapter in enumerate(book.chapters)}

    def place(key: str) -> tuple[bool, bool, bool, int, float]:
        chapter = chapter_of(book, key)
        light = weights[key] < worth * heaviest
        last = len(numbers)
        return light, key in behind, chapter != now, numbers.get(chapter or "", last), -weights[key]

    keys = sorted(weights, key=place)
    _soften(book, keys, weights, begun=begun)
    _part_alike(book, keys, weights, after=talked[-1] if talked else None, worth=worth)
    _put_plain_words_first(keys)
    return keys


def chapter_of(book: Rulebook, key: str) -> str | None:
    """The chapter that a question belongs to, None for what comes last."""
    attribute = book.attributes.get(key)
    return attribute.chapter if attribute and attribute.chapter in book.chapters else None


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


def _part_alike(
    book: Rulebook,
    keys: list[str],
    weights: Mapping[str, float],
    *,
    after: str | None,
    worth: float,
) -> None:
    """Two lists of the same things do not follow each other if something else can come between."""
    if len(keys) < 2 or after is None or not _alike(book, after, keys[0]):
        return
    first, second = keys[:2]
    same = chapter_of(book, first) == chapter_of(book, second)
    tender = book.attributes[second].tender
    if same and not tender and weights[second] >= worth * weights[first]:
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
