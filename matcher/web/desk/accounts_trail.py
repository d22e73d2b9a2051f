"""Trail of accounts: who let whom in at an organisation, for its administrators."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.accounts.trail import PAGE, entries, trail_csv
from matcher.store.accounts import ADMINISTRATOR, Account
from matcher.store.database import session
from matcher.web.desk.session import with_role
from matcher.web.site import site

blueprint = Blueprint("desk_accounts_trail", __name__, url_prefix="/desk/accounts/trail")

FILE_NAME = "accounts-trail.csv"


@blueprint.get("")
@with_role(ADMINISTRATOR)
def page(account: Account) -> str:
    """What was done, newest first."""
    before = request.args.get("before", type=int)
    with session(site().engine) as reading:
        found = entries(reading, account.organisation_id, before=before)
    return render_template(
        "desk/accounts_trail.html",
        entries=found,
        before=before,
        earlier=found[-1].id if len(found) == PAGE else None,
    )


@blueprint.get("/trail.csv")
@with_role(ADMINISTRATOR)
def file(account: Account) -> AnyResponse:
    """All of it."""
    with session(site().engine) as reading:
        text = trail_csv(reading, account.organisation_id)
    response = Response("\ufeff" + text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response
