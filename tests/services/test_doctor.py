"""Doctor: each question once, and none that what was told makes foolish."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from matcher.schemas.profiles import read_answers
from matcher.services.cards import self_told
from matcher.services.doctor import doctor_questions
from matcher.words import Speaker, Words, load_words


@pytest.fixture(scope="module")
def words() -> Words:
    return load_words()


def test_what_a_person_knows_alone_is_no_question_for_the_doctor(
    rulebook: Rulebook, words: Words
) -> None:
    units = ("exposures", "age", "her2", "age")
    assert [attribute.key for attribute in self_told(units, rulebook)] == ["exposures", "age"]
    assert len(doctor_questions(units, rulebook, Speaker(words, "en"))) == 1


def test_several_genes_in_one_are_not_named_to_the_doctor(rulebook: Rulebook, words: Words) -> None:
    units = ("inherited.any", "inherited.BRCA", "inherited.PALB2")
    speaker = Speaker(words, "en")
    (told,) = doctor_questions(units, rulebook, speaker)
    assert told.endswith(" (PALB2)")
    (told,) = doctor_questions(units[:2], rulebook, speaker)
    assert "(" not in told


@pytest.mark.parametrize(
    ("results", "unit", "is_done"),
    [
        ({"any": "not_tested"}, "inherited.PALB2", False),
        ({"any": "not_tested"}, "inherited.any", False),
        ({"PALB2": "not_tested"}, "inherited.PALB2", False),
        ({"any": "not_tested", "PALB2": "uncertain"}, "inherited.PALB2", True),
        ({"PALB2": "not_tested"}, "inherited.BRCA1", True),
        ({}, "inherited.PALB2", True),
    ],
)
def test_of_a_test_that_was_not_done_it_is_not_asked_what_it_found(
    rulebook: Rulebook, words: Words, results: dict[str, Any], unit: str, *, is_done: bool
) -> None:
    answers = read_answers({"inherited": results}, rulebook)
    (told,) = doctor_questions([unit], rulebook, Speaker(words, "en"), answers=answers)
    assert ("what was found" in told) is is_done
    assert ("not done so far. Should I have it?" in told) is not is_done
