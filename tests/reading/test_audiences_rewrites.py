"""Law 11: whatever way a label is written, it is read the same."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
import yaml

from matcher.core.rulebook import Rulebook
from matcher.reading.labels.audiences import Reader
from tests.reading.spelling import spell

PHRASES: list[str] = [
    row["phrase"]
    for row in yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text(encoding="utf-8"))[
        "phrases"
    ]
]
DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
UNSEEN = "\u200b\u200c\u200d\u2060\ufeff\u00ad"
BRITISH = {
    "estrogen": "oestrogen",
    "Estrogen": "Oestrogen",
    "tumor": "tumour",
    "Tumor": "Tumour",
    "leukemia": "leukaemia",
}
OTHER_WORDS = (
    ("stage IV", "stage 4"),
    ("triple-negative breast cancer", "TNBC"),
    ("ER-positive", "ER+"),
    ("ER-positive", "estrogen receptor-positive"),
    ("PR-positive", "progesterone receptor positive"),
    ("HER2-positive", "HER2+"),
    ("HER2-positive", "HER2/neu-positive"),
    ("HER2-negative", "HER2-"),
    ("HER2-negative", "HER-2-negative"),
    ("HER2-negative", "human epidermal growth factor receptor 2-negative"),
    ("hormone-positive", "HR+"),
    ("castration-resistant", "castrate-resistant"),
    ("two prior", "2 prior"),
    ("age 50", "age fifty"),
    ("mutations", "variants"),
    ("inherited mutation", "germline mutation"),
    ("inherited BRCA", "germline BRCA"),
    ("chemotherapy", "chemo"),
    ("African American", "African-American"),
    ("prophylactic", "risk-reducing"),
    ("nonbinary", "non-binary"),
)


def with_dashes(rng: random.Random, text: str) -> str:
    """Every hyphen between two letters as some other dash."""
    return re.sub(r"(?<=[A-Za-z0-9])-(?=[A-Za-z])", lambda _: rng.choice(DASHES), text)


def with_unseen(rng: random.Random, text: str) -> str:
    """Characters that nobody sees, anywhere inside words."""
    return re.sub(r"(?<=\w)(?=\w)", lambda _: rng.choice(["", rng.choice(UNSEEN)]), text)


def with_wide_plus(_: random.Random, text: str) -> str:
    """A full-width or superscript plus."""
    return text.replace("+", "\uff0b")


def in_british(_: random.Random, text: str) -> str:
    """British spelling."""
    for american, british in BRITISH.items():
        text = re.sub(rf"\b{american}", british, text)
    return text


def in_other_case(rng: random.Random, text: str) -> str:
    """Capitals and small letters anyhow."""
    return "".join(rng.choice([c.upper(), c.lower()]) if c.isascii() else c for c in text)


def in_one_or_many(_: random.Random, text: str) -> str:
    """Plural nouns where one stood, and the other way round."""
    if "prior line" in text:
        return text
    swapped = re.sub(r"\bmutation\b", "mutations", text)
    return swapped if swapped != text else re.sub(r"\bmutations\b", "mutation", text)


def with_spaced_signs(_: random.Random, text: str) -> str:
    """A blank before a plus sign, as in "ER/PR +"."""
    return re.sub(r"(?<=[A-Z0-9])\+(?=[ ,/])", " +", text)


WAYS: tuple[Callable[[random.Random, str], str], ...] = (
    with_dashes,
    with_unseen,
    with_wide_plus,
    in_british,
    in_other_case,
    in_one_or_many,
    with_spaced_signs,
)


@pytest.fixture(scope="module")
def reader(rulebook: Rulebook) -> Reader:
    """The reader of the shipped rules."""
    return Reader(rulebook)


@cache
def bare(text: str) -> str:
    """A spelled condition without the way in which its unread words are written."""
    for american, british in BRITISH.items():
        text = text.replace(british, american)
    text = re.sub(f"[{DASHES}]", "-", re.sub(f"[{UNSEEN}]", "", text)).casefold()
    parts = text.replace(" +", "+").replace("\uff0b", "+").replace("mutations", "mutation")
    return "".join(sorted(parts))


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_a_way_of_writing_changes_nothing(
    reader: Reader, way: Callable[[random.Random, str], str]
) -> None:
    """Each label of the table, rewritten."""
    rng = random.Random(11)
    for phrase in PHRASES:
        plain = spell(reader.read(phrase).condition)
        other = way(rng, phrase)
        assert bare(spell(reader.read(other).condition)) == bare(plain), other


@pytest.mark.parametrize(("words", "instead"), OTHER_WORDS)
def test_other_words_for_the_same(reader: Reader, words: str, instead: str) -> None:
    """Each label that has these words, with other words for them."""
    found = [phrase for phrase in PHRASES if words in phrase]
    assert found
    for phrase in found:
        plain = reader.read(phrase)
        if plain.unread:
            continue
        other = phrase.replace(words, instead)
        assert spell(reader.read(other).condition) == spell(plain.condition), other


def test_mixed_ways(reader: Reader) -> None:
    """Several at once, many times over."""
    rng = random.Random(1)
    for _ in range(1000):
        phrase = rng.choice(PHRASES)
        other = phrase
        for way in rng.sample(WAYS, 3):
            other = way(rng, other)
        plain = spell(reader.read(phrase).condition)
        assert bare(spell(reader.read(other).condition)) == bare(plain), other
