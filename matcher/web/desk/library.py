"""Library: Flask-Security over our tables: it hashes passwords and knows who is signed in.

Its pages are not registered: ours stand in their place. Nor does it do anything by itself at a
request: the desk asks it, and a patient's page never looks for an account.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask, current_app
from flask.ctx import AppContext
from flask.globals import app_ctx
from flask_security import (
    RoleMixin,
    Security,
    SQLAlchemySessionUserDatastore,
    UserMixin,
    current_user,
    hash_password,
    login_user,
    logout_user,
    verify_password,
)
from sqlalchemy.orm import registry, relationship, scoped_session, sessionmaker

from matcher.services.accounts.passwords import LONGEST
from matcher.store.accounts import Account, AccountRole, Role
from matcher.store.columns import is_clean, table_of
from matcher.store.errors import explained

EXTENSION = "matcher library"
NOBODYS = "a password that nobody has"


class RoleHolder(RoleMixin):
    """A role as the library knows it."""


class Holder(UserMixin):
    """An account as the library knows it: the same row, with what it asks of a user."""


_mapped = registry(metadata=table_of(Account).metadata)
_mapped.map_imperatively(RoleHolder, table_of(Role))
_mapped.map_imperatively(
    Holder,
    table_of(Account),
    properties={"roles": relationship(RoleHolder, secondary=table_of(AccountRole), viewonly=True)},
)


class Library:
    """What our pages ask of Flask-Security, for one application. Raises `StoreError`."""

    def __init__(self, app: Flask, engine: sa.Engine) -> None:
        app.config.update(
            SECURITY_PASSWORD_HASH="argon2",
            SECURITY_PASSWORD_SCHEMES=["argon2"],
            # No salt of the site's beside argon2's own: a renewed key must not void passwords.
            SECURITY_PASSWORD_SINGLE_HASH=["argon2"],
            SECURITY_PASSWORD_SALT=app.config["SECRET_KEY"],
            SECURITY_USE_REGISTER_V2=True,
            SECURITY_CLI_USERS_NAME=None,
            SECURITY_CLI_ROLES_NAME=None,
        )
        self._engine = engine
        self._rows = scoped_session(sessionmaker(engine, expire_on_commit=False), scopefunc=_here)
        self._datastore = SQLAlchemySessionUserDatastore(self._rows, Holder, RoleHolder)
        with _hooks_left_alone(app):
            security = Security(app, self._datastore, register_blueprint=False)
        # It would take a token from any address or body: here only a cookie signs in.
        security.login_manager.request_loader(lambda _request: None)
        app.teardown_appcontext(lambda _error: self._rows.remove())
        app.extensions[EXTENSION] = self
        self._nobodys: str | None = None

    def hashed(self, password: str) -> str:
        """A password as it is stored."""
        return hash_password(_normal(password))

    def is_password(self, account: Account | None, password: str) -> bool:
        """Whether this is the account's password; takes as long where there is no account."""
        if self._nobodys is None:
            self._nobodys = self.hashed(NOBODYS)
        if len(password) > LONGEST or not is_clean(password):
            return False
        with explained(self._engine.url):
            holder = self._holder(account) if account and account.password else None
            if holder is None:
                verify_password(_normal(password), self._nobodys)
                return False
            good = holder.verify_and_update_password(_normal(password))
            self._rows.commit()
            return bool(good) and bool(holder.active)

    def sign_in(self, account: Account, *, by: str) -> None:
        """Remember in the browser's cookie who is signed in."""
        with explained(self._engine.url):
            login_user(self._holder(account), remember=False, authn_via=[by])

    def sign_out(self) -> None:
        """Forget who is signed in."""
        logout_user()

    def signed_in(self) -> str | None:
        """The public id of the account that this browser's cookie names, if it is not disabled."""
        with explained(self._engine.url):
            found = current_user.public_id if current_user.is_authenticated else None
            # A read that stays open keeps the log of SQLite from being emptied after an erasure.
            self._rows.commit()
        return found

    def _holder(self, account: Account) -> Any:
        # What was read before in this request may have been changed beside this session.
        self._rows.expire_all()
        return self._datastore.find_user(fs_uniquifier=account.fs_uniquifier)


def _here() -> AppContext:
    """This very request, or whatever else the application is asked by."""
    # Flask types the proxy as what it stands for, which has no such method.
    return app_ctx._get_current_object()  # type: ignore[attr-defined,no-any-return]


def library() -> Library:
    """The library of the application that serves the current request."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Library)
    return found


def _normal(password: str) -> str:
    """One form for what looks the same, whatever keyboard it comes from (NIST 800-63B, 3.1.1.2)."""
    return unicodedata.normalize("NFKC", password)


@contextmanager
def _hooks_left_alone(app: Flask) -> Iterator[None]:
    """Keep an extension from doing things at each request, and from writing JSON in its own way."""
    hooks: list[dict[Any, list[Any]]] = [
        app.before_request_funcs,
        app.after_request_funcs,
        app.template_context_processors,
    ]
    kept, json = [list(one.get(None, ())) for one in hooks], app.json
    yield
    for one, before in zip(hooks, kept, strict=True):
        one[None] = before
    app.json = json
