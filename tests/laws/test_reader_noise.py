"""Law 12 over noise: any string of words is read in a bounded number of steps."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from random import Random

import pytest

from matcher.core.conditions import tags_in
from tests.laws.court import shipped_court, volume
from tests.laws.test_reader import labels, reader

CONNECTORS = (
    "and or with without who have has had are is not no but than that the a of in for at least most"
    " over under age aged diagnosed considering taking received been , ; . ( ) / - – : both either"
    " nor neither except unless prior lines stage 2 IV 50 two people women men patients"
)
GARBAGE = ["frobnication", "\u200b", "＋", "ﬁ", "ß", "𝒳", "\ud7ff", "0" * 30, "++", "--", "a" * 200]
STEPS_FOR_ONE_CHARACTER = 20


@cache
def known_words() -> tuple[str, ...]:
    """The phrases of all tags, the synonyms of all options and the words of real labels."""
    rules = shipped_court().rules
    phrases = [p for tag in rules.tags.values() for p in tag.get("phrases", [])]
    synonyms = [
        str(synonym)
        for attribute in rules.attributes.values()
        for option in attribute.get("options") or []
        for synonym in option.get("synonyms", [])
    ]
    return (*phrases, *synonyms, *(word for label in labels() for word in label.split()))


@contextmanager
def at_most(seconds: float) -> Iterator[None]:
    """Fails instead of reading for ever."""

    def give_up(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def noise(rng: Random) -> str:
    """Known phrases, connecting words and garbage in any order."""
    words: list[str] = []
    for _ in range(rng.randint(1, 25)):
        chance = rng.random()
        pool = known_words() if chance < 0.45 else CONNECTORS.split() if chance < 0.95 else GARBAGE
        words.append(rng.choice(pool))
    return rng.choice([" ", " ", " ", ""]).join(words)[:1500]


def check_noise(*, seed: int, texts: int) -> None:
    """Read random strings: bounded steps, known tags only, every unread word from the text."""
    rng, book = Random(seed), shipped_court().book
    for _ in range(texts):
        text = noise(rng)
        try:
            with at_most(5):
                read = reader().read(text)
        except TimeoutError:
            pytest.fail(f"was still reading after five seconds: {text!r}")
        assert read.steps <= STEPS_FOR_ONE_CHARACTER * (len(text) + 10), (read.steps, text)
        if read.condition is not None:
            assert all(map(book.knows, tags_in(read.condition))), text


def test_noise_is_read_in_bounded_steps() -> None:
    """1,500 random strings."""
    check_noise(seed=1, texts=1_500)


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_noise_is_read_in_bounded_steps_at_volume() -> None:
    """One string for every fifty pairs asked for: 20,000 for a million."""
    check_noise(seed=2, texts=volume() // 50)
