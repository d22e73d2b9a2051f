"""Broken forms of implications, numbers and texts: missing, unknown, out of range."""

from __future__ import annotations

from collections.abc import Iterator

from tests.rules.breaking import (
    SCORING,
    TEXTS,
    Variant,
    inside,
    swap,
)

BIG = "9" * 9


def broken_numbers() -> list[Variant]:
    """Implications, numbers and texts with a wrong shape."""
    return [*_implications(), *_scoring(), *_texts()]


def _implications() -> Iterator[Variant]:
    text = "    text: {en: a, es: b}\n"
    cases = {
        "no text": "  - key: a\n    if: {er: low}\n    then: {er: low}\n",
        "no key": f"  - if: {{er: low}}\n    then: {{er: low}}\n{text}",
        "no then": f"  - key: a\n    if: {{er: low}}\n{text}",
        "no if": f"  - key: a\n    then: {{er: low}}\n{text}",
        "both forms": f"  - key: a\n    if: {{er: low}}\n    then: {{er: low}}\n"
        f"    at_most: {{lines: age}}\n{text}",
        "an unless": f"  - key: a\n    if: {{er: low}}\n    then: {{er: low}}\n"
        f"    unless: {{er: low}}\n{text}",
        "two pairs": f"  - key: a\n    at_most: {{lines: age, age: lines}}\n{text}",
        "no pair": f"  - key: a\n    at_most: {{}}\n{text}",
        "a pair of lists": f"  - key: a\n    at_most: {{lines: [age]}}\n{text}",
        "an if of one word": f"  - key: a\n    if: er\n    then: {{er: low}}\n{text}",
        "one way in words": f"  - key: a\n    if: {{er: low}}\n    then: {{er: low}}\n"
        f'    one_way: "yes"\n{text}',
        "no Spanish": "  - key: a\n    if: {er: low}\n    then: {er: low}\n    text: {en: a}\n",
        "a text": "  - only words\n",
    }
    for name, entry in cases.items():
        at = {"an unless": "unless", "an if of one word": "if:", "one way in words": "one_way",
              "no Spanish": "text", "two pairs": "at_most", "no pair": "at_most",
              "a pair of lists": "at_most"}.get(name)  # fmt: skip
        yield inside(f"an implication: {name}", "implications", entry, says="", at=at)
    for section in ("defaults", "never_no"):
        entry = f"  - key: a\n    if: {{er: low}}\n{text}"
        yield inside(f"{section}: nothing follows", section, entry, says="is a required property")
        entry = f"  - key: a\n    if: {{er: low}}\n    default: true\n{text}"
        yield inside(f"{section}: an unknown key", section, entry, says="'default'", at="default:")
    for name, values in (("a text", "breast"), ("a list", "[high_risk]"), ("empty", "{}")):
        entry = f"  - key: a\n    if: {{er: low}}\n    for: {values}\n{text}"
        yield inside(f"never_no: for is {name}", "never_no", entry, says="for", at="    for:")
    many = "".join(
        f"  - {{key: k{n}, if: {{er: low}}, then: {{er: low}}, text: {{en: a, es: b}}}}\n"
        for n in range(501)
    )
    yield inside(
        "far too many implications", "implications", many, says="more than", at="implications:"
    )


def _scoring() -> Iterator[Variant]:
    for name in ("fit: 14", "related_fit: 10", "neutral: 1", "unread_weight: 3",
                 "old_test_months: 6", "aged_years_otherwise: 5"):  # fmt: skip
        key = name.partition(":")[0]
        yield swap(
            f"scoring: no {key}", SCORING, f"\n{name}", "\n", says=f"'{key}' is", at="floors"
        )
        for value in ("-1", '"3"', "2.5", "many", "101", BIG):
            if not (value == "101" and key == "old_test_months"):
                yield swap(
                    f"scoring: {key}: {value}",
                    SCORING,
                    f"\n{name}",
                    f"\n{key}: {value}",
                    says=key,
                    at=f"{key}: {value}",
                )
    yield swap(
        "scoring: no floor for open", SCORING, "  open: 12\n", "", says="'open' is", at="floors:"
    )
    yield swap(
        "scoring: one floor more", SCORING, "  open: 12\n", "  open: 12\n  shut: 3\n", says="'shut'"
    )
    yield swap(
        "scoring: a rating misspelt",
        SCORING,
        "  High: 3",
        "  Hihg: 3",
        says="'Hihg' is not",
        at="relevance:",
    )
    yield swap(
        "scoring: a rating too many",
        SCORING,
        "  High: 3",
        "  High: 3\n  Best: 9",
        says="'Best' is not",
        at="relevance:",
    )
    yield swap(
        "scoring: a kind misspelt",
        SCORING,
        "  Update: 3",
        "  Updates: 3",
        says="'Updates'",
        at="aged_years:",
    )
    yield swap("scoring: months in words", SCORING, "months: 18", "months: some", says="months")
    yield swap(
        "scoring: a step without points",
        SCORING,
        "    points: 3\n",
        "",
        says="'points' is a required",
        at="months: 18",
    )


def _texts() -> Iterator[Variant]:
    old = '    en: "You said: {said}."\n'
    yield swap("texts: no English", TEXTS, old, "", says="'en' is a required", at="  reason_yes:")
    yield swap("texts: a French one", TEXTS, old, f"{old}    fr: a\n", says="'fr'", at="    fr: a")
    yield swap("texts: empty", TEXTS, old, '    en: ""\n', says="non-empty", at='    en: ""')
    yield swap("texts: a number", TEXTS, old, "    en: 7\n", says="not of type", at="    en: 7")
    yield swap("texts: a list", TEXTS, old, "    en: [a]\n", says="a text", at="    en: [a]")
