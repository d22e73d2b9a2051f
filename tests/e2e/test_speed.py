"""Speed: how soon results can be read in a slowed browser; run with ``-m volume``.

The page is slowed four times, the server is not: both run on the same machine. A visit begins,
answers, and presses "Show my results now"; the time goes from the press to the end of the load,
by the browser's own clock. With `-s` the medians are printed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from itertools import islice
from statistics import median
from time import monotonic

import pytest
from sqlmodel import Session

from matcher.bench.studies import draw_studies
from matcher.core.rulebook import Rulebook
from matcher.services.catalogue import sample_studies
from matcher.store import studies as store
from tests.e2e.conftest import OpenPage, new_app, new_engine, serving
from tests.e2e.watcher import begin

pytestmark = [pytest.mark.browser, pytest.mark.volume]

STUDIES, TIMES, MOST = 1_000, 5, 1.0
PAINT = """() => Math.max(...performance.getEntriesByType('paint').map(e => e.startTime),
  performance.getEntriesByType('navigation')[0].loadEventEnd) / 1000"""


@pytest.fixture(scope="module")
def large_url(tmp_path_factory: pytest.TempPathFactory, book: Rulebook) -> Iterator[str]:
    """A server over a thousand studies."""
    folder = tmp_path_factory.mktemp("large")
    engine = new_engine(folder)
    sample, today = sample_studies(book), date(2026, 11, 24)
    drawn = islice(draw_studies(book, sample, seed=1, today=today), STUDIES)
    with Session(engine) as session:
        for study in drawn:
            store.add(session, study, rules_version=book.version, now=datetime.now(UTC))
        session.commit()
    with serving(engine, new_app(folder, book, engine)) as url:
        yield url


@pytest.mark.parametrize("kept", [True, False], ids=["plan-kept", "plan-new"])
def test_results_of_a_thousand_studies(
    open_page: OpenPage, large_url: str, capsys: pytest.CaptureFixture[str], *, kept: bool
) -> None:
    page = open_page(base_url=large_url)
    begin(page)
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 4})
    took: list[tuple[float, float]] = []
    for number in range(TIMES):
        page.goto("/questions/age")
        page.locator("#answer").fill("52" if kept else str(41 + number))
        started = monotonic()
        page.get_by_role("button", name="Show my results now").click()
        page.wait_for_url("**/results", wait_until="load")
        took.append((monotonic() - started, page.evaluate(PAINT)))
    whole, shown = median(t for t, _ in took[1:]), median(t for _, t in took[1:])
    with capsys.disabled():
        print(f"\n{'kept' if kept else 'new'} plan: {whole:.2f} s in all, page {shown:.2f} s")
    assert whole <= MOST
