"""A worker in the tests: somebody with an account, at a browser without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from flask import Flask
from passlib.totp import TOTP
from werkzeug.test import TestResponse

from matcher.services.accounts.invitations import accept
from matcher.services.accounts.people import add_account
from matcher.store.database import session
from matcher.web.desk.library import library
from tests.web.mails import site_of
from tests.web.person import Person

PASSWORD = "copper violin Tuesday marsh"
_SECRET = re.compile(r'<code class="secret">([A-Z0-9 ]+)</code>')
_SEALED = re.compile(r'name="secret" value="([^"]+)"')
_CODES = re.compile(r"<li><code>([a-z0-9-]+)</code></li>")


class Worker(Person):
    """Somebody who was invited to the desk and has chosen `PASSWORD`."""

    def __init__(self, app: Flask, email: str, **headers: str) -> None:
        super().__init__(app.test_client(), **headers)
        self.app, self.email, self.secret = app, email, ""

    @classmethod
    def invited(
        cls,
        app: Flask,
        email: str,
        *,
        roles: Sequence[str] = ("navigator",),
        organisation: str = "Clinic",
    ) -> tuple[Worker, str]:
        """Somebody who was invited, and the path of their invitation."""
        here = site_of(app)
        with session(here.engine, writing=True) as opened:
            made = add_account(
                opened,
                email=email,
                name="Somebody",
                roles=roles,
                organisation=organisation,
                language="en",
                now=here.clock(),
            )
        return cls(app, email), f"/desk/join/{made.token}"

    @classmethod
    def made(cls, app: Flask, email: str, **about: Any) -> Worker:
        """Somebody who has chosen their password."""
        worker, link = cls.invited(app, email, **about)
        here = site_of(app)
        with session(here.engine, writing=True) as opened:
            token = link.rpartition("/")[2]
            hashed = _hash_of_password(app)
            assert accept(opened, token, password_hash=hashed, now=here.clock())
        return worker

    @property
    def place(self) -> str:
        """Where they are, without what the address asks for."""
        return self.path.partition("?")[0]

    def elsewhere(self, **headers: str) -> Worker:
        """The same person at another browser."""
        other = Worker(self.app, self.email, **headers)
        other.secret = self.secret
        return other

    def sign_in(self, password: str = PASSWORD, *, at: str = "/desk/sign-in") -> TestResponse:
        """Open the sign-in and fill it in."""
        self.open(at)
        wanted = re.search(r'name="next" value="([^"]+)"', self.page)
        extra = {"next": wanted[1]} if wanted else {}
        return self.send("/desk/sign-in", email=self.email, password=password, **extra)

    def set_up_app(self) -> list[str]:
        """Set an authenticator app up; the recovery codes."""
        self.open("/desk/account/authenticator")
        self.secret = "".join(_found(_SECRET, self.page).split())
        sealed = _found(_SEALED, self.page)
        self.send(secret=sealed, code=self.code())
        return _CODES.findall(self.page)

    def code(self) -> str:
        """What the app shows now."""
        now = site_of(self.app).clock()
        return str(TOTP(key=self.secret, format="base32").generate(time=now).token)


def with_cheap_passwords(app: Flask) -> Flask:
    """The same application; hashing a password costs it next to nothing."""
    context = app.extensions["security"].pwd_context
    context.update(argon2__time_cost=1, argon2__memory_cost=8, argon2__parallelism=1)
    return app


@cache
def _hash_of_password(app: Flask) -> str:
    """Made once: in some applications it takes its time."""
    with app.test_request_context():
        return library().hashed(PASSWORD)


def _found(pattern: re.Pattern[str], page: str) -> str:
    found = pattern.search(page)
    assert found, page
    return found[1]
