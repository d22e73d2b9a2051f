"""Desk: the pages for those who work with many people; each needs a sign-in."""

from __future__ import annotations

from flask import Flask

from matcher.services.accounts.people import role_names
from matcher.web.desk import (
    accounts,
    accounts_trail,
    details,
    home,
    joining,
    keeping,
    matrix,
    news,
    own_account,
    panels,
    papers,
    passkeys,
    people,
    person,
    records,
    second_factor,
    signing_in,
    study,
    trail,
    work,
)
from matcher.web.desk.filling import filled_for, keep_to_the_walls
from matcher.web.desk.library import Library
from matcher.web.desk.places import places_of
from matcher.web.desk.refusing import answer_refusals
from matcher.web.desk.session import signed_in
from matcher.web.desk.told import short_day
from matcher.web.site import EXTENSION

OPENING = (signing_in, joining)
OWN = (home, own_account, second_factor, passkeys, accounts, accounts_trail)
PANELS = (panels, people, person, keeping, details, papers, records, trail)
WORK = (matrix, study, work, news)


def register(app: Flask) -> None:
    """Add the pages under ``/desk``, and what their templates may use."""
    Library(app, app.extensions[EXTENSION].engine)
    app.jinja_env.globals.update(signed_in=signed_in, desk_roles=_roles)
    app.jinja_env.globals.update(
        filled_for=filled_for,
        desk_places=places_of,
        desk_day=short_day,
    )
    answer_refusals(app)
    keep_to_the_walls(app)
    for module in (*OPENING, *OWN, *PANELS, *WORK):
        app.register_blueprint(module.blueprint)


def _roles() -> tuple[str, ...]:
    """The roles of who is signed in."""
    here = signed_in()
    return role_names(here.account) if here else ()
