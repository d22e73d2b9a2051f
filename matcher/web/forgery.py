"""Forgery: only our own pages may post to our own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, abort, request
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]

from matcher.web.errors import API

COOKIELESS = "embed.begin"
"""The one form without a cookie, and so without a code: its Origin has to be there and ours."""


def refuse_foreign_posts(app: Flask, protect: CSRFProtect) -> None:
    """Check each post to a page: where it comes from, then the code that our form put into it.

    The API reads no cookie and takes JSON alone, so there is nothing to forge there.
    """

    @app.before_request
    def check() -> None:
        if request.method in ("GET", "HEAD", "OPTIONS") or request.path.startswith(API):
            return
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            abort(400)
        origin = request.headers.get("Origin", "null")
        if origin != "null" and urlsplit(origin).netloc != request.host:
            abort(400)
        if request.endpoint != COOKIELESS:
            protect.protect()
        elif origin == "null":
            abort(400)
