"""Privacy in a browser: answers leave no trace there, and no other site can do anything here."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from matcher.core.rulebook import Rulebook
from matcher.services.catalogue import open_catalogue
from tests.e2e.conftest import Clock, OpenPage, chromium, new_app, new_engine, serving
from tests.e2e.routes import ERROR_PAGES, paths
from tests.e2e.watcher import begin

pytestmark = pytest.mark.browser

ANSWERS = {
    "sex_at_birth": "intersex",
    "gender": "nonbinary",
    "race_ethnicity": "icelandic",
    "concerned_about": "leukemia",
}
NUMBERS = {"age": "87"}
FIELDS = "".join(
    f'<input name="{name}" value="{value}">'
    for name, value in (("about", "other"), ("answer", "positive"), ("leave", "out"))
)
TOLD = [*ANSWERS.values(), "Intersex", "Nonbinary", "Icelandic", "Leukemia"]


def tell(page: Page) -> None:
    """Start a visit with unusual answers, so that each can be found again."""
    begin(page)
    for key, value in ANSWERS.items():
        page.goto(f"/questions/{key}")
        page.locator(f'input[value="{value}"]').check()
        page.locator("main form .govuk-button").first.click()
    for key, value in NUMBERS.items():
        page.goto(f"/questions/{key}")
        page.locator("#answer").fill(value)
        page.locator("main form .govuk-button").first.click()


def traces(text: str) -> list[str]:
    """The answers that a text holds."""
    return [word for word in TOLD if word in text]


def test_answers_lie_in_no_address_title_cookie_or_store(
    open_page: OpenPage, site: tuple[str, Flask], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    _, app = site
    page = open_page()
    sent: list[str] = []
    page.on("request", lambda r: sent.append(f"{r.url} {r.headers.get('referer', '')}"))
    page.on("response", lambda r: kept.append((r.url, r.headers.get("cache-control", ""))))
    kept: list[tuple[str, str]] = []
    tell(page)
    # Titles and caches of all pages: tests/web/test_kept_is_said.py.
    for path in [*paths(app, "GET")[::4], "/results", "/sheet", *ERROR_PAGES]:
        if not path.endswith((".pdf", ".json")):
            page.goto(path)
            assert traces(page.title()) == [], path
    page.goto("/check")
    assert traces(page.content()) != []
    assert traces(" ".join(sent)) == []
    assert [line for line in sent if not line.endswith(" ")] == []
    assert [url for url, how in kept if "/static/" not in url and how != "no-store"] == []
    stored = page.evaluate(
        "async () => JSON.stringify([{...localStorage}, {...sessionStorage}, await caches.keys(),"
        " (await indexedDB.databases()).length, history.state, window.name])"
    )
    assert stored == '[{},{},[],0,null,""]'
    for cookie in page.context.cookies():
        assert traces(cookie["value"]) == []
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
    logged = caplog.text + "".join(str(record.__dict__) for record in caplog.records)
    assert "GET /check" in logged
    assert traces(logged) == []


def test_the_disk_of_the_browser_holds_no_answer(
    browser: Browser, site_url: str, tmp_path: Path
) -> None:
    """A profile that is kept on the disk, as everybody's is, searched after the browser closed."""
    context = browser.browser_type.launch_persistent_context(
        tmp_path, executable_path=chromium(), args=["--no-sandbox"], base_url=site_url
    )
    page = context.new_page()
    tell(page)
    for path in ("/check", "/results", "/"):
        page.goto(path)
    context.close()
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    held = {file: file.read_bytes() for file in files}
    # The search itself is tried: the sheets of styles may be kept, and are found.
    assert [file for file, data in held.items() if b"/static/" in data]
    for word in TOLD:
        for form in (word.encode(), word.encode("utf-16-le")):
            assert [str(file) for file, data in held.items() if form in data] == [], word


@pytest.fixture
def aging(tmp_path_factory: pytest.TempPathFactory, book: Rulebook) -> Iterator[tuple[str, Clock]]:
    """A server whose clock can be put forward."""
    folder = tmp_path_factory.mktemp("aging")
    engine, clock = new_engine(folder), Clock()
    open_catalogue(engine, book, fill=True)
    with serving(engine, new_app(folder, book, engine, clock)) as url:
        yield url, clock


@pytest.mark.parametrize(("shared", "hours"), [(False, 24), (True, 2)], ids=["own", "shared"])
def test_when_the_time_is_up_the_back_button_shows_nothing(
    open_page: OpenPage, aging: tuple[str, Clock], *, shared: bool, hours: int
) -> None:
    url, clock = aging
    page = open_page(base_url=url)
    page.goto("/who")
    page.locator("input[name=about][value=self]").check()
    page.locator("input[name=shared]").set_checked(shared)
    page.get_by_role("button", name="Continue").click()
    begin_answers(page)
    clock.ahead = timedelta(hours=hours, minutes=-1)
    page.goto("/check")
    expect(page.locator("main")).to_contain_text("Intersex")
    page.goto("/privacy")
    clock.ahead = timedelta(hours=hours, seconds=5)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("There are no answers here")
    assert traces(page.content()) == []


def begin_answers(page: Page) -> None:
    """One answer that can be found again."""
    page.goto("/questions/sex_at_birth")
    page.locator('input[value="intersex"]').check()
    page.get_by_role("button", name="Continue").click()


def test_after_clearing_the_back_button_shows_nothing(open_page: OpenPage) -> None:
    page = open_page()
    tell(page)
    for path in ("/check", "/results", "/questions/sex_at_birth"):
        page.goto(path)
    expect(page.locator("main")).to_contain_text("Intersex")
    page.get_by_role("button", name="Clear my answers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your answers are gone")
    for _ in range(3):
        page.go_back()
        assert page.evaluate("performance.getEntriesByType('navigation')[0].type") != "reload"
        expect(page.get_by_role("heading", level=1)).to_have_text("There are no answers here")
        assert page.locator("input:checked").count() == 0


def test_no_form_on_another_site_can_do_anything(
    open_page: OpenPage, site: tuple[str, Flask]
) -> None:
    url, app = site
    page = open_page()
    begin(page)
    before = held_cookies(page)
    evil = page.context.new_page()
    targets = paths(app, "POST")
    assert {"/who", "/clear", "/language", "/check/hard-topics", "/questions/er"} <= set(targets)
    # All forms stand on one page; each has its answer in a window of its own.
    kinds = ("application/x-www-form-urlencoded", "multipart/form-data")
    forms = "".join(
        f'<form method="post" target="_blank" enctype="{kinds[place % 2]}" action="{url}{target}">'
        f"{FIELDS}<button>Win a prize</button></form>"
        for place, target in enumerate(targets)
    )
    evil.route("http://evil.example/", lambda r: r.fulfill(body=forms, content_type="text/html"))
    evil.goto("http://evil.example/")
    for button, target in zip(evil.get_by_role("button").all(), targets, strict=True):
        status, headers = answer_to(button, f"{url}{target}")
        # The button of mail programs is open to all; this link is nobody's, and stops nothing.
        refused = (404,) if target.startswith("/unsubscribe/") else (400, 403, 405, 413)
        assert status in refused, target
        assert "set-cookie" not in headers, target
    assert held_cookies(page) == before
    page.goto("/check")
    expect(page.locator("main")).to_contain_text("Breast cancer")
    assert "ER-positive" not in page.content()


def answer_to(button: Locator, address: str) -> tuple[int, dict[str, str]]:
    """Press a button whose form opens a window; status and headers of what an address answers."""
    context = button.page.context
    with (
        button.page.expect_popup() as opened,
        context.expect_event("response", lambda response: response.url == address) as answered,
    ):
        button.click()
    found = answered.value.status, answered.value.all_headers()
    opened.value.close()
    return found


def held_cookies(page: Page) -> dict[str, str]:
    """The cookies of a browser, by name."""
    return {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
