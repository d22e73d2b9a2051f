"""Grounded: whether a question takes for granted only what was told.

Nobody is asked about a cancer that they did not name. `is_asked` is looser: it drops a question
only if its condition is surely not met, and "another one, I am not sure which" leaves each open.
"""

from __future__ import annotations

from matcher.core.answers import UNKNOWN, Answers
from matcher.core.rulebook import Attribute

ALWAYS = ("cancer_status", "cancer")
MAIN = "main_cancer"
HAD_CANCER = ("now", "past")


def is_grounded(attribute: Attribute, answers: Answers) -> bool:
    """Whether what a question takes for granted was told: that there is this cancer, or spread."""
    if attribute.key in ALWAYS:
        return True
    named = set(answers.listed("cancer")) - {UNKNOWN}
    if attribute.key == MAIN:
        return len(named) > 1
    if attribute.key == "lines" and answers.given.get("extent") != "metastatic":
        return False
    if attribute.about == MAIN:
        return bool(named) or answers.given.get("cancer_status") in HAD_CANCER
    return attribute.about == "person" or attribute.about in named
