"""Errors: every refusal and breakdown as a calm page, or as a problem for the API."""

from __future__ import annotations

import re
from typing import Any

import structlog
from flask import Flask, Response, make_response, render_template, request
from flask_smorest import Api  # type: ignore[import-untyped]
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from matcher.store.errors import StoreError
from matcher.web import visiting
from matcher.web.above import page_above
from matcher.web.problems import MIME_TYPE, Problem, ProblemSchema, problem_response
from matcher.web.uploads import ENVELOPE, LARGEST_FILE, MemoryRequest

API = "/api/"
ANSWERS_FILE = "/answers/load"
RECORDS_FILES = re.compile(r"/records/read|/desk/panels/[^/]+/records")
EXPLAINED = (400, 404, 405, 413, 500, 503)
TO_MEND = (400, 405, 413)
"""After these a form can be sent again, from the page on which it stands."""
RETRY_SECONDS = "30"
FORM_BYTES = 100 * 1024
log = structlog.get_logger(__name__)


class ProblemApi(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """The API's registry. It takes every HTTP error of the application, pages included."""

    ERROR_SCHEMA = ProblemSchema

    def _register_responses(self) -> None:
        # Errors have their own media type; the base class describes all answers by one.
        self.DEFAULT_RESPONSE_CONTENT_TYPE = MIME_TYPE
        super()._register_responses()
        self.DEFAULT_RESPONSE_CONTENT_TYPE = "application/json"

    def handle_http_exception(self, error: HTTPException) -> Response:
        """The error as a problem under ``/api/``, as a page elsewhere."""
        return answer_error(error)


def answer_error(error: HTTPException) -> Response:
    """One HTTP error, in the form that whoever asked can read."""
    if isinstance(error, SecurityError):
        return _plain(error)
    if request.path.startswith(API):
        return problem_response(error)
    return _page(error)


def handle_breakdowns(app: Flask) -> None:
    """Answer a database that cannot be reached with 503, and a body that breaks off with 400."""
    app.request_class = MemoryRequest

    @app.errorhandler(StoreError)
    def unavailable(error: StoreError) -> Response:
        log.error("database unavailable", what=error.what, where=error.where, mend=error.mend)
        response = answer_error(Problem(503, "The database cannot be reached just now."))
        response.headers["Retry-After"] = RETRY_SECONDS
        return response

    @app.before_request
    def read_body() -> Response | None:
        # A server that finds the body broken says so only when it is read: do that here, once.
        if request.method not in ("POST", "PUT", "PATCH"):
            return None
        if RECORDS_FILES.fullmatch(request.path):
            request.max_content_length = LARGEST_FILE + ENVELOPE
        elif not request.path.startswith((API, ANSWERS_FILE)):
            request.max_content_length = FORM_BYTES
        try:
            data = request.get_data(cache=True)
        except HTTPException:
            raise
        except Exception as error:
            log.info("request body broke off", kind=type(error).__name__)
            return answer_error(Problem(400, "The body of the request broke off."))
        # A body without a length is cut off at the limit in silence.
        limit = request.max_content_length or 0
        if request.content_length is None and len(data) >= limit:
            raise RequestEntityTooLarge
        return None


def _page(error: HTTPException) -> Response:
    code = error.code or 500
    if code < 400:
        return make_response(error.get_response())
    if code not in (500, 503):
        _open_visit()
    shown = code if code in EXPLAINED else 400
    back = page_above(request.path) if shown in TO_MEND else "/"
    key = "csrf" if isinstance(error, CSRFError) else _too_large() if code == 413 else str(shown)
    page = render_template("pages/error.html", key=key, back=back if back != "/" else None)
    response = make_response(page, code)
    for name, value in _kept(error):
        response.headers[name] = value
    return response


def _open_visit() -> None:
    """A page of an error offers the way back to the results where there are any."""
    try:
        visiting.open_visit()
    except StoreError as error:
        log.info("no visit for the page of an error", what=error.what)


def _too_large() -> str:
    """What was too large, as the end of a text's key."""
    if request.path == ANSWERS_FILE:
        return "413_answers"
    return "413_records" if RECORDS_FILES.fullmatch(request.path) else "413"


def _kept(error: HTTPException) -> list[tuple[str, Any]]:
    return [(name, value) for name, value in error.get_headers() if name.lower() == "allow"]


def _plain(error: HTTPException) -> Response:
    # Under a name that is not ours no page can be built: its links would carry that name.
    if request.path.startswith(API):
        return problem_response(Problem(400, "This host name is not served here."))
    text = "This host name is not served here. Set MATCHER_PUBLIC_URL to serve it.\n"
    return Response(text, status=error.code, mimetype="text/plain")
