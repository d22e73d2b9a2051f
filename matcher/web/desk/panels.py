"""Panels: those that somebody may open, the people of one, and who works with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.panels import organising, overview
from matcher.services.panels.facts import check_again, units_of
from matcher.services.panels.organising import (
    LastMemberError,
    NoColleagueError,
    PanelNameError,
)
from matcher.services.panels.overview import is_due
from matcher.services.panels.people import people_of
from matcher.services.panels.persons import Person
from matcher.services.panels.walls import NotYoursError, OpenPanel
from matcher.store.accounts import Account
from matcher.store.database import session
from matcher.store.panel_people import ACTIVE, STANDINGS
from matcher.web.desk.session import with_account, with_panel
from matcher.web.language import say
from matcher.web.posted import FormError
from matcher.web.site import site

blueprint = Blueprint("desk_panel", __name__, url_prefix="/desk/panels")

NAME, MEMBER, COLLEAGUE = "name", "member", "colleague"
ORDERS = ("code", "next_visit", "bring_up_by", "check_again")
DONE = (
    *("made", "archived", "is_archived", "added", "imported", "erased", "put_away", "died"),
    *("renamed", "member_added", "member_removed", "given", "taken_over", "brought_back"),
)
LAST = date.max


@dataclass(frozen=True)
class Row:
    """One person of the list: how many facts are known, how many of them are to be checked again,
    whether something is due."""

    person: Person
    known: int
    old: int
    due: bool


def home(
    account: Account,
    *,
    has_passkey: bool = True,
    fault: FormError | None = None,
    typed: str = "",
) -> AnyResponse:
    """The panels of a navigator, and a form that makes another one."""
    here = site()
    with session(here.engine) as reading:
        mine = overview.glances(reading, here.desk, account.id or 0, today=here.today)
        away = overview.glances(
            reading, here.desk, account.id or 0, today=here.today, archived=True
        )
    page = render_template(
        "desk/panels.html",
        panels=mine,
        away=away,
        needs_second_factor=not (account.tf_primary_method or has_passkey),
        fault=fault,
        typed=typed,
    )
    return make_response(page, 422 if fault else 200)


@blueprint.post("")
@with_account
def make(account: Account) -> AnyResponse:
    """Make a panel."""
    here, typed = site(), request.form.get(NAME, "")
    try:
        with session(here.engine, writing=True) as writing:
            made = organising.make_panel(writing, account.id or 0, name=typed, now=here.clock())
    except PanelNameError as error:
        return home(account, fault=name_fault(error), typed=typed)
    except NotYoursError:
        return redirect(url_for("desk_home.home"), code=303)
    return _to("page", made, "made")


@blueprint.get("/<panel>")
@with_panel
def page(panel: OpenPanel) -> str:
    """The people of a panel."""
    here = site()
    with session(here.engine) as reading:
        everybody = people_of(reading, here.desk, panel, now=here.clock(), standings=STANDINGS)
    order = request.args.get("order", "")
    order = order if order in ORDERS else ORDERS[0]
    mine = request.args.get("whose") == "mine"
    rows = [_row(one) for one in everybody if one.standing == ACTIVE]
    shown = [row for row in rows if not mine or row.person.owner_id == panel.account_id]
    done = request.args.get("done")
    return render_template(
        "desk/panel.html",
        panel=panel,
        rows=sorted(shown, key=_key(order)),
        count=len(rows),
        others={
            standing: [one for one in everybody if one.standing == standing]
            for standing in STANDINGS
            if standing != ACTIVE
        },
        order=order,
        orders=ORDERS,
        mine=mine,
        today=here.today,
        done=done if done in DONE else None,
    )


def _row(person: Person) -> Row:
    here = site()
    return Row(
        person,
        known=len(units_of(person.profile.answers)),
        old=len(check_again(person.profile, here.rulebook, today=here.today)),
        due=is_due(person.next_visit, person.bring_up_by, today=here.today),
    )


def _key(order: str) -> Callable[[Row], tuple[object, list[tuple[str, int]]]]:
    def key(row: Row) -> tuple[object, list[tuple[str, int]]]:
        first = {
            "next_visit": row.person.next_visit or LAST,
            "bring_up_by": row.person.bring_up_by or LAST,
            "check_again": -row.old,
        }.get(order, 0)
        return first, row.person.place

    return key


@blueprint.get("/<panel>/settings")
@with_panel
def settings(panel: OpenPanel) -> AnyResponse:
    """Name, members and what else is decided about a panel."""
    return _settings(panel)


@blueprint.post("/<panel>/rename")
@with_panel
def rename(panel: OpenPanel) -> AnyResponse:
    """Give it another name."""
    here, typed = site(), request.form.get(NAME, "")
    try:
        with session(here.engine, writing=True) as writing:
            organising.rename(writing, panel, name=typed, now=here.clock())
    except PanelNameError as error:
        return _settings(panel, fault=name_fault(error), typed=typed)
    return _to("settings", panel, "renamed")


@blueprint.post("/<panel>/members")
@with_panel
def add_member(panel: OpenPanel) -> AnyResponse:
    """Let a colleague open the panel."""
    return _with_colleague(panel, COLLEAGUE, organising.add_member, "member_added")


@blueprint.post("/<panel>/give")
@with_panel
def give(panel: OpenPanel) -> AnyResponse:
    """Make a member the owner."""
    return _with_colleague(panel, "owner", organising.give_panel, "given")


@blueprint.post("/<panel>/members/remove")
@with_panel
def remove_member(panel: OpenPanel) -> AnyResponse:
    """Take a member out; a member may so leave the panel."""
    here, public_id = site(), request.form.get(MEMBER, "")
    try:
        with session(here.engine, writing=True) as writing:
            organising.remove_member(writing, panel, public_id, now=here.clock())
    except LastMemberError:
        return _settings(panel, fault=FormError(str(say("desk_settings.last").unescape()), "over"))
    if public_id == panel.account.public_id:
        return redirect(url_for("desk_home.home"), code=303)
    return _to("settings", panel, "member_removed")


@blueprint.post("/<panel>/take-over")
@with_panel
def take_over(panel: OpenPanel) -> AnyResponse:
    """Become the owner in place of somebody who is out of service."""
    here = site()
    with session(here.engine, writing=True) as writing:
        organising.take_over(writing, panel, now=here.clock())
    return _to("settings", panel, "taken_over")


@blueprint.post("/<panel>/archive")
@with_panel
def archive(panel: OpenPanel) -> AnyResponse:
    """Put the panel away."""
    here = site()
    with session(here.engine, writing=True) as writing:
        organising.archive_panel(writing, panel, now=here.clock())
    return _to("page", panel, "archived")


@blueprint.post("/<panel>/bring-back")
@with_panel
def bring_back(panel: OpenPanel) -> AnyResponse:
    """Take the panel up again."""
    here = site()
    with session(here.engine, writing=True) as writing:
        organising.bring_back_panel(writing, panel, now=here.clock())
    return _to("page", panel, "brought_back")


def _with_colleague(
    panel: OpenPanel, field: str, change: Callable[..., object], done: str
) -> AnyResponse:
    here, public_id = site(), request.form.get(field, "")
    try:
        with session(here.engine, writing=True) as writing:
            change(writing, panel, public_id, now=here.clock())
    except NoColleagueError:
        fault = FormError(str(say("desk_settings.choose").unescape()), field)
        return _settings(panel, fault=fault)
    return _to("settings", panel, done)


def _settings(panel: OpenPanel, *, fault: FormError | None = None, typed: str = "") -> AnyResponse:
    with session(site().engine) as reading:
        members = organising.members_of(reading, panel)
        colleagues = organising.colleagues(reading, panel)
        has_owner = organising.has_owner(reading, panel)
    done = request.args.get("done")
    page = render_template(
        "desk/panel_settings.html",
        panel=panel,
        members=members,
        colleagues=colleagues,
        has_owner=has_owner,
        typed=typed or panel.panel.name,
        fault=fault,
        done=done if done in DONE else None,
    )
    return make_response(page, 422 if fault else 200)


def name_fault(error: PanelNameError) -> FormError:
    """What to mend in a panel's name."""
    text = say(f"desk_panel.name_{error.fault}", most=organising.LONGEST_NAME)
    return FormError(str(text.unescape()), NAME)


def _to(view: str, panel: OpenPanel, done: str) -> AnyResponse:
    target = url_for(f"desk_panel.{view}", panel=panel.panel.public_id, done=done)
    return redirect(target, code=303)
