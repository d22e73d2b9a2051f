"""Work: one person and one study, with why, state, shares and notes; all work of a panel."""

from __future__ import annotations

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.catalogue import Catalogue
from matcher.core.change import smallest_change
from matcher.core.levels import Level
from matcher.core.matching import match
from matcher.core.study import Study
from matcher.schemas.stored_answers import answers_from_stored
from matcher.services.cards import Card, groups_of, self_told
from matcher.services.panels import desk_view, work
from matcher.services.panels.history import NOTE, SHARE, STATE, history_of
from matcher.services.panels.left_out import left_out
from matcher.services.panels.people import read_person
from matcher.services.panels.persons import ChangedMeanwhileError, Person
from matcher.services.panels.walls import OpenPanel
from matcher.services.panels.work import (
    LONGEST_NOTE,
    LONGEST_REASON,
    NewNote,
    StudyGoneError,
    Wanted,
    WorkError,
)
from matcher.store.database import session
from matcher.store.panel_people import ACTIVE
from matcher.store.panel_work import NEW, STATES
from matcher.web.desk.session import with_panel
from matcher.web.desk.study import listed_study
from matcher.web.language import language, say, speaker
from matcher.web.missing import missing_answers
from matcher.web.posted import FormError
from matcher.web.site import site

blueprint = Blueprint("desk_work", __name__, url_prefix="/desk/panels/<panel>")

UNSETTLED = (Level.MAY_FIT, Level.OPEN)
DONE = ("state", "note")
MOST = {"reason": LONGEST_REASON, "text": LONGEST_NOTE}


@blueprint.get("/people/<person>/studies/<key>")
@with_panel
def pair(panel: OpenPanel, person: str, key: str) -> AnyResponse:
    """Why a study stands where it does for a person, and how far it is with them."""
    return _pair(panel, person, key)


@blueprint.post("/people/<person>/studies/<key>/state")
@with_panel
def set_state(panel: OpenPanel, person: str, key: str) -> AnyResponse:
    """Say how far the study is with the person."""
    here, form = site(), request.form
    wanted = Wanted(key, form.get("state", ""), form.get("reason", ""), form.get("seen"))
    try:
        with session(here.engine, writing=True) as writing:
            work.set_state(writing, here.desk, panel, person, wanted, now=here.clock())
    except ChangedMeanwhileError:
        fault = FormError(str(say("pair.meanwhile").unescape()), "state")
        return _pair(panel, person, key, fault=fault, typed=wanted, status=409)
    except WorkError as error:
        return _pair(panel, person, key, fault=_fault(error), typed=wanted)
    except StudyGoneError:
        abort(404)
    if form.get("back") == "study":
        target = url_for("desk_study.page", panel=panel.panel.public_id, key=key)
        return redirect(f"{target}#{person}", code=303)
    return _to_pair(panel, person, key, "state")


@blueprint.post("/people/<person>/studies/<key>/notes")
@with_panel
def add_note(panel: OpenPanel, person: str, key: str) -> AnyResponse:
    """Add a note about the study and the person."""
    here, new = site(), NewNote(request.form.get("text", ""), key)
    try:
        with session(here.engine, writing=True) as writing:
            work.add_note(writing, here.desk, panel, person, new, now=here.clock())
    except WorkError as error:
        return _pair(panel, person, key, fault=_fault(error), note=new.text)
    except StudyGoneError:
        abort(404)
    return _to_pair(panel, person, key, "note")


@blueprint.get("/work")
@with_panel
def page(panel: OpenPanel) -> str:
    """What is going on with whom: states, shares and notes, the newest first."""
    here = site()
    chosen = request.args.get("state", "")
    with session(here.engine) as reading:
        found = desk_view.pursuits(reading, here.desk, panel, now=here.clock())
    shown = [one for one in found if not chosen or one.state == chosen]
    matcher = here.matcher()
    return render_template(
        "desk/work.html",
        panel=panel,
        rows=[(one, matcher.study(one.study)) for one in shown],
        count=len(found),
        states=STATES[1:],
        chosen=chosen if chosen in STATES else "",
    )


def _pair(
    panel: OpenPanel,
    public_id: str,
    key: str,
    *,
    fault: FormError | None = None,
    typed: Wanted | None = None,
    note: str = "",
    status: int = 422,
) -> AnyResponse:
    here, study, now = site(), listed_study(key), site().clock()
    with session(here.engine) as reading:
        person = read_person(reading, here.desk, panel, public_id, now=now)
        events = history_of(reading, here.desk, panel, public_id)
    mine = [one for one in events if one.study == key]
    state = next((one for one in mine if one.kind == STATE), None)
    current = (state.state if state else None) or NEW
    # Texts are about somebody else, whatever visit is open in this browser.
    g.visit, g.cared_for, g.at_desk = None, True, True
    card = _card(study, person)
    reasons = card.match.reasons
    is_open = card.match.level in UNSETTLED
    units = card.to_ask(reasons) if is_open else ()
    text = render_template(
        "desk/study_pair.html",
        panel=panel,
        person=person,
        study=study,
        card=card,
        groups=groups_of(reasons),
        also=[reason for reason in reasons if reason.strength == "also"],
        questions=card.doctor_questions(units),
        tells=self_told(units, card.book),
        missing=_missing(card, person) if is_open else [],
        state=current,
        stated=state,
        states=STATES,
        chosen=typed.state if typed and typed.state in STATES else current,
        reason=typed.reason if typed else (state.text if state else ""),
        shares=[one for one in mine if one.kind == SHARE],
        notes=[one for one in mine if one.kind == NOTE],
        note=note,
        leaves_out=key in left_out(here.matcher(), person.profile.leave_out),
        is_active=person.standing == ACTIVE,
        done=request.args.get("done") if request.args.get("done") in DONE else None,
        fault=fault,
    )
    return make_response(text, status if fault else 200)


def _card(study: Study, person: Person) -> Card:
    here = site()
    alone = Catalogue.compile(here.rulebook, [study], finder=here.matcher().catalogue.finder)
    answers = answers_from_stored(person.profile.answers, here.rulebook)
    found = match(
        alone, answers, today=here.today, language=language(), cared_for=True, at_desk=True
    )
    return Card(found.matches[0], here.rulebook, speaker())


def _missing(card: Card, person: Person) -> list[object]:
    """The open answers that would make the label fit, in words."""
    here = site()
    answers = answers_from_stored(person.profile.answers, here.rulebook)
    steps = smallest_change(here.matcher().catalogue, card.study, answers, today=here.today)
    return [*missing_answers(steps or (), card.book)]


def _fault(error: WorkError) -> FormError:
    most = MOST.get(error.field, 0)
    if error.field == "reason":
        text = say(f"pair.reason_{error.fault}", most=most)
    elif error.field == "text":
        text = say(f"pair.text_{error.fault}", most=most)
    else:
        text = say("pair.state_unknown")
    return FormError(str(text.unescape()), error.field)


def _to_pair(panel: OpenPanel, person: str, key: str, done: str) -> AnyResponse:
    target = url_for(
        "desk_work.pair", panel=panel.panel.public_id, person=person, key=key, done=done
    )
    return redirect(target, code=303)
