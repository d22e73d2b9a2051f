"""Joining: the page of an invitation, on which somebody chooses a password."""

from __future__ import annotations

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.accounts.invitations import accept, invited
from matcher.services.accounts.tries import TooManyTriesError, count_try
from matcher.services.subscribing.limits import network_of
from matcher.store.accounts import Account
from matcher.store.database import session
from matcher.web.desk.chosen import chosen_fault
from matcher.web.desk.library import library
from matcher.web.desk.session import forget, spoken_by
from matcher.web.language import choose_language
from matcher.web.posted import FormError
from matcher.web.site import site

blueprint = Blueprint("desk_joining", __name__, url_prefix="/desk/join")

PASSWORD = "password"


@blueprint.get("/<token>")
def form(token: str) -> AnyResponse:
    """The form. Programs follow links too: looking uses nothing up."""
    account = _whose(token)
    return _gone() if account is None else _form(account)


@blueprint.post("/<token>")
def join(token: str) -> AnyResponse:
    """Set the password, and lead to the sign-in with it."""
    here, account = site(), _whose(token)
    if account is None:
        return _gone()
    network = network_of(request.remote_addr)
    try:
        with session(here.engine, writing=True) as opened:
            # Hashing takes its time: who posts without end must not take everybody's.
            count_try(
                opened, here.desk.hashes, email=account.email, network=network, now=here.clock()
            )
    except TooManyTriesError:
        return make_response(_gone().get_data(), 429)
    g.language = spoken_by(account)
    chosen = request.form.get(PASSWORD, "")
    fault = chosen_fault(chosen, account, second_factor=False, anchor=PASSWORD)
    if fault is not None:
        return _form(account, fault=fault, status=422)
    with session(here.engine, writing=True) as opened:
        joined = accept(opened, token, password_hash=library().hashed(chosen), now=here.clock())
    if joined is None:
        return _gone()
    forget()
    # The sign-in, which comes next, knows nobody yet.
    choose_language(spoken_by(account) or "")
    return redirect(url_for("desk_signing_in.form", why="joined"), code=303)


def _whose(token: str) -> Account | None:
    here = site()
    with session(here.engine) as opened:
        return invited(opened, token, now=here.clock())


def _form(account: Account, *, fault: FormError | None = None, status: int = 200) -> AnyResponse:
    g.language = spoken_by(account)
    page = render_template("desk/account_join.html", account=account, fault=fault)
    return make_response(page, status)


def _gone() -> AnyResponse:
    return make_response(render_template("desk/account_join_gone.html"), 404)
