"""Filling: the patients' form as it is filled in for a person of a panel.

The answers are in a visit as everybody's are, which remembers the person and the version in which
they were read. Only who may open the panel comes to its pages, asked anew each time.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, abort, g, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.panels.left_out import HARD
from matcher.services.panels.persons import GoneError, Person, find
from matcher.services.panels.walls import NotYoursError, OpenPanel, open_panel
from matcher.services.visits import Visit, ends_at
from matcher.store.database import session
from matcher.web import visiting
from matcher.web.desk.session import signed_in
from matcher.web.site import site

FORM_PAGES = ("questions", "genes", "check", "results", "sheet", "answers_file", "records")
MAIL_PAGES = ("subscribing",)
# Files, answers to programs, and the pages that are the same for everybody.
NO_PAGES = ("desk_", "assets", "health", "api", "short", "embed")


@dataclass(frozen=True)
class FilledFor:
    """Whom a visit's answers are about: the public ids of panel and person, and their code."""

    panel: str
    person: str
    code: str


def visit_for(panel: OpenPanel, person: Person) -> Visit:
    """A visit with a person's answers; it is short, as on a computer that others use."""
    return Visit(
        ends_at(site().clock(), shared=True),
        about="other",
        shared=True,
        leave_out=HARD in person.profile.leave_out,
        answers=person.profile.answers,
        panel=panel.panel.public_id,
        panel_person=person.public_id,
        person_version=person.version,
    )


def is_for(visit: Visit | None, panel: OpenPanel, person: str) -> bool:
    """Whether a visit's answers are this person's (public id)."""
    return (
        visit is not None and visit.panel == panel.panel.public_id and visit.panel_person == person
    )


def end_filling(response: AnyResponse) -> None:
    """Erase the answers that are open in this browser, if they are a person's of a panel."""
    visit = visiting.open_visit()
    if visit is not None and visit.panel is not None:
        visiting.end(response)


def filled_for(visit: Visit | None) -> FilledFor | None:
    """Whom a visit is filled in for, if who is signed in may open their panel; else None."""
    if visit is None or visit.panel is None or visit.panel_person is None:
        return None
    if "filled_for" not in g or g.filled_for[0] != visit.panel_person:
        g.filled_for = (visit.panel_person, _looked_up(visit.panel, visit.panel_person))
    found = g.filled_for[1]
    assert found is None or isinstance(found, FilledFor)
    return found


def _looked_up(panel_id: str, person_id: str) -> FilledFor | None:
    here = signed_in()
    if here is None:
        return None
    try:
        with session(site().engine) as reading:
            panel = open_panel(reading, here.account.id or 0, panel_id)
            return FilledFor(panel_id, person_id, find(reading, panel, person_id).code)
    except (NotYoursError, GoneError):
        return None


def keep_to_the_walls(app: Flask) -> None:
    """Show a visit for a person of a panel to nobody but those who may open that panel."""

    @app.before_request
    def ask() -> Response | None:
        place = request.blueprint or ""
        if place.startswith(NO_PAGES):
            return None
        visit = visiting.open_visit()
        if visit is None or visit.panel is None:
            return None
        if filled_for(visit) is None:
            visiting.overlook()
            if place not in FORM_PAGES:
                return None
            if signed_in() is not None:
                abort(404)
            back = url_for("desk_person.resume", panel=visit.panel, person=visit.panel_person)
            target = url_for("desk_signing_in.form", why="over", next=back)
            return make_response(redirect(target, code=303))
        if place in MAIL_PAGES:
            # Mails are for who asks for them: a navigator does not sign anybody up.
            abort(404)
        return None
