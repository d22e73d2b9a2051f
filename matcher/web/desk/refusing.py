"""Refusing: what the services of the panels refuse, as the pages of the desk answer it."""

from __future__ import annotations

from flask import Flask, redirect, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from matcher.services.panels.persons import GoneError
from matcher.services.panels.walls import NotYoursError, OwnersOnlyError, PanelArchivedError
from matcher.services.panels.work import StudyGoneError
from matcher.web.errors import answer_error


def answer_refusals(app: Flask) -> None:
    """Answer what is not there, or not for who asks, by the page of any unknown address; and a
    change in a panel that is put away by the panel, which says so."""

    def missing(_error: Exception) -> AnyResponse:
        return answer_error(NotFound())

    for kind in (NotYoursError, GoneError, OwnersOnlyError, StudyGoneError):
        app.register_error_handler(kind, missing)

    @app.errorhandler(PanelArchivedError)
    def archived(_error: Exception) -> AnyResponse:
        panel = (request.view_args or {}).get("panel", "")
        return redirect(url_for("desk_panel.page", panel=panel, done="is_archived"), code=303)
