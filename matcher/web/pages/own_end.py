"""Own end: erasing all that is kept, by somebody's own wish or after a death."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.subscribing.erasing import erase_by_name
from matcher.services.subscribing.own_data import Own
from matcher.web import visiting
from matcher.web.own_session import end_own_session, with_own
from matcher.web.site import site

blueprint = Blueprint("own_end", __name__, url_prefix="/my-data")


@blueprint.get("/erase")
@with_own
def ask_erase(own: Own) -> str:
    """What would go, and one button."""
    return render_template("pages/my_data_erase.html", own=own)


@blueprint.post("/erase")
@with_own
def erase(own: Own) -> AnyResponse:
    """Erase everything, now."""
    return _erased(own, reason="erased", then="own_end.erased")


@blueprint.get("/erased")
def erased() -> str:
    """What erasing did."""
    visiting.open_visit()
    return render_template("pages/my_data_erased.html")


@blueprint.get("/died")
@with_own
def ask_died(own: Own) -> str:
    """One button."""
    return render_template("pages/my_data_died.html", own=own)


@blueprint.post("/died")
@with_own
def died(own: Own) -> AnyResponse:
    """Erase everything, and write no more unless somebody asks for it anew."""
    return _erased(own, reason="died", then="own_end.condolence")


@blueprint.get("/condolence")
def condolence() -> str:
    """One sentence."""
    return render_template("pages/my_data_condolence.html")


def _erased(own: Own, *, reason: str, then: str) -> AnyResponse:
    here = site()
    response = redirect(url_for(then), code=303)
    visit = visiting.open_visit()
    if visit is not None and visit.subscription == own.person.public_id:
        visiting.end(response)
    erase_by_name(here.desk, own.person.public_id, reason=reason, now=here.clock())
    end_own_session(response)
    return response
