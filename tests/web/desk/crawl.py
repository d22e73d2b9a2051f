"""Crawl: every page and form that a navigator meets, and the same asked for by somebody else.

What is found are probes: a request as it stands in a page. Whoever may not make it gets the same
answer as for ids that nobody has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlencode, urljoin

from flask import Flask
from werkzeug.test import TestResponse

from tests.web.desk.worker import Worker

ROOT = "http://localhost"
DESK = re.compile(r"/desk(?:[/?]|$)")
NOBODY = "f" * 32
SHORT = 8
CODE = re.compile(r'(name="csrf_token" value=")[^"]*')
GENERIC = {
    **{"version": "1", "text": "x", "source": "report", "on": "2026-01", "state": "discussed"},
    **{"consent": "yes", "code": "X-1", "language": "en", "name": "Taken", "stamp": "0"},
}
"""What a form that is met nowhere is sent with: enough for it to do something."""


@dataclass(frozen=True)
class Probe:
    """A request: its path with what stands behind it, and the fields of its form."""

    method: str
    path: str
    fields: tuple[tuple[str, str], ...] = ()

    def holds(self, ids: Iterable[str]) -> bool:
        """Whether any of these ids stands in it."""
        text = self.path + " ".join(value for _, value in self.fields)
        return any(id in text or f"/{id[:SHORT]}-" in text for id in ids)

    def instead(self, ids: Mapping[str, str]) -> Probe:
        """The same with other ids."""
        fields = tuple((name, exchanged(value, ids)) for name, value in self.fields)
        return Probe(self.method, exchanged(self.path, ids), fields)


@dataclass
class Form:
    """A form of a page."""

    method: str
    action: str
    fields: list[tuple[str, str]]


class Links(HTMLParser):
    """What a page leads to: its links, and its forms as they would be sent."""

    def __init__(self, page: str, at: str) -> None:
        super().__init__()
        self.at, self.found = urljoin(ROOT, at), set[Probe]()
        self._select, self._inside = "", ""
        self._forms: dict[str, Form] = {}
        self._buttons: list[tuple[str, str]] = []
        self.feed(page)
        for owner, action in self._buttons:
            form = self._forms[owner]
            self._forms[action] = Form(form.method, action, form.fields)
        for form in self._forms.values():
            self.found |= set(sent(form))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in told:
            self.found.add(Probe("GET", self._path(told["href"])))
        elif tag == "form":
            self._inside = told.get("id", f"form {len(self._forms)}")
            form = self._forms.setdefault(self._inside, Form("", "", []))
            form.method = told.get("method", "get").upper()
            form.action = self._path(told.get("action", ""))
        elif tag == "select":
            self._select = told.get("name", "")
        owner = told.get("form", self._inside)
        if not owner:
            return
        if "formaction" in told:
            self._buttons.append((owner, self._path(told["formaction"])))
        if tag in ("input", "textarea", "button", "option"):
            name = self._select if tag == "option" else told.get("name", "")
            if name and name != "csrf_token" and told.get("type") != "file":
                value = told.get("value", "x" if tag == "textarea" else "")
                held = self._forms.setdefault(owner, Form("", "", []))
                held.fields.append((name, value))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = ""

    def _path(self, address: str) -> str:
        whole = urljoin(self.at, address).partition("#")[0]
        return whole.removeprefix(ROOT) if whole.startswith(ROOT) else ""


def sent(form: Form) -> Iterator[Probe]:
    """A form as it is sent: as often as some field has values, whatever can be chosen."""
    if form.method == "GET":
        yield Probe("GET", form.action)
        return
    values: dict[str, list[str]] = {}
    for name, value in form.fields:
        values.setdefault(name, []).append(value)
    for turn in range(max(map(len, values.values()), default=1)):
        fields = ((name, held[min(turn, len(held) - 1)]) for name, held in values.items())
        yield Probe(form.method, form.action, tuple(fields))


def one_of_each(probes: Iterable[Probe], ids: Iterable[str]) -> list[Probe]:
    """Of the probes that hold some of these ids, one for each method, path and set of ids."""
    kept: dict[tuple[object, ...], Probe] = {}
    for probe in sorted(probes, key=lambda one: (one.path, one.method, one.fields)):
        if probe.holds(ids):
            held = frozenset(value for _, value in probe.fields if value in ids)
            kept[probe.method, probe.path, held] = probe
    return list(kept.values())


def crawl(worker: Worker, starts: Iterable[str], *, more: Iterable[Probe] = ()) -> set[Probe]:
    """Every probe that somebody meets from some pages of the desk on. Nothing is sent."""
    waiting, found = [Probe("GET", path) for path in starts], set(more)
    waiting += found
    while waiting:
        probe = waiting.pop()
        found.add(probe)
        if probe.method != "GET":
            continue
        answer = ask(worker, probe)
        assert answer.status_code in (200, 302, 303), (answer.status_code, probe)
        text = answer.get_data(as_text=True) if answer.mimetype == "text/html" else ""
        met = Links(text, probe.path).found
        if answer.location:
            met.add(Probe("GET", answer.location.partition("#")[0].removeprefix(ROOT)))
        new = {one for one in met if DESK.match(one.path)} - found
        found |= new
        waiting += new
    return found


def ask(worker: Worker, probe: Probe) -> TestResponse:
    """Make a request as somebody whose page is open, with the code of that page."""
    if probe.method == "GET":
        return worker.client.get(probe.path, headers=worker.headers)
    code = CODE.search(worker.page)
    token = worker.page[code.end(1) : code.end()] if code else ""
    # Also what no browser sends: half a character.
    data = urlencode([("csrf_token", token), *probe.fields], errors="surrogatepass")
    kind = "application/x-www-form-urlencoded"
    return worker.client.post(probe.path, data=data, content_type=kind, headers=worker.headers)


def unmet(app: Flask, found: Iterable[Probe], filled: Mapping[str, list[str]]) -> set[Probe]:
    """Probes for what the table of addresses holds about a panel and nobody met.

    `filled` says what stands for each part of an address; a new part fails until it is added.
    """
    adapter = app.url_map.bind("localhost")
    met = {(one.method, adapter.match(path_of(one), one.method)[0]) for one in found}
    added: set[Probe] = set()
    for rule in app.url_map.iter_rules():
        for method in set(rule.methods or ()) & {"GET", "POST"}:
            if not rule.rule.startswith("/desk") or not rule.arguments or rule.endpoint in OPEN:
                continue
            if (method, rule.endpoint) in met and "what" not in rule.arguments:
                continue
            fields = tuple(GENERIC.items()) if method == "POST" else ()
            built = [rule.rule]
            for name in rule.arguments:
                part = re.compile(rf"<(?:[^<>]*:)?{name}>")
                built = [part.sub(value, one) for one in built for value in filled[name]]
            added |= {Probe(method, one, fields) for one in built if adapter.test(one, method)}
    return added


OPEN = ("desk_joining.form", "desk_joining.join")
"""Opened by an invitation, by whoever holds it."""


def path_of(probe: Probe) -> str:
    """The path alone."""
    return probe.path.partition("?")[0]


def exchanged(text: str, ids: Mapping[str, str]) -> str:
    """A text with other ids, short forms in a cell's address too."""
    for id, other in ids.items():
        text = text.replace(id, other).replace(f"/{id[:SHORT]}-", f"/{other[:SHORT]}-")
    return text


def told(answer: TestResponse, ids: Mapping[str, str]) -> tuple[object, ...]:
    """All that an answer tells, without what is new in every page and what was asked for."""
    body = CODE.sub(r"\1", answer.get_data().decode("utf-8", "replace"))
    headers = sorted(
        (name, exchanged(value, ids))
        for name, value in answer.headers
        if name not in ("Content-Length", "Set-Cookie")
    )
    return answer.status_code, headers, exchanged(body, ids)
