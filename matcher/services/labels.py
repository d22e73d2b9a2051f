"""Labels: the audiences of a study, read by machine where no editor settled them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matcher.core.conditions import AllOf, Condition, Unread, unread_in
from matcher.core.study import Audience, Study
from matcher.reading.audiences import Reader
from matcher.reading.gaps import lost_words
from matcher.services.merging import audiences


@dataclass(frozen=True)
class UnreadLabel:
    """An audience with the words of it that nobody could read."""

    audience: str
    words: tuple[str, ...]


def read_labels(study: Study, reader: Reader) -> Study:
    """The study with every audience read anew, but for those that an editor settled."""
    return replace(
        study,
        most=_read(study.most, reader) if study.most else None,
        also=tuple(_read(audience, reader) for audience in study.also),
    )


def unread_labels(study: Study) -> tuple[UnreadLabel, ...]:
    """The audiences of which something was not read."""
    found = []
    for audience in audiences(study):
        condition = audience.condition
        words = (audience.text,) if condition is None else tuple(unread_in(condition))
        if words:
            found.append(UnreadLabel(audience.text, words))
    return tuple(found)


def _read(audience: Audience, reader: Reader) -> Audience:
    if audience.confirmed:
        return audience
    condition = reader.read(audience.text).condition
    return replace(audience, condition=_with_gaps(condition, audience.text))


def _with_gaps(condition: Condition | None, label: str) -> Condition | None:
    """Where a word is missing, whatever was read is at most unknown: nobody guesses the word."""
    gaps = lost_words(label)
    if condition is None or not gaps or any(unread_in(condition)):
        return condition
    return AllOf((condition, *map(Unread, gaps)))
