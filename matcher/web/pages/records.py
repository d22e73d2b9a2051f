"""Records: a file of somebody's own records is read, shown, and used if they say so.

The file is not kept. What was found goes to the page and comes back with it sealed: nothing enters
the visit before the person has seen it, and no second copy lies anywhere.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.lives import LIVES
from matcher.records.draft import CROWD, OTHER, Draft
from matcher.services.own_records import joined
from matcher.services.record_reading import looks_like_json, read_records
from matcher.services.visits import Visit
from matcher.web import visiting
from matcher.web.answers_file import INPUT, FileError, is_saved
from matcher.web.language import choose_language, language, say
from matcher.web.pages.start import Given
from matcher.web.pages.uploading import upload_page
from matcher.web.posted import FormError
from matcher.web.records_file import Found, found_in, preview, refused, rows_of, unsealed
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
    sent = request.files.get(INPUT)
    try:
        found = found_in(_draft_of(sent.read() if sent else b""))
    except FileError as error:
        return _page(Given(about, shared), error=error), 422
    response = make_response()
    if visit is None:
        visiting.begin(response, about=about, shared=shared)
        visit = visiting.open_visit()
        assert visit is not None
    response.set_data(_found(found, visit))
    return response


@blueprint.post("/found")
@visiting.with_adult
def found_again(visit: Visit) -> AnyResponse | tuple[str, int]:
    """Show what was found once more, in the language that is wanted."""
    choose_language(request.form.get("language", ""))
    found = unsealed(request.form.get("answers", ""), visit)
    if found is None:
        return _gone()
    return make_response(_found(found, visit, taken=request.form.getlist("take")))


@blueprint.post("/use")
@visiting.with_adult
def use(visit: Visit) -> AnyResponse | tuple[str, int]:
    """Take what was shown into the visit."""
    found = unsealed(request.form.get("answers", ""), visit)
    if found is None:
        return _gone()
    book, taken = site().rulebook, request.form.getlist("take")

    def with_records(now: Visit) -> Visit:
        return now.with_all(joined(now.answers, found.answers, book, taken=taken))

    visiting.change(visit, with_records)
    return redirect(url_for("check.check"), code=303)


def _draft_of(content: bytes) -> Draft:
    """What a file says about one person. Raises `FileError`."""
    if not content:
        raise FileError([str(say("records.choose").unescape())])
    here, name = site(), str(say("records.source").unescape())
    table = not looks_like_json(name, content)
    # Beyond the first person nothing is read: it is enough that there are more.
    report = read_records(
        [(name, content)], here.rulebook, today=here.today, language=language(), most=1
    )
    # Of a refused row each cell stands there: a row counts once.
    count = len({*(one.draft.source for one in report.profiles), *rows_of(report.refused)})
    if count > 1 or any(one.reason == CROWD for one in report.refused):
        key = "records.several_rows" if table else "records.several"
        raise FileError([str(say(key).unescape())])
    if not count:
        raise FileError([str(say("file_fault.nobody").unescape())])
    if any(one.reason == OTHER for one in report.refused) and is_saved(content):
        raise FileError([str(say("records.is_saved").unescape())], elsewhere=True)
    if report.refused:
        raise refused(report.refused)
    return report.profiles[0].draft


def _found(found: Found, visit: Visit, *, taken: Sequence[str] = ()) -> str:
    told = preview(found, visit)
    # The page has no address of its own: the switch sends its form, and what is ticked in it.
    switch = {"form": "found", "action": url_for("records.found_again")}
    return render_template("pages/records_found.html", found=told, taken=taken, switch=switch)


def _gone() -> tuple[str, int]:
    return _page(Given("self"), error=FileError([str(say("records.gone").unescape())])), 422


def _page(
    given: Given, *, error: FileError | None = None, whom_fault: FormError | None = None
) -> str:
    return upload_page(blueprint.name, given, error=error, whom_fault=whom_fault)
