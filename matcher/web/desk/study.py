"""Study: one study and whom of a panel it concerns, now and if something were settled; sharing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.change import Step
from matcher.core.levels import Level
from matcher.core.machine.day import HIDDEN
from matcher.core.study import Study
from matcher.core.text import LANGUAGES
from matcher.services.cards import LOUD_MARKS, rated, stages, web_link
from matcher.services.panels import desk_view, work
from matcher.services.panels.desk_view import StudyBoard
from matcher.services.panels.left_out import left_out
from matcher.services.panels.persons import Person
from matcher.services.panels.walls import OpenPanel
from matcher.services.panels.work import StudyGoneError, ToShare
from matcher.services.screening.reach import IfSettled, Unsettled
from matcher.store.database import session
from matcher.store.panel_work import NEW, STATES, StudyShare
from matcher.web.desk.session import with_panel
from matcher.web.language import say
from matcher.web.pages.study import printed
from matcher.web.posted import FormError
from matcher.web.site import site
from matcher.web.spoken import answer_words
from matcher.web.units import unit_name

blueprint = Blueprint("desk_study", __name__, url_prefix="/desk/panels/<panel>/studies/<key>")

MOST_UNITS, MOST_ANSWERS, MOST_CODES = 6, 3, 12
WHO, OWN = "who", "own"
QUICK_STATES = STATES[:-1]
"""Those that need no reason."""


@dataclass(frozen=True)
class Reached:
    """One person and how far the study is with them: the state, and when it was last shared.

    `leaves_out`: the person asked not to hear of what it is about.
    """

    person: Person
    state: str
    share: StudyShare | None
    leaves_out: bool


@dataclass(frozen=True)
class IfAnswered:
    """What one answer would do: how many more would fit, or drop out, and their codes."""

    answer: str
    count: int
    codes: tuple[str, ...]
    drops: bool = False


@dataclass(frozen=True)
class Settling:
    """One question that is open: its name, of how many people it is not known, what would be."""

    name: str
    people: int
    answers: tuple[IfAnswered, ...]


@blueprint.get("")
@with_panel
def page(panel: OpenPanel, key: str) -> AnyResponse:
    """Whom the study reaches."""
    return _page(panel, key)


@blueprint.post("/share")
@with_panel
def share(panel: OpenPanel, key: str) -> AnyResponse:
    """Note that it was shared with those who are ticked."""
    here, people = site(), list(dict.fromkeys(request.form.getlist(WHO)))
    language = request.form.get("language", OWN)
    if language not in (OWN, *LANGUAGES):
        abort(400)
    if not people:
        return _page(panel, key, fault=FormError(str(say("share.nobody").unescape()), WHO))
    what = ToShare(key, people, None if language == OWN else language)
    try:
        with session(here.engine, writing=True) as writing:
            done = work.share(writing, panel, what, now=here.clock())
    except StudyGoneError:
        abort(404)
    target = url_for(
        "desk_study.page",
        panel=panel.panel.public_id,
        key=key,
        shared=len(done.people),
        passed=len(done.passed_over) or None,
    )
    return redirect(target, code=303)


def listed_study(key: str) -> Study:
    """The study, if it is in any list; else there is no such page."""
    study = site().matcher().study(key)
    if study is None or study.standing in HIDDEN:
        abort(404)
    return study


def _page(panel: OpenPanel, key: str, *, fault: FormError | None = None) -> AnyResponse:
    here, matcher, study = site(), site().matcher(), listed_study(key)
    with session(here.engine) as reading:
        board = desk_view.study_board(
            reading, here.desk, panel, study, matcher, today=here.today, now=here.clock()
        )
    # A navigator who has answers of somebody open in this browser reads about all others too.
    g.visit = None
    text = render_template(
        "desk/study.html",
        panel=panel,
        study=study,
        board=board,
        link=web_link(study.url),
        most=printed(study.most) if study.most else None,
        also=[printed(audience) for audience in study.also],
        ratings=rated(study.ratings),
        stages=stages(study.ratings),
        marks=[(mark, mark in LOUD_MARKS) for mark in _marks(study)],
        levels=[(level, _reached(board, level)) for level in Level],
        settling=[_settling(one, board) for one in _helpful(board.reach.unsettled)],
        ticked=set(request.form.getlist(WHO)),
        languages=LANGUAGES,
        states=QUICK_STATES,
        shared=_count("shared"),
        passed=_count("passed"),
        fault=fault,
    )
    return make_response(text, 422 if fault else 200)


def _marks(study: Study) -> tuple[str, ...]:
    catalogue = site().matcher().catalogue
    place = catalogue.studies.index(study)
    return catalogue.on(site().today).marks[place]


def _reached(board: StudyBoard, level: Level) -> list[Reached]:
    """The people at a level, by code."""
    matcher, key = site().matcher(), board.study.key
    people = [board.crowd.people[number] for number in board.reach.at(level)]
    topics = {person.profile.leave_out for person in people}
    leaves_out = {these: bool(these) and key in left_out(matcher, these) for these in topics}
    found = [
        Reached(
            person,
            board.states.get(person.public_id, NEW),
            board.shares.get(person.public_id),
            leaves_out[person.profile.leave_out],
        )
        for person in people
    ]
    return sorted(found, key=lambda one: one.person.place)


def _helpful(unsettled: Sequence[Unsettled]) -> list[Unsettled]:
    return [one for one in unsettled if one.most_fit][:MOST_UNITS]


def _settling(one: Unsettled, board: StudyBoard) -> Settling:
    fitting = sorted(
        _joined([answer for answer in one.answers if answer.fit]),
        key=lambda answer: -len(answer.fit),
    )
    told = [_if(one.unit, answer, answer.fit, board) for answer in fitting[:MOST_ANSWERS]]
    dropping = max(one.answers, key=lambda answer: len(answer.drop), default=None)
    if dropping is not None and dropping.drop:
        told.append(_if(one.unit, dropping, dropping.drop, board, drops=True))
    return Settling(unit_name(one.unit), len(one.people), tuple(told))


def _joined(answers: Sequence[IfSettled]) -> list[IfSettled]:
    """The answers; of numbers that follow each other and do the same for the same people, one."""
    joined: list[IfSettled] = []
    for answer in answers:
        last = joined[-1] if joined else None
        if last is not None and _goes_on(last, answer):
            assert last.span is not None
            assert answer.span is not None
            joined[-1] = replace(last, span=(last.span[0], answer.span[1]))
        else:
            joined.append(answer)
    return joined


def _goes_on(last: IfSettled, answer: IfSettled) -> bool:
    follow = last.span and answer.span and last.span[1] + 1 == answer.span[0]
    return bool(follow) and last.fit == answer.fit


def _if(
    unit: str,
    answer: IfSettled,
    people: Sequence[int],
    board: StudyBoard,
    *,
    drops: bool = False,
) -> IfAnswered:
    step = Step(unit, answer.value, span=answer.span)
    words = answer_words(site().rulebook).missing([step])[0].answer
    codes = tuple(board.crowd.people[number].code for number in people[:MOST_CODES])
    return IfAnswered(words, len(people), codes, drops)


def _count(name: str) -> int:
    word = request.args.get(name, "")
    return int(word) if len(word) < 6 and word.isascii() and word.isdecimal() else 0
