"""Words: what is written in different ways becomes the same keys."""

from __future__ import annotations

import pytest

from matcher.core.rulebook import Rulebook
from matcher.reading.labels.audiences import Reader
from matcher.reading.labels.scanner import Scanner
from tests.reading.spelling import spell


@pytest.fixture(scope="module")
def reader(rulebook: Rulebook) -> Reader:
    """The reader of the shipped rules."""
    return Reader(rulebook)


KEYS = {
    "ER/PR + cancer": "er / pr positive cancer",
    "HR+/HER2-": "hr positive / her2 negative",
    "HR＋/HER2−": "hr positive / her2 negative",
    "ER⁺ HER2⁻": "er positive her2 negative",
    "HER-2–negative": "her2 negative",
    "HER2 -negative": "her2 negative",
    "HER2 − , ER +": "her2 negative , er positive",
    "HER2 – metastatic": "her2 ? metastatic",
    "stages I–III, ages 40-60": "stage i - iii , age 40 - 60",
    "70+": "70 +",
    "early- and late-stage": "early and late stage",
    "women – men": "woman , man",
    "Women's and men's": "woman and man",
    "haven't, can't": "have not , can not",
    "tumours, oestrogen, leukaemia": "tumor , estrogen , leukemia",
    "ovaries, therapies, biopsies": "ovary , therapy , biopsy",
    "diagnosis, status, this, pancreas": "diagnosis , status , this , pancreas",
    "n̶o̶t": "not",
    "E\u200bR\u00ad-pos\u2060itive": "er positive",
    "nоt (with a Cyrillic o)": "not ( with a cyrillic o )",
    "ТР53": "tp53",
    "не": "не",
    "BRCA 1/2": "brca1 / 2",
    "Herceptin®": "herceptin",
    "R&D; «x»": "r and d ; « x »",
    "": "",
}


@pytest.mark.parametrize(("text", "keys"), KEYS.items())
def test_keys(reader: Reader, text: str, keys: str) -> None:
    """One form for all ways of writing."""
    scanner = Scanner(text, reader.lexicon)
    assert " ".join(word.key for word in scanner.words) == keys


READ_RIGHT = {
    "People with HЕR2-positive breast cancer": "breast_cancer & her2_positive",
    "People with breast cаncer": "breast_cancer",
    "People with BRСА1 mutations": "inherited_BRCA1",
    "People with nоn-metastatic breast cancer": "breast_cancer & non_metastatic:breast",
}
LEFT_UNREAD = (
    "People with nօn-metastatic breast cancer",
    "People with BRCAl mutations",
    "People with АТМ mutations",
    "People with HER2 – metastatic breast cancer",
)


@pytest.mark.parametrize(("phrase", "reads"), READ_RIGHT.items())
def test_look_alikes_are_read_right(reader: Reader, phrase: str, reads: str) -> None:
    """Cyrillic letters among Latin ones."""
    assert spell(reader.read(phrase).condition) == reads


@pytest.mark.parametrize("phrase", LEFT_UNREAD)
def test_look_alikes_are_reported(reader: Reader, phrase: str) -> None:
    """What cannot be told is reported, and keeps the condition from being yes."""
    assert reader.read(phrase).unread


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        " ",
        "\u200b",
        "()",
        "-",
        "+",
        ",;.",
        "\x00",
        "\ud800",
        "9" * 4999,
        "(" * 4999,
        "/" * 4999,
    ],
)
def test_nothing_much_is_read_as_nothing(reader: Reader, phrase: str) -> None:
    """No fault, no condition."""
    assert reader.read(phrase).condition is None


def test_reading_twice_is_the_same(reader: Reader) -> None:
    """The reader keeps nothing between phrases."""
    first = reader.read("People with breast cancer who have had chemotherapy")
    reader.read("People with ovarian cancer")
    assert reader.read("People with breast cancer who have had chemotherapy") == first
