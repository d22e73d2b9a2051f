"""A navigator in a browser: works at the desk by what is on the page, in either language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from passlib.totp import TOTP
from playwright.sync_api import Locator, expect

from tests.e2e.looking import sticking_out
from tests.e2e.patient import WORDS, Patient

PASSWORD = "copper violin Tuesday marsh"
PANEL = re.compile(r"/desk/panels/[0-9a-f]{32}")
PERSON = re.compile(r"/people/([0-9a-f]{32})")


class Navigator(Patient):
    """Somebody who was invited to the desk, with one page open.

    `panel` is the path of the panel that is worked with, `secret` what the app of codes holds.
    """

    panel = ""
    secret = ""

    def words(self, key: str, **values: object) -> str:
        """A text of the pages as this person reads it."""
        told = WORDS.speak(key, language=self.language, cared_for=self.cared_for, **values)
        return str(told.unescape())

    def press(self, key: str, **values: object) -> None:
        """Press the button or follow the link with these words, and look at what comes."""
        name = self.words(key, **values)
        button = self.page.get_by_role("button", name=name, exact=True)
        link = self.page.get_by_role("link", name=name, exact=True)
        self.follow(button.or_(link).first)

    def follow(self, wanted: Locator) -> None:
        """Press what leads to another page, and look at it."""
        with self.page.expect_navigation():
            self.hands.press(wanted)
        self.look()

    def look(self) -> None:
        """Note the page: it is in the right language, and nothing stands out to the side."""
        self.seen.append(self.path)
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        expect(self.page.get_by_role("heading", level=1)).to_have_count(1)
        assert sticking_out(self.page) == [], self.path

    def write(self, field: str, text: str) -> None:
        """Write into the field with this id."""
        self.hands.write(self.page.locator(f"#{field}"), text)

    def read(self, key: str, **values: object) -> None:
        """See these words on the page."""
        expect(self.page.locator("main")).to_contain_text(self.words(key, **values))

    def join(self, invitation: str) -> None:
        """Open the link of an invitation and choose a password."""
        self.page.goto(invitation)
        self.look()
        self.write("password", PASSWORD)
        self.press("desk_join.button")

    def sign_in(self, email: str) -> None:
        """Fill the sign-in in."""
        self.write("email", email)
        self.write("password", PASSWORD)
        self.press("sign_in.button")

    def set_up_app(self, now: datetime) -> list[str]:
        """Set up an app that shows codes; the recovery codes."""
        self.press("desk_second.title")
        self.press("desk_second.app_button")
        self.secret = "".join(self.page.locator("code.secret").inner_text().split())
        self.write("code", str(TOTP(key=self.secret, format="base32").generate(time=now).token))
        self.press("desk_app.button")
        codes = self.page.locator(".codes code").all_inner_texts()
        self.press("desk_codes.button")
        return codes

    def make_panel(self, name: str) -> None:
        """Make a panel, from the first page of the desk."""
        self.write("name", name)
        self.press("desk_home.make")
        found = PANEL.search(self.path)
        assert found, self.path
        self.panel = found[0]

    def add_person(self, code: str, *, language: str) -> None:
        """From the panel's page: a code and what else is asked, on to the questions."""
        self.press("desk_panel.add")
        self.write("code", code)
        self.page.locator("select[name=language]").select_option(language)
        self.choose("consent", "yes")
        self.press("desk_add.go_on")
        self.cared_for = True

    def keep(self, code: str) -> str:
        """From the check page: keep the answers; the person's public id."""
        self.choose("source", "told")
        self.press("desk_keep.button", code=code)
        self.cared_for = False
        found = PERSON.search(self.path)
        assert found, self.path
        return found[1]

    def look_at_files(self, files: Mapping[str, bytes], folder: Path) -> None:
        """Choose files on the page of files, and have them read."""
        for name, content in files.items():
            (folder / name).write_bytes(content)
        self.page.locator("#file").set_input_files([folder / name for name in files])
        self.press("desk_records.look")

    def to(self, tab: str) -> None:
        """To another page of the panel."""
        self.press(f"desk_tabs.{tab}")
