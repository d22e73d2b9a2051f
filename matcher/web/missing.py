"""Missing: the answers that are not known yet and would make a study's label fit, in words."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.core.change import Step
from matcher.core.rulebook import Rulebook
from matcher.schemas.spoken import Missing
from matcher.web.spoken import answer_words


def missing_answers(steps: Iterable[Step], book: Rulebook) -> list[Missing]:
    """The steps in words, those of one list together, in form order."""
    return answer_words(book).missing(steps)
