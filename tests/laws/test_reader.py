"""Laws 11 and 12: how a label is written does not change what it says; reading is linear."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import cache

import pytest

from matcher.core.conditions import canonical, to_json, unread_in
from matcher.reading.labels.audiences import LONGEST_PHRASE, Reader
from matcher.services.catalogue import sample_studies
from tests.laws.court import shipped_court

DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d"
MORE_LABELS = [
    "People with HER2-positive, ER-negative breast cancer",
    "People with triple-negative breast cancer who have received at least two prior lines",
    "Women over age 40 with a family history of ovarian cancer",
    "People with metastatic castration-resistant prostate cancer and a BRCA2 mutation",
    "Postmenopausal women taking an aromatase inhibitor",
    "People with node-positive, hormone receptor-positive early-stage breast cancer",
]


@cache
def reader() -> Reader:
    """The reader of the shipped rules."""
    return Reader(shipped_court().book)


@cache
def labels() -> tuple[str, ...]:
    """The sample's labels and some more."""
    studies = sample_studies(shipped_court().book)
    audiences = [a for study in studies for a in (study.most, *study.also) if a is not None]
    return tuple(dict.fromkeys([*(a.text for a in audiences), *MORE_LABELS]))


def full_width(text: str) -> str:
    """Every printable ASCII character in its full-width form."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def zero_width(text: str) -> str:
    """Zero-width characters between all letters."""
    return "\u200b".join(text)


WAYS: dict[str, Callable[[str], str]] = {
    "small letters": str.lower,
    "capitals": str.upper,
    "full width": full_width,
    "zero-width spaces": zero_width,
    "soft hyphens and a joiner": lambda text: text.replace("a", "a\u00ad").replace("e", "\u2060e"),
    "a byte order mark": lambda text: "\ufeff" + text,
    "no-break spaces": lambda text: text.replace(" ", "\u00a0"),
    "many blanks and lines": lambda text: "  " + text.replace(" ", " \n\t ") + " ",
    "a full stop": lambda text: text.rstrip(". ") + ".",
    "a dot as bullet": lambda text: "• " + text,
    "decomposed letters": lambda text: unicodedata.normalize("NFD", text),
    **{
        f"dash U+{ord(dash):04X}": lambda text, dash=dash: text.replace("-", dash)  # type: ignore[misc]
        for dash in DASHES
    },
}


@pytest.mark.parametrize("way", WAYS)
def test_the_way_of_writing_changes_nothing(way: str) -> None:
    """Law 11, for every label of the sample and then some."""
    for label in labels():
        plain, written = reader().read(label), reader().read(WAYS[way](label))
        if plain.condition is None:
            assert written.condition is None, label
        else:
            assert shape(written.condition) == shape(plain.condition), label


def shape(condition: object) -> str:
    """A condition with its unread words in one way of writing."""
    text = unicodedata.normalize("NFKC", str(to_json(condition))).casefold()  # type: ignore[arg-type]
    text = re.sub("[\u200b\u00ad\u2060\ufeff]", "", text)
    return re.sub(f"[{DASHES}]", "-", re.sub(r"(\\xa0|\\n|\\t|\s)+", " ", text))


SAME: dict[str, tuple[str, ...]] = {
    "People with ER-positive, HER2-negative breast cancer": (
        "People with ER+, HER2- breast cancer",
        "People with ER+/HER2- breast cancer",
        "people with er positive, her2 negative breast cancer",
        "People with HER2-negative, ER-positive breast cancer",
        "Patients with estrogen receptor-positive, HER2-negative breast cancer",
        "People with oestrogen receptor-positive, HER2-negative breast cancer",
        "People with ER＋, HER2− breast cancer",
        "People who have ER-positive, HER2-negative breast cancer",
        "People with breast cancer that is ER-positive and HER2-negative",
    ),
    "People with metastatic breast cancer": (
        "People with stage IV breast cancer",
        "People with stage 4 breast cancer",
        "People diagnosed with metastatic breast cancer",
        "People with breast cancer that has spread to other parts of the body",
        "Metastatic breast cancer patients",
    ),
    "People with triple-negative breast cancer": (
        "People with TNBC",
        "people with triple negative breast cancer",
        "People with triple–negative breast cancers",
    ),
    "Women with breast cancer": (
        "Women who have breast cancer",
        "Women diagnosed with breast cancer",
    ),
    "People with a BRCA1 or BRCA2 mutation": (
        "People with BRCA1 or BRCA2 mutations",
        "People with an inherited BRCA1 or BRCA2 mutation",
        "people with a brca1 or brca2 mutation",
    ),
}


@pytest.mark.parametrize(
    ("label", "other"), [(label, other) for label, others in SAME.items() for other in others]
)
def test_synonyms_give_the_same_condition(label: str, other: str) -> None:
    """Law 11: other words for the same thing."""
    one, two = reader().read(label).condition, reader().read(other).condition
    assert one is not None
    assert two is not None
    assert canonical(one) == canonical(two)


LOOK_ALIKES = {
    "a": "а", "e": "е", "o": "о", "p": "р", "c": "с", "B": "В", "E": "Е", "R": "Ꭱ", "H": "Н",
    "A": "Α", "i": "і",
}  # fmt: skip


@pytest.mark.parametrize("letter", LOOK_ALIKES)
def test_look_alike_letters_are_read_right_or_flagged(letter: str) -> None:
    """Law 11: a Cyrillic, Greek or Cherokee letter never changes the meaning unseen."""
    for label in labels():
        forged = label.replace(letter, LOOK_ALIKES[letter])
        plain, read = reader().read(label), reader().read(forged)
        if forged == label or shape(read.condition) == shape(plain.condition):
            continue
        left = list(unread_in(read.condition)) if read.condition else []
        assert read.unread or left or read.condition is None, (forged, read)


TEXTS: dict[str, Callable[[int], str]] = {
    "one criterion again and again": lambda n: "people with " + "ER-positive, " * n + "cancer",
    "alternatives": lambda n: "people with " + "breast cancer or ovarian cancer or " * n + "DCIS",
    "words nobody knows": lambda n: "people with " + "frobnication of the " * n + "nose",
    "beginnings that lead nowhere": lambda n: "people who have received at least " * n,
    "nested relative clauses": lambda n: "people " + "who have breast cancer that is " * n,
    "near misses of long phrases": lambda n: "estrogen receptor " * (2 * n),
    "negations": lambda n: "people with not not non-metastatic and " * n + "cancer",
    "numbers": lambda n: "women aged 30 to 40 or over " * n + "50",
    "punctuation": lambda n: "people with cancer" + ",;/-(" * (3 * n),
    "one endless word": lambda n: "a" * (20 * n),
}


@pytest.mark.parametrize("text", TEXTS)
def test_reading_is_linear(text: str) -> None:
    """Law 12: doubling the text at most 2.2 times the steps."""
    sizes = [10, 20, 40, 80]
    read = [reader().read(TEXTS[text](size)[:LONGEST_PHRASE]) for size in sizes]
    written = [len(TEXTS[text](size)[:LONGEST_PHRASE]) for size in sizes]
    for before, after, short, long in zip(read, read[1:], written, written[1:], strict=False):
        assert before.steps > 0
        growth = long / short
        assert after.steps <= 1.1 * growth * before.steps, (before.steps, after.steps, growth)
