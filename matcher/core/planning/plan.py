"""Plan: what to ask next, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from matcher.core.levels import Level


@dataclass(frozen=True)
class PossibleAnswer:
    """One answer that a question could get, and which levels it would change.

    `share` is how likely it is; the shares of one question add up to 1 at most, and what is
    missing is that the question does not arise. Of a list `value` is the one item that is ticked.
    """

    value: str
    changes: Mapping[tuple[Level, Level], int]
    share: float


@dataclass(frozen=True)
class Question:
    """An unanswered question.

    `settles` counts the unsettled studies (may fit, or open) that some answer moves, and
    `settles_may_fit` those of them that may fit now; `top` is how much the first page is expected
    to change, 0 if not at all; `weight` is what the order goes by. `together` names the single
    answers without which none of its answers changes anything; empty when it acts alone.
    """

    key: str
    gene: str | None
    settles: int
    settles_may_fit: int
    top: float
    weight: float
    answers: tuple[PossibleAnswer, ...]
    together: tuple[str, ...] = ()

    @property
    def unit(self) -> str:
        """The single answer that is asked for: ``key`` or ``key.gene``."""
        return f"{self.key}.{self.gene}" if self.gene else self.key


@dataclass(frozen=True)
class Plan:
    """What to ask, most valuable first. `may_fit` and `open` count the listed studies now there.

    `pages` holds what a page of the form is worth where that is more than one question: the page
    of all genes of one kind, by attribute key.
    """

    questions: tuple[Question, ...]
    may_fit: int
    open: int
    pages: Mapping[str, float] = field(default_factory=dict)

    @property
    def settled(self) -> bool:
        """Whether no question can change the first page."""
        return not any(question.top > 0 for question in self.questions)


def page_weights(plan: Plan) -> Mapping[str, float]:
    """What each page of the form is worth, by attribute key: its question, or all its genes."""
    weights: dict[str, float] = {}
    for question in plan.questions:
        weights[question.key] = max(weights.get(question.key, 0.0), question.weight)
    for key, weight in plan.pages.items():
        if key in weights:
            weights[key] = max(weights[key], weight)
    return weights
