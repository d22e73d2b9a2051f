"""Matrix: people beside studies, the questions that would settle most, and all of it as a file."""

from __future__ import annotations

from itertools import chain

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.levels import Level
from matcher.services.panels import desk_view
from matcher.services.panels.walls import OpenPanel
from matcher.store.database import session
from matcher.store.panel_people import codes
from matcher.store.panel_work import STATES
from matcher.web.desk.matrix_filters import (
    LEAST,
    PEOPLE_ORDERS,
    STUDY_ORDERS,
    WHO,
    Wishes,
    choose,
    read_wishes,
)
from matcher.web.desk.matrix_pages import parts_of
from matcher.web.desk.matrix_table import short_person, short_study, table_of
from matcher.web.desk.matrix_tags import tag_choices, tags_of
from matcher.web.desk.matrix_wanted import wanted_in
from matcher.web.desk.session import with_panel
from matcher.web.filters import Choice
from matcher.web.language import say
from matcher.web.site import site

blueprint = Blueprint("desk_matrix", __name__, url_prefix="/desk/panels/<panel>")

FILE_NAME = "matrix.csv"


@blueprint.get("/matrix")
@with_panel
def page(panel: OpenPanel) -> str:
    """Who stands how to which study."""
    here, matcher = site(), site().matcher()
    tags = tags_of(matcher)
    wishes = read_wishes(request.args, tags=dict.fromkeys(tags.all))
    with session(here.engine) as reading:
        board = desk_view.board_of(
            reading, here.desk, panel, matcher, today=here.today, now=here.clock()
        )
    shown = choose(board, wishes, tags=tags.by_study, account_id=panel.account_id, today=here.today)
    head, rows = table_of(shown, panel)
    return render_template(
        "desk/matrix.html",
        panel=panel,
        shown=shown,
        wishes=shown.wishes,
        head=head,
        rows=rows,
        everybody=len(board.crowd.people),
        every_study=len(board.grid.studies),
        tags=tag_choices(matcher, chosen=wishes.tag),
        levels=list(Level),
        least=LEAST,
        states=STATES,
        choices=_choices(wishes),
        parts=parts_of(shown, panel),
    )


def _choices(wishes: Wishes) -> list[tuple[str, Markup, list[Choice]]]:
    """The lists of the form: name, label, what there is to choose; in the page's order."""
    who = [("", say("matrix.all")), *((one, say(f"matrix.who_{one}")) for one in WHO)]
    state = [("", say("matrix.all")), *((one, say(f"pair.state_{one}")) for one in STATES)]
    people = [(one, say(f"matrix.people_{one}")) for one in PEOPLE_ORDERS]
    studies = [(one, say(f"matrix.study_{one}")) for one in STUDY_ORDERS]
    found = (
        ("who", say("matrix.who"), who),
        ("state", say("matrix.state"), state),
        ("people", say("matrix.people_order"), people),
        ("studies", say("matrix.study_order"), studies),
    )
    return [
        (name, label, [Choice(one, text, one == getattr(wishes, name)) for one, text in offered])
        for name, label, offered in found
    ]


@blueprint.get("/wanted")
@with_panel
def wanted(panel: OpenPanel) -> str:
    """The questions that would settle most; the matrix takes them from here, for they take long."""
    here = site()
    with session(here.engine) as reading:
        crowd = desk_view.crowd_of(reading, here.desk, panel, now=here.clock())
    found = wanted_in(crowd)
    return render_template("desk/matrix_wanted.html", panel=panel, wanted=found)


@blueprint.get("/cell/<person>-<study>")
@with_panel
def cell(panel: OpenPanel, person: str, study: str) -> AnyResponse:
    """On to the page of a person and a study, which a cell names by their first signs."""
    here = site()
    with session(here.engine) as reading:
        people = [one for one in codes(reading, panel.id) if short_person(one) == person]
    keys = [one.key for one in here.matcher().catalogue.studies if short_study(one.key) == study]
    if len(people) != 1 or len(keys) != 1:
        abort(404)
    target = url_for("desk_work.pair", panel=panel.panel.public_id, person=people[0], key=keys[0])
    return redirect(target, code=302)


@blueprint.get("/matrix.csv")
@with_panel
def file(panel: OpenPanel) -> AnyResponse:
    """Everybody and every study as a file, sent as it is worked out."""
    here = site()
    with session(here.engine) as reading:
        lines = desk_view.board_csv(
            reading, here.desk, panel, here.matcher(), today=here.today, now=here.clock()
        )
    # The mark by which spreadsheets know the letters.
    response = Response(chain(["\ufeff"], lines), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response
