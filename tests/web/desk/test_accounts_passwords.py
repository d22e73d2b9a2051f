"""Passwords as they are stored: as costly to guess as they should be."""

from __future__ import annotations

import re

import sqlalchemy as sa
from flask import Flask

from matcher.web.desk.library import Library

COSTS = re.compile(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$")


def test_a_password_costs_at_least_what_owasp_asks_for() -> None:
    app = Flask(__name__)
    app.config["SECRET_KEY"] = "a secret for the tests"
    library = Library(app, sa.create_engine("sqlite://"))
    with app.test_request_context():
        costs = COSTS.match(library.hashed("copper violin Tuesday marsh"))
    assert costs
    memory, rounds, lanes = map(int, costs.groups())
    assert memory >= 19 * 1024, "KiB"
    assert rounds >= 2
    assert lanes >= 1
