"""Broken options: values that lead in circles, and questions that the program goes by."""

from __future__ import annotations

from collections.abc import Iterator

from tests.rules.breaking import (
    CANCER,
    IMPLICATIONS,
    PERSON,
    TAGS,
    Variant,
    added,
    attribute,
    swap,
)


def broken_options() -> list[Variant]:
    """Options with a wrong meaning, and needed questions that are gone."""
    return [*_options(), *_needed()]


def _options() -> Iterator[Variant]:
    def variant(name: str, kind: str, *options: str, says: str, at: str) -> Variant:
        lines = ("options:", *(f"  - {{{option}, label: {{en: a, es: b}}}}" for option in options))
        entry = attribute("new", 900, kind, *lines)
        return added(f"an option: {name}", PERSON, entry, says=says, at=at)

    a, b = "value: a", "value: b"
    yield variant("twice", "one", a, a, says="'a' stands twice", at="options")
    yield variant(
        "unknown is said anyway",
        "one",
        a,
        "value: unknown",
        says="always allowed",
        at="- {value: unknown",
    )
    yield variant(
        "declined is said anyway",
        "many",
        a,
        "value: declined",
        says="always allowed",
        at="- {value: declined",
    )
    yield variant(
        "wider than nothing", "one", a, f"{b}, wider: c", says="no value 'c'", at="options"
    )
    yield variant(
        "wider than itself", "one", f"{a}, wider: a", b, says="wider than itself", at="- {value: a"
    )
    yield variant(
        "two wider than each other",
        "one",
        f"{a}, wider: b",
        f"{b}, wider: a",
        says="'b' is wider than itself",
        at="- {value: b",
    )
    yield variant(
        "a circle of three",
        "many",
        f"{a}, wider: b",
        f"{b}, wider: c",
        "value: c, wider: a",
        says="'c' is wider than itself",
        at="- {value: c",
    )
    steps = [f"value: v{n}, wider: v{n + 1}" for n in range(9)]
    yield variant(
        "a long way to the widest",
        "many",
        *steps,
        "value: v9",
        says="'v0' is narrower than more than 8",
        at="- {value: v0",
    )
    yield variant(
        "wider genes", "results", a, f"{b}, wider: a", says="'wider' does not go", at="- {value: b"
    )
    yield variant(
        "fine of one", "one", a, f"{b}, fine: true", says="'fine' does not go", at="- {value: b"
    )
    yield variant(
        "exclusive of one",
        "one",
        a,
        f"{b}, exclusive: true",
        says="'exclusive' does not",
        at="- {value: b",
    )
    flags = ("acquired: true", "signature: true", "panel: true", "one_of: [a]", "check_again: 6")
    for flag in flags:
        yield variant(
            f"{flag} in a list",
            "many",
            a,
            f"{b}, {flag}",
            says="does not go with kind",
            at="- {value: b",
        )
    yield variant(
        "two none",
        "many",
        f"{a}, exclusive: true",
        f"{b}, exclusive: true",
        says="two options are marked 'exclusive'",
        at="options",
    )
    yield variant(
        "two panels",
        "results",
        f"{a}, panel: true",
        f"{b}, panel: true",
        says="two options are marked 'panel'",
        at="options",
    )
    yield variant(
        "one of nothing", "results", a, f"{b}, one_of: [c]", says="no value 'c'", at="options"
    )
    yield variant(
        "one of itself",
        "results",
        a,
        f"{b}, one_of: [a, b]",
        says="no single gene",
        at="- {value: b",
    )
    yield variant(
        "one of a panel",
        "results",
        f"{a}, panel: true",
        f"{b}, one_of: [a]",
        says="no single gene",
        at="- {value: b",
    )
    yield variant(
        "one of a signature",
        "results",
        f"{a}, signature: true",
        f"{b}, one_of: [a]",
        says="no single gene",
        at="- {value: b",
    )
    yield variant(
        "a synonym of two",
        "one",
        f"{a}, synonyms: [x]",
        f"{b}, synonyms: [X]",
        says="'X' is a word for 'a' too",
        at="- {value: b",
    )
    yield variant(
        "a synonym that is a value",
        "one",
        a,
        f"{b}, synonyms: [A]",
        says="'A' is a word for 'a' too",
        at="- {value: b",
    )


def _needed() -> Iterator[Variant]:
    """Questions that the program itself goes by."""
    used = {
        "cancer_status": (CANCER, "    asked_when: {not: {cancer_status"),
        "cancer": (CANCER, "    asked_when: {cancer: prostate}"),
        "main_cancer": (IMPLICATIONS, '    if: {stage: "4", main_cancer'),
    }
    for key, place in used.items():
        yield swap(
            f"no {key}",
            CANCER,
            f"key: {key}\n",
            f"key: {key}_x\n",
            says=f"no attribute '{key}'",
            elsewhere=place,
        )
    top = (CANCER, "attributes:")
    status = "key: cancer_status\n    order: 10\n    kind: "
    yield swap(
        "a list of statuses",
        CANCER,
        f"{status}one",
        f"{status}many",
        elsewhere=top,
        says="'cancer_status' (kind one) is missing",
    )
    main = "key: main_cancer\n    order: 30\n    kind: "
    yield swap(
        "several main cancers",
        CANCER,
        f"{main}one",
        f"{main}many",
        elsewhere=top,
        says="'main_cancer' (kind one) is missing",
    )
    yield swap(
        "no never",
        CANCER,
        "value: never",
        "value: nie",
        elsewhere=used["cancer_status"],
        says="'cancer_status' has no value 'never'",
    )
    one_more = "value: past\n        label: {en: a, es: b}\n      - value: again"
    yield swap(
        "a fourth status",
        CANCER,
        "value: past",
        one_more,
        elsewhere=top,
        says="now, past and never",
    )
    yield swap(
        "no breast in the list",
        CANCER,
        "value: breast",
        "value: chest",
        says="'cancer' has no value 'breast'",
        elsewhere=(TAGS, "    when: {cancer: breast}"),
    )
    more = "value: breast\n        label: {en: a, es: b}\n      - value: lung"
    yield swap(
        "a cancer that cannot be the main one",
        CANCER,
        "value: breast",
        more,
        elsewhere=top,
        says="'main_cancer' and 'cancer' have different options",
    )
    yield swap(
        "treatments that cannot be now",
        CANCER,
        "value: surgery",
        "value: operation",
        says="there is no value 'surgery'",
        elsewhere=(CANCER, "    options:\n      - value: operation"),
    )
