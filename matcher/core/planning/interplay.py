"""Interplay: what answers change only together.

Two answers may do together what neither does alone ("women with dense breasts, or men at high
risk"). A question that changes nothing alone is tried in pairs with every other; and once no
question alone changes the first page, all pairs are tried. Three and more that act only together
are found as far as a member of the population, who answers everything, shows them. At most
`MOST_TRIED` people are tried: the pairs that share most unsettled studies come first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray

from matcher.core.answers import Answers
from matcher.core.levels import Level
from matcher.core.planning.asking import with_answer
from matcher.core.planning.hypotheses import Try
from matcher.core.planning.outlook import NONE
from matcher.core.planning.plan import Question
from matcher.core.planning.scene import Scene, Tried

MOST_TRIED = 96
SETTLED = 0.001
"""What a settled study counts beside an unsettled one, once the first page seems settled."""
LEAST = 0.001
"""What a changed study is worth beside a found one: enough to order what finds none."""


@dataclass(frozen=True)
class Joint:
    """What two answers change together: which studies, how many of them, how much of the page."""

    moved: NDArray[np.bool_]
    few: float
    top: float


def is_inert(question: Question) -> bool:
    """Whether no answer to a question changes anything by itself."""
    return not (question.top or question.settles or any(a.changes for a in question.answers))


def with_interplay(scene: Scene, questions: dict[str, Question]) -> dict[str, Question]:
    """The questions by unit, those that act only together included, those without effect not."""
    found = dict(questions)
    quiet = not any(question.top for question in questions.values())
    inert = frozenset(unit for unit, one in questions.items() if is_inert(one))
    # An answer may still overrule a silence by which a study is settled. That is asked for nobody,
    # but a page is not called settled before it was tried.
    weight = SETTLED if quiet else 0.0
    for pair, joint in _joints(scene, questions.keys() if quiet else inert, settled=weight):
        for one, other in (pair, pair[::-1]):
            alone = questions[one.unit]
            found[one.unit] = _joined(scene, found[one.unit], alone, other.unit, joint)
    if not any(question.top for question in found.values()):
        _add_seen_in_members(scene, found)
    return {unit: one for unit, one in found.items() if one.together or not is_inert(one)}


def _joined(
    scene: Scene, question: Question, alone: Question, other: str, joint: Joint
) -> Question:
    """The question with what it does together with another, if that is the most so far."""
    if not is_inert(alone):
        return replace(question, top=max(question.top, joint.top))
    now = scene.outlook.levels[0]
    may_fit = int(np.sum(joint.moved & (now == Level.MAY_FIT)))
    settles = may_fit + int(np.sum(joint.moved & (now == Level.OPEN)))
    if not joint.moved.any() or (joint.top, settles) <= (question.top, question.settles):
        return question
    return replace(
        question,
        settles=settles,
        settles_may_fit=may_fit,
        top=joint.top,
        weight=alone.weight + LEAST * (joint.few + joint.top),
        together=(other,),
    )


def _joints(
    scene: Scene, wanted: Collection[str], *, settled: float
) -> Iterator[tuple[tuple[Tried, Tried], Joint]]:
    """The pairs worth a try, with what they change together."""
    people: list[Answers] = []
    shares: list[float] = []
    alone: list[tuple[int, int]] = []
    runs = []
    # While the first page still changes, what acts only together is no more than worth a mention.
    most = MOST_TRIED if settled else MOST_TRIED // 2
    telling = {one.unit: _telling(scene, one) for one in scene.tried}
    for one, other in _pairs(scene, wanted, settled=settled):
        firsts, seconds = telling[one.unit], telling[other.unit]
        if len(people) + len(firsts) * len(seconds) > most:
            continue
        both = [
            (first, second)
            for first, second in product(firsts, seconds)
            if scene.goes_together(first.said, second.said)
        ]
        for first, second in both:
            told = with_answer(scene.batch.answers, one.key, first.said.value)
            people.append(with_answer(told, other.key, second.said.value))
            shares.append(first.share * second.share)
            alone.append((_column(one, first), _column(other, second)))
        runs.append(((one, other), range(len(people) - len(both), len(people))))
    if not people:
        return
    outlook, now = scene.look_again(people), scene.outlook
    # What one of the two answers does alone is no interplay.
    moves = outlook.levels != now.levels[:1]
    changes = np.array(outlook.page_changes(now.page[0]))
    for part in np.array(alone).T:
        moves &= outlook.levels != now.levels[part]
        by_page = {column: outlook.page_changes(now.page[column]) for column in set(part.tolist())}
        beside = [by_page[column][at] for at, column in enumerate(part.tolist())]
        changes = np.minimum(changes, beside)
    for pair, run in runs:
        few = sum(shares[column] * int(moves[column].sum()) for column in run)
        top = sum(shares[column] * float(changes[column]) for column in run)
        yield pair, Joint(moves[run].any(axis=0), few, top)


def _pairs(scene: Scene, wanted: Collection[str], *, settled: float) -> list[tuple[Tried, Tried]]:
    """Pairs with one that is wanted that bear on the same unsettled studies, most of them first.

    Before all others come results that a panel or a pair of genes waits for.
    """
    tried = scene.tried
    usefulness, now = scene.stage.usefulness, scene.outlook.levels[0]
    unsettled = (now == Level.MAY_FIT) | (now == Level.OPEN) | (now == Level.RELATED)
    bearing = usefulness.bears_on[:, [usefulness.place[one.unit] for one in tried]]
    shared = _shared(bearing[unsettled]) + (settled * _shared(bearing) if settled else 0.0)
    is_wanted = [one.unit in wanted for one in tried]
    found = [
        (one, other)
        for one, other in combinations(range(len(tried)), 2)
        if shared[one, other] and (is_wanted[one] or is_wanted[other])
    ]
    awaited = [scene.is_awaited(one) for one in tried]
    found.sort(key=lambda pair: (-(awaited[pair[0]] and awaited[pair[1]]), -shared[pair]))
    return [(tried[one], tried[other]) for one, other in found]


def _shared(bearing: NDArray[np.bool_]) -> NDArray[np.int64]:
    """On how many rows each two columns both bear: [columns × columns]."""
    packed = np.packbits(bearing, axis=0).T
    padded = np.pad(packed, ((0, 0), (0, -packed.shape[1] % 8)))
    words = np.ascontiguousarray(padded).view(np.uint64)
    both = np.bitwise_count(words[:, None] & words[None])
    shared: NDArray[np.int64] = both.sum(axis=2, dtype=np.int64)
    return shared


def _column(tried: Tried, one: Try) -> int:
    """The column of the outlook where only this answer is given."""
    return next(
        column for other, column in zip(tried.tries, tried.columns, strict=True) if other is one
    )


def _telling(scene: Scene, tried: Tried) -> list[Try]:
    return [one for one in tried.tries if scene.tells(one)]


def _add_seen_in_members(scene: Scene, found: dict[str, Question]) -> None:
    """What several answers of one member, who answers everything, bring to the first page."""
    outlook = scene.outlook
    for member, column in enumerate(scene.whole):
        is_new = ~np.isin(outlook.page[column], outlook.page[0])
        rows, levels = outlook.rows[column][is_new], outlook.standing[column][is_new]
        for row, level in zip(rows.tolist(), levels.tolist(), strict=True):
            missing = scene.missing(row, level, member) if row != NONE else frozenset()
            for unit in missing:
                question = found[unit]
                alone = is_inert(question) and not question.together
                others = tuple(sorted(missing - {unit})) if alone else question.together
                top = question.top + 1 / len(missing) / len(scene.whole)
                found[unit] = replace(question, top=top, together=others)
