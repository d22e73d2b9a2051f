"""Review pages for tests: the shape of real ones, in words of our own, as text and as HTML."""

from __future__ import annotations

from collections.abc import Sequence

from matcher.core.study import Study
from matcher.reading.reviews.drafts import Draft
from matcher.reading.reviews.lines import text_page
from matcher.reading.reviews.reviews import read_review

LABEL = "People with ER-positive, HER2-negative advanced breast cancer with ESR1 mutations."
BULLETS = ("people with breast cancer", "people with ER/PR + cancer", "previvors")
RATINGS = (
    ("Relevance", "Medium-High"),
    ("Strength of Science", "High"),
    ("Research Timeline", "Human Research"),
)


def page_text(
    *,
    title: str = "Study: A new pill slows the growth of some tumors",
    summary: Sequence[str] = ("Some people took a pill. (posted 2/19/26)",),
    label: str = f"Most relevant for: {LABEL}",
    bullets: Sequence[str] = BULLETS,
    ratings: Sequence[tuple[str, str]] = RATINGS,
    end: str = "Disclosure: Nobody paid for this.",
) -> str:
    """A review as the text of its page."""
    lines = [
        title,
        *summary,
        "RELEVANCE",
        label,
        "It may also be relevant for:",
        *(f"- {bullet}" for bullet in bullets),
        "",
        "",
        *(f"{name}: {value}" for name, value in ratings),
        "What is this study about?",
        "It is about a pill.",
        "- It is blue.",
        "Why is this study important?",
        "Nobody knows yet.",
        "Study design",
        "Ten people took the pill.",
        "Reference",
        "Somebody A. A pill. 2025.",
        "Nobody B. Another pill. 2026.",
        end,
        "Take our survey.",
        "posted 2/19/26",
    ]
    return "\n".join(lines)


def page_html(
    *,
    title: str = "Study: A new pill slows the growth of some tumors",
    link: str = "https://www.example.org/XRAY/a-new-pill",
    label: str = LABEL,
) -> str:
    """The same review as a saved page, with what stands around it on a site."""
    bullets = "".join(f"<li>{bullet}</li>\n" for bullet in BULLETS)
    ratings = "".join(f"<p><strong>{name}:</strong> {value}</p>\n" for name, value in RATINGS)
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{title} | Example</title>
<link rel="canonical" href="{link}">
<style>h1 {{ color: red }}</style><script>var a = "<h1>Study: Not this</h1>";</script></head>
<body><nav><ul><li>Home<li>Most relevant for: nobody</ul></nav>
<div id="wrap"><h1>{title}</h1>
<p>Some people took a <span class="term">pill<span hidden> (a small thing)</span></span>.
 (posted 2/19/26)</p>
<h3>RELEVANCE</h3>
<p><b>Most relevant for:</b> {label}</p>
<p>It may also be relevant for:</p>
<ul>
{bullets}</ul>
{ratings}
<h2>What is this study about?</h2><p>It is about a pill.</p><ul><li>It is blue.</li></ul>
<h2>Why is this study important?</h2><p>Nobody&nbsp;knows&#x20;yet.</p>
<h2>Study design</h2><p>Ten people took the pill.</p>
<h2>Reference</h2><p>Somebody A. A pill. 2025.<br>Nobody B. Another pill. 2026.</p>
<p>Disclosure: Nobody paid for this.</p>
<p>Take our survey.</p></div><footer>Copyright</footer></body></html>"""


def read(text: str, url: str | None = None) -> Draft:
    return read_review(text_page(text), url=url)


def texts(study: Study) -> tuple[str | None, list[str]]:
    return study.most.text if study.most else None, [audience.text for audience in study.also]


def whys(draft: Draft) -> dict[str, str]:
    return {unused.text: unused.why for unused in draft.unused}
