"""Embed: the first question in another site's frame; everything after it is in a tab of its own.

In such a frame browsers keep no cookies, so the page sets none and needs none. Its form can do one
thing: begin a visit where there is none with answers.
"""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.lives import LIVES
from matcher.core.text import LANGUAGES
from matcher.web import visiting
from matcher.web.headers import may_be_framed
from matcher.web.language import choose_language
from matcher.web.site import site

blueprint = Blueprint("embed", __name__)


@blueprint.before_request
def refuse_unless_allowed() -> None:
    """Without a list of sites there is no such page."""
    if not may_be_framed(site().settings):
        abort(404)


@blueprint.get("/embed")
def embed() -> str:
    """Whom the answers are about, in the language that the frame asks for."""
    wanted = request.args.get("language", "")
    if wanted in LANGUAGES:
        g.language = wanted
    return render_template("pages/embed.html", languages=LANGUAGES)


@blueprint.post("/embed")
def begin() -> AnyResponse:
    """Begin a visit and ask the first question. Answers that are there already stay."""
    visit = visiting.open_visit()
    if visit and visit.answers:
        return redirect(url_for("check.check"), code=303)
    about = request.form.get("about", "")
    if about not in LIVES:
        return redirect(url_for("start.who"), code=303)
    choose_language(request.form.get("language", ""))
    response = redirect(url_for("questions.resume"), code=303)
    visiting.begin(response, about=about, shared="shared" in request.form)
    return response
