"""Signing in: an address and a password, then a code where there is one; or a passkey alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, g, make_response, redirect, render_template, request, url_for
from flask import session as cookie
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.accounts import passkeys
from matcher.services.accounts.second_factor import check_code, has_passkey, has_second_factor
from matcher.services.accounts.trail import reset_is_news
from matcher.services.accounts.tries import TooManyTriesError, count_try, forget_tries, note_failure
from matcher.services.subscribing.limits import network_of
from matcher.store.accounts import Account, account_by_email, account_by_public_id
from matcher.store.columns import is_clean
from matcher.store.database import session
from matcher.web.desk.ceremonies import (
    challenge_kept,
    keep_challenge,
    passkey_site,
    passkeys_work,
)
from matcher.web.desk.filling import end_filling
from matcher.web.desk.library import library
from matcher.web.desk.session import HALF, begin, end, go_on, own_path, signed_in, spoken_by
from matcher.web.language import say, say_count
from matcher.web.posted import FormError
from matcher.web.site import site

blueprint = Blueprint("desk_signing_in", __name__, url_prefix="/desk")

HALF_LASTS = timedelta(minutes=10)
LONGEST_EMAIL = 320
WHYS = ("over", "again", "out", "joined")
EMAIL, PASSWORD, CODE = "email", "password", "code"


@blueprint.get("/sign-in")
def form() -> AnyResponse:
    """The form."""
    return _form()


@blueprint.post("/sign-in")
def sign_in() -> AnyResponse:
    """Look at address and password. What is said does not depend on whether there is an account."""
    here = site()
    typed = request.form.get(EMAIL, "").strip()
    email = typed.lower()
    if not email or len(email) > LONGEST_EMAIL or not is_clean(email):
        return _form(typed="", fault=_fault("sign_in.fault", EMAIL), status=422)
    try:
        _count(email)
    except TooManyTriesError as error:
        return _busy(error, lambda fault: _form(typed=typed, fault=fault, status=429))
    with session(here.engine) as opened:
        account = account_by_email(opened, email)
        needs_code = account is not None and has_second_factor(opened, account)
    if not library().is_password(account, request.form.get(PASSWORD, "")) or account is None:
        with session(here.engine, writing=True) as opened:
            note_failure(opened, here.desk.hashes, account, email=email, now=here.clock())
        return _form(typed=typed, fault=_fault("sign_in.fault", EMAIL), status=422)
    wanted = own_path(request.form.get("next"))
    if needs_code:
        _keep_half(account, wanted)
        return redirect(url_for("desk_signing_in.code_form"), code=303)
    return _signed_in(account, wanted, by="password")


@blueprint.get("/sign-in/code")
def code_form() -> AnyResponse:
    """The second step."""
    account = _half()
    return _start_again() if account is None else _code_form(account)


@blueprint.post("/sign-in/code")
def code() -> AnyResponse:
    """Look at the code."""
    here, account = site(), _half()
    if account is None:
        return _start_again()
    try:
        _count(account.email)
    except TooManyTriesError as error:
        return _busy(error, lambda fault: _code_form(account, fault=fault, status=429))
    typed = request.form.get(CODE, "")
    with session(here.engine, writing=True) as opened:
        good = check_code(
            opened, here.desk.safe, here.desk.hashes, account.id or 0, typed, now=here.clock()
        )
    if not good:
        return _code_form(account, fault=_fault("sign_in.code_fault", CODE), status=422)
    return _signed_in(account, cookie[HALF].get("next"), by="authenticator")


@blueprint.post("/sign-in/passkey")
def passkey() -> AnyResponse:
    """Look at what a passkey answered; with a password before it, it has to be that account's."""
    here, half = site(), _half()
    challenge = challenge_kept("ask")
    account = None
    if challenge is not None:
        with session(here.engine, writing=True) as opened:
            account = passkeys.account_of(
                opened,
                passkey_site(),
                challenge=challenge,
                answer=request.form.get("answer", ""),
                now=here.clock(),
                account_id=half.id if half else None,
            )
    if account is not None:
        wanted = cookie[HALF].get("next") if half else request.form.get("next")
        return _signed_in(account, own_path(wanted), by="webauthn")
    fault = _fault("sign_in.passkey_fault", "passkey")
    return _code_form(half, fault=fault, status=422) if half else _form(fault=fault, status=422)


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    """Sign out of this browser."""
    end()
    response = redirect(url_for("desk_signing_in.form", why="out"), code=303)
    end_filling(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _signed_in(account: Account, wanted: str | None, *, by: str) -> AnyResponse:
    here = site()
    with session(here.engine) as opened:
        news = reset_is_news(opened, account)
    begin(account, by=by)
    with session(here.engine, writing=True) as opened:
        forget_tries(opened, here.desk.hashes, email=account.email, network=_network())
    # Whoever was reset by another sees by whom before anything else.
    return go_on(url_for("desk_own_account.page") if news else wanted)


def _form(*, typed: str = "", fault: FormError | None = None, status: int = 200) -> AnyResponse:
    why = request.args.get("why")
    with session(site().engine) as opened:
        asked = passkeys.begin_asking(opened, passkey_site())
    keep_challenge("ask", asked.challenge)
    page = render_template(
        "desk/account_sign_in.html",
        typed=typed,
        fault=fault,
        why=why if why in WHYS else None,
        next=own_path(request.values.get("next")),
        passkey_options=asked.options if passkeys_work() else None,
        already=signed_in(),
    )
    return make_response(page, status)


def _code_form(
    account: Account, *, fault: FormError | None = None, status: int = 200
) -> AnyResponse:
    g.language = spoken_by(account)
    options = None
    with session(site().engine) as opened:
        if has_passkey(opened, account.id or 0):
            asked = passkeys.begin_asking(opened, passkey_site(), account_id=account.id)
            keep_challenge("ask", asked.challenge)
            options = asked.options
    page = render_template(
        "desk/account_code.html",
        fault=fault,
        passkey_options=options,
        has_app=account.tf_primary_method is not None,
    )
    return make_response(page, status)


def _keep_half(account: Account, wanted: str | None) -> None:
    until = site().clock() + HALF_LASTS
    cookie[HALF] = {
        "of": account.public_id,
        "by": account.fs_uniquifier,
        "until": until.timestamp(),
        "next": wanted,
    }


def _half() -> Account | None:
    """Who gave a good password lately, and has yet to give a code."""
    kept = cookie.get(HALF)
    here = site()
    if not isinstance(kept, dict) or here.clock().timestamp() > kept.get("until", 0):
        return None
    with session(here.engine) as opened:
        account = account_by_public_id(opened, kept.get("of", ""))
    # Whoever was reset or disabled meanwhile has another mark: the first step no longer counts.
    if account is None or not account.active or account.fs_uniquifier != kept.get("by"):
        return None
    return account


def _start_again() -> AnyResponse:
    cookie.pop(HALF, None)
    return redirect(url_for("desk_signing_in.form", why="over"), code=303)


def _count(email: str) -> None:
    here = site()
    with session(here.engine, writing=True) as opened:
        count_try(opened, here.desk.hashes, email=email, network=_network(), now=here.clock())


def _network() -> str:
    return network_of(request.remote_addr)


def _fault(key: str, anchor: str) -> FormError:
    return FormError(str(say(key).unescape()), anchor)


def _busy(error: TooManyTriesError, page: Callable[[FormError], AnyResponse]) -> AnyResponse:
    seconds = max(1, int((error.until - site().clock()).total_seconds()))
    text = str(say_count("sign_in.busy", -(-seconds // 60)).unescape())
    response = page(FormError(text, EMAIL if request.path.endswith("sign-in") else CODE))
    response.headers["Retry-After"] = str(seconds)
    return response
