"""People: adding somebody to a panel, and the panel's people as a file."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.text import LANGUAGES
from matcher.records.person_code import FAULTS as CODE_FAULTS
from matcher.services.panels.people import NewPerson, add_person, require_free
from matcher.services.panels.persons import Details, PersonError
from matcher.services.panels.profile import PersonProfile
from matcher.services.panels.walls import OpenPanel, require_kept_up
from matcher.store.database import session
from matcher.web import visiting
from matcher.web.desk.filling import visit_for
from matcher.web.desk.session import with_panel
from matcher.web.language import language, say
from matcher.web.posted import FormError
from matcher.web.site import site

blueprint = Blueprint("desk_people", __name__, url_prefix="/desk/panels/<panel>/people")

CODE, CONSENT = "code", "consent"
FAULTS = {
    ("consent", "missing"): "desk_fault.consent_missing",
    ("language", "unknown"): "desk_fault.language_unknown",
    ("next_visit", "no_date"): "desk_fault.next_visit_no_date",
    ("next_visit", "far"): "desk_fault.next_visit_far",
    ("next_visit", "long_ago"): "desk_fault.next_visit_long_ago",
    ("bring_up_by", "no_date"): "desk_fault.bring_up_by_no_date",
    ("bring_up_by", "far"): "desk_fault.bring_up_by_far",
    ("bring_up_by", "long_ago"): "desk_fault.bring_up_by_long_ago",
}
TAKEN = "taken"


@blueprint.get("/add")
@with_panel
def form(panel: OpenPanel) -> AnyResponse:
    """The form for somebody new: their code, their language, that they agreed."""
    require_kept_up(panel)
    return _form(panel, Details("", language()), consent=False)


@blueprint.post("/add")
@with_panel
def add(panel: OpenPanel) -> AnyResponse:
    """Add them, and go on to the questions."""
    here = site()
    typed = Details(request.form.get(CODE, ""), request.form.get("language", ""))
    consent = CONSENT in request.form
    new = NewPerson(typed, PersonProfile(), consent=consent)
    try:
        with session(here.engine, writing=True) as writing:
            person = add_person(writing, here.desk, panel, new, now=here.clock())
    except PersonError as error:
        return _form(panel, typed, consent=consent, faults=_faults(panel, typed, error, consent))
    if request.form.get("then") == "later":
        target = url_for(
            "desk_person.page",
            panel=panel.panel.public_id,
            person=person.public_id,
            done="added",
        )
        return redirect(target, code=303)
    response = redirect(url_for("questions.resume"), code=303)
    visiting.begin_with(response, visit_for(panel, person))
    return response


def person_fault(error: PersonError) -> FormError:
    """What to mend in what was said of a person."""
    known = FAULTS.get((error.field, error.fault))
    if known is None:
        return code_fault_text(error.fault, error.field)
    return FormError(str(say(known).unescape()), error.field)


def code_fault_text(fault: str, anchor: str) -> FormError:
    """What to mend in a code."""
    word = fault if fault in (*CODE_FAULTS, TAKEN) else CODE_FAULTS[-1]
    return FormError(str(say(f"person_code.{word}").unescape()), anchor)


def read_day(name: str) -> date | None:
    """A date of the form, None if it is empty. Raises `PersonError`."""
    typed = request.form.get(name, "").strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise PersonError(name, "no_date") from None


def _faults(panel: OpenPanel, typed: Details, first: PersonError, consent: bool) -> list[FormError]:
    """All that is to be mended at once: the fault found first, and the consent or the code."""
    missing = PersonError(CONSENT, "missing")
    if first.field != CONSENT:
        return [person_fault(first)] + ([] if consent else [person_fault(missing)])
    try:
        with session(site().engine) as reading:
            require_free(reading, panel, typed.checked().code)
    except PersonError as taken:
        return [person_fault(taken), person_fault(first)]
    return [person_fault(first)]


def _form(
    panel: OpenPanel, typed: Details, *, consent: bool, faults: Sequence[FormError] = ()
) -> AnyResponse:
    page = render_template(
        "desk/person_add.html",
        panel=panel,
        typed=typed,
        consent=consent,
        languages=LANGUAGES,
        fault=faults[0] if faults else None,
        faults=faults,
    )
    return make_response(page, 422 if faults else 200)
