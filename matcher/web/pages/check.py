"""Check: all answers with a link to change each, contradictions, and what is not known yet."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.visits import Visit
from matcher.web import visiting
from matcher.web.contradictions import conflicts, set_aside
from matcher.web.site import site
from matcher.web.spoken import said_answers
from matcher.web.way import is_young, outcome_of, way_of

blueprint = Blueprint("check", __name__, url_prefix="/check")


@blueprint.get("")
@visiting.with_visit
def check(visit: Visit) -> AnyResponse | str:
    """Check your answers."""
    if is_young(visit):
        return redirect(url_for("start.young"), code=303)
    outcome = outcome_of(visit)
    way = way_of(visit)
    told = said_answers(visit, site().rulebook)
    return render_template(
        "pages/check.html",
        known=[one for one in told if one.known],
        unknown=[one for one in told if not one.known],
        waiting=way.waiting,
        enough=bool(way.waiting) and not way.steering,
        conflicts=conflicts(outcome, visit),
        aside=set_aside(outcome),
        notes=[text for _, text in outcome.notes],
        back=_last_answered(visit),
    )


def _last_answered(visit: Visit) -> str | None:
    return next(reversed(list(visit.answers)), None)


@blueprint.post("/hard-topics")
@visiting.with_visit
def leave_out(visit: Visit) -> AnyResponse:
    """Leave reviews on hard topics out of the results, or put them back."""
    visiting.keep(replace(visit, leave_out=request.form.get("leave") == "out"))
    return redirect(url_for("check.check"), code=303)
