"""Template: its header holds all that can be asked, and filled in it is read as it is."""

from __future__ import annotations

import csv
import io

import pytest

from matcher.core.rulebook import Rulebook
from matcher.core.text import LANGUAGES
from matcher.records.spreadsheets.template import template
from matcher.words import Speaker, load_words
from tests.records.spreadsheets.tables import drafts, read


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_template_holds_nobody(rulebook: Rulebook, language: str) -> None:
    text = "".join(template(rulebook, Speaker(load_words(), language)))
    assert read(rulebook, text) == []
    header, *comments = csv.reader(io.StringIO(text, newline=""))
    assert header == ["code", *rulebook.attributes]
    assert all(row[0].startswith("#") for row in comments)
    assert {len(row) for row in comments} == {1, len(header)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_is_filled_in_below_its_comments(rulebook: Rulebook, language: str) -> None:
    text = "".join(template(rulebook, Speaker(load_words(), language)))
    (draft,) = drafts(rulebook, text + "A-1,now\n")
    assert (draft.code, draft.answers) == ("A-1", {"cancer_status": "now"})


def test_the_example_can_be_read(rulebook: Rulebook) -> None:
    lines = list(template(rulebook, Speaker(load_words(), "en")))
    (draft,) = drafts(rulebook, lines[0] + lines[-1].replace("# ", ""))
    assert draft.code == "A-117"
    assert draft.answers["cancer"] == ["breast"]
    assert draft.answers["treatments"] == ["surgery", "tamoxifen", "unknown"]


def test_it_says_what_can_stand_in_a_cell(rulebook: Rulebook) -> None:
    text = "".join(template(rulebook, Speaker(load_words(), "es")))
    assert "positive / low / negative / unknown" in text
    assert "0–120" in text
    assert "ESR1 / PIK3CA" in text
