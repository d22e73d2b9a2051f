"""Start: the way in, whom the answers are about, the language, and the way out."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.lives import LIVES
from matcher.web import visiting
from matcher.web.language import choose_language, say
from matcher.web.posted import FormError
from matcher.web.site import site
from matcher.web.way import is_young, way_of

blueprint = Blueprint("start", __name__)


@dataclass(frozen=True)
class Given:
    """What was chosen on the page before, to show it again."""

    about: str = ""
    shared: bool = False


@blueprint.get("/")
def start() -> str:
    """What this is, what it is not, what is kept; one button.

    Who has answered goes on with the questions, or to the results if the way has paused there.
    """
    visit = visiting.open_visit()
    has_results = visit is not None and bool(visit.answers) and not is_young(visit)
    paused = visit is not None and has_results and way_of(visit).is_pause(going_on=False)
    listed = site().matcher().catalogue.on(site().today).listed
    count = int(listed.sum())
    return render_template("pages/start.html", count=count, has_results=has_results, paused=paused)


@blueprint.get("/who")
def who() -> str:
    """Whom the answers are about."""
    visit = visiting.open_visit()
    given = Given(visit.about, visit.shared) if visit else Given("self")
    return render_template("pages/who.html", given=given, fault=None)


@blueprint.post("/who")
def choose_who() -> AnyResponse | tuple[str, int]:
    """Start a visit, or go on with the one that is open.

    Answers about the same person stay. Those about somebody else are erased, but only once that
    was said.
    """
    about, shared = request.form.get("about", ""), "shared" in request.form
    if about not in LIVES:
        fault = FormError(say("who.choose"), anchor="answer")
        given = Given("", shared)
        return render_template("pages/who.html", given=given, fault=fault), 422
    visit = visiting.open_visit()
    response = redirect(url_for("questions.resume"), code=303)
    if visit is None:
        visiting.begin(response, about=about, shared=shared)
    elif visit.is_same_person(about):
        visiting.go_on_with(response, visit, about=about, shared=shared)
    elif visit.answers and "anew" not in request.form:
        return render_template("pages/anew.html", given=Given(about, shared)), 200
    else:
        visiting.begin(response, about=about, shared=shared)
    return response


@blueprint.get("/under-18")
def young() -> str:
    """A page for young people and their parents."""
    visiting.open_visit()
    return render_template("pages/young.html")


@blueprint.post("/clear")
def clear() -> AnyResponse:
    """Erase the answers."""
    response = redirect(url_for("start.cleared"), code=303)
    visiting.end(response)
    return response


@blueprint.get("/cleared")
def cleared() -> str:
    """What clearing did."""
    return render_template("pages/cleared.html")


@blueprint.post("/language")
def language() -> AnyResponse:
    """Change the language and go back to where the visitor was."""
    choose_language(request.form.get("language", ""))
    return redirect(_own_path(request.form.get("back", "")), code=303)


def _own_path(wanted: str) -> str:
    """A path of this site, or the start page for anything that could lead elsewhere."""
    plain = wanted.isprintable() and wanted.startswith("/") and "\\" not in wanted
    parts = urlsplit(wanted) if plain else None
    if parts is None or wanted.startswith("//") or parts.scheme or parts.netloc:
        return url_for("start.start")
    return wanted
