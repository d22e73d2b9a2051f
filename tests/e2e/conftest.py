"""Fixtures of the browser tests: a real server over the sample, and a real Chromium."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.services.catalogue import open_catalogue
from matcher.store.database import connect, upgrade
from matcher.web import create_app
from tests.kept import shipped_book
from tests.web.desk.worker import with_cheap_passwords
from tests.web.mails import MAIL

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MISSING = "Chromium was not found. Install it with: apt-get install --yes chromium (or set "
MISSING += "MATCHER_CHROMIUM to its path)."
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}
PUT_THERE: dict[str, str] = {}
"""Pages that a test has put at an address of a server: the browser gets them as it gets all
others, which routing it would not do: then nothing comes from its cache."""


def chromium() -> str:
    """The path of a Chromium; fails with how to get one."""
    named = os.environ.get("MATCHER_CHROMIUM")
    found = named or shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(found).is_file():
        pytest.fail(MISSING)
    return found


@pytest.fixture(scope="session")
def book() -> Rulebook:
    """The shipped rules."""
    return shipped_book()


class Clock:
    """A clock that a test can put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@contextmanager
def serving(engine: sa.Engine, app: Flask | Callable[[str], Flask]) -> Iterator[str]:
    """Serve an application as long as the block lasts; gives its address.

    Instead of an application it takes what makes one for an address.
    """
    server = make_server("127.0.0.1", 0, Flask("waiting"), threaded=True)
    url = f"http://127.0.0.1:{server.server_port}"
    server.app = _with_what_was_put_there(app if isinstance(app, Flask) else app(url))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield url
    server.shutdown()
    thread.join()
    engine.dispose()


def _with_what_was_put_there(app: WSGIApplication) -> WSGIApplication:
    def answered(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        page = PUT_THERE.get(f"http://{environ['HTTP_HOST']}{environ['PATH_INFO']}")
        if page is None:
            return app(environ, start_response)
        start_response("200 OK", [("Content-Type", "text/html; charset=utf-8")])
        return [page.encode()]

    return answered


def new_engine(folder: Path) -> sa.Engine:
    """A database with its tables."""
    engine = connect(f"sqlite:///{folder / 'matcher.db'}")
    upgrade(engine)
    return engine


def new_app(folder: Path, book: Rulebook, engine: sa.Engine, clock: Clock | None = None) -> Flask:
    """The application over a database."""
    keys = ("a secret for the tests", "a key for the tests", "a lookup key of tests")
    settings = Settings(folder, str(engine.url), *keys, **MAIL)
    return with_cheap_passwords(create_app(settings, book, engine=engine, clock=clock or Clock()))


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, book: Rulebook) -> Iterator[tuple[str, Flask]]:
    """A server that runs for all browser tests, filled with the sample: address, application."""
    folder = tmp_path_factory.mktemp("site")
    engine = new_engine(folder)
    open_catalogue(engine, book, fill=True)
    app = new_app(folder, book, engine)
    with serving(engine, app) as url:
        yield url, app


@pytest.fixture(scope="session")
def site_url(site: tuple[str, Flask]) -> str:
    """The address of that server."""
    return site[0]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    path = chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield started
        started.close()


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site_url: str) -> Iterator[OpenPage]:
    """Opens a page in a browser of its own: ``open_page(viewport=PHONE, color_scheme="dark")``.

    Every request to another host, and everything that the page itself complains of, is noted and
    fails the test at its end.
    """
    contexts: list[BrowserContext] = []
    noted: list[str] = []

    def opened(**wishes: object) -> Page:
        wishes = {"viewport": DESKTOP, "locale": "en-US", "base_url": site_url, **wishes}
        context = browser.new_context(**wishes)  # type: ignore[arg-type]
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        home = str(wishes["base_url"])
        page.on("request", lambda r: None if r.url.startswith(home) else noted.append(r.url))
        page.on("console", lambda m: noted.append(m.text) if is_complaint(m.type, m.text) else None)
        page.on("pageerror", lambda error: noted.append(str(error)))
        return page

    yield opened
    for context in contexts:
        context.close()
    assert noted == []


def is_complaint(kind: str, text: str) -> bool:
    """Whether a line of the browser's console is a fault of the page's."""
    # Refused forms and unknown addresses are told by the browser too: that is what was tested.
    return kind in ("error", "warning") and "Failed to load resource" not in text
