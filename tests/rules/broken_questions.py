"""Broken questions: of the right shape, but they say what cannot be."""

from __future__ import annotations

from collections.abc import Iterator

from tests.rules.breaking import (
    CANCER,
    PERSON,
    Variant,
    added,
    attribute,
    swap,
)

OPTIONS = (
    "options:",
    "  - {value: a, label: {en: a, es: a}}",
    "  - {value: b, label: {en: b, es: b}}",
)


def broken_questions() -> list[Variant]:
    """Questions with a wrong meaning."""
    return [*_attributes()]


def _attributes() -> Iterator[Variant]:
    def variant(
        name: str,
        *more: str,
        says: str,
        at: str | None = None,
        order: int = 900,
        kind: str = "one",
        about: str = "person",
        key: str = "new",
    ) -> Variant:
        entry = attribute(key, order, kind, *more, about=about)
        return added(f"a question: {name}", PERSON, entry, says=says, at=at)

    yield variant("its key is taken", *OPTIONS, key="stage", says="'stage' stands twice")
    yield variant("its order is taken", *OPTIONS, order=20, says="order 20 is taken", at="order")
    yield variant("one without options", says="options do not go with the kind")
    yield variant("many without options", kind="many", says="options do not go with the kind")
    yield variant("results without options", kind="results", says="options do not go with")
    yield variant("yes or no with options", *OPTIONS, kind="yes_no", says="options do not go")
    yield variant(
        "a number with options",
        "min: 0",
        "max: 9",
        *OPTIONS,
        kind="integer",
        says="options do not go",
    )
    yield variant(
        "a share of something else than yes",
        "share: 0.2",
        *OPTIONS,
        says="'share' does not go with the kind",
        at="share",
    )
    yield variant(
        "a bell curve of no number",
        "usual: [1, 2]",
        kind="yes_no",
        says="'usual' does not go with the kind",
        at="usual",
    )
    yield variant("a share over one", "share: 1.5", kind="yes_no", says="1.5", at="share")
    yield variant(
        "a bell curve without a width",
        "min: 0",
        "max: 9",
        "usual: [1, 0]",
        kind="integer",
        says="usual/1: 0 is",
        at="usual",
    )
    yield variant("a number without bounds", kind="integer", says="a number needs bounds")
    yield variant("a number, bounds swapped", "min: 9", "max: 1", kind="integer", says="bounds")
    yield variant("a number that is always 5", "min: 5", "max: 5", kind="integer", says="bounds")
    yield variant("bounds of a word", "max: 9", *OPTIONS, says="go with numbers only")
    yield variant("a unit of a word", "unit: {en: a, es: b}", *OPTIONS, says="numbers only")
    yield variant("tender without why", "tender: true", *OPTIONS, says="why it is asked")
    yield variant(
        "asked when there is no such question",
        "asked_when: {nothing: a}",
        *OPTIONS,
        says="no attribute 'nothing'",
        at="asked_when",
    )
    yield variant(
        "asked when there is no such value",
        "asked_when: {er: maybe}",
        *OPTIONS,
        says="'er' has no value 'maybe'",
        at="asked_when",
    )
    yield variant(
        "asked when there is no such tag",
        "asked_when: {tag: nothing}",
        *OPTIONS,
        says="no tag 'nothing'",
        at="asked_when",
    )
    merged = "merged_from: {}".format
    yield variant(
        "merged from nothing",
        merged("nothing"),
        *OPTIONS,
        kind="many",
        says="no other attribute 'nothing'",
        at="merged_from",
    )
    yield variant(
        "merged from itself",
        merged("new"),
        *OPTIONS,
        kind="many",
        says="no other attribute 'new'",
        at="merged_from",
    )
    yield variant(
        "merged from one", merged("er"), *OPTIONS, kind="many", says="only lists", at="merged_from"
    )
    yield variant(
        "one that is merged", merged("cancer"), *OPTIONS, says="only lists", at="merged_from"
    )
    yield variant(
        "merged from other values",
        merged("cancer"),
        *OPTIONS,
        kind="many",
        says="different options",
        at="merged_from",
    )
    yield variant(
        "a chapter that is not there",
        "chapter: third",
        *OPTIONS,
        says="there is no chapter 'third'",
        at="chapter",
    )
    groups = "groups: [{key: g, name: {en: g, es: g}}]"
    yield variant("groups of no results", groups, *OPTIONS, says="results only", at="groups")
    ungrouped = "options: [{value: a, label: {en: a, es: a}, group: h}]"
    yield variant(
        "a group that is not there",
        groups,
        ungrouped,
        kind="results",
        says="no group 'h'",
        at="opt",
    )
    twice = groups.replace("]", ", {key: g, name: {en: h, es: h}}]")
    yield variant(
        "a group twice", twice, *OPTIONS, kind="results", says="'g' stands twice", at="groups"
    )
    yield swap(
        "a chapter twice",
        "chapters.yaml",
        "key: second",
        "key: first",
        says="'first' stands twice",
        at="key: first",
    )
    numbers = "".join(attribute(f"n{i}", 1000 + i, "integer", "max: 999") for i in range(6))
    yield swap(
        "far too many facts",
        CANCER,
        "attributes:\n",
        f"attributes:\n{numbers}",
        says="more than 5000 facts",
        at="attributes:",
    )
