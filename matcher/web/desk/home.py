"""Home: the first page of the desk."""

from __future__ import annotations

from flask import Blueprint, render_template
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.accounts.people import role_names
from matcher.services.accounts.second_factor import has_passkey
from matcher.store.accounts import NAVIGATOR, Account
from matcher.store.database import session
from matcher.web.desk import panels
from matcher.web.desk.session import with_account
from matcher.web.site import site

blueprint = Blueprint("desk_home", __name__, url_prefix="/desk")


@blueprint.get("")
@with_account
def home(account: Account) -> str | AnyResponse:
    """Where to go from here: for a navigator, their panels."""
    with session(site().engine) as opened:
        keyed = has_passkey(opened, account.id or 0)
    if NAVIGATOR in role_names(account):
        return panels.home(account, has_passkey=keyed)
    return render_template(
        "desk/account_home.html", account=account, roles=role_names(account), has_passkey=keyed
    )
