"""Planner: what to ask next, by what each answer would change (docs/questions.md).

Over the population the planner counts how many of a member's best studies an answer would already
show (its gain), and its part in what they rest on (its credit: a study that rests on three more
answers gives each of them a third). The weight of a question is both together.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.levels import Level
from matcher.core.planning.asking import Open
from matcher.core.planning.interplay import LEAST, with_interplay
from matcher.core.planning.outlook import NONE
from matcher.core.planning.plan import Plan, PossibleAnswer, Question
from matcher.core.planning.scene import Scene, Stage, Tried
from matcher.core.vocabulary import CANCER, STATUS

SELDOM = 0.5
"""Counted as so many members for whom a question arises that arises for none of them."""


class Planner:
    """Plans for one catalogue; made once, used for every person."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.stage = Stage(catalogue)
        self.order = {key: number for number, key in enumerate(catalogue.book.attributes)}

    @property
    def useful(self) -> frozenset[str]:
        """The single answers that some listed study may come to rest on, and what routes."""
        return self.stage.usefulness.useful | {STATUS, CANCER}

    def plan(self, answers: Answers, *, today: date) -> Plan:
        """The open questions that may change something, most valuable first."""
        scene = Scene(self.stage, answers, today=today)
        credit = _credit(scene)
        worth = {
            key: _gain(scene, cols) + credit.get(key, 0.0) for key, cols in scene.pages.items()
        }
        questions = {one.unit: _question(scene, one, worth, credit) for one in scene.tried}
        questions = with_interplay(scene, questions)
        ranked = sorted(questions.values(), key=self._place)
        now = scene.outlook.levels[0]
        genes = {question.key for question in ranked if question.gene is not None}
        return Plan(
            questions=tuple(ranked),
            may_fit=int(np.sum(now == Level.MAY_FIT)),
            open=int(np.sum(now == Level.OPEN)),
            pages={key: weight for key, weight in worth.items() if key in genes},
        )

    def _place(self, question: Question) -> tuple[float, int, str]:
        return -question.weight, self.order[question.key], question.gene or ""


def _gain(scene: Scene, columns: Sequence[int]) -> float:
    """How many of their best studies members would see more, each giving one more answer."""
    seen = scene.outlook.seen
    now = [0] * len(columns)
    return float(np.mean(seen(columns, scene.goals) - seen(now, scene.goals)))


def _credit(scene: Scene) -> Mapping[str, float]:
    """By page and by gene: its part in what a member's best studies rest on."""
    credit: defaultdict[str, float] = defaultdict(float)
    for member, column in enumerate(scene.whole):
        goals, levels = scene.goals[member], scene.outlook.standing[column]
        for row, level in zip(goals.tolist(), levels.tolist(), strict=False):
            missing = scene.missing(row, level, member) if row != NONE else frozenset()
            pages = {unit.partition(".")[0] for unit in missing}
            for name in pages | missing:
                credit[name] += 1 / len(pages) / len(scene.whole)
    return credit


def _question(
    scene: Scene, one: Tried, worth: Mapping[str, float], credit: Mapping[str, float]
) -> Question:
    outlook = scene.outlook
    now = outlook.levels[0]
    chance = _chance(scene, one.question)
    gene = one.question.gene
    answers = tuple(
        PossibleAnswer(t.word, outlook.changes(column), t.share * chance)
        for t, column in zip(one.tries, one.columns, strict=True)
    )
    shares = np.array([answer.share for answer in answers])
    top = float(shares @ scene.page_changes[list(one.columns)])
    drawn = scene.pages[one.key] if gene is None else []
    if one.question.attribute.kind == "many":
        top = float(np.mean(scene.page_changes[drawn])) or top
    moved = outlook.moved[list(one.columns)].any(axis=0)
    few = sum(answer.share * sum(answer.changes.values()) for answer in answers)
    if gene is None:
        value = worth[one.key]
    else:
        value = _gain(scene, scene.gene_columns(one)) + credit.get(one.unit, 0.0)
    may_fit = int(np.sum(moved & (now == Level.MAY_FIT)))
    return Question(
        key=one.key,
        gene=gene,
        settles=may_fit + int(np.sum(moved & (now == Level.OPEN))),
        settles_may_fit=may_fit,
        top=top,
        weight=max(value, 0.0) + LEAST * (few + top),
        answers=answers,
    )


def _chance(scene: Scene, question: Open) -> float:
    """How likely a question arises at all."""
    if question.attribute.asked_when is None:
        return 1.0
    arisen = sum(question.attribute.key in member.said for member in scene.members)
    return max(arisen, SELDOM) / len(scene.members)
