"""Cells: each kind of answer in the words that spreadsheets hold, and what no answer is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from matcher.records.spreadsheets.cells import CellError, Cells
from matcher.schemas.profiles import read_answers

TODAY = date(2026, 12, 1)
TOLD: list[tuple[str, str, Any]] = [
    ("er", "positive", "positive"),
    ("er", "  POSITIVE ", "positive"),
    ("er", "ER+", "positive"),
    ("er", "er＋", "positive"),
    ("er", "ER−", "negative"),
    ("er", "ER–", "negative"),
    ("er", "pos", "positive"),
    ("er", "+", "positive"),
    ("er", "ER-positive", "positive"),
    ("er", "er_positive", "positive"),
    ("er", "RE positivo (ER+)", "positive"),
    ("er", "1-10%", "low"),
    ("er", "unknown", None),
    ("er", "I'm not sure", None),
    ("er", "No lo sé", None),
    ("er", "n/a", None),
    ("er", "", None),
    ("er", "declined", "declined"),
    ("er", "Prefiero no contestar", "declined"),
    ("her2", "IHC 2+, FISH negative", "low"),
    ("her2", "0", "negative"),
    ("her2", "ultra-low", "ultralow"),
    ("stage", "IV", "4"),
    ("stage", "4", "4"),
    ("stage", "iiib", "3"),
    ("stage", "etapa 4", "4"),
    ("triple_negative", "Yes", "yes"),
    ("triple_negative", "Sí", "yes"),
    ("triple_negative", "si", "yes"),
    ("triple_negative", "TRUE", "yes"),
    ("triple_negative", "n", "no"),
    ("recurrent", "declined", "declined"),
    ("age", "52", 52),
    ("age", " 52.0 ", 52),
    ("age", "52 years", 52),
    ("age", "unknown", None),
    ("country", "us", "US"),
    ("country", "México", "MX"),
    ("country", "mexico", "MX"),
    ("country", "NO", "NO"),
    ("country", "Namibia", "NA"),
    ("country", "Norway", "NO"),
    ("cancer", "breast", ["breast", "unknown"]),
    ("cancer", "Breast; ovarian;", ["breast", "ovarian", "unknown"]),
    ("cancer", "breast;only", ["breast"]),
    ("cancer", "breast; ovarian; ONLY", ["breast", "ovarian"]),
    ("cancer", "breast;solo", ["breast"]),
    ("cancer", "breast;unknown", ["breast", "unknown"]),
    ("cancer", "breast;breast", ["breast", "unknown"]),
    ("cancer", "unknown", None),
    ("treatments", "none", ["none"]),
    ("treatments", "none;only", ["none"]),
    ("treatments", "Ninguna de estas", ["none"]),
    ("treatments", "declined", "declined"),
    ("treatments", "Taxol; tamoxifeno", ["chemotherapy", "tamoxifen", "unknown"]),
    ("inherited", "BRCA1=mutation", {"BRCA1": "mutation"}),
    ("inherited", "brca 1 = VUS ; ATM=none@2026-03", {
        "BRCA1": "uncertain", "ATM": {"result": "none", "on": "2026-03"},
    }),
    ("inherited", "BRCA1=positive;BRCA2=neg", {"BRCA1": "mutation", "BRCA2": "none"}),
    ("inherited", "BRCA1=not tested", {"BRCA1": "not_tested"}),
    ("inherited", "BRCA1=unknown", None),
    ("inherited", "BRCA1=declined;ATM=none", {"BRCA1": "declined", "ATM": "none"}),
    ("inherited", "unknown", None),
    ("inherited", "any=none", {"any": "none"}),
    ("tumor", "MSI_H=positive@2025", {"MSI_H": {"result": "positive", "on": "2025"}}),
    ("tumor", "MSI-H=negativo", {"MSI_H": "negative"}),
    ("tumor", "ESR1=tested, nothing found@2026-03-31", {
        "ESR1": {"result": "none", "on": "2026-03-31"},
    }),
]  # fmt: skip
WRONG = [
    ("er", "maybe", "Allowed: positive, low, negative, unknown, declined"),
    ("er", "-", "can mean 'negative' or 'nothing entered'"),
    ("er", "positive;negative", "Allowed: positive"),
    ("er", "52", "is not a known value"),
    ("er", "=1+1", "is not a known value"),
    ("triple_negative", "1", "Allowed: yes, no, unknown, declined"),
    ("triple_negative", "x", "Allowed: yes, no"),
    ("age", "121", "a whole number from 0 to 120"),
    ("age", "-1", "a whole number from 0 to 120"),
    ("age", "52.5", "a whole number from 0 to 120"),
    ("age", "9" * 4000, "a whole number from 0 to 120"),
    ("age", "fifty", "a whole number from 0 to 120"),
    ("age", "٥٢", "a whole number from 0 to 120"),
    ("age", "1,000", "a whole number from 0 to 120"),
    ("age", "1.000", "a whole number from 0 to 120"),
    ("country", "Narnia", "…"),
    ("country", "NA", "can mean Namibia or unknown: write Namibia, or leave the cell empty"),
    ("country", "na", "can mean Namibia or unknown"),
    ("country", "no", "can mean Norway or no"),
    ("country", "si", "can mean Slovenia or yes"),
    ("cancer", "breast, ovarian", "a list is written a;b"),
    ("cancer", "breast;elbow", "'elbow' is not a known value. Allowed: breast"),
    ("cancer", "none", "'none' is not a known value"),
    ("cancer", "only", "names nothing"),
    ("cancer", ";", "names nothing"),
    ("cancer", "breast;declined", "'declined' cannot stand together"),
    ("cancer", "breast;unknown;only", "cannot both be meant"),
    ("treatments", "none;surgery", "'none' cannot stand together"),
    ("inherited", "BRCA1", "must be GENE=result"),
    ("inherited", "none", "must be GENE=result"),
    ("inherited", "BRCA9=none", "'BRCA9' is not a known gene or test: use BRCA1"),
    ("inherited", "BRCA1=perhaps", "'perhaps' is no result for BRCA1: use mutation, none, uncert"),
    ("inherited", "BRCA1=", "'' is no result"),
    ("inherited", "BRCA1=none;BRCA1=mutation", "names 'BRCA1' twice"),
    ("inherited", "BRCA1=none@March", "is no date"),
    ("inherited", "BRCA1=none@2026-13", "is no date"),
    ("tumor", "ESR1=none@2062-03", "lies in the future"),
    ("tumor", "ESR1=none@2026-12-02", "lies in the future"),
]


@pytest.fixture(scope="module")
def cells(rulebook: Rulebook) -> Cells:
    """The reader of cells, on the first of December 2026."""
    return Cells(rulebook, today=TODAY)


@pytest.mark.parametrize(("key", "cell", "answer"), TOLD)
def test_a_cell_is_read(
    cells: Cells, rulebook: Rulebook, key: str, cell: str, answer: object
) -> None:
    assert cells.read(rulebook.attributes[key], cell) == answer
    read_answers({key: answer}, rulebook)


@pytest.mark.parametrize(("key", "cell", "told"), WRONG)
def test_a_cell_that_cannot_be_read_says_why(
    cells: Cells, rulebook: Rulebook, key: str, cell: str, told: str
) -> None:
    with pytest.raises(CellError) as caught:
        cells.read(rulebook.attributes[key], cell)
    assert told in str(caught.value)


def test_every_word_of_the_rules_is_read_as_its_value(cells: Cells, rulebook: Rulebook) -> None:
    """No word is shared by two values, nor means *not known* as ``NA`` does: it is refused."""
    for attribute in rulebook.attributes.values():
        if attribute.kind not in ("one", "many"):
            continue
        for option in attribute.options:
            for word in (option.value, option.label.en, option.label.es, *option.synonyms):
                if (attribute.key, word) == ("country", "NA"):
                    continue
                found = cells.read(attribute, word)
                named = found[0] if isinstance(found, list) else found
                assert named == option.value, (attribute.key, word)


def test_a_result_of_today_is_not_in_the_future(cells: Cells, rulebook: Rulebook) -> None:
    for on in ("2026", "2026-12", "2026-12-01"):
        read = cells.read(rulebook.attributes["tumor"], f"ESR1=none@{on}")
        assert read == {"ESR1": {"result": "none", "on": on}}
