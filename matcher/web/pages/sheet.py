"""Sheet: "Take this to my doctor", one page of paper with answers, questions and studies."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.short_names import find_by_short_name
from matcher.services.visits import Visit
from matcher.web import visiting
from matcher.web.language import say
from matcher.web.sheet.content import Sheet, make_sheet
from matcher.web.sheet.pdf import HOME, weasyprint
from matcher.web.sheet.sending import require_pdf, send_pdf
from matcher.web.site import site
from matcher.web.way import outcome_of

blueprint = Blueprint("sheet", __name__)


@blueprint.get("/sheet")
@visiting.with_adult
def sheet(visit: Visit) -> str:
    """The sheet as a paper on the screen, to be printed by the browser."""
    return render_template(
        "pages/sheet.html", has_pdf=weasyprint() is not None, **_content(_made(visit))
    )


@blueprint.get("/sheet.pdf")
@visiting.with_adult
def pdf(visit: Visit) -> AnyResponse:
    """The same paper as a PDF; there is none without the extra ``pdf``."""
    require_pdf()
    made = _made(visit)
    if made.is_empty:
        return redirect(url_for("sheet.sheet"), code=303)
    page = render_template("pages/sheet_pdf.html", home=HOME, **_content(made))
    return send_pdf(page, name=f"{say('sheet.file')}.pdf")


@blueprint.get("/r/<name>")
def typed(name: str) -> AnyResponse:
    """The address of a study as it stands on paper."""
    study = find_by_short_name(name, site().matcher().catalogue.studies)
    if study is None:
        abort(404)
    return redirect(url_for("study.study", key=study.key))


def _made(visit: Visit) -> Sheet:
    return make_sheet(visit, outcome_of(visit), with_hard=_with_hard())


def _with_hard() -> bool:
    return request.args.get("folded") == "1"


def _content(made: Sheet) -> dict[str, object]:
    address = (site().settings.public_url or "").partition("://")[2].rstrip("/")
    return {"sheet": made, "with_hard": _with_hard(), "today": site().today, "where": address}
