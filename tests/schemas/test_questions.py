"""Questions: the public JSON of a plan, and its counts in words of both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.core.levels import Level
from matcher.core.questions import Plan, PossibleAnswer, Question, rank_questions
from matcher.core.text import LANGUAGES, Text
from matcher.schemas import questions
from matcher.schemas.questions import PlanWords, questions_json
from matcher.words import load_words
from tests.core.small import TODAY, book, catalogue, person, study

MOVING = (Level.FITS, Level.MAY_FIT, Level.RELATED, Level.OPEN, Level.DIFFERENT)


@pytest.fixture(scope="module")
def texts() -> Mapping[str, Text]:
    """The shipped texts."""
    return load_words().texts


@pytest.fixture
def words(texts: Mapping[str, Text]) -> PlanWords:
    """English over the small rules."""
    return PlanWords(book(), texts)


@pytest.fixture
def palabras(texts: Mapping[str, Text]) -> PlanWords:
    """Spanish over the small rules."""
    return PlanWords(book(), texts, "es")


Changes = Mapping[tuple[Level, Level], int]


def question(
    settles: int, may_fit: int, *changes: Changes, together: tuple[str, ...] = ()
) -> Question:
    """A question on ESR1 that moves so many studies, so many of them that may fit now.

    `changes` are what each of its answers changes.
    """
    return Question(
        key="tumor",
        gene="ESR1",
        settles=settles,
        settles_may_fit=may_fit,
        top=1.0,
        weight=1.0,
        answers=tuple(PossibleAnswer("mutation", change, 0.1) for change in changes),
        together=together,
    )


def plan(*, may_fit: int, open: int) -> Plan:
    """A plan with these counts."""
    return Plan((), may_fit, open)


def test_the_document_of_questions(words: PlanWords, palabras: PlanWords) -> None:
    told = (
        PossibleAnswer("mutation", {(Level.MAY_FIT, Level.FITS): 1}, 0.4),
        PossibleAnswer("none", {(Level.MAY_FIT, Level.DIFFERENT): 1}, 0.6),
    )
    found = Plan((replace(question(1, 1), answers=told),), 1, 0)
    shape = questions_json(found, words)
    assert json.loads(json.dumps(shape, allow_nan=False)) == shape
    assert shape == {
        "questions": [
            {
                "key": "tumor",
                "gene": "ESR1",
                "question": "ESR1: What is your tumor genes?",
                "settles": 1,
                "settles_may_fit": 1,
                "of": 1,
                "text": "could settle the one study that may fit",
                "together": [],
                "answers": [
                    {
                        "value": "mutation",
                        "label": shape["questions"][0]["answers"][0]["label"],
                        "changes": {"may_fit>fits": 1},
                        "text": "1 that may fit would fit",
                    },
                    {
                        "value": "none",
                        "label": shape["questions"][0]["answers"][1]["label"],
                        "changes": {"may_fit>different": 1},
                        "text": "1 that may fit would be about a different situation",
                    },
                ],
            }
        ],
        "may_fit": 1,
        "open": 0,
        "settled": False,
    }
    spanish = questions_json(found, palabras)["questions"][0]
    assert spanish["question"] == "ESR1 (es): ¿Cuál es su tumor genes?"
    assert spanish["text"] == "podría aclarar el único estudio que puede coincidir"
    assert questions_json(found, words, limit=0)["questions"] == []


def test_a_plain_question_has_no_gene(words: PlanWords) -> None:
    found = rank_questions(catalogue(study("a", "women")), person(), today=TODAY)
    gender = next(one for one in found.questions if one.key == "gender")
    assert words.question(gender) == "What is your gender?"
    told = next(q for q in questions_json(found, words)["questions"] if q["key"] == "gender")
    assert told["gene"] is None
    assert {answer["label"] for answer in told["answers"]} >= {"woman", "man"}


TO_FITS, TO_RELATED, TO_DIFFERENT = (
    (Level.MAY_FIT, level) for level in (Level.FITS, Level.RELATED, Level.DIFFERENT)
)
OPEN_MAY_FIT, OPEN_DIFFERENT = (Level.OPEN, Level.MAY_FIT), (Level.OPEN, Level.DIFFERENT)
COUNTS = [
    # Of two answers the one that settles more; never both together.
    (7, 12, ({TO_FITS: 3}, {TO_RELATED: 1, TO_DIFFERENT: 1, OPEN_DIFFERENT: 9}),
     "could settle up to 3 of the 7 studies that may fit",
     "podría aclarar hasta 3 de los 7 estudios que pueden coincidir"),
    (7, 12, ({TO_FITS: 2, TO_RELATED: 1, TO_DIFFERENT: 1},),
     "could settle up to 4 of the 7 studies that may fit",
     "podría aclarar hasta 4 de los 7 estudios que pueden coincidir"),
    (7, 12, ({TO_FITS: 1}, {TO_DIFFERENT: 1}), "could settle 1 of the 7 studies that may fit",
     "podría aclarar 1 de los 7 estudios que pueden coincidir"),
    (1, 1, ({TO_FITS: 1, OPEN_DIFFERENT: 1},), "could settle the one study that may fit",
     "podría aclarar el único estudio que puede coincidir"),
    # A step from open to may fit settles nothing.
    (7, 12, ({OPEN_MAY_FIT: 9}, {OPEN_DIFFERENT: 2, OPEN_MAY_FIT: 3}),
     "could settle up to 2 of the 12 studies that we can't tell yet",
     "podría aclarar hasta 2 de los 12 estudios que aún quedan sin aclarar"),
    (0, 3, ({OPEN_DIFFERENT: 1},), "could settle 1 of the 3 studies that we can't tell yet",
     "podría aclarar 1 de los 3 estudios que aún quedan sin aclarar"),
    (0, 1, ({OPEN_DIFFERENT: 1},), "could settle the one study that we can't tell yet",
     "podría aclarar el único estudio que aún queda sin aclarar"),
    (0, 9, ({OPEN_MAY_FIT: 9}, {}), "could tell us more about some studies",
     "podría decirnos más sobre algunos estudios"),
    (2, 2, ({},), "would settle none of these, but can change which studies come first",
     "no aclararía ninguno de estos, pero puede cambiar cuáles van primero"),
]  # fmt: skip


@pytest.mark.parametrize("counts", COUNTS)
def test_counts_are_told_in_words(
    words: PlanWords, palabras: PlanWords, counts: tuple[int, int, tuple[Changes, ...], str, str]
) -> None:
    may_fit, still, changes, english, spanish = counts
    moved = sum(sum(change.values()) for change in changes)
    one, whole = question(moved, 0, *changes), plan(may_fit=may_fit, open=still)
    assert words.settles(one, whole) == english
    assert palabras.settles(one, whole) == spanish


def test_what_an_answer_changes_is_told_one_level_after_the_other(
    words: PlanWords, palabras: PlanWords
) -> None:
    moved = {(Level.MAY_FIT, Level.FITS): 3, (Level.OPEN, Level.DIFFERENT): 1}
    answer = PossibleAnswer("mutation", moved, 0.5)
    assert words.changes(answer) == (
        "3 that may fit would fit; 1 that we can't tell yet would be about a different situation"
    )
    assert palabras.changes(answer) == (
        "3 que pueden coincidir coincidirían; "
        "1 que aún queda sin aclarar trataría de otra situación"
    )
    assert words.changes(PossibleAnswer("none", {}, 0.5)) == "nothing changes"
    assert palabras.changes(PossibleAnswer("none", {}, 0.5)) == "no cambia nada"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("count", [1, 2])
def test_every_change_of_level_has_its_own_words(
    texts: Mapping[str, Text], language: str, count: int
) -> None:
    words = PlanWords(book(), texts, language)
    changes = [{(a, b): count} for a in MOVING for b in MOVING if a != b]
    told = [words.changes(PossibleAnswer("x", change, 0.1)) for change in changes]
    assert len(set(told)) == len(told) == 20
    assert all(str(count) in one and "{" not in one for one in told)


def test_questions_that_act_only_together_say_so(words: PlanWords, palabras: PlanWords) -> None:
    whole = plan(may_fit=1, open=0)
    joint, silent = (question(n, n, together=("er", "tumor.ESR1")) for n in (1, 0))
    assert words.settles(joint, whole) == (
        "only together with ER, ESR1 – tumor genes: could tell us more about some studies"
    )
    assert palabras.settles(joint, whole).startswith("solo junto con ")
    told = "changes something only together with ER, ESR1 – tumor genes"
    assert words.settles(silent, whole) == told
    assert questions_json(Plan((joint,), 1, 0), words)["questions"][0]["together"] == [
        "er",
        "tumor.ESR1",
    ]


def test_a_number_stands_for_all_from_there_on(words: PlanWords) -> None:
    age = Question("age", None, 1, 0, 0.0, 1.0, (PossibleAnswer("50", {}, 0.3),))
    assert words.answer(age, age.answers[0]).startswith("from 50")


def test_every_text_for_asking_is_used(texts: Mapping[str, Text]) -> None:
    folder = Path(questions.__file__).parents[1]
    source = "".join(
        (folder / file).read_text(encoding="utf-8")
        for file in ("schemas/questions.py", "cli/asking.py")
    )
    composed = ("before_", "after_", *(level.word for level in (Level.MAY_FIT, Level.OPEN)))
    for key in texts:
        if key.startswith("ask."):
            name = re.sub("_(one|single|many)$", "", key.removeprefix("ask."))
            assert name.startswith(composed) or f'"{name}"' in source, key
