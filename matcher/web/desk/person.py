"""Person: all that is known of one person of a panel, what there is for them, their answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.levels import Level
from matcher.core.matching import Match, Outcome
from matcher.services.cards import Card
from matcher.services.hard_topics import hard_places
from matcher.services.panels import organising
from matcher.services.panels.history import NOTE, SHARE, STATE, Event, history_of
from matcher.services.panels.left_out import HARD, left_out
from matcher.services.panels.people import read_person
from matcher.services.panels.persons import Person
from matcher.services.panels.walls import OpenPanel
from matcher.store.database import session
from matcher.store.panel_work import NEW
from matcher.web import visiting
from matcher.web.best import best_of
from matcher.web.contradictions import conflicts
from matcher.web.desk.filling import is_for, visit_for
from matcher.web.desk.session import with_panel
from matcher.web.desk.told import names_of, told_facts, topic_names
from matcher.web.language import listed, speaker
from matcher.web.site import site
from matcher.web.way import outcome_of

blueprint = Blueprint("desk_person", __name__, url_prefix="/desk/panels/<panel>/people/<person>")

SHOWN_LEVELS = (Level.FITS, Level.MAY_FIT, Level.RELATED, Level.OPEN)
SHOWN_PER_LEVEL = 4
MOST_FOLDED = 16
MOST_BEST = 5
MOST_EVENTS = 50
DONE = (
    *("added", "answers", "same", "details", "handed_over", "noted", "fact", "meanwhile"),
    *("brought_back", "alive", "kept_meanwhile"),
)


@dataclass(frozen=True)
class StudyCard:
    """A study for a person: its card, how far it is with them, its notes and when it was shared."""

    card: Card
    state: str
    reason: str
    notes: Sequence[Event]
    shared: datetime | None


@dataclass(frozen=True)
class LevelOfStudies:
    """One level: how many studies stand there, the first cards in sight, further ones and those on
    hard ground (some of each), how many are left out."""

    level: str
    count: int
    first: Sequence[StudyCard]
    more: Sequence[StudyCard]
    hard: Sequence[StudyCard]
    rest: int
    left_out: int


@blueprint.get("")
@with_panel
def page(panel: OpenPanel, person: str) -> AnyResponse:
    """All of it."""
    return make_response(person_page(panel, person))


@blueprint.get("/answers")
@with_panel
def resume(panel: OpenPanel, person: str) -> AnyResponse:
    """Back to the answers that were being changed; else to the person."""
    if is_for(visiting.open_visit(), panel, person):
        return redirect(url_for("check.check"), code=303)
    return to_person(panel, person)


@blueprint.post("/answers")
@with_panel
def answers(panel: OpenPanel, person: str) -> AnyResponse:
    """Open the patients' form with the person's answers, at one question or to see them all."""
    here, key = site(), request.form.get("key", "").partition(".")[0]
    with session(here.engine) as reading:
        found = read_person(reading, here.desk, panel, person, now=here.clock())
    if key in here.rulebook.attributes:
        origin: dict[str, Any] = {"from": "check"}
        target = url_for("questions.ask", key=key, **origin)
    else:
        target = url_for("check.check" if found.profile.answers else "questions.resume")
    response = redirect(target, code=303)
    if not is_for(visiting.open_visit(), panel, person):
        visiting.begin_with(response, visit_for(panel, found))
    return response


def person_page(panel: OpenPanel, public_id: str) -> str:
    """The person's page."""
    here, now = site(), site().clock()
    with session(here.engine) as reading:
        found = read_person(reading, here.desk, panel, public_id, now=now)
        events = history_of(reading, here.desk, panel, public_id)
        members = organising.members_of(reading, panel)
    waiting = is_for(visiting.open_visit(), panel, public_id)
    visit = visit_for(panel, found)
    g.visit, g.cared_for, g.at_desk = None, True, True
    outcome = outcome_of(visit)
    done = request.args.get("done")
    return render_template(
        "desk/person.html",
        panel=panel,
        person=found,
        members=members,
        facts=told_facts(found.profile),
        levels=[_level(level, outcome, found, events) for level in SHOWN_LEVELS],
        conflicts=conflicts(outcome, visit),
        notes=[text for _, text in outcome.notes],
        best=best_of(visit, most=MOST_BEST, not_sure_last=False) if found.profile.answers else [],
        own_notes=[one for one in events if one.kind == NOTE and one.study is None],
        events=events[:MOST_EVENTS],
        titles=titles_of(events),
        unit_names=lambda units: listed(names_of(units)),
        topics=topic_names(found.profile.leave_out),
        waiting=waiting,
        today=here.today,
        done=done if done in DONE else None,
    )


def _level(
    level: Level, outcome: Outcome, person: Person, events: Sequence[Event]
) -> LevelOfStudies:
    matcher = site().matcher()
    places = outcome.matches.places(level)
    out = left_out(matcher, person.profile.leave_out)
    hard = set(hard_places(matcher, outcome, places))
    hides_hard = HARD in person.profile.leave_out
    studies = zip(places, outcome.matches.studies(places), strict=True)
    shown = [
        place
        for place, study in studies
        if study.key not in out and not (hides_hard and place in hard)
    ]

    def cards(chosen: Sequence[int]) -> list[StudyCard]:
        return [_card(outcome.matches[place], events) for place in chosen]

    plain = [place for place in shown if place not in hard]
    cut = len(plain) if len(plain) <= SHOWN_PER_LEVEL + 1 else SHOWN_PER_LEVEL
    more, tender = plain[cut:MOST_FOLDED], [place for place in shown if place in hard]
    return LevelOfStudies(
        level.word,
        count=len(shown),
        first=cards(plain[:cut]),
        more=cards(more),
        hard=cards(tender[:MOST_FOLDED]),
        rest=len(plain[MOST_FOLDED:]) + len(tender[MOST_FOLDED:]),
        left_out=len(places) - len(shown),
    )


def _card(match: Match, events: Sequence[Event]) -> StudyCard:
    mine = [one for one in events if one.study == match.study.key]
    state = next((one for one in mine if one.kind == STATE), None)
    return StudyCard(
        Card(match, site().rulebook, speaker()),
        state=(state.state if state else None) or NEW,
        reason=state.text if state else "",
        notes=[one for one in mine if one.kind == NOTE],
        shared=next((one.at for one in mine if one.kind == SHARE), None),
    )


def titles_of(events: Sequence[Event]) -> dict[str, str]:
    """The titles of the studies that events are about; those that are gone have none."""
    found = {one.study: site().matcher().study(one.study) for one in events if one.study}
    return {key: study.title for key, study in found.items() if study is not None}


def to_person(panel: OpenPanel, person: str, *, done: str | None = None) -> AnyResponse:
    """To the page of a person."""
    target = url_for("desk_person.page", panel=panel.panel.public_id, person=person, done=done)
    return redirect(target, code=303)


def read_now(reading: Session, panel: OpenPanel, public_id: str) -> Person:
    """A person as they stand now; the trail notes that they were read."""
    here = site()
    return read_person(reading, here.desk, panel, public_id, now=here.clock())
