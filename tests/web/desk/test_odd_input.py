"""Odd input at the desk: whatever stands in an address or a form, no page breaks down."""

from __future__ import annotations

import io
import urllib.parse

import pytest
from flask import Flask

from matcher.services.panels import organising, people
from matcher.store.accounts import account_by_email
from matcher.store.database import session
from tests.web.catalogue import CAMIZESTRANT
from tests.web.desk.crawl import Probe, ask, unmet
from tests.web.desk.panelled import FITS, Panelled, panelled, put_studies
from tests.web.mails import site_of

ODD = (
    *("", " ", "0", "-1", "x" * 5000, "9" * 5000, "1e9", "nan", "\x00", "a\x00b", "\u0661\u0662"),
    *("\u00b2", "\U0001f600", "\u202e", "\u2028", "null", "[]", "{}", "true", "../..", "%00", "'"),
    *("2026-13-45", "9999-12-31", "0001-01-01", "99999999999999999999", "a;b", "%s{0}{{1}}"),
    *("\ud800", "=1+1", "0:er", "1:", ":", "0:tumor.ESR1", "\r\nX: y"),
)
FIELDS = (
    *("code", "language", "consent", "then", "name", "text", "state", "reason", "study", "source"),
    *("on", "version", "email", "role", "seen", "who", "stamp", "owner", "colleague", "member"),
    *("key", "topic", "next_visit", "bring_up_by", "token", "row", "rest", "settle", "code-0"),
    *("passkey", "answer", "back", "next"),
)
QUERY = (
    *("done", "order", "whose", "only", "who", "person", "before", "state", "since", "least"),
    *("tag", "title", "people", "studies", "person_page", "study_page", "shared", "passed", "why"),
    *("next", "kept"),
)
ENDS = ("sign-out", "sign_out", "everywhere", "/erase", "/password", "/give", "/remove")
FILES = (
    *(b"", b"\x00", b"\xff\xfe", b"code", b"code\n", b"code,code\nA-1,A-1\n", b'"', b"[]", b"{}"),
    *(
        b"null",
        b"[[[[",
        b'{"resourceType":"Bundle"}',
        b'{"resourceType":"Bundle","entry":[1,null]}',
    ),
    *(b"code,er\nA-117,", b"er\n" + b"positive\n" * 50, b"code;er\nA-1;positive\n", b"\n" * 1000),
    b'{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient"}}]}',
)


@pytest.fixture
def ana(desk_app: Flask) -> Panelled:
    put_studies(desk_app)
    return panelled(desk_app)


def probes(ana: Panelled, person: str, study: str = CAMIZESTRANT) -> list[Probe]:
    """Every page and form of the desk, about one person and study."""
    filled = {
        "panel": [ana.panel],
        "person": [person],
        "key": [study],
        "study": ["0" * 8],
        "unit": ["er"],
        "what": ["archive", "bring-back", "died", "alive", "erase"],
        "public_id": ["nobody"],
    }
    found = unmet(ana.app, [], filled)
    found |= {
        Probe(method, rule.rule)
        for rule in ana.app.url_map.iter_rules()
        for method in set(rule.methods or ()) & {"GET", "POST"}
        if rule.rule.startswith("/desk") and not rule.arguments
    }
    plain = (one for one in found if not one.path.endswith(ENDS))
    return sorted(plain, key=lambda one: (one.path, one.method))


def broken(ana: Panelled, asked: list[Probe]) -> list[tuple[int, Probe]]:
    """What was answered with a breakdown."""
    ana.worker.open("/desk/account")
    found = []
    for probe in asked:
        status = ask(ana.worker, probe).status_code
        if status >= 500:
            found.append((status, probe))
    return found


def test_whatever_is_asked_for_and_sent(ana: Panelled) -> None:
    person = ana.add("A-117", FITS).public_id
    asked: list[Probe] = []
    for number, probe in enumerate(probes(ana, person)):
        for turn in range(3):
            odd = [ODD[(number * 7 + turn * 11 + place) % len(ODD)] for place in range(len(FIELDS))]
            if probe.method == "GET":
                query = "&".join(f"{name}={quote(odd[n])}" for n, name in enumerate(QUERY))
                asked.append(Probe("GET", f"{probe.path}?{query}"))
            else:
                fields = zip(FIELDS, odd, strict=True)
                asked.append(Probe("POST", probe.path, tuple(fields)))
    assert broken(ana, asked) == []


def test_whatever_stands_in_an_address(ana: Panelled) -> None:
    ana.add("A-117", FITS)
    asked = []
    for number, odd in enumerate(ODD):
        part = quote(odd) or "%20"
        found = probes(ana, part, part)
        asked += [one for place, one in enumerate(found) if place % 6 == number % 6]
    assert broken(ana, asked) == []


def test_whatever_a_file_holds(ana: Panelled) -> None:
    ana.add("A-117", FITS)
    for content in FILES:
        for name in ("a.csv", "a.json", "", "a" * 300):
            ana.worker.open(f"{ana.root}/records")
            answer = ana.worker.send(f"{ana.root}/records", file=(io.BytesIO(content), name))
            assert answer.status_code in (200, 422), (content, name)


@pytest.mark.parametrize("standing", ["archived", "died", "panel archived", "left"])
def test_all_pages_of_what_is_put_away(ana: Panelled, standing: str) -> None:
    here, person = site_of(ana.app), ana.add("A-117", FITS).public_id
    now = here.clock()
    if standing == "archived":
        ana.work(lambda s, p: people.archive(s, p, person, now=now))
    elif standing == "died":
        ana.work(lambda s, p: people.mark_died(s, p, person, now=now))
    else:
        other = panelled(ana.app, "ben@clinic.org")
        if standing == "left":
            leave(ana, other)
        ana.work(lambda s, p: organising.archive_panel(s, p, now=now))
    # Whoever is gone from service still has a name in what they wrote.
    assert broken(ana, probes(ana, person)) == []


def leave(ana: Panelled, other: Panelled) -> None:
    """Somebody works in the panel, and is taken out of it and out of service."""
    now = site_of(ana.app).clock()
    with session(site_of(ana.app).engine) as opened:
        account = account_by_email(opened, other.worker.email)
    assert account
    ana.work(lambda s, p: organising.add_member(s, p, account.public_id, now=now))
    Panelled(ana.app, other.worker, ana.panel).add("B-2", FITS)
    ana.work(lambda s, p: organising.remove_member(s, p, account.public_id, now=now))


def quote(text: str) -> str:
    """A text as a part of an address."""
    return urllib.parse.quote(text[:300], safe="", errors="surrogatepass")
