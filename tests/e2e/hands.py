"""Hands: how somebody works a page, with a mouse or finger, or with the keyboard alone."""

from __future__ import annotations

from typing import Any, Protocol

from playwright.sync_api import Locator, Page

# More stops than the longest page has.
STOPS = 150
WHERE = """wanted => {
  const at = document.activeElement;
  const look = e => { const l = getComputedStyle(e);
    const drawn = l.outlineStyle !== 'none' && l.outlineColor !== 'rgba(0, 0, 0, 0)';
    return [drawn && l.outlineWidth, l.boxShadow, l.backgroundColor].join(); };
  const tile = at.closest('.govuk-radios__item, .govuk-checkboxes__item');
  const places = tile ? [at, tile] : [at];
  const focused = places.map(look);
  at.blur();
  const plain = places.map(look);
  at.focus({preventScroll: true});
  // Seen in the middle of its first line is the element itself, or the tile of a choice.
  const box = at.getClientRects()[0] || at.getBoundingClientRect();
  const over = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const open = !!over && places.some(e => e.contains(over));
  return {
    there: at === wanted,
    sibling: at.type === 'radio' && wanted.type === 'radio' && at.name === wanted.name,
    drawn: focused.some((seen, place) => seen !== plain[place]),
    open,
    what: at.outerHTML.slice(0, 160),
  };
}"""


class Hands(Protocol):
    """What can be done to a page."""

    def press(self, wanted: Locator) -> None:
        """Press a button, follow a link, or open a fold."""

    def choose(self, wanted: Locator) -> None:
        """Choose a radio button or tick a box."""

    def write(self, wanted: Locator, text: str) -> None:
        """Write into a field."""


class Mouse:
    """A mouse, or a finger."""

    def press(self, wanted: Locator) -> None:
        """Click it."""
        wanted.click()

    def choose(self, wanted: Locator) -> None:
        """Click it if it is not chosen."""
        wanted.check()

    def write(self, wanted: Locator, text: str) -> None:
        """Put the text into it."""
        wanted.fill(text)


class Keys:
    """The keyboard alone: Tab, arrows, Space, Enter and the letters.

    Wherever the focus comes by, it has to be drawn, and nothing may lie over it.
    """

    def __init__(self, page: Page) -> None:
        self.page = page
        self.stops = 0

    def press(self, wanted: Locator) -> None:
        """Space on a button, Enter on a link or a fold."""
        self.reach(wanted)
        is_button = wanted.evaluate("element => element.tagName === 'BUTTON'")
        self.page.keyboard.press("Space" if is_button else "Enter")

    def choose(self, wanted: Locator) -> None:
        """Space, unless the arrows chose it."""
        self.reach(wanted)
        if not wanted.is_checked():
            self.page.keyboard.press("Space")
        assert wanted.is_checked()

    def write(self, wanted: Locator, text: str) -> None:
        """Type it, into an empty field."""
        self.reach(wanted)
        self.page.keyboard.type(text)

    def reach(self, wanted: Locator) -> None:
        """Tab from where the focus is, and within a group of radio buttons go by the arrows."""
        where = self._at(wanted)
        for _ in range(STOPS):
            if where["there"]:
                return
            where = self._step("ArrowDown" if where["sibling"] else "Tab", wanted)
        raise AssertionError(f"{self.page.url}: the focus never came to {wanted}")

    def _step(self, key: str, wanted: Locator) -> dict[str, Any]:
        self.page.keyboard.press(key)
        self.stops += 1
        where = self._at(wanted)
        assert where["drawn"], f"{self.page.url}: no focus is seen on {where['what']}"
        assert where["open"], f"{self.page.url}: something lies over {where['what']}"
        return where

    def _at(self, wanted: Locator) -> dict[str, Any]:
        found: dict[str, Any] = wanted.evaluate(WHERE)
        return found
