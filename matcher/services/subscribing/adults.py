"""Adults: mails, questions and results are for people of 18 and more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

AGE = "age"
ADULT = 18


def is_adult(answers: Mapping[str, Any]) -> bool:
    """Whether answers (a profile's, as its public JSON) are not about a child: of an age that
    nobody told it is taken that it is an adult's."""
    age = answers.get(AGE)
    return not isinstance(age, int) or age >= ADULT
