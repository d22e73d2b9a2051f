"""Cookies: the one that holds the key to a visit, and what the page forms need."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from flask import Flask, request
from werkzeug.wrappers import Response

from matcher.config import Settings
from matcher.services.visits import Visit
from matcher.web.hosts import name_of

LOCKED, PLAIN = "__Host-matcher", "matcher"
LONGEST_TOKEN = 128


def set_form_cookie(app: Flask, settings: Settings) -> None:
    """Name and guard Flask's own cookie, which holds a language and a code against forgery."""
    locked = (settings.public_url or "").startswith("https:")
    app.config.update(
        SESSION_COOKIE_NAME="__Host-matcher-form" if locked else "matcher-form",
        SESSION_COOKIE_SECURE=locked,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )


def is_locked(settings: Settings) -> bool:
    """Whether this request came over https, also where a proxy in front took care of that."""
    public = urlsplit(settings.public_url or "")
    return request.is_secure or (
        public.scheme == "https" and name_of(request.host) == name_of(public.netloc)
    )


def visit_token(settings: Settings) -> str | None:
    """The token in the visitor's cookie."""
    token = request.cookies.get(LOCKED if is_locked(settings) else PLAIN, "")
    return token if 0 < len(token) <= LONGEST_TOKEN else None


def give_token(
    response: Response, settings: Settings, token: str, visit: Visit, *, now: datetime
) -> None:
    """Put the token into the visitor's browser, on a shared computer only until it is closed."""
    locked = is_locked(settings)
    response.set_cookie(
        LOCKED if locked else PLAIN,
        token,
        max_age=None if visit.shared else int((visit.ends - now).total_seconds()),
        secure=locked,
        httponly=True,
        samesite="Lax",
        path="/",
    )


def take_token(response: Response, settings: Settings) -> None:
    """Remove the token from the visitor's browser."""
    locked = is_locked(settings)
    response.delete_cookie(
        LOCKED if locked else PLAIN, secure=locked, httponly=True, samesite="Lax", path="/"
    )
