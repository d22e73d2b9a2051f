"""Records: a file of somebody's own records is read, shown, and used if they say so.

The file is not kept. What was found goes to the page and comes back with it sealed: nothing enters
the visit before the person has seen it, and no second copy lies anywhere.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.lives import LIVES
from matcher.records.draft import NOBODY, Draft
from matcher.services.own_records import joined
from matcher.services.record_reading import looks_like_json, read_records
from matcher.services.visits import Visit
from matcher.web import visiting
from matcher.web.answers_file import FileError
from matcher.web.language import language, say
from matcher.web.pages.start import Given
from matcher.web.posted import FormError
from matcher.web.records_file import preview, refused, rows_of, unsealed
from matcher.web.site import site

blueprint = Blueprint("records", __name__, url_prefix="/records")


@blueprint.get("")
def page() -> str:
    """Choose a file."""
    visiting.open_visit()
    return _page(Given("self"))


@blueprint.post("/read")
def read() -> AnyResponse | tuple[str, int]:
    """Read a file and show what it says; nothing of it is kept."""
    visit = visiting.open_visit()
    about, shared = request.form.get("about", ""), "shared" in request.form
    if visit is None and about not in LIVES:
        fault = FormError(str(say("who.choose").unescape()))
        return _page(Given("", shared), whom_fault=fault), 422
    sent = request.files.get("file")
    try:
        draft, table = _draft_of(sent.read() if sent else b"")
    except FileError as error:
        return _page(Given(about, shared), texts=error.texts), 422
    response = make_response()
    if visit is None:
        visiting.begin(response, about=about, shared=shared)
        visit = visiting.open_visit()
        assert visit is not None
    response.set_data(
        render_template("pages/records_found.html", found=preview(draft, visit, table=table))
    )
    return response


@blueprint.post("/use")
@visiting.with_adult
def use(visit: Visit) -> AnyResponse | tuple[str, int]:
    """Take what was shown into the visit."""
    found = unsealed(request.form.get("answers", ""), visit)
    if found is None:
        return _page(Given("self"), texts=[str(say("records.gone").unescape())]), 422
    book, taken = site().rulebook, request.form.getlist("take")

    def with_records(now: Visit) -> Visit:
        answers = joined(now.answers, found, book, taken=taken)
        return replace(now, answers=answers, picked={})

    visiting.change(visit, with_records)
    return redirect(url_for("check.check"), code=303)


def _draft_of(content: bytes) -> tuple[Draft, bool]:
    """What a file says about one person, and whether it is a table. Raises `FileError`."""
    if not content:
        raise FileError([str(say("records.choose").unescape())])
    name = str(say("records.source").unescape())
    here, table = site(), not looks_like_json(name, content)
    report = read_records([(name, content)], here.rulebook, today=here.today, language=language())
    # Of a refused row each cell stands there: a row counts once.
    count = len({*(one.draft.source for one in report.profiles), *rows_of(report.refused)})
    if count > 1:
        text = say("records.several_rows" if table else "records.several", n=count)
        raise FileError([str(text.unescape())])
    if not count or any(one.reason == NOBODY for one in report.refused):
        raise FileError([str(say("records.nobody").unescape())])
    if report.refused:
        raise refused(report.refused, table=table)
    return report.profiles[0].draft, table


def _page(
    given: Given, *, texts: list[str] | None = None, whom_fault: FormError | None = None
) -> str:
    return render_template(
        "pages/records.html", given=given, texts=texts or [], whom_fault=whom_fault
    )
