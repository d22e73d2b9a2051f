"""Confirming: saying yes to mails, by the link in the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.subscribing.confirming import confirm, link_state
from matcher.services.subscribing.waiting import Waiting, choices
from matcher.store.database import session
from matcher.web.site import site

blueprint = Blueprint("confirming", __name__)


@blueprint.get("/confirm/<token>")
def look(token: str) -> AnyResponse:
    """The button that says yes to what was asked for; answers and address do not stand here."""
    here = site()
    now = here.clock()
    with session(here.engine) as opened:
        state = link_state(opened, token, now=now)
        waiting = choices(opened, here.desk, token, now=now)
    return _told(state, waiting)


@blueprint.post("/confirm/<token>")
def say_yes(token: str) -> AnyResponse:
    """Say yes; a second press finds that all is well."""
    here = site()
    now = here.clock()
    with session(here.engine, writing=True) as opened:
        waiting = choices(opened, here.desk, token, now=now)
        chosen = _chosen(waiting)
        if waiting and chosen is None:
            # Of several, none may count that its owner has not seen.
            return _told("open", waiting, status=422)
        state = confirm(opened, here.desk, token, now=now, chosen=chosen)
    if state == "done":
        return redirect(url_for("confirming.look", token=token), code=303)
    return _told(state)


def _chosen(waiting: Sequence[Waiting]) -> int | None:
    wanted = request.form.get("wish")
    if wanted is None and len(waiting) == 1:
        return waiting[0].id
    return next((one.id for one in waiting if str(one.id) == wanted), None)


def _told(state: str, waiting: Sequence[Waiting] = (), *, status: int = 200) -> AnyResponse:
    name = {"open": "confirm", "done": "confirm_done"}.get(state, "confirm_gone")
    # One clock for all of them, so that they can be compared: that of the newest.
    zone = ZoneInfo(waiting[0].wish.zone) if waiting else None
    times = {one.id: one.asked_at.astimezone(zone) for one in waiting}
    page = render_template(
        f"pages/{name}.html", waiting=waiting, times=times, unchosen=status == 422
    )
    return make_response(page, 404 if state == "gone" else status)
