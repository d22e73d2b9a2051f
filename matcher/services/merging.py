"""Merging: a draft laid over what is known of a study. What a source is silent on stays."""

from __future__ import annotations

from dataclasses import fields, replace

from matcher.core.study import Audience, Ratings, Study
from matcher.reading.reviews.drafts import Draft

RATING_FIELDS = tuple(part.name for part in fields(Ratings))
STUDY_FIELDS = tuple(part.name for part in fields(Study))


def merge(known: Study, draft: Draft) -> Study:
    """The known study with everything that the draft states; the key stays."""
    stated = {
        name: getattr(draft.study, name)
        for name in STUDY_FIELDS
        if name in draft.stated and name not in ("key", "marks")
    }
    ratings = {
        name: getattr(draft.study.ratings, name) for name in RATING_FIELDS if name in draft.stated
    }
    merged = replace(known, **stated, ratings=replace(known.ratings, **ratings))
    marks = tuple(dict.fromkeys((*_marks(merged), *_set_by_editors(known), *draft.study.marks)))
    settled = {audience.text: audience for audience in audiences(known) if audience.confirmed}
    return replace(
        merged,
        marks=marks,
        most=_kept(merged.most, settled) if merged.most else None,
        also=tuple(_kept(audience, settled) for audience in merged.also),
    )


def audiences(study: Study) -> tuple[Audience, ...]:
    """All audiences of a study, "most" first."""
    return (*((study.most,) if study.most else ()), *study.also)


def without_readings(study: Study) -> Study:
    """The study without what machines read into its labels: what a source says of it."""
    return replace(
        study,
        most=_unread(study.most) if study.most else None,
        also=tuple(map(_unread, study.also)),
    )


def _kept(audience: Audience, settled: dict[str, Audience]) -> Audience:
    """What an editor settled stays, as long as the words are the same."""
    return audience if audience.confirmed else settled.get(audience.text, audience)


def _unread(audience: Audience) -> Audience:
    return audience if audience.confirmed else replace(audience, condition=None)


def _marks(study: Study) -> tuple[str, ...]:
    """The marks that follow from a study's kind and ratings."""
    timeline = study.ratings.research_timeline
    holds = {
        "lab": timeline == "Laboratory",
        "animal": timeline == "Animal Studies",
        "weak": study.ratings.strength_of_science == "Low",
        "not_research": study.kind == "Personal Story",
    }
    return tuple(mark for mark, on in holds.items() if on)


def _set_by_editors(study: Study) -> tuple[str, ...]:
    derived = _marks(study)
    return tuple(mark for mark in study.marks if mark not in derived)
