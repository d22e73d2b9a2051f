"""Hostile studies: whatever a study's text holds, a browser runs none of it and goes nowhere.

The pages are looked at with their content policy switched off: what is tested is that text stays
text. That the policy would stop a script too is tested in ``tests/web/test_guards.py``.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from matcher.core.rulebook import Rulebook
from matcher.services.studies import import_files
from tests.e2e.conftest import OpenPage, new_app, new_engine, serving
from tests.e2e.payloads import PAYLOADS, as_lines, record, risky_records
from tests.e2e.routes import paths
from tests.e2e.watcher import Watcher, begin

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def hostile(
    tmp_path_factory: pytest.TempPathFactory, book: Rulebook
) -> Iterator[tuple[str, Flask]]:
    """A server over a catalogue with every payload in every field, imported as files are."""
    folder = tmp_path_factory.mktemp("hostile")
    file = folder / "reviews.jsonl"
    records = [record(number, payload) for number, payload in enumerate(PAYLOADS)]
    risky = [one for n, payload in enumerate(PAYLOADS) for one in risky_records(payload, n)]
    file.write_text(as_lines([*records, *risky]), encoding="utf-8")
    engine = new_engine(folder)
    imported = import_files(engine, book, [file], format="review")
    assert [one.status for one in imported[: len(records)]] == ["added"] * len(PAYLOADS)
    app = new_app(folder, book, engine)
    with serving(engine, app) as url:
        yield url, app


@pytest.fixture(
    params=["en-US", pytest.param("es-MX", marks=pytest.mark.volume)], ids=["english", "spanish"]
)
def watcher(
    request: pytest.FixtureRequest, open_page: OpenPage, hostile: tuple[str, Flask]
) -> Watcher:
    """Somebody with breast cancer, without the protection of the content policy."""
    url, _ = hostile
    page = open_page(bypass_csp=True, locale=request.param, base_url=url)
    begin(page)
    return Watcher(page.context, url)


def test_no_page_runs_what_a_study_says(watcher: Watcher, hostile: tuple[str, Flask]) -> None:
    _, app = hostile
    levels = ("fits", "may_fit", "related", "open", "different", "unlabelled")
    found = set(watcher.open("/results"))
    for level in levels:
        for number in (1, 2, 3, 4):
            watcher.page.goto(f"{watcher.url}/results/{level}?page={number}")
            found |= set(watcher.look(level))
    assert len(found) >= len(PAYLOADS)
    # Risky studies have the same words in their titles; those with payloads are looked at in full.
    full = sorted(path for path in found if "place-" not in path)
    for path in full if watcher.page.evaluate("navigator.language") == "en-US" else full[::8]:
        watcher.open(path)
    for path in paths(app, "GET"):
        if not path.endswith(".pdf"):
            watcher.page.goto(watcher.url + path, wait_until="load")
            watcher.look(path)


def test_the_api_is_read_as_data(watcher: Watcher) -> None:
    for path in ("/api/v1/studies", "/api/v1/openapi.json", "/api/v1/studies/<script>", "/api/"):
        answer = watcher.page.goto(watcher.url + path, wait_until="load")
        assert answer is not None
        assert answer.headers["content-type"].partition(";")[0].endswith("json")
        assert watcher.page.evaluate("window.hit || null") is None
    assert watcher.noted == []


def test_the_reading_is_what_was_printed(watcher: Watcher) -> None:
    """Nothing is stripped or changed to be safe: the words are shown as they were written."""
    shown = watcher.page
    shown.goto(f"{watcher.url}/results")
    text = shown.locator("main").inner_text() + " ".join(
        shown.locator("main h3").all_text_contents()
    )
    titles = [f"{payload} study {n}" for n, payload in enumerate(PAYLOADS)]
    found = [one for one in titles if " ".join(one.split()) in " ".join(text.split())]
    assert len(found) >= 5
