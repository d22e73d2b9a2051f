"""Settled: when the plan says that nothing changes the first page any more, no answer does."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.planning.asking import with_answer
from matcher.core.planning.outlook import look
from matcher.core.questions import rank_questions
from matcher.core.study import Study
from tests.core.possible import possible_answers
from tests.core.small import TODAY, catalogue, finder, study

ENOUGH = 12
TAGS = (
    "women", "men", "er_positive", "her2_positive", "age_at_least:50", "age_at_most:39",
    "told_high_risk", "breasts_removed", "ashkenazi", "inherited_PALB2", "young",
)  # fmt: skip


def random_studies(random: Random) -> list[Study]:
    """More than a page, most of them for people with an ER-positive cancer."""
    return [study(f"s{number}", _audience(random), _also(random)) for number in range(13)]


def _audience(random: Random) -> Any:
    if random.random() < 0.75:
        return random.choice(["er_positive", "breast_cancer", ("er_positive", "women")])
    alternatives = [tuple(random.sample(TAGS, 2)) for _ in range(random.choice([1, 2]))]
    return alternatives if len(alternatives) > 1 else alternatives[0]


def _also(random: Random) -> list[Any]:
    return [tuple(random.sample(TAGS, 2))] if random.random() < 0.3 else []


def random_answers(random: Random, compiled: Catalogue) -> Answers:
    given: dict[str, Any] = {
        "cancer_status": "now", "cancer": ("breast",), "main_cancer": "breast", "er": "positive",
    }  # fmt: skip
    answers = Answers(given)
    for unit, values in possible_answers(compiled, answers, today=TODAY):
        told = with_answer(answers, unit.partition(".")[0], random.choice(values)[1])
        if random.random() < 0.6 and not finder().find(told, today=TODAY).contradictions:
            answers = told
    return answers


def pages_after(compiled: Catalogue, answers: Answers, count: int) -> list[Any]:
    """The first pages after every `count` answers that contradict nothing, and before."""
    open_ = possible_answers(compiled, answers, today=TODAY)
    people = [answers]
    for units in combinations(open_, count):
        several = [answers]
        for unit, values in units:
            key = unit.partition(".")[0]
            # A list is ticked as a whole.
            whole = [_whole(value) for _, value in values]
            several = [with_answer(told, key, value) for told in several for value in whole]
        people += several
    sound = [p for p in people if not finder().find(p, today=TODAY).contradictions]
    return look(compiled, sound, today=TODAY).page.tolist()


def _whole(value: Any) -> Any:
    return tuple(v for v in value if v != "unknown") if isinstance(value, tuple) else value


def test_once_settled_no_answer_and_no_two_change_the_first_page() -> None:
    random = Random(5)
    settled = unsettled = 0
    while settled < ENOUGH or unsettled < ENOUGH:
        compiled = catalogue(*random_studies(random))
        answers = random_answers(random, compiled)
        plan = rank_questions(compiled, answers, today=TODAY)
        if len(plan.questions) == 0 or (settled if plan.settled else unsettled) >= ENOUGH:
            continue
        now, *then = pages_after(compiled, answers, 1)
        if plan.settled:
            settled += 1
            assert all(page == now for page in then), answers
            now, *then = pages_after(compiled, answers, 2)
            assert all(page == now for page in then), answers
        else:
            unsettled += 1
            together = any(question.together for question in plan.questions)
            assert together or any(
                page != now for page in (*then, *pages_after(compiled, answers, 2))
            )
