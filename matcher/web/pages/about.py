"""About: what is kept, and how the order is made."""

from __future__ import annotations

from flask import Blueprint, render_template

from matcher.core.levels import Level
from matcher.core.study import SET_MARKS
from matcher.web import visiting
from matcher.web.site import site

blueprint = Blueprint("about", __name__)

ALL_MARKS = (*SET_MARKS, "aged", "changed")


@blueprint.before_request
def open_visit() -> None:
    """The footer offers to clear answers where there are any."""
    visiting.open_visit()


@blueprint.get("/privacy")
def privacy() -> str:
    """What is kept, and for how long."""
    return render_template("pages/privacy.html")


@blueprint.get("/ranking")
def ranking() -> str:
    """How the order is made."""
    scoring = site().rulebook.scoring
    most = {
        "fit": scoring.fit,
        "evidence": max(scoring.relevance.values()) + max(scoring.strength.values()),
        "recency": max(points for _, points in scoring.recency),
    }
    levels = [level.word for level in Level]
    return render_template("pages/ranking.html", levels=levels, marks=ALL_MARKS, most=most)
