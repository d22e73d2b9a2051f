"""Session: who is signed in at the desk; views get their account, or lead to the sign-in and back.

Two things must agree at each request: Flask-Security's cookie that says who, and a row of the
database that says that this sign-in is still open. The row is the one that can be taken away.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import Response, abort, g, make_response, redirect, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as AnyResponse

from matcher.config import Settings
from matcher.services.accounts.people import role_names
from matcher.services.accounts.second_factor import has_second_factor
from matcher.services.accounts.sessions import (
    OpenSession,
    begin_session,
    end_session,
    note_use,
    open_session,
)
from matcher.services.panels.walls import NotYoursError, open_panel
from matcher.store.accounts import ADMINISTRATOR, Account
from matcher.store.database import session
from matcher.web.cookies import LONGEST_TOKEN
from matcher.web.desk.library import library
from matcher.web.site import site

TOKEN = "desk"
HALF, CHALLENGE, FORM_CODE = "desk_half", "desk_challenge", "csrf_token"
FRESH = timedelta(minutes=30)
LONGEST_PATH = 500
OWN_PATH = re.compile(r"/desk(/[A-Za-z0-9._~/-]*)?(\?[A-Za-z0-9._~=&%+-]*)?")
BROWSERS = (("Edg", "Edge"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def with_account(view: Callable[..., Any]) -> Callable[..., Response]:
    """A view of somebody who is signed in: it gets their `Account` first.

    Others are led to the sign-in and back; who needs a second factor and has none, to setting
    one up.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Response:
        here = signed_in()
        if here is None:
            return lead_to_sign_in()
        if lacks_second_factor(here.account):
            return make_response(redirect(url_for("desk_second_factor.page"), code=303))
        return make_response(view(here.account, *args, **kwargs))

    return guarded


def while_setting_up(view: Callable[..., Any]) -> Callable[..., Response]:
    """As `with_account`, for the pages on which a second factor is set up."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Response:
        here = signed_in()
        if here is None:
            return lead_to_sign_in()
        return make_response(view(here.account, *args, **kwargs))

    return guarded


def with_role(role: str) -> Callable[[Callable[..., Any]], Callable[..., Response]]:
    """As `with_account`, for those with a role; for others there is nothing here."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Response]:
        @wraps(view)
        def checked(account: Account, *args: Any, **kwargs: Any) -> Any:
            if role not in role_names(account):
                abort(404)
            return view(account, *args, **kwargs)

        return with_account(checked)

    return decorate


def with_panel(view: Callable[..., Any]) -> Callable[..., Response]:
    """A view of one panel, named ``panel`` in its route: it gets an `OpenPanel` first.

    What is not theirs, and what is not there, are the same 404.
    """

    @with_account
    @wraps(view)
    def checked(account: Account, *args: Any, panel: str, **kwargs: Any) -> Any:
        try:
            with session(site().engine) as opened:
                found = open_panel(opened, account.id or 0, panel)
        except NotYoursError:
            abort(404)
        return view(found, *args, **kwargs)

    return checked


def fresh(view: Callable[..., Any]) -> Callable[..., Response]:
    """A view, below `with_account`, that only who signed in lately may use: others do so again."""

    @wraps(view)
    def checked(*args: Any, **kwargs: Any) -> Response:
        here = signed_in()
        if here is None or site().clock() - here.begun_at > FRESH:
            return lead_to_sign_in(why="again")
        return make_response(view(*args, **kwargs))

    return checked


def signed_in() -> OpenSession | None:
    """The sign-in of this request, None if there is none; looked up once a request."""
    if "desk_session" not in g:
        g.desk_session = _look_up()
        if g.desk_session is not None and spoken_by(g.desk_session.account):
            g.language = g.desk_session.account.language
    found: OpenSession | None = g.desk_session
    return found


def spoken_by(account: Account) -> str | None:
    """The language of somebody's account; None where this browser's user chose one."""
    return None if "language" in cookie else account.language


def _look_up() -> OpenSession | None:
    token = cookie.get(TOKEN)
    if not isinstance(token, str) or not 0 < len(token) <= LONGEST_TOKEN:
        return None
    here = site()
    with session(here.engine) as opened:
        found = open_session(opened, token, now=here.clock())
    if found is None or library().signed_in() != found.account.public_id:
        return None
    if found.is_to_be_noted:
        with session(here.engine, writing=True) as opened:
            note_use(opened, found.id_hash, now=here.clock())
    return found


def lacks_second_factor(account: Account) -> bool:
    """Whether somebody must set a second factor up before anything else."""
    if not must_have_second_factor(site().settings, account):
        return False
    with session(site().engine) as opened:
        return not has_second_factor(opened, account)


def must_have_second_factor(settings: Settings, account: Account) -> bool:
    """Administrators always, others where the installation wants it."""
    return settings.desk_second_factor == "required" or ADMINISTRATOR in role_names(account)


def begin(account: Account, *, by: str) -> None:
    """Sign somebody in, in this browser; what was open in it before is ended."""
    here = site()
    earlier = cookie.get(TOKEN)
    for name in (HALF, CHALLENGE, TOKEN, FORM_CODE):
        cookie.pop(name, None)
    with session(here.engine, writing=True) as opened:
        if isinstance(earlier, str):
            end_session(opened, earlier, now=here.clock())
        token = begin_session(opened, account.id or 0, agent=short_agent(), now=here.clock())
    library().sign_in(account, by=by)
    cookie[TOKEN] = token
    g.pop("desk_session", None)


def end() -> None:
    """Sign out, here and in the browser."""
    token = cookie.pop(TOKEN, None)
    if isinstance(token, str):
        with session(site().engine, writing=True) as opened:
            end_session(opened, token, now=site().clock())
    forget()


def forget() -> None:
    """Take all that the desk left in this browser's cookie."""
    library().sign_out()
    for name in (TOKEN, HALF, CHALLENGE):
        cookie.pop(name, None)
    g.pop("desk_session", None)


def lead_to_sign_in(*, why: str | None = None) -> Response:
    """To the sign-in, and then back to where somebody wanted to go."""
    if why is None and TOKEN in cookie:
        why = "over"
    wanted = request.full_path.rstrip("?") if request.method == "GET" else "/desk"
    target = url_for("desk_signing_in.form", why=why, next=own_path(wanted))
    if request.headers.get("HX-Request"):
        # A part of a page is no place for the sign-in: the whole page goes there.
        return Response(status=204, headers={"HX-Redirect": target})
    return make_response(redirect(target, code=303))


def own_path(wanted: str | None) -> str | None:
    """A path of the desk to go to; None for anything else, other sites above all."""
    if wanted is None or len(wanted) > LONGEST_PATH or not OWN_PATH.fullmatch(wanted):
        return None
    # A browser reads /desk/../results and /desk//host in its own way.
    if "//" in wanted or "/." in wanted:
        return None
    return wanted


def go_on(wanted: str | None) -> AnyResponse:
    """To a path of the desk, or to its first page."""
    return redirect(own_path(wanted) or url_for("desk_home.home"), code=303)


def short_agent() -> str:
    """Browser and system in two words, as people call them; no version."""
    told = request.user_agent.string
    browser = next((name for mark, name in BROWSERS if mark in told), "")
    system = next((name for mark, name in SYSTEMS if mark in told), "")
    return ", ".join(part for part in (browser, system) if part)
