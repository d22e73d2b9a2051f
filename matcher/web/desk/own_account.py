"""Own account: what somebody at the desk sees and changes of their own: password, sign-ins."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.accounts import passkeys, sessions
from matcher.services.accounts.invitations import change_password
from matcher.services.accounts.people import role_names
from matcher.services.accounts.second_factor import has_second_factor
from matcher.services.accounts.trail import resets
from matcher.services.accounts.tries import TooManyTriesError, count_try
from matcher.services.subscribing.limits import network_of
from matcher.store.accounts import Account
from matcher.store.database import session
from matcher.web.desk.chosen import chosen_fault
from matcher.web.desk.library import library
from matcher.web.desk.session import begin, forget, signed_in, while_setting_up, with_account
from matcher.web.language import say
from matcher.web.posted import FormError
from matcher.web.site import site

blueprint = Blueprint("desk_own_account", __name__, url_prefix="/desk/account")

CURRENT, CHOSEN = "current", "chosen"
DONE = ("password", "app", "no_app", "passkey", "no_passkey")


@blueprint.get("")
@with_account
def page(account: Account) -> AnyResponse:
    """All of it."""
    return _page(account)


@blueprint.post("/password")
@while_setting_up
def password(account: Account) -> AnyResponse:
    """Change the password; all other sign-ins end."""
    here = site()
    network = network_of(request.remote_addr)
    try:
        with session(here.engine, writing=True) as opened:
            count_try(
                opened, here.desk.hashes, email=account.email, network=network, now=here.clock()
            )
    except TooManyTriesError:
        text = str(say("desk_account.too_many").unescape())
        return _page(account, fault=FormError(text, CURRENT), status=429)
    if not library().is_password(account, request.form.get(CURRENT, "")):
        text = str(say("desk_account.wrong_password").unescape())
        return _page(account, fault=FormError(text, CURRENT), status=422)
    chosen = request.form.get(CHOSEN, "")
    with session(here.engine) as opened:
        second = has_second_factor(opened, account)
    fault = chosen_fault(chosen, account, second_factor=second, anchor=CHOSEN)
    if fault is not None:
        return _page(account, fault=fault, status=422)
    hashed = library().hashed(chosen)
    with session(here.engine, writing=True) as opened:
        changed = change_password(opened, account.id or 0, password_hash=hashed, now=here.clock())
    begin(changed, by="password")
    return redirect(url_for("desk_own_account.page", done="password"), code=303)


@blueprint.post("/sign-out-everywhere")
@while_setting_up
def sign_out_everywhere(account: Account) -> AnyResponse:
    """End every sign-in, this one too."""
    with session(site().engine, writing=True) as opened:
        sessions.end_all_sessions(opened, account.id or 0, now=site().clock())
    forget()
    return redirect(url_for("desk_signing_in.form", why="out"), code=303)


def _page(account: Account, *, fault: FormError | None = None, status: int = 200) -> AnyResponse:
    here, mine = site(), signed_in()
    with session(here.engine) as opened:
        open_now = sessions.sessions_now(opened, account.id or 0, now=here.clock())
        keys = passkeys.passkeys_of(opened, account.id or 0)
        was_reset = resets(opened, account)
    done = request.args.get("done")
    page = render_template(
        "desk/account.html",
        account=account,
        roles=role_names(account),
        sessions=open_now,
        this=mine.id_hash if mine else None,
        passkeys=keys,
        resets=was_reset,
        codes_left=len(account.mf_recovery_codes or ()),
        fault=fault,
        done=done if done in DONE else None,
    )
    return make_response(page, status)
