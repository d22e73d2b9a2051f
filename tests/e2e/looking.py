"""Looking: what must hold on any page, measured in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = (Path(__file__).parent / "vendor/axe-core/axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HARMLESS = ("minor",)
TAP, TAP_IN_TEXT = 44, 24
SMALL = """([tap, inText]) => {
  const small = [];
  const seen = e => { const b = e.getBoundingClientRect(); return b.width > 1 && b.height > 1
    && getComputedStyle(e).visibility === 'visible' && !e.closest('.govuk-skip-link'); };
  for (const e of document.querySelectorAll('a[href], button, summary, select, input')) {
    if (!e.checkVisibility() || e.type === 'hidden' || !seen(e)) continue;
    // A choice is as large as its tile; a link within a sentence as its line.
    const target = e.closest('.govuk-radios__item, .govuk-checkboxes__item') || e;
    const box = target.getBoundingClientRect();
    const inline = getComputedStyle(e).display === 'inline' || e.matches('.term')
      || e.closest('p, li, dd, td, h3');
    const least = inline && e.tagName !== 'INPUT' ? inText : tap;
    const line = parseFloat(getComputedStyle(e.parentElement).lineHeight) || 0;
    const height = getComputedStyle(e).display === 'inline' ? Math.max(box.height, line)
      : box.height;
    if (height < least - 0.5) small.push([e.outerHTML.slice(0, 120), Math.round(height), least]);
  }
  return small;
}"""


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


def assert_large_enough(page: Page) -> None:
    """Whatever can be pressed is 44 px high, within running text 24 px with its line."""
    small: Any = page.evaluate(SMALL, [TAP, TAP_IN_TEXT])
    assert small == [], f"{page.url}: {small}"


def sticking_out(page: Page) -> list[str]:
    """The elements that make the page scroll sideways."""
    over = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    if over <= 0:
        return []
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('main *, header *, footer *')].filter("
        "e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 120))"
    )
    return [f"{over} px", *found[:3]]
