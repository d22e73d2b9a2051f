"""Results: the matches by level, the fitting ones open, the others folded."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.levels import Level
from matcher.core.matching import Outcome
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
SHOWN_PER_LEVEL = 20
SHOWN_PER_PAGE = 50
MOST_BEST = 3


@dataclass(frozen=True)
class LevelGroup:
    """One level's cards: those shown, those folded as tender ground, and how many more."""

    level: str
    cards: list[Card]
    tender: list[Card]
    left_out: int

    @property
    def count(self) -> int:
        """How many reviews stand at this level and are not left out."""
        return len(self.cards) + len(self.tender)

    @property
    def first(self) -> list[Card]:
        """The cards on the results page itself."""
        return self.cards[:SHOWN_PER_LEVEL]

    @property
    def more(self) -> int:
        """How many cards have a page of their own."""
        return max(0, len(self.cards) - SHOWN_PER_LEVEL)


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
    """All reviews of one level, page by page."""
    if is_young(visit):
        return redirect(url_for("start.young"), code=303)
    wanted = next((one for one in Level if one.word == level), None)
    number = request.args.get("page", "1")
    if wanted is None or not (number.isascii() and number.isdigit() and len(number) < 6):
        abort(404)
    start = (max(int(number), 1) - 1) * SHOWN_PER_PAGE
    group = _group(wanted, outcome_of(visit), visit)
    cards = group.cards[start : start + SHOWN_PER_PAGE]
    if not cards and start:
        abort(404)
    return render_template(
        "pages/level.html",
        group=group,
        cards=cards,
        number=max(int(number), 1),
        has_next=start + SHOWN_PER_PAGE < len(group.cards),
        stages=stages,
    )


def _group(level: Level, outcome: Outcome, visit: Visit) -> LevelGroup:
    book = site().rulebook
    cards = [Card(match, book) for match in outcome.matches if match.level == level]
    # What is "different" is folded already and says only what it is about.
    hard = hard_topics(site().matcher()) if level < Level.DIFFERENT else frozenset()
    tender = [card for card in cards if card.study.key in hard and card.is_tender]
    keys = {card.study.key for card in tender}
    plain = [card for card in cards if card.study.key not in keys]
    if visit.leave_out:
        return LevelGroup(level.word, plain, [], len(tender))
    return LevelGroup(level.word, plain, tender, 0)
