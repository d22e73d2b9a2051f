"""Hostile texts at the desk: whatever is typed, sent or imported, a browser runs none of it.

The pages are looked at with their content policy switched off: what is tested is that text stays
text.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Iterator

import pytest
from sqlmodel import Session
from werkzeug.test import TestResponse

from matcher.core.rulebook import Rulebook
from matcher.services.accounts.errors import AccountError
from matcher.services.accounts.people import add_account
from matcher.services.panels import organising, work
from matcher.services.panels.organising import PanelNameError
from matcher.services.panels.walls import OpenPanel
from matcher.services.panels.work import NewNote, Wanted, WorkError
from matcher.services.studies import import_files
from matcher.store.database import session
from tests.e2e.conftest import OpenPage, new_app, new_engine, serving
from tests.e2e.desk_site import DeskSite, desk_site
from tests.e2e.payloads import PAYLOADS, as_lines, record
from tests.e2e.watcher import Watcher
from tests.records.fhir.bundles import bundle, observation, patient, statement
from tests.web.desk.crawl import Probe, ask
from tests.web.mails import site_of

pytestmark = pytest.mark.browser

ORGANISATION = '"><img src=x onerror=window.hit=1><script>window.hit=1</script>'
SCRIPTS = "document.querySelectorAll('script[src^=\"/static/\"]').forEach(one => one.remove())"


class DeskWatcher(Watcher):
    """Looks at pages of the desk, which have scripts of their own."""

    def look(self, place: str) -> list[str]:
        """Look at the page that is open, but for our own scripts."""
        self.page.evaluate(SCRIPTS)
        return super().look(place)


@pytest.fixture(scope="module")
def hostile(
    tmp_path_factory: pytest.TempPathFactory, book: Rulebook
) -> Iterator[tuple[str, DeskSite, list[str]]]:
    """A desk with every payload in every field: its address, itself, the keys of its studies."""
    folder = tmp_path_factory.mktemp("hostile-desk")
    file = folder / "reviews.jsonl"
    file.write_text(as_lines([record(n, one) for n, one in enumerate(PAYLOADS)]), encoding="utf-8")
    engine = new_engine(folder)
    keys = [one.key for one in import_files(engine, book, [file], format="review")]
    app = new_app(folder, book, engine)
    desk = desk_site(app, "ana@clinic.org", keys[0], organisation=ORGANISATION)
    fill(desk, keys)
    with serving(engine, app) as url:
        yield url, desk, keys


def fill(desk: DeskSite, keys: list[str]) -> None:
    """Put every payload that is taken into each text that the desk keeps."""
    here, now = site_of(desk.app), site_of(desk.app).clock()
    account = desk.ana.work(lambda _s, p: p.account_id)
    person, taken = desk.persons[0], dict.fromkeys(("panel", "account", "note", "reason"), 0)
    for number, payload in enumerate(PAYLOADS):
        key, texts = keys[number], (NewNote(payload), NewNote(payload, keys[number]))

        def write(s: Session, p: OpenPanel, key: str = key, payload: str = payload) -> None:
            wanted = Wanted(key, "dismissed", payload)
            work.set_state(s, here.desk, p, person, wanted, now=now)

        for what in texts:
            try:
                desk.ana.work(
                    lambda s, p, what=what: work.add_note(s, here.desk, p, person, what, now=now)
                )
                taken["note"] += 1
            except WorkError:
                break
        else:
            desk.ana.work(write)
            taken["reason"] += 1
        with session(here.engine, writing=True) as opened:
            try:
                organising.make_panel(opened, account, name=payload, now=now)
                taken["panel"] += 1
            except PanelNameError:
                pass
        with session(here.engine, writing=True) as opened:
            try:
                add_account(
                    opened,
                    email=f"somebody{number}@clinic.org",
                    name=payload,
                    roles=["navigator"],
                    organisation=ORGANISATION,
                    language="en",
                    now=now,
                )
                taken["account"] += 1
            except AccountError:
                pass
    assert min(taken.values()) >= 60, taken


@pytest.fixture
def watcher(open_page: OpenPage, hostile: tuple[str, DeskSite, list[str]]) -> DeskWatcher:
    """The navigator, without the protection of the content policy."""
    url, desk, _ = hostile
    page = open_page(bypass_csp=True, base_url=url)
    desk.let_in(page, url)
    return DeskWatcher(page.context, url)


def test_no_page_runs_what_is_kept(
    watcher: DeskWatcher, hostile: tuple[str, DeskSite, list[str]]
) -> None:
    _, desk, keys = hostile
    pages = desk.pages(studies=keys[::40])
    assert len(pages) > 30
    for path in pages:
        watcher.open(path)
    text = watcher.page.goto(f"{watcher.url}{desk.ana.root}/people/{desk.persons[0]}").text()
    shown = sum(html.escape(payload[:30]) in text for payload in PAYLOADS)
    assert shown >= 60


def test_no_form_runs_what_is_sent(
    watcher: DeskWatcher, hostile: tuple[str, DeskSite, list[str]]
) -> None:
    _, desk, keys = hostile
    forms = forms_of(desk, keys[0])
    assert len(forms) > 20
    desk.ana.worker.open("/desk")
    shown = 0
    for number, payload in enumerate(PAYLOADS):
        # Each goes to the form that shows again what was typed, and to one other.
        for form in (f"{desk.ana.root}/people/add", forms[number % len(forms)]):
            fields = tuple((name, payload) for name in NAMES)
            answer = ask(desk.ana.worker, Probe("POST", form, fields))
            assert answer.status_code < 500, (form, payload)
            shown += shows(watcher, answer, payload, form)
    assert shown > len(PAYLOADS) / 2


NAMES = (
    *("code", "language", "name", "text", "state", "reason", "study", "source", "on", "version"),
    *("email", "role", "seen", "who", "stamp", "owner", "colleague", "member", "key", "topic"),
    *("next_visit", "bring_up_by", "token", "row", "settle", "code-0", "passkey", "answer"),
)
LEFT_OUT = ("/password", "/erase", "/archive", "/died", "/remove", "/give", "-everywhere", "/app")


def forms_of(desk: DeskSite, study: str) -> list[str]:
    """Where the forms of the desk's pages are sent to, but for those that would end the test."""
    found = (one.path for one in desk.probes(studies=[study]) if one.method == "POST")
    return sorted(path for path in found if not path.endswith((*LEFT_OUT, "/sign-out")))


def test_no_file_runs_what_it_holds(
    watcher: DeskWatcher, hostile: tuple[str, DeskSite, list[str]]
) -> None:
    _, desk, _ = hostile
    worker, path, shown = desk.ana.worker, f"{desk.ana.root}/records", 0
    for first in range(0, len(PAYLOADS), 15):
        part = PAYLOADS[first : first + 15]
        files = [named("table", table(part), part[0]), named("bundle", told_of(part), part[-1])]
        worker.open(path)
        answer = worker.send(path, file=files)
        assert answer.status_code == 200
        shown += shows(watcher, answer, part[1], path)
    assert shown == 1 + (len(PAYLOADS) - 1) // 15


def table(payloads: list[str]) -> bytes:
    """A table with payloads for codes, cells that cannot be read, and a column nobody knows."""
    lines = io.StringIO()
    rows = csv.writer(lines)
    rows.writerow(["code", "er", payloads[2]])
    for number, payload in enumerate(payloads):
        rows.writerow([f"X-{number}", payload, payload])
        rows.writerow([payload, "positive", payload])
        rows.writerow([f"Y-{number}", "positive", payload])
    return lines.getvalue().encode()


def told_of(payloads: list[str]) -> bytes:
    """A bundle with payloads for what was found, given and meant."""
    found = [
        one
        for payload in payloads
        for one in (
            observation(payload, {"valueString": payload}, display=payload),
            statement(payload),
            {"resourceType": payload, "id": payload},
        )
    ]
    return bundle(patient(), *found)


def named(kind: str, content: bytes, payload: str) -> tuple[io.BytesIO, str]:
    """A file with a payload for its name."""
    plain = re.sub(r"[\x00-\x1f\"/\\]", "", payload)
    return io.BytesIO(content), f"{plain}.{'csv' if kind == 'table' else 'json'}"


def shows(watcher: DeskWatcher, answer: TestResponse, payload: str, place: str) -> bool:
    """Look at a page that shows a part of a payload again; whether it does."""
    body = answer.get_data(as_text=True)
    if answer.location or payload[:12] not in html.unescape(body):
        return False
    if answer.mimetype != "text/html":
        # A file is kept, not shown.
        assert answer.headers["Content-Disposition"].startswith("attachment"), place
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        return False
    watcher.show(body, f"{place} with {payload!r}")
    return True
