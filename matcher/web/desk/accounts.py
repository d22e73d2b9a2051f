"""Accounts: an administrator's page of the people of their own organisation."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.accounts import people
from matcher.services.accounts.errors import AccountError
from matcher.services.accounts.mailing import MAYBE_THERE, mail_invitation
from matcher.services.accounts.people import Invited
from matcher.store.accounts import ADMINISTRATOR, Account
from matcher.store.database import session
from matcher.web.desk.session import fresh, with_role
from matcher.web.language import language, say
from matcher.web.posted import FormError
from matcher.web.site import site

blueprint = Blueprint("desk_accounts", __name__, url_prefix="/desk/accounts")

ANCHORS = {"taken": "email", "roles": "role", "last_administrator": "people", "disabled": "people"}
DONE = ("disabled", "enabled", "roles")


@blueprint.get("")
@with_role(ADMINISTRATOR)
def page(account: Account) -> AnyResponse:
    """Who works here."""
    return _page(account)


@blueprint.post("")
@with_role(ADMINISTRATOR)
@fresh
def add(account: Account) -> AnyResponse:
    """Add somebody, and mail their invitation; without mail its link is shown once."""
    here = site()
    try:
        with session(here.engine, writing=True) as opened:
            invited = people.add_colleague(
                opened,
                account,
                email=request.form.get("email", ""),
                name=request.form.get("name", ""),
                roles=request.form.getlist("role"),
                language=language(),
                now=here.clock(),
            )
    except AccountError as error:
        return _page(account, fault=_fault(error), status=422)
    return _invited(invited)


@blueprint.post("/<public_id>/invite")
@with_role(ADMINISTRATOR)
@fresh
def invite(account: Account, public_id: str) -> AnyResponse:
    """Invite somebody again."""
    return _change(account, public_id, people.invite_again)


@blueprint.post("/<public_id>/reset")
@with_role(ADMINISTRATOR)
@fresh
def reset(account: Account, public_id: str) -> AnyResponse:
    """Take password and second factors of somebody away, and invite them again."""
    return _change(account, public_id, people.reset)


@blueprint.get("/<public_id>/disable")
@with_role(ADMINISTRATOR)
def confirm_disable(account: Account, public_id: str) -> AnyResponse:
    """Ask before somebody is shut out."""
    with session(site().engine) as opened:
        other = people.find_in(opened, account.organisation_id, public_id)
    if other is None:
        abort(404)
    return make_response(render_template("desk/account_disable.html", account=other))


@blueprint.post("/<public_id>/disable")
@with_role(ADMINISTRATOR)
@fresh
def disable(account: Account, public_id: str) -> AnyResponse:
    """Shut somebody out at once."""
    return _change(account, public_id, people.disable, done="disabled")


@blueprint.post("/<public_id>/enable")
@with_role(ADMINISTRATOR)
@fresh
def enable(account: Account, public_id: str) -> AnyResponse:
    """Let somebody in again."""
    return _change(account, public_id, people.enable, done="enabled")


@blueprint.post("/<public_id>/roles")
@with_role(ADMINISTRATOR)
@fresh
def roles(account: Account, public_id: str) -> AnyResponse:
    """Give somebody other roles."""
    wanted = request.form.getlist("role")
    return _change(account, public_id, partial(people.set_roles, roles=wanted), done="roles")


def _change(
    account: Account,
    public_id: str,
    change: Callable[..., Invited | None],
    *,
    done: str | None = None,
) -> AnyResponse:
    """Change an account of the same organisation; another's is not there."""
    try:
        with session(site().engine, writing=True) as opened:
            other = people.find_in(opened, account.organisation_id, public_id)
            if other is None:
                abort(404)
            invited = change(opened, other, now=site().clock(), by=account.id)
    except AccountError as error:
        return _page(account, fault=_fault(error), status=422)
    if invited is not None:
        return _invited(invited)
    return redirect(url_for("desk_accounts.page", done=done), code=303)


def _invited(invited: Invited) -> AnyResponse:
    """Mail the invitation; where that cannot be done, show its link for the administrator."""
    here, reason, link = site(), None, None
    if here.sends_mail:
        outcome = mail_invitation(here.settings, invited, now=here.clock())
        reason = None if outcome.fate in MAYBE_THERE else outcome.reason
    if reason or not here.sends_mail:
        path = url_for("desk_joining.form", token=invited.token)
        root = here.settings.public_url or request.host_url.rstrip("/")
        link = f"{root}{path}"
    page = render_template(
        "desk/account_invited.html", account=invited.account, link=link, reason=reason
    )
    return make_response(page)


def _page(account: Account, *, fault: FormError | None = None, status: int = 200) -> AnyResponse:
    with session(site().engine) as opened:
        found = people.listed(opened, account.organisation_id)
    done = request.args.get("done")
    page = render_template(
        "desk/accounts.html",
        people=found,
        me=account.public_id,
        fault=fault,
        typed=request.form,
        chosen=request.form.getlist("role") or ["navigator"],
        done=done if done in DONE else None,
    )
    return make_response(page, status)


def _fault(error: AccountError) -> FormError:
    text = str(say(f"desk_accounts.fault_{error.key}").unescape())
    return FormError(text, ANCHORS.get(error.key, error.key))
