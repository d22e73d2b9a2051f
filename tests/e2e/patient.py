"""A patient in a browser: goes the way by what is on the page, and looks at it with axe."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HARMLESS = ("minor",)

ANSWERS = {
    "cancer_status": "now",
    "cancer": "breast",
    "extent": "metastatic",
    "er": "positive",
    "her2": "negative",
    "inherited": "clear",
    "sex_at_birth": "female",
    "gender": "woman",
}


class Patient:
    """Somebody with one page open. `inspect` says whether axe looks at every page."""

    def __init__(self, page: Page, *, inspect: bool = True) -> None:
        self.page = page
        self.inspect = inspect
        self.seen: list[str] = []
        self.told: list[str] = []

    def look(self) -> None:
        """Note the page, and let axe look at it: nothing serious, nothing moderate."""
        self.seen.append(self.path)
        assert_fits_its_width(self.page)
        if self.inspect:
            assert_accessible(self.page)

    @property
    def path(self) -> str:
        """The path of the page."""
        return "/" + self.page.url.split("/", 3)[3]

    def press(self, name: str) -> None:
        """Press a button or follow a link by its words."""
        button = self.page.get_by_role("button", name=name, exact=True)
        link = self.page.get_by_role("link", name=name, exact=True)
        with self.page.expect_navigation():
            button.or_(link).first.click()

    def begin(self) -> None:
        """From the start page to the first question."""
        self.page.goto("/")
        self.look()
        self.press("Start")
        self.look()
        self.page.get_by_label("For myself").check()
        self.press("Continue")

    def answer_all(self) -> None:
        """Answer question after question until the check page; go on while the tumor waits."""
        for _ in range(60):
            if not self.path.startswith("/check"):
                self.look()
                self.answer()
            elif "tumor" in self.told:
                return
            else:
                self.look()
                self.press("Answer more questions")

    def answer(self) -> None:
        """Answer the question that is open."""
        key = self.path.split("/")[2].split("?")[0]
        if key == "tumor":
            self.answer_tumor()
            return
        if self.page.locator("#answer[inputmode=numeric]").count():
            self.page.locator("#answer").fill("52")
        else:
            value = ANSWERS.get(key, "unknown")
            self.page.locator(f'input[value="{value}"]').check()
        self.press("Continue")

    def answer_tumor(self) -> None:
        """A mutation in ESR1, over three pages."""
        self.page.locator('input[value="named"]').check()
        self.press("Continue")
        self.look()
        self.page.get_by_label("ESR1", exact=True).check()
        self.press("Continue")
        self.look()
        self.page.get_by_label("A change (mutation) was found").check()
        self.told.append("tumor")
        self.press("Continue")


def assert_accessible(page: Page) -> None:
    """Axe finds nothing that is serious, critical or moderate."""
    page.evaluate(AXE)
    found: Any = page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
    )
    told = [
        (violation["impact"], violation["id"], [node["html"][:160] for node in violation["nodes"]])
        for violation in found["violations"]
        if violation["impact"] not in HARMLESS
    ]
    assert told == [], f"{page.url}: {told}"


def assert_fits_its_width(page: Page) -> None:
    """Nothing stands out to the side."""
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert over <= 0, (page.url, over)
