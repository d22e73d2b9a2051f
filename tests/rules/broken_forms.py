"""Broken forms of questions and tags: missing, unknown, of a wrong type, out of range."""

from __future__ import annotations

from collections.abc import Iterator

from tests.rules.breaking import (
    CANCER,
    GENES,
    PERSON,
    RECEPTORS,
    TAGS,
    Variant,
    swap,
)

BIG = "9" * 9


def broken_forms() -> list[Variant]:
    """Questions, options and tags with a wrong shape."""
    return [*_attributes(), *_options(), *_tags()]


def _without(file: str, entry: str, line: str, nth: int = 1) -> Variant:
    """The first entry without one of its lines (given by its beginning)."""
    name = line.strip().rstrip(":")
    says = f"'{name}' is a required property"
    return swap(f"{file}: no {name} ({nth})", file, line, f"    # {name}", says=says, at=entry)


def _attributes() -> Iterator[Variant]:
    first = "- key: cancer_status"
    yield swap("a question without a key", CANCER, first, "-", says="'key' is", at="order")
    for name in ("order", "kind", "about", "name", "question", "question_other", "help", "doctor"):
        yield _without(CANCER, first, f"    {name}:")
    wrong = {
        "order: 10\n": ["order: ten\n", 'order: "10"\n', "order: 1.5\n", "order: -1\n"],
        "kind: one\n": ["kind: two\n", "kind: [one]\n", "kind: One\n", "kind: 1\n"],
        "about: main_cancer\n": ["about: cancer\n", "about: true\n"],
        "key: cancer_status": ["key: cancer status", "key: 1", 'key: "cáncer"', "key: [a]"],
    }
    for old, news in wrong.items():
        for new in news:
            yield swap(f"a question: {new.strip()}", CANCER, old, new, says="", at=new)
    for text in ('"one language"', "[a, b]", "7"):
        old, new = 'name: {en: "status", es: "status (es)"}', f"name: {text}"
        yield swap(f"a name: {text}", CANCER, old, new, says="name")
    for language, old, new in (
        ("es", 'name: {en: "status", es: "status (es)"}', 'name: {en: "status"}'),
        ("en", 'name: {en: "status", es: "status (es)"}', 'name: {es: "status"}'),
    ):
        says = f"'{language}' is a required property"
        yield swap(f"a name without {language}", CANCER, old, new, says=says, at=new)
    old = 'name: {en: "status", es: "status (es)"}'
    yield swap("an empty name", CANCER, old, 'name: {en: "", es: "a"}', says="non-empty")
    yield swap(
        "a third language", CANCER, old, "name: {en: a, es: b, fr: c}", says="'fr'", at="name: {en"
    )
    yield swap("an unknown key", CANCER, "kind: one\n", "kind: one\n    kinds: one\n", says="kinds")
    yield swap("tender in words", CANCER, "tender: true", 'tender: "yes"', says="tender")
    yield swap(
        "asked when?",
        CANCER,
        "asked_when: {not: {cancer_status: never}}",
        "asked_when: now",
        says="right form",
    )
    yield swap(
        "asked when nothing",
        CANCER,
        "asked_when: {not: {cancer_status: never}}",
        "asked_when: {}",
        says="right form",
    )
    for old, new in (
        ("max: 120\n", "max: 1000\n"),
        ("max: 120\n", f"max: {BIG}\n"),
        ("max: 120\n", 'max: "120"\n'),
        ("min: 0\n", "min: -5\n"),
        ("min: 0\n", "min: 0.5\n"),
    ):
        yield swap(f"a number: {new.strip()}", PERSON, old, new, says=new.split(":")[0])
    yield swap("no questions", GENES, "attributes:", "attributes: []\nx:", says="", at="attributes")
    codes = "codes: {loinc: [85337-4], percent: [85329-1]}"
    for new in ("codes: [85337-4]", "codes: {loinc: 85337-4}", "codes: {loinc: [85337]}"):
        yield swap(f"codes: {new}", RECEPTORS, codes, new, says="codes")


def _options() -> Iterator[Variant]:
    label = '        label: {en: "now", es: "now (es)"}\n'
    yield swap("an option without a label", CANCER, label, "", says="'label'", at="- value: now")
    yield swap(
        "an option without a value",
        CANCER,
        "value: now",
        "hint: {en: a, es: b}",
        says="'value' is a required",
    )
    yield swap("an empty value", CANCER, "value: now", 'value: ""', says="non-empty")
    yield swap("a stage without quotes", CANCER, 'value: "3"', "value: 3", says="not of type")
    yield swap("a stage as a decimal", CANCER, 'value: "3"', "value: 3.0", says="not of type")
    yield swap("an unknown flag", CANCER, "wider: surgery", "widest: surgery", says="'widest'")
    yield swap("wider is a list", CANCER, "wider: surgery", "wider: [surgery]", says="a text")
    yield swap("a share of 70", RECEPTORS, "share: 0.7", "share: 70", says="maximum of 1")
    yield swap("a negative share", RECEPTORS, "share: 0.7", "share: -0.1", says="minimum of 0")
    yield swap("a share in words", RECEPTORS, "share: 0.7", "share: most", says="not of type")
    yield swap(
        "synonyms in one text",
        RECEPTORS,
        "synonyms: [ER+, pos]",
        "synonyms: ER+",
        says="not of type",
    )
    yield swap(
        "a synonym that is a number", RECEPTORS, "[ER+, pos]", "[ER+, 1]", says="not of type"
    )
    for flag in ("acquired", "signature", "panel"):
        yield swap(f"{flag} in words", GENES, f"{flag}: true", f'{flag}: "yes"', says="boolean")
    for months in ("0", "601", "6.5", '"6"'):
        again = f"check_again: {months}"
        yield swap(f"good for {months} months", GENES, "acquired: true", again, says="")
    yield swap("one_of a text", GENES, "one_of: [BRCA1, BRCA2]", "one_of: BRCA1", says="array")
    yield swap(
        "no options in the list",
        CANCER,
        "options:\n",
        "options: []\n    x:\n",
        says="",
        at="options: []",
    )
    many = "".join(f"      - {{value: v{n}, label: {{en: a, es: b}}}}\n" for n in range(1001))
    yield swap(
        "far too many options",
        CANCER,
        "options:\n",
        f"options:\n{many}",
        says="more than",
        elsewhere=(CANCER, "    options:"),
    )


def _tags() -> Iterator[Variant]:
    first = "- key: breast_cancer"
    yield swap("a tag without a key", TAGS, first, "-", says="'key' is", at="label")
    for name in ("label", "about", "topic", "weight", "when"):
        yield _without(TAGS, first, f"    {name}:")
    wrong = {
        "weight: 2\n": ["0", "11", "-1", "2.5", '"2"', "true", "heavy", BIG],
        "topic: cancers\n": ["cancer", "1", "[cancers]"],
        "scoped: true\n": ['"yes"', "1", "all"],
        "supports: false\n": ['"no"', "0"],
        'parameter: "n"\n': ["m", "1"],
        "opposite: no_cancer\n": ['""', "[a]"],
        "phrases: [breast cancer]\n": ["breast cancer", "[1]", "{a: b}"],
        "when: {cancer: breast}\n": ["breast", "[a]", "{}", "7", "true"],
    }
    for old, news in wrong.items():
        name = old.split(":")[0]
        for new in news:
            yield swap(f"a tag: {name}: {new}", TAGS, old, f"{name}: {new}\n", says=name)
    yield swap("a key with a blank", TAGS, "key: breast_cancer", "key: breast cancer", says="match")
    yield swap("a key with a dash", TAGS, "key: breast_cancer", "key: breast-cancer", says="match")
    yield swap("an unknown key of a tag", TAGS, "tender: true", "tenders: true", says="'tenders'")
