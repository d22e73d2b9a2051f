"""Passkeys: adding one in this browser, and taking one away."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.accounts import passkeys
from matcher.services.accounts.errors import AccountError
from matcher.store.accounts import Account, account
from matcher.store.database import session
from matcher.web.desk.ceremonies import (
    challenge_kept,
    keep_challenge,
    passkey_site,
    passkeys_work,
)
from matcher.web.desk.second_factor import show_codes
from matcher.web.desk.session import fresh, short_agent, while_setting_up, with_account
from matcher.web.language import say
from matcher.web.posted import FormError
from matcher.web.site import site

blueprint = Blueprint("desk_passkeys", __name__, url_prefix="/desk/account/passkeys")


@blueprint.get("/new")
@while_setting_up
@fresh
def form(owner: Account) -> AnyResponse:
    """What a passkey is, and the button that makes one."""
    return _form(owner)


@blueprint.post("/new")
@while_setting_up
@fresh
def keep(owner: Account) -> AnyResponse:
    """Keep what the browser made; with the first second factor come recovery codes."""
    here, challenge = site(), challenge_kept("keep")
    try:
        if challenge is None:
            raise AccountError("passkey", "the form is too old", owner.email, "Try again.")
        with session(here.engine, writing=True) as opened:
            passkeys.keep(
                opened,
                owner.id or 0,
                passkey_site(),
                challenge=challenge,
                answer=request.form.get("answer", ""),
                name=request.form.get("name", ""),
                now=here.clock(),
            )
            now = account(opened, owner.id or 0)
    except AccountError:
        fault = FormError(str(say("desk_passkey.fault").unescape()), "passkey")
        return _form(owner, fault=fault, status=422)
    if now is not None and not now.mf_recovery_codes:
        return show_codes(owner)
    return redirect(url_for("desk_own_account.page", done="passkey"), code=303)


@blueprint.post("/remove")
@with_account
@fresh
def take(owner: Account) -> AnyResponse:
    """Take one away."""
    number = request.form.get("passkey", "")
    if number.isascii() and number.isdigit() and len(number) < 10:
        with session(site().engine, writing=True) as opened:
            passkeys.take(opened, owner.id or 0, int(number), now=site().clock())
    return redirect(url_for("desk_own_account.page", done="no_passkey"), code=303)


def _form(owner: Account, *, fault: FormError | None = None, status: int = 200) -> AnyResponse:
    with session(site().engine, writing=True) as opened:
        asked = passkeys.begin_keeping(opened, owner.id or 0, passkey_site())
    keep_challenge("keep", asked.challenge)
    page = render_template(
        "desk/account_passkey.html",
        options=asked.options,
        name=request.form.get("name", short_agent()),
        fault=fault,
        passkeys_work=passkeys_work(),
        address=request.host_url.rstrip("/"),
    )
    return make_response(page, status)
