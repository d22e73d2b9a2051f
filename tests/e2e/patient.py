"""A patient in a browser: goes the way by what is on the page, in either language."""

from __future__ import annotations

from collections.abc import Mapping

from playwright.sync_api import Page, expect

from matcher.words import load_words
from tests.e2e.hands import Hands, Mouse
from tests.e2e.looking import sticking_out

WORDS = load_words()
ANSWERS = {
    "cancer_status": "now",
    "cancer": "breast",
    "extent": "metastatic",
    "er": "positive",
    "her2": "negative",
    "inherited": "clear",
    "sex_at_birth": "female",
    "gender": "woman",
    "age": "52",
}


class Patient:
    """Somebody with one page open, whose hands and language are given.

    `seen` are the paths of the pages that were looked at, `told` the questions answered.
    """

    def __init__(
        self,
        page: Page,
        *,
        hands: Hands | None = None,
        language: str = "en",
        answers: Mapping[str, str] = ANSWERS,
    ) -> None:
        self.page = page
        self.hands = hands or Mouse()
        self.language = language
        self.answers = answers
        self.cared_for = False
        self.seen: list[str] = []
        self.told: list[str] = []

    @property
    def path(self) -> str:
        """The path of the page."""
        return "/" + self.page.url.split("/", 3)[3]

    def words(self, key: str) -> str:
        """A text of the pages as this person reads it."""
        return str(WORDS.speak(key, language=self.language, cared_for=self.cared_for))

    def look(self) -> None:
        """Note the page: it is in the right language, and nothing stands out to the side."""
        self.seen.append(self.path)
        expect(self.page.locator("html")).to_have_attribute("lang", self.language)
        assert sticking_out(self.page) == [], self.path

    def press(self, key: str) -> None:
        """Press the button or follow the link with the words of `key`, and look at what comes."""
        name = self.words(key)
        button = self.page.get_by_role("button", name=name, exact=True)
        link = self.page.get_by_role("link", name=name, exact=True)
        with self.page.expect_navigation():
            self.hands.press(button.or_(link).first)
        self.look()

    def choose(self, name: str, value: str) -> None:
        """Choose a value on the page."""
        self.hands.choose(self.page.locator(f'input[name="{name}"][value="{value}"]'))

    def begin(self, about: str = "self") -> None:
        """From the start page to the first question."""
        self.page.goto("/")
        self.look()
        self.press("start.button")
        self.choose("about", about)
        self.cared_for = about == "other"
        self.press("frame.continue")

    def answer_all(self, *, until: str) -> None:
        """Answer question after question to the check page, with `until` among the answered."""
        for _ in range(60):
            if not self.path.startswith("/check"):
                self.answer()
            elif until in self.told:
                return
            else:
                self.press("results.go_on")
        raise AssertionError((until, self.told))

    def answer(self) -> None:
        """Answer the question that is open."""
        key = self.path.split("/")[2].split("?")[0]
        self.told.append(key)
        if key == "tumor":
            self._tell_of_a_mutation(key, "ESR1")
        elif key == "age":
            self.hands.write(self.page.locator("#answer"), self.answers[key])
        elif self.page.locator("input[name=choice]").count():
            self.choose("choice", "unknown")
        else:
            self.choose("answer", self.answers.get(key, "unknown"))
        self.press("frame.continue")

    def _tell_of_a_mutation(self, key: str, gene: str) -> None:
        """One gene's result, over three pages."""
        self.choose("answer", "named")
        self.press("frame.continue")
        assert self.path.startswith(f"/questions/{key}/genes")
        self.choose("answer", gene)
        self.press("frame.continue")
        self.choose(f"result-{gene}", "mutation")
