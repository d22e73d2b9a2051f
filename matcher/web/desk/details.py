"""Details: what is decided about a person beside their answers: dates, owner, standing, notes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.text import LANGUAGES
from matcher.services.panels import erasing, people, work
from matcher.services.panels.facts import units_of
from matcher.services.panels.left_out import topics_of
from matcher.services.panels.people import NewAnswers
from matcher.services.panels.persons import (
    ChangedMeanwhileError,
    Details,
    Person,
    PersonError,
    Seen,
)
from matcher.services.panels.profile import REPORT, SOURCES, Fact
from matcher.services.panels.walls import OpenPanel, require_kept_up
from matcher.services.panels.work import NewNote, WorkError
from matcher.store.database import session
from matcher.web.desk.keeping import is_past
from matcher.web.desk.people import CODE, person_fault, read_day
from matcher.web.desk.person import read_now, to_person
from matcher.web.desk.session import with_panel
from matcher.web.desk.told import topic_names
from matcher.web.language import say
from matcher.web.posted import FormError
from matcher.web.site import site
from matcher.web.units import unit_name, unit_words

blueprint = Blueprint("desk_details", __name__, url_prefix="/desk/panels/<panel>/people/<person>")

FURTHEST = timedelta(days=5 * 366)
TURNS: dict[str, tuple[Callable[..., None], str]] = {
    "archive": (people.archive, "put_away"),
    "bring-back": (people.bring_back, "brought_back"),
    "died": (people.mark_died, "died"),
    "alive": (people.take_death_back, "alive"),
}
LEAVING = ("archive", "died")


@blueprint.get("/details")
@with_panel
def form(panel: OpenPanel, person: str) -> AnyResponse:
    """Code, language, dates and topics to leave out."""
    require_kept_up(panel)
    found = _read(panel, person)
    given = Details(
        found.code, found.language, found.next_visit, found.bring_up_by, found.profile.leave_out
    )
    return _form(panel, found, given)


@blueprint.post("/details")
@with_panel
def change(panel: OpenPanel, person: str) -> AnyResponse:
    """Keep them."""
    here, found = site(), _read(panel, person)
    seen = Seen(person, request.form.get("version", 0, type=int))
    given = Details(
        request.form.get(CODE, ""),
        request.form.get("language", ""),
        leave_out=tuple(
            topic for topic in topics_of(here.matcher()) if topic in request.form.getlist("topic")
        ),
    )
    try:
        given = Details(
            given.code,
            given.language,
            _near(read_day("next_visit"), "next_visit"),
            _near(read_day("bring_up_by"), "bring_up_by"),
            given.leave_out,
        )
        with session(here.engine, writing=True) as writing:
            people.change_details(writing, here.desk, panel, seen, given, now=here.clock())
    except PersonError as error:
        return _form(panel, found, given, fault=person_fault(error))
    except ChangedMeanwhileError:
        return _form(panel, found, given, fault=_meanwhile())
    return to_person(panel, person, done="details")


@blueprint.post("/hand-over")
@with_panel
def hand_over(panel: OpenPanel, person: str) -> AnyResponse:
    """Let another member look after the person."""
    here = site()
    seen = Seen(person, request.form.get("version", 0, type=int))
    try:
        with session(here.engine, writing=True) as writing:
            people.hand_over(
                writing, panel, seen, to=request.form.get("owner", ""), now=here.clock()
            )
    except PersonError:
        # The form offers no such member: they were taken out meanwhile.
        return to_person(panel, person, done="meanwhile")
    except ChangedMeanwhileError:
        return to_person(panel, person, done="meanwhile")
    return to_person(panel, person, done="handed_over")


@blueprint.post("/notes")
@with_panel
def add_note(panel: OpenPanel, person: str) -> AnyResponse:
    """Add a note about the person."""
    here = site()
    new = NewNote(request.form.get("text", ""), request.form.get("study") or None)
    try:
        with session(here.engine, writing=True) as writing:
            work.add_note(writing, here.desk, panel, person, new, now=here.clock())
    except WorkError as error:
        found = _read(panel, person)
        text = say(f"desk_note.{error.fault}", most=work.LONGEST_NOTE)
        fault = FormError(str(text.unescape()), "text")
        page = render_template(
            "desk/person_note.html", panel=panel, person=found, typed=new.text, fault=fault
        )
        return make_response(page, 422)
    return to_person(panel, person, done="noted")


@blueprint.get("/<any(archive, died, erase):what>")
@with_panel
def confirm(panel: OpenPanel, person: str, what: str) -> AnyResponse:
    """Ask before somebody leaves the lists, or is erased."""
    if what in LEAVING:
        require_kept_up(panel)
    page = render_template(
        "desk/person_confirm.html", panel=panel, person=_read(panel, person), what=what
    )
    return make_response(page)


@blueprint.post("/<any(archive, 'bring-back', died, alive):what>")
@with_panel
def turn(panel: OpenPanel, person: str, what: str) -> AnyResponse:
    """Put a person away, or take them up again."""
    here = site()
    act, done = TURNS[what]
    with session(here.engine, writing=True) as writing:
        act(writing, panel, person, now=here.clock())
    if what in LEAVING:
        target = url_for("desk_panel.page", panel=panel.panel.public_id, done=done)
        return redirect(target, code=303)
    return to_person(panel, person, done=done)


@blueprint.post("/erase")
@with_panel
def erase(panel: OpenPanel, person: str) -> AnyResponse:
    """Erase all that is kept of the person."""
    here = site()
    with session(here.engine, writing=True) as writing:
        erasing.erase(writing, here.desk, panel, person, now=here.clock())
    return redirect(
        url_for("desk_panel.page", panel=panel.panel.public_id, done="erased"), code=303
    )


@blueprint.get("/facts/<unit>")
@with_panel
def fact_form(panel: OpenPanel, person: str, unit: str) -> AnyResponse:
    """Where one fact comes from, and when it was found."""
    require_kept_up(panel)
    return _fact_form(panel, _read(panel, person), unit)


@blueprint.post("/facts/<unit>")
@with_panel
def change_fact(panel: OpenPanel, person: str, unit: str) -> AnyResponse:
    """Keep that; it also says that the fact still holds."""
    here, found = site(), _read(panel, person)
    source, on = request.form.get("source", ""), request.form.get("on", "").strip()
    if source not in SOURCES or not is_past(on):
        text = say("desk_fact.date_fault" if source in SOURCES else "desk_fact.source_fault")
        fault = FormError(str(text.unescape()), "on" if source in SOURCES else "source")
        return _fact_form(panel, found, unit, fault=fault, given=(source, on))
    new = NewAnswers(
        found.profile.answers, {unit: Fact(source, on, here.clock().isoformat())}, source
    )
    seen = Seen(person, request.form.get("version", 0, type=int))
    try:
        with session(here.engine, writing=True) as writing:
            people.change_answers(writing, here.desk, panel, seen, new, now=here.clock())
    except ChangedMeanwhileError:
        return to_person(panel, person, done="meanwhile")
    return to_person(panel, person, done="fact")


def _fact_form(
    panel: OpenPanel,
    person: Person,
    unit: str,
    *,
    fault: FormError | None = None,
    given: tuple[str, str] | None = None,
) -> AnyResponse:
    units = units_of(person.profile.answers)
    if unit not in units:
        abort(404)
    fact = person.profile.facts.get(unit)
    source, on = given or ((fact.source, fact.on or "") if fact else (REPORT, ""))
    page = render_template(
        "desk/person_fact.html",
        panel=panel,
        person=person,
        unit=unit,
        name=unit_name(unit),
        words=unit_words(unit, units[unit]),
        source=source,
        sources=SOURCES,
        on=on,
        fault=fault,
    )
    return make_response(page, 422 if fault else 200)


def _form(
    panel: OpenPanel, person: Person, given: Details, *, fault: FormError | None = None
) -> AnyResponse:
    topics = topics_of(site().matcher())
    page = render_template(
        "desk/person_details.html",
        panel=panel,
        person=person,
        given=given,
        topics=dict(zip(topics, topic_names(topics), strict=True)),
        languages=LANGUAGES,
        fault=fault,
    )
    return make_response(page, 422 if fault else 200)


def _read(panel: OpenPanel, public_id: str) -> Person:
    with session(site().engine) as reading:
        return read_now(reading, panel, public_id)


def _near(day: date | None, field: str) -> date | None:
    """A date of the form that lies neither long ago nor far away; raises `PersonError`."""
    if day is not None and abs(day - site().today) > FURTHEST:
        raise PersonError(field, "far" if day > site().today else "long_ago")
    return day


def _meanwhile() -> FormError:
    return FormError(str(say("desk_person.done_meanwhile").unescape()), CODE)
