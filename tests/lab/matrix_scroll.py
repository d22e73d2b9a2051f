"""Matrix scroll: how a page of many people and studies scrolls in a real browser.

Not a test: `python -m tests.lab.matrix_scroll [PEOPLE] [STUDIES]` prints when the page is ready and
the milliseconds from frame to frame (median, 95th of a hundred, longest) while it is scrolled by a
row and by six rows a frame, and sideways. Chromium draws without a graphics card here.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from matcher.services.catalogue import open_catalogue
from tests.e2e.conftest import DESKTOP, chromium, new_app, new_engine, serving
from tests.kept import shipped_book
from tests.web.desk.panelled import Panelled
from tests.web.desk.test_matrix_volume import crowd

WAYS = {
    "a row a frame": ("scrollTop", 40),
    "six rows": ("scrollTop", 240),
    "sideways": ("scrollLeft", 100),
}
FRAMES = 70
SCROLL = """async ([axis, step, frames]) => {
  const box = document.querySelector('.mx-scroll');
  const frame = () => new Promise(requestAnimationFrame);
  box.scrollTo(0, 0); await frame(); await frame();
  const took = [];
  for (let last = performance.now(); took.length < frames;) {
    box[axis] += step; await frame();
    const now = performance.now(); took.push(now - last); last = now;
  }
  took.sort((a, b) => a - b);
  return [took[took.length >> 1], took[Math.floor(took.length * .95)], took.at(-1)].map(Math.round);
}"""
DRAWN = "() => new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"
HELD_BACK = "#mx-table .mx__row--far"


def main(people: int = 500, studies: int = 200) -> None:
    """Print the figures."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        place, book = Path(folder), shipped_book()
        engine = new_engine(place)
        open_catalogue(engine, book, fill=True)
        app = new_app(place, book, engine)
        ana = crowd(app, patch, people=people, studies=studies)
        with serving(engine, app) as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            page = browser.new_context(base_url=url, viewport=DESKTOP).new_page()  # type: ignore[arg-type]
            _let_in(page, ana, url)
            _measure(page, f"{ana.root}/matrix")
            browser.close()


def _let_in(page: Page, ana: Panelled, url: str) -> None:
    name = ana.app.config["SESSION_COOKIE_NAME"]
    cookie = ana.worker.client.get_cookie(name)
    assert cookie
    page.context.add_cookies([{"name": name, "value": cookie.value, "url": url}])


def _measure(page: Page, path: str) -> None:
    # What is only slow the first time is not what is asked.
    page.goto(path)
    start = time.monotonic()
    page.goto(path)
    page.locator("#mx-keys").wait_for()
    page.evaluate(DRAWN)
    print(f"ready: {time.monotonic() - start:.1f} s", flush=True)
    expect(page.locator(HELD_BACK)).to_have_count(0, timeout=60_000)
    print(f"every row there: {time.monotonic() - start:.1f} s", flush=True)
    for way, (axis, step) in WAYS.items():
        print(f"{way}: {page.evaluate(SCROLL, [axis, step, FRAMES])} ms", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
