"""Answers read together with others: merged lists, and genes beside pairs and panels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import product
from random import Random
from typing import Any

import pytest

from matcher.core.answers import Answers, Result, Value
from matcher.core.catalogue import Catalogue
from matcher.core.finder import FactFinder
from matcher.core.levels import Level
from matcher.core.matching import match
from matcher.core.planning.asking import with_answer
from matcher.core.planning.beside import Beside
from matcher.core.planning.sayings import Sayings
from matcher.core.questions import Plan, rank_questions
from matcher.core.study import Study
from matcher.schemas.profiles import read_answers
from tests.core.small import TODAY, study
from tests.kept import shipped_book

MERGED = ("treatments", "treatments_now", "inherited", "tumor")
HORMONES: dict[str, Any] = {
    "cancer_status": "now", "cancer": ["breast"], "extent": "metastatic",
    "treatments": ["hormone_therapy"], "er": "declined", "triple_negative": "declined",
}  # fmt: skip
PANEL: dict[str, Any] = {
    **HORMONES,
    "inherited": {"any": "none", "BRCA1": "not_tested"},
    "treatments_now": "declined",
}
PAIR: dict[str, Any] = {
    "cancer_status": "never",
    "inherited": {"BRCA": "mutation", "BRCA1": "none"},
}
CHEMOTHERAPY: dict[str, Any] = {
    "cancer_status": "now",
    "cancer": ["ovarian"],
    "treatments": ["chemotherapy"],
}
AROMATASE = study("a", None, also=[("er_positive", "had_aromatase_inhibitor")])
MUTATION = study("a", None, also=[("er_positive", "inherited_any")])
BRCA = study("a", "inherited_BRCA")
TREATED = [
    study("a", ("ovarian_cancer", {"not": "had_radiation"})),
    study("b", "had_surgery"),
    study("c", ("now_chemotherapy", "had_lumpectomy")),
    study("d", {"not": "now_radiation"}),
    study("e", None, also=[("ovarian_cancer", {"not": "had_mastectomy"})]),
]


@cache
def finder() -> FactFinder:
    """The finder of facts under the shipped rules."""
    return FactFinder(shipped_book())


def compiled(*studies: Study) -> Catalogue:
    return Catalogue.compile(finder().vocabulary.book, studies, finder=finder())


def person(told: dict[str, Any]) -> Answers:
    return read_answers(told, finder().vocabulary.book)


def levels(catalogue: Catalogue, answers: Answers) -> dict[str, Level]:
    return {one.study.key: one.level for one in match(catalogue, answers, today=TODAY).matches}


def possible(answers: Answers) -> Iterator[tuple[str, str, str, Value]]:
    """Unit, word, key and value of every answer to the open ones of these questions."""
    for key in MERGED:
        attribute = finder().vocabulary.book.attributes[key]
        is_open = key not in answers.given and key not in answers.declined
        for option in attribute.options:
            gene = option.value
            told = answers.results(key).get(gene)
            if attribute.kind == "many" and is_open:
                yield key, gene, key, (gene,)
            elif attribute.kind == "results" and (told is None or told.result == "not_tested"):
                for word in ("mutation", "none"):
                    yield f"{key}.{gene}", word, key, {gene: Result(word)}


def check(catalogue: Catalogue, answers: Answers) -> tuple[Plan, int]:
    """Compare every answer with a match of the person who gave it; the plan and how many change."""
    plan = rank_questions(catalogue, answers, today=TODAY)
    told = {
        (question.unit, answer.value): answer.changes
        for question in plan.questions
        for answer in question.answers
    }
    before, moved = levels(catalogue, answers), 0
    for unit, word, key, value in possible(answers):
        later = with_answer(answers, key, value)
        if finder().find(later, today=TODAY).contradictions:
            continue
        after = levels(catalogue, later)
        changes = Counter((before[k], after[k]) for k in before if before[k] != after[k])
        assert told.get((unit, word), {}) == dict(changes), (unit, word)
        moved += bool(changes)
    return plan, moved


@pytest.mark.parametrize(
    ("studies", "told", "unit", "word", "change"),
    [
        ([AROMATASE], HORMONES, "treatments_now", "tamoxifen", (Level.OPEN, Level.DIFFERENT)),
        ([MUTATION], PANEL, "inherited.BRCA1", "none", (Level.OPEN, Level.DIFFERENT)),
        ([BRCA], PAIR, "inherited.BRCA2", "none", (Level.FITS, Level.DIFFERENT)),
    ],
    ids=["merged", "panel", "pair"],
)
def test_an_answer_that_changes_what_others_say_is_asked_for(
    studies: list[Study], told: dict[str, Any], unit: str, word: str, change: tuple[Level, Level]
) -> None:
    plan, moved = check(compiled(*studies), person(told))
    assert moved
    assert not plan.settled
    question = next(one for one in plan.questions if one.unit == unit)
    answer = next(one for one in question.answers if one.value == word)
    assert answer.changes == {change: 1}


def test_lists_that_say_the_same_by_themselves_are_not_taken_for_one() -> None:
    _, moved = check(compiled(*TREATED), person(CHEMOTHERAPY))
    assert moved > 3


def test_every_answer_changes_what_the_plan_says_for_drawn_people() -> None:
    random, moved = Random(3), 0
    book = finder().vocabulary.book
    lists = [o.value for o in book.attributes["treatments"].options if not o.exclusive]
    genes = ["BRCA1", "BRCA2", "BRCA", "PALB2", "LYNCH", "MLH1", "any"]
    tags = [*(f"had_{one}" for one in lists), *(f"inherited_{gene}" for gene in genes)]
    tags = [tag for tag in tags if book.knows(tag)]
    studies = [study(f"s{at}", None, also=[(tag, "women")]) for at, tag in enumerate(tags)]
    studies += [study(f"m{at}", tag) for at, tag in enumerate(tags)]
    catalogue = compiled(*studies)
    for _ in range(12):
        results = {
            gene: random.choice(("none", "none", "not_tested", "uncertain"))
            for gene in random.sample(genes, 3)
        }
        told = {
            "cancer_status": "now",
            "cancer": ["breast"],
            random.choice(("treatments", "treatments_now")): sorted(random.sample(lists, 2)),
            "inherited": {**results, random.choice(genes): random.choice(("none", "mutation"))},
        }
        answers = person(told)
        if not finder().find(answers, today=TODAY).contradictions:
            moved += check(catalogue, answers)[1]
    assert moved > 50


def test_two_genes_complete_a_panel_only_together() -> None:
    told = {**PANEL, "inherited": {"any": "none", "BRCA1": "not_tested", "PALB2": "not_tested"}}
    plan, _ = check(compiled(MUTATION), person(told))
    by_unit = {one.unit: one for one in plan.questions}
    assert not plan.settled
    assert by_unit["inherited.BRCA1"].together == ("inherited.PALB2",)
    assert by_unit["inherited.PALB2"].together == ("inherited.BRCA1",)


def test_what_stands_alone_says_no_more_beside_others() -> None:
    answers = person({"treatments": ["surgery"], "inherited": {"BRCA1": "none"}, "age": 40})
    beside = Beside(Sayings(finder()), answers, sound=answers, today=TODAY)
    genes = product(("PALB2", "BRCA2"), ("mutation", "none"))
    for gene, word in genes:
        assert beside.more(f"inherited.{gene}", {gene: Result(word)}) == 0
    assert beside.more("er", "positive") == 0
    assert not beside.is_read_with("er")
    assert beside.is_read_with("treatments_now")
    assert beside.more("treatments_now", ("lumpectomy",))
