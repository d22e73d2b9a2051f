"""Watcher: looks at pages for whatever a hostile text could have made of them."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page

from tests.e2e.conftest import PUT_THERE, is_complaint

LOOK = """() => ({
  hit: window.hit || null,
  scripts: [...document.querySelectorAll('script, iframe, object, embed, base, template')]
    .filter(e => !(e.matches('script:empty') && e.src.startsWith(location.origin + '/static/')))
    .length,
  handlers: [...document.querySelectorAll('*')].flatMap(e => [...e.attributes])
    .filter(a => /^on/i.test(a.name) || a.name === 'style' || a.name === 'srcdoc')
    .map(a => a.name),
  refresh: document.querySelectorAll('meta[http-equiv]').length,
  links: [...document.querySelectorAll('[href], [src], [action], [formaction]')]
    .map(e => e.href || e.src || e.formAction || e.action)
    .map(a => typeof a === 'string' ? a : a.baseVal)
    .filter(a => !/^https?:/.test(a)),
  studies: [...document.querySelectorAll('a[href*="/studies/"]')].map(a => a.pathname),
  end: !!document.querySelector('footer'),
})"""


class Watcher:
    """Looks at pages, and notes whatever happened that should not have."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page: Page = context.new_page()
        self.url = url
        self.noted: list[str] = []
        self.page.on("dialog", lambda d: (self.noted.append("dialog"), d.dismiss()))
        self.page.on("console", self._listen)
        self.page.on("pageerror", lambda error: self.noted.append(str(error)))
        self.page.on("request", self._follow)

    def _listen(self, message: object) -> None:
        kind, text = message.type, message.text  # type: ignore[attr-defined]
        if is_complaint(kind, text):
            self.noted.append(text)

    def _follow(self, request: object) -> None:
        address = request.url  # type: ignore[attr-defined]
        if not address.startswith(self.url + "/"):
            self.noted.append(address)

    def open(self, path: str, *, place: str = "") -> list[str]:
        """Open a page and look at it; gives the studies that it leads to."""
        self.page.goto(self.url + path, wait_until="load")
        return self.look(place or path)

    def look(self, place: str) -> list[str]:
        """Look at the page that is open."""
        # Whoever moves over the page and opens its folds sets off what waits for that.
        self.page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        seen = self.page.evaluate(LOOK)
        studies: list[str] = seen.pop("studies")
        calm = {"hit": None, "scripts": 0, "handlers": [], "refresh": 0, "links": [], "end": True}
        assert seen == calm, (place, seen)
        assert self.noted == [], (place, self.noted)
        return studies

    def show(self, body: str, place: str) -> None:
        """Look at what a form was answered with, as if the browser had sent it."""
        posted = f"{self.url}/posted"
        PUT_THERE[posted] = body
        self.open("/posted", place=place)
        del PUT_THERE[posted]


def begin(page: Page) -> None:
    """Start a visit of somebody with breast cancer, whatever the language."""
    page.goto("/who")
    page.locator("input[name=about][value=self]").check()
    page.locator("main form .govuk-button").click()
    for key, value in (("cancer_status", "now"), ("cancer", "breast")):
        page.goto(f"/questions/{key}")
        page.locator(f'input[value="{value}"]').check()
        page.locator("main form .govuk-button").first.click()
