"""Answers file: save the answers as a file, and load such a file again."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.lives import LIVES
from matcher.services.visits import Visit
from matcher.web import visiting
from matcher.web.answers_file import FILE_NAME, INPUT, FileError, load_file, saved_file
from matcher.web.language import say
from matcher.web.pages.start import Given
from matcher.web.pages.uploading import upload_page
from matcher.web.posted import FormError
from matcher.web.site import site

blueprint = Blueprint("answers_file", __name__, url_prefix="/answers")


@blueprint.get("")
def page() -> str:
    """Save and load."""
    visiting.open_visit()
    return _page(Given("self"))


@blueprint.post("/file")
@visiting.with_adult
def save(visit: Visit) -> AnyResponse:
    """The answers as a file. Neither its name nor its address tells any of them."""
    response = Response(saved_file(visit.answers), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/load")
def load() -> AnyResponse | tuple[str, int]:
    """Take the answers of a file in place of those that are here, all or none."""
    visit = visiting.open_visit()
    about, shared = request.form.get("about", ""), "shared" in request.form
    sent = request.files.get(INPUT)
    content = sent.read() if sent else b""
    if visit is None and about not in LIVES:
        fault = FormError(str(say("who.choose").unescape()))
        return _page(Given("", shared), whom_fault=fault), 422
    try:
        if not content:
            raise FileError([str(say("answers_file.choose").unescape())])
        answers = load_file(content, site().rulebook)
    except FileError as error:
        return _page(Given(about, shared), error=error), 422
    response = redirect(url_for("check.check"), code=303)
    if visit is None:
        visiting.begin(response, about=about, shared=shared, answers=answers)
    else:
        visiting.change(visit, lambda now: now.with_all(answers))
    return response


def _page(
    given: Given, *, error: FileError | None = None, whom_fault: FormError | None = None
) -> str:
    return upload_page(blueprint.name, given, error=error, whom_fault=whom_fault)
