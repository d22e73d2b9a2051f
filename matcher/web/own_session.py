"""Own session: who is on the page of their own data, known by a cookie of half an hour."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, g, make_response, render_template, request
from flask import session as form_cookie
from werkzeug.wrappers import Response as AnyResponse

from matcher.config import Settings
from matcher.services.subscribing import entering
from matcher.services.subscribing.own_data import GoneError, Own, opened
from matcher.store.database import session
from matcher.store.subscribers import Subscriber
from matcher.web import visiting
from matcher.web.cookies import LONGEST_TOKEN, is_locked
from matcher.web.site import site

LOCKED, PLAIN = "__Host-matcher-own", "matcher-own"


def own_token(settings: Settings) -> str | None:
    """The token in the visitor's cookie."""
    token = request.cookies.get(LOCKED if is_locked(settings) else PLAIN, "")
    return token if 0 < len(token) <= LONGEST_TOKEN else None


def give_own_token(response: AnyResponse, settings: Settings, token: str) -> None:
    """Put the token into the visitor's browser, for half an hour at most."""
    locked = is_locked(settings)
    response.set_cookie(
        LOCKED if locked else PLAIN,
        token,
        max_age=int(entering.HALF_AN_HOUR.total_seconds()),
        secure=locked,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def end_own_session(response: AnyResponse) -> None:
    """End the session, here and in the browser."""
    here = site()
    token = own_token(here.settings)
    if token:
        with session(here.engine, writing=True) as opened_session:
            entering.leave(opened_session, token)
    locked = is_locked(here.settings)
    response.delete_cookie(
        LOCKED if locked else PLAIN, secure=locked, httponly=True, samesite="Lax", path="/"
    )
    response.headers["Clear-Site-Data"] = '"cache"'


def with_own(view: Callable[..., Any]) -> Callable[..., Response]:
    """A view of somebody's own data: it gets what is kept, or says kindly that time is up."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Response:
        visiting.open_visit()
        own = _own()
        if own is None:
            return make_response(render_template("pages/my_data_gone.html"))
        speak_to(own.person)
        g.cared_for = own.profile.about == "other"
        try:
            return make_response(view(own, *args, **kwargs))
        except GoneError:
            return make_response(render_template("pages/my_data_gone.html"))

    return guarded


def speak_to(person: Subscriber) -> None:
    """Speak the language of somebody's mails, unless they chose another one on a page."""
    if "language" not in form_cookie:
        g.language = person.language


def _own() -> Own | None:
    here = site()
    token = own_token(here.settings)
    if token is None:
        return None
    with session(here.engine) as found:
        person = entering.whose(found, here.desk, token, now=here.clock())
        return opened(here.desk, person) if person is not None else None
