"""Labels: the audiences of a study, read by machine where no editor settled them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from matcher.core.conditions import Condition, unread_in
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.reading.labels.audiences import Reader
from matcher.services.merging import audiences

REMEMBERED = 20_000


@dataclass(frozen=True)
class UnreadLabel:
    """An audience with the words of it that nobody could read."""

    audience: str
    words: tuple[str, ...]


class LabelReader:
    """Reads labels by the words of a rulebook, each only once: many studies share theirs."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._reader = Reader(rulebook)
        self._condition = lru_cache(REMEMBERED)(self._read)

    def read(self, study: Study) -> Study:
        """The study with every audience read anew, but for those that an editor settled."""
        return replace(
            study,
            most=self._with_condition(study.most) if study.most else None,
            also=tuple(map(self._with_condition, study.also)),
        )

    def _with_condition(self, audience: Audience) -> Audience:
        if audience.confirmed:
            return audience
        return replace(audience, condition=self._condition(audience.text))

    def _read(self, label: str) -> Condition | None:
        return self._reader.read(label).condition


def unread_labels(study: Study) -> tuple[UnreadLabel, ...]:
    """The audiences of which something was not read."""
    found = []
    for audience in audiences(study):
        condition = audience.condition
        words = (audience.text,) if condition is None else tuple(unread_in(condition))
        if words:
            found.append(UnreadLabel(audience.text, words))
    return tuple(found)
