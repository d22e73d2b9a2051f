"""Results: the matches by level, the fitting ones open, the others folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.levels import Level
from matcher.core.matching import Outcome, Ranking
from matcher.core.truth import Truth
from matcher.services.visits import Visit
from matcher.web import visiting
from matcher.web.best import tell_best
from matcher.web.cards import Card, hard_topics, stages
from matcher.web.contradictions import conflicts, set_aside
from matcher.web.site import site
from matcher.web.spoken import said_answers
from matcher.web.way import best_questions, is_young, outcome_of, way_of

blueprint = Blueprint("results", __name__, url_prefix="/results")

OPEN_LEVELS = (Level.FITS, Level.MAY_FIT, Level.RELATED)
SHOWN_PER_LEVEL = 10
SHOWN_PER_PAGE = 50
MOST_BEST = 3


@dataclass(frozen=True)
class LevelGroup:
    """One level: the places of what is shown and of what is folded as hard ground; how many are
    left out. Cards are made of what a page shows."""

    level: str
    matches: Ranking
    plain: Sequence[int]
    tender: Sequence[int]
    left_out: int

    @property
    def count(self) -> int:
        """How many reviews stand at this level and are not left out."""
        return len(self.plain) + len(self.tender)

    @property
    def first(self) -> list[Card]:
        """The cards on the results page itself."""
        return self.cards(self.plain[:SHOWN_PER_LEVEL])

    @property
    def first_tender(self) -> list[Card]:
        """The folded cards on the results page itself."""
        return self.cards(self.tender[:SHOWN_PER_LEVEL])

    @property
    def more(self) -> int:
        """How many cards have a page of their own."""
        return max(0, len(self.plain) - SHOWN_PER_LEVEL)

    @property
    def more_tender(self) -> int:
        """How many folded cards have a page of their own."""
        return max(0, len(self.tender) - SHOWN_PER_LEVEL)

    def cards(self, places: Sequence[int]) -> list[Card]:
        """The cards of some places."""
        return [Card(self.matches[place], site().rulebook) for place in places]


@blueprint.get("")
@visiting.with_visit
def results(visit: Visit) -> AnyResponse | str:
    """All levels."""
    if is_young(visit):
        return redirect(url_for("start.young"), code=303)
    outcome = outcome_of(visit)
    groups = [_group(level, outcome, visit) for level in Level]
    return render_template(
        "pages/results.html",
        groups={group.level: group for group in groups},
        open_levels=[level.word for level in OPEN_LEVELS],
        folded_levels=[level.word for level in Level if level not in OPEN_LEVELS],
        total=len(outcome.matches),
        nothing=not any(groups[level].count for level in OPEN_LEVELS),
        conflicts=conflicts(outcome, visit),
        aside=set_aside(outcome),
        notes=[text for _, text in outcome.notes],
        said=[one for one in said_answers(visit, site().rulebook) if one.known],
        best=[tell_best(question, visit) for question in best_questions(visit, most=MOST_BEST)],
        more_questions=bool(way_of(visit).waiting),
        stages=stages,
    )


@blueprint.get("/<level>")
@visiting.with_visit
def level(visit: Visit, level: str) -> AnyResponse | str:
    """All reviews of one level, page by page; with ``folded=1`` those on hard ground."""
    if is_young(visit):
        return redirect(url_for("start.young"), code=303)
    wanted = next((one for one in Level if one.word == level), None)
    number = request.args.get("page", "1")
    if wanted is None or not (number.isascii() and number.isdigit() and len(number) < 6):
        abort(404)
    start = (max(int(number), 1) - 1) * SHOWN_PER_PAGE
    group = _group(wanted, outcome_of(visit), visit)
    folded = request.args.get("folded") == "1"
    places = group.tender if folded else group.plain
    cards = group.cards(places[start : start + SHOWN_PER_PAGE])
    if not cards and (start or folded):
        abort(404)
    return render_template(
        "pages/level.html",
        group=group,
        cards=cards,
        number=max(int(number), 1),
        folded=folded,
        has_next=start + SHOWN_PER_PAGE < len(places),
        stages=stages,
    )


def _group(level: Level, outcome: Outcome, visit: Visit) -> LevelGroup:
    matches = outcome.matches
    places = matches.places(level)
    # What is "different" is folded already and says only what it is about.
    if level >= Level.DIFFERENT:
        return LevelGroup(level.word, matches, places, [], 0)
    hard = hard_topics(site().matcher())
    verdicts = {tag: outcome.verdict(tag) for tag in frozenset().union(*hard.values())}
    concerning = {tag for tag, verdict in verdicts.items() if verdict == Truth.YES}
    tender = [
        place
        for place, study in zip(places, matches.studies(places), strict=True)
        if study.key in hard and not hard[study.key] & concerning
    ]
    folded = set(tender)
    plain = [place for place in places if place not in folded] if tender else places
    if visit.leave_out:
        return LevelGroup(level.word, matches, plain, [], len(tender))
    return LevelGroup(level.word, matches, plain, tender, 0)
