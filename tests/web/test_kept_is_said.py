"""Every page says what is kept, and where to read more of it; so do the first and the last."""

from __future__ import annotations

import html
import re

from flask import Flask

from tests.e2e.routes import ERROR_PAGES, paths
from tests.web.person import Person

SAID = re.compile(r"\b(hours?|day|nothing|kept)\b", re.IGNORECASE)
NO_PAGES = re.compile(r"\.pdf$|^/embed|file")


def words_of(page: str, element: str) -> str:
    """The words that stand in an element of a page."""
    inside = page.split(f"<{element}", maxsplit=1)[1].split(f"</{element}>", maxsplit=1)[0]
    return html.unescape(re.sub(r"<[^>]*>", " ", inside))


def test_no_page_is_kept_by_a_browser_or_titled_by_an_answer(app: Flask) -> None:
    person = Person(app.test_client())
    person.begin()
    person.answer("cancer", "leukemia")
    person.answer("gender", "nonbinary")
    assert "Leukemia" in person.open("/check").text
    pages = [path for path in paths(app, "GET") if not path.endswith(".pdf")]
    for path in [*pages, *ERROR_PAGES]:
        answer = person.open(path)
        assert answer.headers["Cache-Control"] == "no-store", path
        title = person.page.partition("<title>")[2].partition("</title>")[0]
        assert not re.search("leukemia|nonbinary", title, re.IGNORECASE), path


def test_every_page_says_what_is_kept(app: Flask) -> None:
    person = Person(app.test_client())
    looked_at = 0
    for started in (False, True):
        if started:
            person.begin()
        for path in [*paths(app, "GET"), *ERROR_PAGES]:
            if NO_PAGES.search(path):
                continue
            person.open(path)
            foot = person.page.split("<footer", maxsplit=1)[1]
            assert '<a href="/privacy">What we keep</a>' in foot, path
            assert SAID.search(words_of(person.page, "footer")), path
            looked_at += 1
    assert looked_at > 60
    for path in ("/", "/cleared"):
        person.open(path)
        told = words_of(person.page, "main")
        assert re.search(r"\b24 hours\b|\bgone\b|\berased?\b", told), path
