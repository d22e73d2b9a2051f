"""Classes: no rule of our own style sheets is left over, and no class in a page lacks its rule."""

from __future__ import annotations

import re
from pathlib import Path

import matcher.web

WEB = Path(matcher.web.__file__).parent
TEMPLATES = [file.read_text(encoding="utf-8") for file in sorted(WEB.rglob("*.html"))]
SCRIPTS = [*sorted(WEB.rglob("*.py")), *sorted(WEB.glob("static/*.js"))]
SPEAKING = [*TEMPLATES, *(file.read_text(encoding="utf-8") for file in SCRIPTS)]
OWN = {file.name: file.read_text(encoding="utf-8") for file in sorted(WEB.glob("static/*.css"))}
VENDORED = [file.read_text(encoding="utf-8") for file in (WEB / "static/vendor").rglob("*.css")]
# Their macros give these to the page.
THEIRS = "govuk-"


def ruled(css: str) -> set[str]:
    """The classes that the selectors of a style sheet name."""
    selectors = re.sub(r"\{[^{}]*\}", "{}", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL))
    return set(re.findall(r"\.([a-zA-Z][\w-]*)", selectors))


def given(template: str) -> set[str]:
    """The classes that a template writes out; of "lv-{{ level }}" its beginning "lv-"."""
    places = re.findall(r"""class(?:es"?:|=)\s*"((?:\{\{.*?\}\}|[^"])*)\"""", template)
    written = re.sub(r"\{%.*?%\}", " ", " ".join(places))
    for code in re.findall(r"\{\{.*?\}\}", written):
        choices = re.findall(r"'([^']*)'", re.sub(r"== '[^']*'", "", code))
        written = written.replace(code, " ".join(choices) if " if " in code else "*")
    return {re.sub(r"\*.*", "", word) for word in written.split()} - {""}


def test_every_rule_has_its_class_in_a_page() -> None:
    words = {word for text in SPEAKING for word in re.findall(r"[\w-]+", text)}
    begun = tuple(start for text in TEMPLATES for start in given(text) if start.endswith("-"))
    left = [
        (name, found)
        for name, css in OWN.items()
        for found in sorted(ruled(css))
        if found not in words and not found.startswith((THEIRS, *begun))
    ]
    assert left == []


def test_every_class_of_a_page_has_a_rule() -> None:
    known = {found for css in (*OWN.values(), *VENDORED) for found in ruled(css)}
    written = {found for text in TEMPLATES for found in given(text)}
    assert len(written) > 80
    assert {"card", "ask--large", "lv-", "tiles"} <= written
    bare = [
        found
        for found in sorted(written)
        if found not in known
        and not (found.endswith("-") and any(one.startswith(found) for one in known))
    ]
    assert bare == []
