"""Headers: what every answer tells the browser, so that pages stay private and run no script."""

from __future__ import annotations

from flask import Flask, Response, request

from matcher.config import Settings

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
DESK_POLICY = "; script-src 'self'; connect-src 'self'"
"""At the desk alone there are scripts, and only our own files: passkeys need one."""
DESK = "/desk"
FRAMED = "embed.embed"
TWO_YEARS = 2 * 365 * 24 * 3600


def may_be_framed(settings: Settings) -> bool:
    """Whether any other site may show the first question in a frame."""
    return bool(settings.frame_ancestors) and settings.frame_ancestors != ("'none'",)


def guard_responses(app: Flask, settings: Settings) -> None:
    """Add the security headers to every response of `app`.

    Nothing that is made for one visitor may be kept by a browser or a proxy: only the files
    under ``/static/`` say how long they last.
    """
    ancestors = " ".join(settings.frame_ancestors)
    secure = (settings.public_url or "").startswith("https:")

    @app.after_request
    def add_headers(response: Response) -> Response:
        # One page may be framed, and it holds no answers.
        framed = request.endpoint == FRAMED and response.status_code == 200
        allowed = ancestors if framed else "'none'"
        policy = POLICY.format(ancestors=allowed)
        at_desk = request.path == DESK or request.path.startswith(f"{DESK}/")
        response.headers["Content-Security-Policy"] = policy + DESK_POLICY if at_desk else policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        # Where no referrer is sent at all, a form's Origin is null too: it could not be checked.
        response.headers["Referrer-Policy"] = "same-origin" if framed else "no-referrer"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if not framed:
            response.headers["X-Frame-Options"] = "DENY"
        if secure:
            response.headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}"
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        return response
