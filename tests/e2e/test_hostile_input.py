"""Hostile input: whatever is typed, sent or put into an address, a browser runs none of it.

The forms are those that the pages hold: a field that somebody adds is tried from then on.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest
from flask import Flask
from playwright.sync_api import APIResponse

from tests.e2e.conftest import OpenPage
from tests.e2e.payloads import PAYLOADS
from tests.e2e.routes import paths
from tests.e2e.watcher import Watcher, begin

pytestmark = pytest.mark.browser

# Leaving the visit would end the test, and the language changes nothing that is tested here.
LAST = ("/clear",)
QUERY = ["from", "page", "folded", "topic", "kind", "study", "language", "back", "q"]


class Fields(HTMLParser):
    """Collects the names of a page's form fields, and those of its files."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.files: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name")
        if tag in ("input", "select", "textarea", "button") and name:
            (self.files if told.get("type") == "file" else self.names).add(name)


@pytest.fixture
def watcher(open_page: OpenPage, site_url: str) -> Watcher:
    """Somebody with breast cancer, without the protection of the content policy."""
    page = open_page(bypass_csp=True)
    begin(page)
    return Watcher(page.context, site_url)


def test_no_form_runs_what_is_sent(watcher: Watcher, site: tuple[str, Flask]) -> None:
    url, app = site
    request = watcher.page.context.request
    # The results of genes are asked for only after some were picked.
    page = request.get(f"{url}/questions/inherited/genes").text()
    request.post(f"{url}/questions/inherited/genes", form={**code(page), "answer": "BRCA1"})
    pages = [request.get(url + path).text() for path in paths(app, "GET")]
    fields = Fields("".join(pages))
    names = fields.names - {"csrf_token"}
    assert {"answer", "number", "about", "back", "language", "result-BRCA1"} <= names
    targets = [path for path in paths(app, "POST") if path not in LAST]
    for place, payload in enumerate(PAYLOADS):
        # Each goes to the field that shows again what was typed, and half of them to one more.
        for target in ("/questions/age", targets[place // 2 % len(targets)])[: 1 + place % 2]:
            told = dict.fromkeys(names, payload) | code(pages[0])
            if target == "/questions/age":
                told = {"number": payload} | code(pages[0])
            answer = request.post(url + target, form=told, max_redirects=0)
            assert answer.status < 500, (target, payload)
            judge(watcher, answer, payload, f"{target} with {payload!r}")


def test_no_upload_runs_what_it_holds(watcher: Watcher, site: tuple[str, Flask]) -> None:
    url, app = site
    request = watcher.page.context.request
    pages = {path: request.get(url + path).text() for path in paths(app, "GET")}
    uploads = {path: Fields(page).files for path, page in pages.items() if Fields(page).files}
    targets = [path for path in paths(app, "POST") if "load" in path]
    for place, payload in enumerate(PAYLOADS if uploads else ()):
        text = ('{"answers": {"er": %s}}', "%s", '{"answers": {%s: "x"}}')[place % 3]
        quoted = '"' + payload.replace("\\", "").replace('"', "'").replace("\t", " ") + '"'
        file = {
            "name": re.sub(r"[\x00-\x1f]", "", payload),
            "mimeType": "application/json",
            "buffer": (text % quoted).encode(),
        }
        for target in targets:
            sent: dict[str, object] = {name: file for files in uploads.values() for name in files}
            sent |= {"about": "self"} | code(pages["/"])
            answer = request.post(url + target, multipart=sent, max_redirects=0)  # type: ignore[arg-type]
            assert answer.status < 500, payload
            judge(watcher, answer, payload, f"{target} with {payload!r}")


def judge(watcher: Watcher, answer: APIResponse, payload: str, place: str) -> None:
    """Look at the page that a form was answered with, or at where it leads."""
    if 300 <= answer.status < 400:
        assert re.match(r"/(?![/\\\\])", answer.headers["location"]), place
    else:
        body = answer.text()
        # What no part of the payload came back to cannot have been harmed by it.
        if payload[:12] in html.unescape(body):
            watcher.show(body, place)


def code(page: str) -> dict[str, str]:
    """The code against forgery that a page holds."""
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return {"csrf_token": found[1]}


def test_no_address_runs_what_it_holds(watcher: Watcher, site: tuple[str, Flask]) -> None:
    url, app = site
    pages = [path for path in paths(app, "GET") if not path.endswith(".pdf")]
    for place, payload in enumerate(PAYLOADS):
        held = quote(payload, safe="")
        query = "&".join(f"{name}={held}" for name in (*QUERY, held))
        asked = f"{pages[place % len(pages)]}?{query}"
        address = (asked, f"/results/{held}", f"/{held}?{held}", f"/studies/{held}")[place % 4]
        answer = watcher.page.context.request.get(url + address)
        assert answer.status < 500, address
        # Some are opened in any case; of the others those on which something of it comes back.
        if place % 11 == 0 or payload[:12] in html.unescape(answer.text()):
            watcher.open(address)


@pytest.mark.parametrize("path", ["/", "/results", "/nowhere", "/questions/er", "/api/v1/studies"])
def test_no_header_comes_back(site: tuple[str, Flask], path: str) -> None:
    _, app = site
    names = ["Accept-Language", "User-Agent", "Referer", "Origin", "X-Forwarded-Host", "Accept"]
    for payload in PAYLOADS:
        held = re.sub(r"[\x00-\x1f]", "", payload).encode().decode("latin-1")
        if "<" not in held and "window" not in held:
            continue
        client = app.test_client()
        for name in ("matcher", "matcher-form", "language"):
            client.set_cookie(name, quote(held))
        answer = client.get(path, headers=dict.fromkeys(names, held))
        assert answer.status_code in (200, 404)
        told = answer.text + "".join(f"{name}: {value}\n" for name, value in answer.headers)
        assert held not in told
        host = client.get(path, headers={"Host": held})
        assert host.status_code == 400
        assert held not in host.text
