"""Check: all answers with a link to change each, contradictions, and what is not known yet."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.questions import Question
from matcher.services.visits import Visit
from matcher.web import visiting
from matcher.web.contradictions import conflicts, set_aside
from matcher.web.language import shown
from matcher.web.site import site
from matcher.web.spoken import declined_answers, said_answers
from matcher.web.way import best_questions, by_chapter, outcome_of, way_of

MOST = 3

blueprint = Blueprint("check", __name__, url_prefix="/check")


@blueprint.get("")
@visiting.with_adult
def check(visit: Visit) -> str:
    """Check your answers."""
    outcome = outcome_of(visit)
    way = way_of(visit)
    told = said_answers(visit, site().rulebook)
    return render_template(
        "pages/check.html",
        known=by_chapter(one for one in told if one.known),
        declined=declined_answers(visit, site().rulebook),
        unknown=[one for one in told if not one.known],
        nothing=not visit.answers,
        waiting=by_chapter(way.waiting),
        count=len(way.waiting),
        others=by_chapter(way.others),
        most=[_link(one) for one in best_questions(visit, most=MOST)] if way.steering else [],
        enough=bool(way.waiting) and not way.steering,
        conflicts=conflicts(outcome, visit),
        aside=set_aside(outcome),
        notes=[text for _, text in outcome.notes],
        back=_last_answered(visit),
    )


def _link(question: Question) -> tuple[str, str]:
    """A question's key and the name under which a person would look for its answer."""
    attribute = site().rulebook.attributes[question.key]
    option = attribute.option(question.gene) if question.gene else None
    if option is None or option.panel or option.one_of:
        return question.key, shown(attribute.name)
    return question.key, shown(option.label)


def _last_answered(visit: Visit) -> str | None:
    return next(reversed(list(visit.answers)), None)


@blueprint.post("/hard-topics")
@visiting.with_adult
def leave_out(visit: Visit) -> AnyResponse:
    """Leave reviews on hard topics out of the results, or put them back."""
    wanted = request.form.get("leave") == "out"
    visiting.change(visit, lambda now: replace(now, leave_out=wanted))
    return redirect(url_for("check.check"), code=303)
