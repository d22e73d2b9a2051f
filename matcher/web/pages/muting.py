"""Muting: no more mails about one review, by the link beside it in a mail."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template

from matcher.services.subscribing.muting import is_muted, mute_by_link, title_behind, whose_link
from matcher.store.database import session
from matcher.web.own_session import speak_to
from matcher.web.site import site

blueprint = Blueprint("muting", __name__, url_prefix="/mute")


@blueprint.get("/<token>")
def look(token: str) -> Response:
    """A page with a button, or that it is done. It names the review: whoever holds the link has
    the mail with it."""
    title = _title(token) if _speak(token) else None
    here = site()
    with session(here.engine) as opened:
        if title and is_muted(opened, here.desk, token):
            return _page("pages/muted.html")
    return _page("pages/mute.html" if title else None, title=title)


@blueprint.post("/<token>")
def mute(token: str) -> Response:
    """Leave the review out: the link can do nothing else, however often it is used."""
    here = site()
    _speak(token)
    with session(here.engine, writing=True) as opened:
        muted = mute_by_link(opened, here.desk, token)
    return _page("pages/muted.html" if muted else None)


def _page(name: str | None, **shown: object) -> Response:
    if name is None:
        return make_response(render_template("pages/my_data_gone.html"), 404)
    return make_response(render_template(name, **shown))


def _title(token: str) -> str | None:
    here = site()
    with session(here.engine) as opened:
        return title_behind(opened, here.desk, token)


def _speak(token: str) -> bool:
    """Speak the language of the mail; False if the link is not from one."""
    here = site()
    with session(here.engine) as opened:
        person = whose_link(opened, here.desk, token)
    if person is not None:
        speak_to(person)
    return person is not None
