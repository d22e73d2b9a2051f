"""Corrections: in which version of a study what is told of it last became another."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.core.study import Audience, Study


def told_version(study: Study, version: int, earlier: Sequence[tuple[int, Study]]) -> int:
    """The oldest version that tells the same as this one, and all between them too.

    `earlier` are the versions before it, newest first. Its link, its dates, its references, its
    topics may differ: no mail and no page tells of them as of the review's own content.
    """
    for number, before in earlier:
        if not _tells_the_same(before, study):
            break
        version = number
    return version


def _tells_the_same(one: Study, other: Study) -> bool:
    return _plainly(one) == _plainly(other) and _same_audiences(one, other)


def _plainly(study: Study) -> tuple[object, ...]:
    return (
        study.title,
        study.kind,
        study.ratings,
        study.marks,
        study.events,
        study.standing,
        study.summary,
        study.sections,
    )


def _same_audiences(one: Study, other: Study) -> bool:
    ours, theirs = (one.most, *one.also), (other.most, *other.also)
    return len(ours) == len(theirs) and all(map(_is_same, ours, theirs))


def _is_same(one: Audience | None, other: Audience | None) -> bool:
    if one is None or other is None:
        return one is other
    # What a machine read follows from the words and the rules. Rules change often, and what an
    # earlier version was read by is not what this one is.
    by_machine = not (one.confirmed or other.confirmed)
    return one.text == other.text and (by_machine or one.condition == other.condition)
