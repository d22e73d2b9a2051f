"""Keeping: answers that were entered in the patients' form become those of a panel's person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.panels.facts import changed_units, result_date, units_of
from matcher.services.panels.people import NewAnswers, change_answers
from matcher.services.panels.persons import ChangedMeanwhileError, Person, Seen
from matcher.services.panels.profile import REPORT, TOLD, Fact
from matcher.services.panels.walls import OpenPanel
from matcher.services.visits import Visit
from matcher.store.database import session
from matcher.web import visiting
from matcher.web.desk.filling import is_for
from matcher.web.desk.person import read_now, to_person
from matcher.web.desk.session import with_panel
from matcher.web.language import say
from matcher.web.site import site
from matcher.web.units import unit_name, unit_words

blueprint = Blueprint(
    "desk_keeping", __name__, url_prefix="/desk/panels/<panel>/people/<person>/answers"
)

MONTH = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


def is_past(on: str) -> bool:
    """Whether a date, a month or a year that was typed is one, and none that is to come."""
    return MONTH.fullmatch(on) is not None and on <= site().today.isoformat()


@dataclass(frozen=True)
class Differing:
    """One fact as it stands now and as it was entered, in words."""

    name: str
    now: str
    entered: str


@blueprint.post("/keep")
@with_panel
@visiting.with_adult
def keep(visit: Visit, panel: OpenPanel, person: str) -> AnyResponse:
    """Keep them, in the version in which they were opened."""
    if not is_for(visit, panel, person):
        abort(404)
    here = site()
    source = request.form.get("source", TOLD)
    on = request.form.get("on", "").strip()
    if source not in (REPORT, TOLD) or (on and not is_past(on)):
        return redirect(url_for("check.check", kept="date"), code=303)
    seen = Seen(person, visit.person_version or 0)
    with session(here.engine) as reading:
        before = read_now(reading, panel, person)
    new = NewAnswers(visit.answers, _facts(before, visit.answers, source, on), source)
    try:
        with session(here.engine, writing=True) as writing:
            changed = change_answers(writing, here.desk, panel, seen, new, now=here.clock())
    except ChangedMeanwhileError:
        return _conflict(panel, before, visit)
    response = to_person(panel, person, done="answers" if changed else "same")
    visiting.end(response)
    return response


@blueprint.post("/over")
@with_panel
@visiting.with_adult
def keep_over(visit: Visit, panel: OpenPanel, person: str) -> AnyResponse:
    """Look again with what was entered, over what somebody else kept meanwhile."""
    if not is_for(visit, panel, person):
        abort(404)
    with session(site().engine) as reading:
        now = read_now(reading, panel, person)
    if request.form.get("version") != str(now.version):
        return _conflict(panel, now, visit)
    visiting.change(visit, lambda open_now: replace(open_now, person_version=now.version))
    return redirect(url_for("check.check"), code=303)


@blueprint.post("/drop")
@with_panel
def drop(panel: OpenPanel, person: str) -> AnyResponse:
    """Leave the form; nothing of the person is changed."""
    response = to_person(panel, person)
    if is_for(visiting.open_visit(), panel, person):
        visiting.end(response)
    return response


def _facts(before: Person, answers: Mapping[str, Any], source: str, on: str) -> dict[str, Fact]:
    """Where and when the facts that are other now were found, if a date was told."""
    if not on:
        return {}
    units, noted_at = units_of(answers), site().clock().isoformat()
    changed = changed_units(before.profile.answers, answers)
    return {
        unit: Fact(source, result_date(units[unit]) or on, noted_at)
        for unit in changed
        if unit in units
    }


def _conflict(panel: OpenPanel, now: Person, visit: Visit) -> AnyResponse:
    stands, entered = units_of(now.profile.answers), units_of(visit.answers)
    none = str(say("desk_conflict.none"))
    differing = [
        Differing(
            unit_name(unit),
            unit_words(unit, stands[unit]) if unit in stands else none,
            unit_words(unit, entered[unit]) if unit in entered else none,
        )
        for unit in changed_units(now.profile.answers, visit.answers)
    ]
    page = render_template(
        "desk/person_conflict.html", panel=panel, person=now, differing=differing
    )
    return make_response(page, 409)
