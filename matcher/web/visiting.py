"""Visiting: the visit that a request belongs to, opened once and kept again when it changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import Response, g, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.services import visits
from matcher.services.subscribing.adults import AGE
from matcher.services.visits import Visit
from matcher.store.database import session
from matcher.web.cookies import give_token, take_token, visit_token
from matcher.web.site import site
from matcher.web.way import is_young


def open_visit() -> Visit | None:
    """The visitor's visit, None if there is none or it has ended."""
    if "visit" not in g:
        here = site()
        token = visit_token(here.settings)
        found = None
        if token:
            with session(here.engine) as opened:
                found = visits.open_visit(opened, token, here.settings.data_key, now=here.clock())
        _take_note(found)
    visit = g.visit
    assert visit is None or isinstance(visit, Visit)
    return visit


def change(visit: Visit, how: Callable[[Visit], Visit]) -> Visit:
    """Change the visit and keep it, unless it was erased meanwhile; returns it as it is now.

    `visit` is as this request opened it. What is changed is what stands there now: another
    request may have changed it since.
    """
    here = site()
    token = visit_token(here.settings)
    assert token is not None
    key, now = here.settings.data_key, here.clock()
    with session(here.engine, writing=True) as opened:
        kept = visits.change_visit(opened, token, key, how, now=now)
    _take_note(kept)
    return how(visit) if kept is None else kept


def begin(
    response: AnyResponse,
    *,
    about: str,
    shared: bool,
    answers: Mapping[str, Any] | None = None,
) -> None:
    """Start a visit in place of any earlier one, which is erased, and hand its token to the
    browser."""
    here = site()
    now = here.clock()
    _erase()
    with session(here.engine, writing=True) as opened:
        token, visit = visits.begin_visit(
            opened,
            here.settings.data_key,
            about=about,
            shared=shared,
            now=now,
            answers=answers,
        )
    give_token(response, here.settings, token, visit, now=now)
    _take_note(visit)


def go_on_with(response: AnyResponse, visit: Visit, *, about: str, shared: bool) -> None:
    """Go on with all that a visit holds; its time starts anew if the device is another kind."""
    here = site()
    now, token = here.clock(), visit_token(here.settings)
    assert token is not None
    ends = visit.ends if visit.shared == shared else visits.ends_at(now, shared=shared)
    kept = change(visit, lambda one: replace(one, about=about, shared=shared, ends=ends))
    give_token(response, here.settings, token, kept, now=now)


def begin_with(response: AnyResponse, visit: Visit) -> None:
    """Start a visit as it is given, in place of any earlier one."""
    here = site()
    now = here.clock()
    _erase()
    with session(here.engine, writing=True) as opened:
        token = visits.begin_with(opened, here.settings.data_key, visit, now=now)
    give_token(response, here.settings, token, visit, now=now)
    _take_note(visit)


def end(response: AnyResponse) -> None:
    """Erase the visit, here and in the browser."""
    _erase()
    take_token(response, site().settings)
    response.headers["Clear-Site-Data"] = '"cache"'
    _take_note(None)


def overlook() -> None:
    """Answer this request as if there were no visit."""
    _take_note(None)


def with_adult(view: Callable[..., Any]) -> Callable[..., Response]:
    """A view that needs an adult's answers: it gets the visit, or says kindly that there is none.

    Whoever is under 18 comes to a page of their own instead; only their age can be changed.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Response:
        visit = open_visit()
        if visit is None:
            return make_response(render_template("pages/gone.html"))
        if is_young(visit) and kwargs.get("key") != AGE:
            return make_response(to_young_page())
        return make_response(view(visit, *args, **kwargs))

    return guarded


def to_young_page() -> AnyResponse:
    """On to the page for young people and their parents."""
    return redirect(url_for("start.young"), code=303)


def _erase() -> None:
    here = site()
    token = visit_token(here.settings)
    if token:
        with session(here.engine, writing=True) as opened:
            visits.end_visit(opened, token)


def _take_note(visit: Visit | None) -> None:
    g.visit = visit
    g.cared_for = visit is not None and visit.about == "other"
    g.at_desk = visit is not None and visit.at_desk
