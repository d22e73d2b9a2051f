"""Health: whether the program runs, and whether it can serve."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from matcher.store.errors import StoreError
from matcher.web.site import site

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    """The program runs."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> Response:
    """The database answers and the catalogue is loaded."""
    try:
        studies = len(site().matcher().catalogue.studies)
    except StoreError:
        response = jsonify(status="the database cannot be reached")
        response.status_code = 503
        return response
    return jsonify(status="ok", studies=studies)
