"""The frame in a real browser: on a listed site it leads to a tab of ours, elsewhere it is shut."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.services.catalogue import open_catalogue
from matcher.store.database import connect, upgrade
from matcher.web import create_app
from tests.e2e.looking import assert_accessible, sticking_out

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

pytestmark = pytest.mark.browser

SANDBOX = "allow-forms allow-popups allow-popups-to-escape-sandbox allow-same-origin"
FRAME = '<!DOCTYPE html><iframe sandbox="{}" src="{}/embed" width="320" height="900"></iframe>'
FORM = (
    '<!DOCTYPE html><form method="post" action="{}/embed">'
    '<button name="about" value="self">Go</button></form>'
)


@contextmanager
def serving(app: WSGIApplication) -> Iterator[int]:
    """A server of its own on a free port, which it gives."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()


@dataclass
class Sites:
    """Our address, and another server under two names, of which one is listed."""

    ours: str = ""
    listed: str = ""
    unlisted: str = ""


@pytest.fixture(scope="module")
def sites(tmp_path_factory: pytest.TempPathFactory, book: Rulebook) -> Iterator[Sites]:
    """Both servers stand on this machine: browsers let no far page into it."""
    found = Sites()

    @Request.application
    def theirs(request: Request) -> Response:
        body = FORM.format(found.ours) if request.path == "/form" else None
        return Response(body or FRAME.format(SANDBOX, found.ours), mimetype="text/html")

    folder = tmp_path_factory.mktemp("framed")
    engine = connect(f"sqlite:///{folder / 'matcher.db'}")
    upgrade(engine)
    open_catalogue(engine, book, fill=True)
    with serving(theirs) as port:
        found.listed, found.unlisted = f"http://localhost:{port}", f"http://127.0.0.1:{port}"
        listed = (found.listed,)
        keys = ("a secret of the tests", "a key of the tests", "a lookup key of tests")
        settings = Settings(folder, str(engine.url), *keys, frame_ancestors=listed)
        with serving(create_app(settings, book, engine=engine)) as ours:
            found.ours = f"http://127.0.0.1:{ours}"
            yield found
    engine.dispose()


@pytest.fixture
def theirs(browser: Browser) -> Iterator[Page]:
    """A page for the other site."""
    context = browser.new_context(locale="en-US")
    yield context.new_page()
    context.close()


def test_a_listed_site_shows_the_question_and_a_new_tab_goes_on(theirs: Page, sites: Sites) -> None:
    theirs.goto(sites.listed)
    frame = theirs.frame_locator("iframe")
    frame.get_by_label("For someone I care for").check()
    assert theirs.context.cookies() == []
    with theirs.context.expect_page() as opened:
        frame.get_by_role("button", name="Start").click()
    tab = opened.value
    tab.wait_for_load_state()
    assert tab.url == f"{sites.ours}/questions/cancer_status"
    assert tab.evaluate("window.opener") is None
    assert {cookie["name"] for cookie in tab.context.cookies()} >= {"matcher"}
    tab.locator('input[value="now"]').check()
    tab.get_by_role("button", name="Continue").click()
    # A second beginning finds the answers and leaves them alone.
    with theirs.context.expect_page() as again:
        frame.get_by_role("button", name="Start").click()
    again.value.wait_for_load_state()
    assert again.value.url == f"{sites.ours}/check"


def test_a_site_that_is_not_listed_gets_a_shut_frame(theirs: Page, sites: Sites) -> None:
    refused: list[str] = []
    theirs.on("console", lambda message: refused.append(message.text))
    theirs.goto(sites.unlisted, wait_until="networkidle")
    assert any("frame-ancestors" in line for line in refused), refused
    expect(theirs.frame_locator("iframe").get_by_role("button", name="Start")).to_have_count(0)
    assert all("Whom are you" not in frame.content() for frame in theirs.frames)


@pytest.mark.parametrize("site", ["listed", "unlisted"])
def test_a_form_on_another_site_begins_nothing(theirs: Page, sites: Sites, site: str) -> None:
    theirs.goto(f"{getattr(sites, site)}/form")
    with theirs.expect_navigation():
        theirs.get_by_role("button", name="Go").click()
    expect(theirs.get_by_role("heading", level=1)).to_have_text("That did not come through")
    assert "matcher" not in {cookie["name"] for cookie in theirs.context.cookies()}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_frame_is_narrow_and_accessible(browser: Browser, sites: Sites, scheme: str) -> None:
    viewport = {"width": 280, "height": 700}
    context = browser.new_context(viewport=viewport, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(f"{sites.ours}/embed?language=es")
    assert sticking_out(page) == []
    assert_accessible(page)
    context.close()
