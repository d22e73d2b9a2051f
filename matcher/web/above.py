"""Above: the page that somebody came from when they sent a form.

A page that is shown in answer to a form has no address of its own: the switch of the language and
the ways back from an error lead to the page on which the form stands.
"""

from __future__ import annotations

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect


def page_here() -> str:
    """The address of the page that is shown, with what it was asked for where it can be opened."""
    if request.method in ("GET", "HEAD") or _is_page(request.path):
        return request.full_path.rstrip("?")
    return page_above(request.path)


def page_above(path: str) -> str:
    """The first address that can be opened: `path` itself, else the one it lies under."""
    while path != "/" and not _is_page(path):
        path = path.rstrip("/").rpartition("/")[0] or "/"
    return path


def _is_page(path: str) -> bool:
    pages = current_app.create_url_adapter(request)
    if pages is None:
        return False
    try:
        pages.match(path, method="GET")
    except (RequestRedirect, HTTPException):
        return False
    return True
