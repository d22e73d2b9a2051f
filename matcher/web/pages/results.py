"""Results: the matches by level, the fitting ones open, the others folded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, render_template, request

from matcher.core.levels import Level
from matcher.core.matching import Outcome, Ranking
from matcher.services.cards import Card, stages
from matcher.services.visits import Visit
from matcher.web import visiting
from matcher.web.best import best_of
from matcher.web.contradictions import conflicts, set_aside
from matcher.web.filters import Filter, chosen_filter
from matcher.web.language import speaker
from matcher.web.site import site
from matcher.web.spoken import said_answers
from matcher.web.way import hard_of, outcome_of, passed_by, way_of

blueprint = Blueprint("results", __name__, url_prefix="/results")

OPEN_LEVELS = (Level.FITS, Level.MAY_FIT, Level.RELATED)
SHOWN_PER_LEVEL = 4
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
    passed: frozenset[str]

    @property
    def count(self) -> int:
        """How many reviews stand at this level and are not left out."""
        return len(self.plain) + len(self.tender)

    @property
    def first(self) -> list[Card]:
        """The cards on the results page itself."""
        return self.cards(_first(self.plain))

    @property
    def first_tender(self) -> list[Card]:
        """The folded cards on the results page itself."""
        return self.cards(_first(self.tender))

    @property
    def has_more(self) -> bool:
        """Whether some cards are only on the level's own page."""
        return len(_first(self.plain)) < len(self.plain)

    @property
    def has_more_tender(self) -> bool:
        """Whether some folded cards are only on their own page."""
        return len(_first(self.tender)) < len(self.tender)

    def cards(self, places: Sequence[int]) -> list[Card]:
        """The cards of some places."""
        book = site().rulebook
        return [Card(self.matches[place], book, speaker(), self.passed) for place in places]


def _first(places: Sequence[int]) -> Sequence[int]:
    # A link to a single card more would take as much room as half the card.
    return places if len(places) <= SHOWN_PER_LEVEL + 1 else places[:SHOWN_PER_LEVEL]


@blueprint.get("")
@visiting.with_adult
def results(visit: Visit) -> str:
    """All levels."""
    outcome, narrowed = outcome_of(visit), chosen_filter()
    groups = {level: _group(level, outcome, visit, narrowed) for level in Level}
    said = [one for one in said_answers(visit, site().rulebook) if one.known]
    return render_template(
        "pages/results.html",
        groups={group.level: group for group in groups.values()},
        open_levels=[level.word for level in OPEN_LEVELS],
        folded_levels=[level.word for level in Level if level not in OPEN_LEVELS],
        total=sum(group.count for group in groups.values()),
        left_out=sum(group.left_out for group in groups.values()),
        has_studies=len(outcome.matches) > 0,
        nothing=not any(groups[level].count for level in OPEN_LEVELS),
        narrowed=narrowed,
        conflicts=conflicts(outcome, visit),
        aside=set_aside(outcome),
        notes=[text for _, text in outcome.notes],
        said=said,
        best=best_of(visit, most=MOST_BEST, narrowed=narrowed),
        more_questions=bool(way_of(visit).waiting),
        stages=stages,
    )


@blueprint.get("/<level>")
@visiting.with_adult
def level(visit: Visit, level: str) -> str:
    """All reviews of one level, page by page; with ``folded=1`` those on hard ground."""
    wanted = next((one for one in Level if one.word == level), None)
    number = request.args.get("page", "1")
    if wanted is None or not (number.isascii() and number.isdigit() and len(number) < 6):
        abort(404)
    start = (max(int(number), 1) - 1) * SHOWN_PER_PAGE
    narrowed = chosen_filter()
    group = _group(wanted, outcome_of(visit), visit, narrowed)
    folded = request.args.get("folded") == "1"
    places = group.tender if folded else group.plain
    cards = group.cards(places[start : start + SHOWN_PER_PAGE])
    if not cards and (start or (folded and not narrowed.is_on)):
        abort(404)
    return render_template(
        "pages/level.html",
        group=group,
        cards=cards,
        narrowed=narrowed,
        number=max(int(number), 1),
        folded=folded,
        has_next=start + SHOWN_PER_PAGE < len(places),
        stages=stages,
    )


def _group(level: Level, outcome: Outcome, visit: Visit, narrowed: Filter) -> LevelGroup:
    matches = outcome.matches
    all_places = matches.places(level)
    places = narrowed.of(matches, all_places)
    tender = set(hard_of(visit, outcome, all_places)).intersection(places)
    plain = [place for place in places if place not in tender] if tender else places
    shown = [] if visit.leave_out else sorted(tender)
    left_out = len(tender) - len(shown)
    return LevelGroup(level.word, matches, plain, shown, left_out, passed_by(visit))
