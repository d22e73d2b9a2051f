"""Askable: what a person may be asked for, and what a doctor may be asked about them.

Cards, the pages of studies and the sheet ask alike: only what makes sense for this person by the
rules, only about what they told of, and what they passed over on hard ground never again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matcher.core.answers import UNKNOWN, Answers
from matcher.core.matching import Explain
from matcher.core.planning.grounded import is_grounded
from matcher.core.questions import is_asked
from matcher.core.rulebook import Rulebook

SURGERY, TREATMENTS = "risk_reducing_surgery", "treatments"


@dataclass(frozen=True)
class Askable:
    """Says which answers (``key`` or ``key.gene``) may be asked of the person of `explain`.

    `passed` are the keys of questions that they did not want to answer, or could not.
    """

    explain: Explain
    passed: frozenset[str] = frozenset()

    def __call__(self, unit: str) -> bool:
        """Whether to ask for one answer."""
        explainer, key = self.explain(), unit.partition(".")[0]
        attribute, answers = explainer.book.attributes[key], self.explain.answers
        return (
            not {key, unit} & answers.declined
            and key not in self.passed
            and is_grounded(attribute, answers)
            and is_asked(explainer.catalogue, attribute, explainer.facts)
        )

    def of_doctor(self, unit: str) -> bool:
        """Whether a doctor can be asked for it: of organs, only after surgery."""
        told = unit != SURGERY or _had_surgery(self.explain().book, self.explain.answers)
        return told and self(unit)


def _had_surgery(book: Rulebook, answers: Answers) -> bool:
    treatments = book.attributes.get(TREATMENTS)
    kinds = {"surgery", *(treatments.narrower_than("surgery") if treatments else ())}
    removed = set(answers.listed(SURGERY)) - {UNKNOWN}
    return bool(removed or kinds.intersection(answers.listed(TREATMENTS)))


def passed_over(answers: Mapping[str, Any], book: Rulebook) -> frozenset[str]:
    """The keys of questions on hard ground that have an answer already, "I'm not sure" as well:
    there not answering is an answer. `answers` are a profile's, as its public JSON."""
    return frozenset(key for key, one in book.attributes.items() if one.tender and key in answers)
