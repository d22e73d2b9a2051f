"""The reader's way, page by page: asking for mails, one's own page, and the ends of both.

`screenshots.py` photographs it; the browser tests look at each of its pages.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from playwright.sync_api import Page

from scripts.patient_way import ANSWERS, Shot, at, load

Post = Callable[[], Mapping[str, str]]
"""Sends what is due, and gives the links of the newest mail: paths by their kind, as in `KINDS`."""

KINDS = {
    "/confirm/": "confirm",
    "/my-data/open/": "own",
    "/mute/": "mute",
    "/s/": "study",
    "/unsubscribe/": "unsubscribe",
}
Go = Callable[[Page], None]


def kind_of(path: str) -> str | None:
    """What a link of a mail is for; None for a link of another kind."""
    return next((kind for start, kind in KINDS.items() if path.startswith(start)), None)


class ReaderWay:
    """Somebody's way with mails to `address`; the links of the mails come by `post`."""

    def __init__(self, post: Post, address: str) -> None:
        self._post, self._address = post, address
        self._links: dict[str, str] = {}

    def shots(self) -> tuple[Shot, ...]:
        """All pages in their order; each begins where the one before it ended."""
        return (
            Shot("results-mails", load(ANSWERS, "/results")),
            Shot("subscribe", at("/subscribe")),
            Shot("subscribe-error", pressed("main form .govuk-button")),
            Shot("subscribe-sent", self._ask_for_mails),
            Shot("confirm", self._by_link("confirm")),
            Shot("confirm-done", pressed("main form .govuk-button")),
            Shot("confirm-gone", at("/confirm/nothing")),
            Shot("own-open", self._by_link("own")),
            Shot("own", pressed("main form .govuk-button")),
            Shot("own-saved", self._save_settings),
            Shot("own-muted", pressed('form[action="/my-data/mute"] button')),
            Shot("own-unmuted", pressed('form[action="/my-data/unmute"] button')),
            Shot("own-paused", pressed('form[action="/my-data/pause"] button')),
            Shot("own-check", pressed('form[action="/my-data/answers"] button')),
            Shot("own-kept", pressed('form[action="/my-data/answers/keep"] button')),
            Shot("own-erase", at("/my-data/erase")),
            Shot("own-died", at("/my-data/died")),
            Shot("link", at("/my-data/link")),
            Shot("link-error", pressed("main form .govuk-button")),
            Shot("link-sent", self._ask_for_link),
            Shot("mute", self._by_link("mute")),
            Shot("mute-done", pressed("main form .govuk-button")),
            Shot("short", self._by_link("study")),
            Shot("short-gone", at("/s/nothing")),
            Shot("unsubscribe", self._by_link("unsubscribe")),
            Shot("unsubscribe-done", pressed("main form .govuk-button")),
            Shot("unsubscribe-gone", at("/unsubscribe/nothing")),
            Shot("own-stopped", at("/my-data")),
            Shot("own-started", pressed('form[action="/my-data/start-again"] button')),
            Shot("own-erased", self._erase),
            Shot("own-gone", at("/my-data")),
            Shot("condolence", at("/my-data/condolence")),
        )

    def _ask_for_mails(self, page: Page) -> None:
        page.locator("#email").fill(self._address)
        page.locator('input[name="detail"][value="full"]').check()
        page.locator('input[name="consent"]').check()
        pressed("main form .govuk-button")(page)
        self._links.update(self._post())

    def _ask_for_link(self, page: Page) -> None:
        page.locator("#email").fill(self._address)
        pressed("main form .govuk-button")(page)

    def _by_link(self, kind: str) -> Go:
        """Follow the newest link of a kind, after the mails that are due have come."""

        def followed(page: Page) -> None:
            if kind not in self._links:
                self._links.update(self._post())
            page.goto(self._links[kind])

        return followed

    def _save_settings(self, page: Page) -> None:
        page.locator('input[name="frequency"][value="monthly"]').check()
        pressed('form[action="/my-data/settings"] button')(page)

    def _erase(self, page: Page) -> None:
        page.goto("/my-data/erase")
        pressed("main form .govuk-button")(page)


def pressed(what: str) -> Go:
    """Presses the first button that a selector finds, and waits for what comes."""

    def press(page: Page) -> None:
        with page.expect_navigation():
            page.locator(what).first.click()

    return press
