"""A reader in the tests: somebody with a browser and a mailbox."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

from tests.e2e.mail_site import Mail, MailSite, fetch
from tests.e2e.patient import Patient


class Reader(Patient):
    """A patient who gets mails. Before they open one, a program has looked into all its links."""

    def __init__(self, page: Page, site: MailSite, address: str, *, language: str = "en") -> None:
        super().__init__(page, language=language)
        self.site, self.address = site, address
        self.mails: list[Mail] = []

    def look(self) -> None:
        """Note the page; it names the reader nowhere where others see it."""
        super().look()
        assert self.address not in self.page.url + self.page.title()

    @property
    def heading(self) -> Locator:
        """What the page is called."""
        return self.page.get_by_role("heading", level=1)

    def ask_for_mails(self, *, detail: str) -> None:
        """From the results by the form to the page that says what happens next."""
        self.press("subscribe.link")
        self.hands.write(self.page.locator("#email"), self.address)
        self.choose("detail", detail)
        self.choose("consent", "yes")
        self.press("subscribe.send")
        assert self.path == "/subscribe/sent"

    def receive(self, *, days: float = 0) -> Mail:
        """Wait some days for the one mail that comes."""
        (mail,) = self._wait(days)
        return mail

    def receive_nothing(self, *, days: float = 0) -> None:
        """Wait some days, and no mail comes."""
        assert self._wait(days) == []

    def open_own_page(self, mail: Mail) -> None:
        """By a mail's link to one's own page."""
        self.follow(mail, "own")
        self.press("my_data_open.button")
        # Whoever sees the address bar, or the browser's history, cannot open the page again.
        assert self.path == "/my-data"

    def follow(self, mail: Mail, kind: str) -> None:
        """Follow the first link of a kind."""
        self.page.goto(mail.one(kind))
        self.look()

    def _wait(self, days: float) -> list[Mail]:
        self.site.go_round(days=days)
        known = len(self.mails)
        self.mails = self.site.post(self.address)
        for mail in self.mails[known:]:
            self._scan(mail)
        return self.mails[known:]

    def _scan(self, mail: Mail) -> None:
        """Follow every link three times, as programs do that look for harm; nothing happens."""
        before = self.site.dump()
        for link in mail.links:
            assert link.startswith(self.site.url + "/"), link
            for method in ("GET", "HEAD") * 3:
                assert fetch(link, method=method) == 200, link
        assert self.site.dump() == before
