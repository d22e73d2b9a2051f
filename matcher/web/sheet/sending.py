"""Sending: a sheet's page as a PDF, as it goes to a browser."""

from __future__ import annotations

from flask import Response, abort, request

from matcher.web.sheet.pdf import BusyError, make_pdf, paper_of, weasyprint
from matcher.web.site import site


def require_pdf() -> None:
    """There is no PDF without the extra ``pdf``."""
    if weasyprint() is None:
        abort(404)


def send_pdf(page: str, *, name: str) -> Response:
    """The PDF of a page, to be kept as `name`, on the paper of the browser's country."""
    paper = paper_of(request.headers.get("Accept-Language", ""))
    try:
        document = make_pdf(page, assets=site().assets, paper=paper)
    except BusyError:
        abort(503)
    response = Response(document, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
