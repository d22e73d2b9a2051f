"""Fixtures of the browser tests: a real server over the sample, and a real Chromium."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.rules import load_rules, shipped_rules
from matcher.services.catalogue import open_catalogue
from matcher.store.database import connect, upgrade
from matcher.web import create_app

MISSING = "Chromium was not found. Install it with: apt-get install --yes chromium (or set "
MISSING += "MATCHER_CHROMIUM to its path)."
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 900}


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
    return load_rules(shipped_rules())


@pytest.fixture(scope="session")
def site_url(tmp_path_factory: pytest.TempPathFactory, book: Rulebook) -> Iterator[str]:
    """The address of a server that runs for all browser tests, filled with the sample."""
    folder = tmp_path_factory.mktemp("site")
    engine = connect(f"sqlite:///{folder / 'matcher.db'}")
    upgrade(engine)
    open_catalogue(engine, book, fill=True)
    settings = Settings(folder, str(engine.url), "a secret for the tests", "a key for the tests")
    server = make_server("127.0.0.1", 0, create_app(settings, book, engine=engine), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    engine.dispose()


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
        page = context.new_page()
        page.on("request", lambda r: None if r.url.startswith(site_url) else noted.append(r.url))
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
