"""A person in the tests: opens pages, follows redirects, and sends the forms that pages hold."""

from __future__ import annotations

import html
import re
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

_EXPLAINED = re.compile(
    r'<button type="button" class="term"[^>]*>([^<]*)<.*?</button>'
    r'<span class="term-meaning".*?</span>'
)
_WHOLE = re.compile(r'<span class="term-whole">([^<]*)</span>')
_CODE = re.compile(r'name="csrf_token" value="([^"]+)"')


class Person:
    """Somebody at a browser without JavaScript."""

    def __init__(self, client: FlaskClient, **headers: str) -> None:
        self.client = client
        self.headers = {"Accept-Language": "en", **headers}
        self.page = ""
        self.path = ""

    def open(self, path: str) -> TestResponse:
        """Open a page and follow where it leads."""
        return self._seen(self.client.get(path, headers=self.headers, follow_redirects=True))

    def send(self, path: str | None = None, **fields: Any) -> TestResponse:
        """Send the form of the page that is open, with its code, to `path` or the page itself."""
        code = _CODE.search(self.page)
        data = {"csrf_token": code[1] if code else "", **fields}
        target = path or self.path
        response = self.client.post(target, data=data, headers=self.headers, follow_redirects=True)
        return self._seen(response)

    def begin(self, about: str = "self", **fields: Any) -> TestResponse:
        """Start a visit."""
        self.open("/who")
        return self.send(about=about, **fields)

    def answer(self, key: str, value: Any, **fields: Any) -> TestResponse:
        """Open a question and answer it."""
        self.open(f"/questions/{key}")
        name = "number" if isinstance(value, int) else "answer"
        return self.send(**{name: value}, **fields)

    def answer_gene(self, key: str, gene: str, result: str, **fields: Any) -> TestResponse:
        """Enter one gene's result over the three pages."""
        self.answer(key, "named")
        self.send(answer=gene)
        return self.send(**{f"result-{gene}": result}, **fields)

    @property
    def text(self) -> str:
        """The page in plain characters, its sentences whole: without what explains a term."""
        plain = _EXPLAINED.sub(r"\1", self.page)
        return html.unescape(_WHOLE.sub(r"\1", plain))

    def _seen(self, response: TestResponse) -> TestResponse:
        self.page = response.get_data(as_text=True)
        self.path = response.request.full_path.rstrip("?")
        return response
