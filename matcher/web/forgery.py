"""Forgery: only our own pages may post to our own pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request, session
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]

from matcher.web.errors import API
from matcher.web.hosts import name_of
from matcher.web.site import site

COOKIELESS = "embed.begin"
"""The one form without a cookie, and so without a code: its Origin has to be there and ours."""
ONE_CLICK = "stopping.stop"
"""The button of mail programs (RFC 8058): they come from anywhere, with nothing, to stop mails."""


def refuse_foreign_posts(app: Flask, protect: CSRFProtect) -> None:
    """Check each post to a page: where it comes from, then the code that our form put into it.

    The API reads no cookie and takes JSON alone, so there is nothing to forge there.
    """

    @app.before_request
    def check() -> None:
        if request.method in ("GET", "HEAD", "OPTIONS") or request.path.startswith(API):
            return
        origin = request.headers.get("Origin", "null")
        g.foreign = _is_foreign(origin)
        if request.endpoint == ONE_CLICK:
            return
        if g.foreign:
            abort(400)
        if request.endpoint != COOKIELESS:
            protect.protect()
        elif origin == "null":
            abort(400)

    @app.after_request
    def keep_own_cookie(response: Response) -> Response:
        # Such a post comes without our cookie: the page that refuses it must not write a new one
        # over the visitor's, with their language and the code of the forms that they have open.
        if g.get("foreign"):
            session.modified = False
        return response


def _is_foreign(origin: str) -> bool:
    """Whether the browser says that a page of another site sent this."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return True
    return origin != "null" and _plain(origin) not in own_origins()


def own_origins() -> set[str]:
    """Scheme, host and port under which the visitor's browser may know this site.

    A proxy that ends https may not say so: under a public name with https only that is ours.
    """
    asked = _plain(f"{request.scheme}://{request.host}")
    public = urlsplit(site().settings.public_url or "")
    if name_of(public.netloc) != name_of(request.host):
        return {asked}
    named = _plain(f"{public.scheme}://{public.netloc}")
    return {named} if public.scheme == "https" else {named, asked}


def _plain(origin: str) -> str:
    """An origin in lower case, without the port that goes with its scheme."""
    lowered = origin.lower()
    usual = {"http": ":80", "https": ":443"}.get(lowered.partition(":")[0])
    return lowered.removesuffix(usual) if usual else lowered
