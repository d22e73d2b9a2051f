"""Second factor: setting up an authenticator app, its recovery codes, and doing without again."""

from __future__ import annotations

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from matcher.crypto import SealError
from matcher.services.accounts import second_factor
from matcher.services.accounts.errors import AccountError
from matcher.services.accounts.tries import TooManyTriesError, count_try
from matcher.services.subscribing.limits import network_of
from matcher.store.accounts import Account
from matcher.store.database import session
from matcher.web.desk.ceremonies import passkeys_work
from matcher.web.desk.session import (
    fresh,
    lacks_second_factor,
    must_have_second_factor,
    while_setting_up,
    with_account,
)
from matcher.web.language import say
from matcher.web.posted import FormError
from matcher.web.site import site

blueprint = Blueprint("desk_second_factor", __name__, url_prefix="/desk/account")

CODE, SECRET = "code", "secret"


@blueprint.get("/second-factor")
@while_setting_up
def page(account: Account) -> str:
    """What a second step is, and which ones there are."""
    here = site()
    return render_template(
        "desk/account_second_factor.html",
        account=account,
        must=must_have_second_factor(here.settings, account),
        lacks=lacks_second_factor(account),
        passkeys_work=passkeys_work(),
        address=request.host_url.rstrip("/"),
    )


@blueprint.get("/authenticator")
@while_setting_up
@fresh
def form(account: Account) -> AnyResponse:
    """A new secret, as a picture and as text."""
    return _form(account, second_factor.new_secret())


@blueprint.post("/authenticator")
@while_setting_up
@fresh
def keep(account: Account) -> AnyResponse:
    """Keep the secret once a code of it was typed; then show recovery codes, once."""
    here = site()
    secret = _sealed_secret(account, request.form.get(SECRET, ""))
    try:
        with session(here.engine, writing=True) as opened:
            count_try(
                opened,
                here.desk.hashes,
                email=account.email,
                network=network_of(request.remote_addr),
                now=here.clock(),
            )
        with session(here.engine, writing=True) as opened:
            second_factor.keep_authenticator(
                opened,
                here.desk.safe,
                account.id or 0,
                secret=secret,
                code=request.form.get(CODE, ""),
                now=here.clock(),
            )
    except (AccountError, TooManyTriesError):
        fault = FormError(str(say("desk_app.code_fault").unescape()), CODE)
        return _form(account, secret, fault=fault, status=422)
    return show_codes(account)


@blueprint.post("/authenticator/remove")
@with_account
@fresh
def take(account: Account) -> AnyResponse:
    """Take the app away; who must have a second factor sets up another one next."""
    with session(site().engine, writing=True) as opened:
        second_factor.take_authenticator(opened, account.id or 0, now=site().clock())
    return redirect(url_for("desk_own_account.page", done="no_app"), code=303)


@blueprint.post("/recovery-codes")
@with_account
@fresh
def codes(account: Account) -> AnyResponse:
    """New recovery codes in place of the old ones."""
    with session(site().engine) as opened:
        if not second_factor.has_second_factor(opened, account):
            abort(400)
    return show_codes(account)


def show_codes(account: Account) -> AnyResponse:
    """New recovery codes, shown once."""
    here = site()
    with session(here.engine, writing=True) as opened:
        made = second_factor.new_recovery_codes(
            opened, here.desk.hashes, account.id or 0, now=here.clock()
        )
    return make_response(render_template("desk/account_codes.html", codes=made))


def _form(
    account: Account, secret: str, *, fault: FormError | None = None, status: int = 200
) -> AnyResponse:
    here = site()
    picture = second_factor.picture(secret, email=account.email, issuer=here.assets.theme.name)
    page = render_template(
        "desk/account_authenticator.html",
        picture=Markup(picture),
        secret=second_factor.grouped(secret),
        sealed=here.desk.safe.seal(f"{account.public_id} {secret}".encode()).decode(),
        fault=fault,
    )
    return make_response(page, status)


def _sealed_secret(account: Account, sealed: str) -> str:
    """The secret that the form was made with, for this account."""
    try:
        opened = site().desk.safe.open(sealed.encode("utf-8", "replace")).decode()
    except SealError:
        abort(400)
    whose, _, secret = opened.partition(" ")
    if whose != account.public_id:
        abort(400)
    return secret
