"""Trail: who read or changed what in a panel, for its owner."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.panels.persons import find
from matcher.services.panels.trail import PAGE, Entry, entries, trail_csv
from matcher.services.panels.walls import OpenPanel, require_owner
from matcher.store.database import session
from matcher.web.desk.session import with_panel
from matcher.web.language import say
from matcher.web.site import site

blueprint = Blueprint("desk_trail", __name__, url_prefix="/desk/panels/<panel>/trail")

READS = ("_read", "file_previewed", "look_kept")
FILE_NAME = "trail.csv"


@blueprint.get("")
@with_panel
def page(panel: OpenPanel) -> str:
    """What was done, newest first; of one person, only changes, or what somebody did."""
    require_owner(panel)
    here = site()
    person = request.args.get("person") or None
    before = request.args.get("before", type=int)
    with session(here.engine) as reading:
        code = find(reading, panel, person).code if person else None
        found = entries(reading, here.desk, panel, now=here.clock(), person=person, before=before)
    only, who = request.args.get("only") == "changes", request.args.get("who", "")
    shown = [one for one in found if not (only and _is_read(one)) and who in ("", one.account)]
    return render_template(
        "desk/trail.html",
        panel=panel,
        person=person,
        code=code,
        entries=shown,
        titles=_titles(shown),
        people=sorted({one.account for one in found if one.account}, key=str.casefold),
        only=only,
        who=who,
        before=before,
        earlier=found[-1].id if len(found) == PAGE else None,
    )


@blueprint.get("/trail.csv")
@with_panel
def file(panel: OpenPanel) -> AnyResponse:
    """The whole trail."""
    require_owner(panel)
    here = site()
    with session(here.engine) as reading:
        text = trail_csv(reading, here.desk, panel, words=_words, now=here.clock())
    response = Response("\ufeff" + text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


def _words(action: str) -> str:
    return str(say(f"desk_trail.{action}").unescape())


def _is_read(entry: Entry) -> bool:
    return entry.action.endswith(READS)


def _titles(shown: Iterable[Entry]) -> dict[str, str]:
    matcher = site().matcher()
    studies = {one.study: matcher.study(one.study) for one in shown if one.study}
    return {key: study.title for key, study in studies.items() if study is not None}
