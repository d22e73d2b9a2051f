"""Routes: every page and every form of the application, found in its own table of addresses.

A page that somebody adds is looked at from then on, without a word here. What stands in an
address is filled in from `FILLED`; a new kind of address fails until it is added.
"""

from __future__ import annotations

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
    "desk_joining": {"token": ["nothing"]},
    "desk_accounts": {"public_id": ["nothing"]},
}
NO_PAGES = ("assets", "health", "api-docs")
ERROR_PAGES = ["/nowhere", "/clear"]


def is_page(endpoint: str, rule: str) -> bool:
    """Whether an address belongs to the pages of everybody: not to the API, the files, the machine
    and the desk, which has tests of its own (`test_desk_pages`)."""
    return endpoint.partition(".")[0] not in NO_PAGES and not rule.startswith(("/api/", "/desk"))


def paths(app: Flask, method: str) -> list[str]:
    """The addresses of the pages that answer a method."""
    found: list[str] = []
    for rule in app.url_map.iter_rules():
        if method in (rule.methods or ()) and is_page(rule.endpoint, rule.rule):
            found += _filled(rule.rule, rule.endpoint.partition(".")[0], set(rule.arguments))
    return sorted(set(found))


def _filled(rule: str, blueprint: str, arguments: set[str]) -> list[str]:
    filled = [rule]
    for name in arguments:
        values = FILLED[blueprint][name]
        filled = [path.replace(f"<{name}>", value) for path in filled for value in values]
    return filled
