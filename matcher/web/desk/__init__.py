"""Desk: the pages for those who work with many people; each needs a sign-in."""

from __future__ import annotations

from flask import Flask

from matcher.services.accounts.people import role_names
from matcher.web.desk import (
    accounts,
    home,
    joining,
    own_account,
    passkeys,
    second_factor,
    signing_in,
)
from matcher.web.desk.library import Library
from matcher.web.desk.session import signed_in
from matcher.web.site import EXTENSION

OPENING = (signing_in, joining)
OWN = (home, own_account, second_factor, passkeys, accounts)


def register(app: Flask) -> None:
    """Add the pages under ``/desk``, and what their templates may use."""
    Library(app, app.extensions[EXTENSION].engine)
    app.jinja_env.globals.update(signed_in=signed_in, desk_roles=_roles)
    for module in (*OPENING, *OWN):
        app.register_blueprint(module.blueprint)


def _roles() -> tuple[str, ...]:
    """The roles of who is signed in."""
    here = signed_in()
    return role_names(here.account) if here else ()
