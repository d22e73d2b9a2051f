"""Routes: every page and every form of the application, found in its own table of addresses.

A page that somebody adds is looked at from then on, without a word here. What stands in an
address is filled in from `FILLED`; a new kind of address fails until it is added.

The desk lies behind its sign-in, which is all that a visitor sees of it: its pages are looked at
by tests that sign in.
"""

from __future__ import annotations

import re

from flask import Flask

from tests.web.catalogue import CAMIZESTRANT

FILLED = {
    "questions": {"key": ["er", "cancer", "age", "country", "inherited"]},
    "genes": {"key": ["inherited"]},
    "results": {"level": ["fits", "may_fit", "different"]},
    "study": {"key": [CAMIZESTRANT]},
    "entering": {"token": ["nothing"]},
    "muting": {"token": ["nothing"]},
    "confirming": {"token": ["nothing"]},
    "stopping": {"token": ["nothing"]},
    "sheet": {"name": ["nothing"]},
    "short": {"name": ["nothing"]},
}
FILLED_AT_THE_DESK = {
    name: ["archive" if name == "what" else "nothing"]
    for name in ("token", "public_id", "panel", "person", "study", "key", "unit", "what")
}
DESK = "/desk"
BEFORE_THE_DESK = ("/desk/sign-in", "/desk/join/")
"""What can be come to without an account."""
NO_PAGES = ("assets", "health", "api-docs")
ERROR_PAGES = ["/nowhere", "/clear"]


def is_page(endpoint: str, rule: str) -> bool:
    """Whether an address belongs to the pages: not to the API, the files and the machine."""
    return endpoint.partition(".")[0] not in NO_PAGES and not rule.startswith("/api/")


def paths(app: Flask, method: str) -> list[str]:
    """The addresses of the pages that answer a method, without those behind the sign-in."""
    return [path for path in _all_paths(app, method) if not is_behind(path)]


def paths_behind(app: Flask, method: str) -> list[str]:
    """The addresses behind the sign-in of the desk that answer a method."""
    return [path for path in _all_paths(app, method) if is_behind(path)]


def is_behind(path: str) -> bool:
    """Whether an address lies behind the sign-in of the desk."""
    return path.startswith(DESK) and not path.startswith(BEFORE_THE_DESK)


def _all_paths(app: Flask, method: str) -> list[str]:
    found: list[str] = []
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and is_page(rule.endpoint, rule.rule):
            found += _filled(rule.rule, rule.endpoint.partition(".")[0], set(rule.arguments))
    return sorted(set(found))


def _filled(rule: str, blueprint: str, arguments: set[str]) -> list[str]:
    known = FILLED_AT_THE_DESK if rule.startswith(DESK) else FILLED.get(blueprint, {})
    filled = [rule]
    for name in arguments:
        place = re.compile(f"<([^<>]*:)?{name}>")
        filled = [place.sub(value, path) for path in filled for value in known[name]]
    return filled
