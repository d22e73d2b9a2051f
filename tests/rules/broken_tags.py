"""Broken tags: circles, orphans and bombs; tags for each option and with numbers."""

from __future__ import annotations

from collections.abc import Iterator

from tests.rules.breaking import (
    GENE_TAGS,
    GENES,
    PEOPLE_TAGS,
    RECEPTOR_TAGS,
    RECEPTORS,
    TAGS,
    Variant,
    added,
    swap,
    tag,
)


def broken_tags() -> list[Variant]:
    """Tags with a wrong meaning."""
    return [*_tags(), *_families()]


def _tags() -> Iterator[Variant]:
    def variant(name: str, entry: str, says: str, at: str | None = None) -> Variant:
        return added(f"a tag: {name}", PEOPLE_TAGS, entry, says=says, at=at)

    low = "{er: low}"
    yield variant("its key is taken", tag("metastatic", low), "'metastatic' stands twice")
    yield variant("a number's key is taken", tag("age_at_least", low), "stands twice")
    yield variant("of one made for each", tag("had_surgery", low), "'had_surgery' stands twice")
    braces = tag("new", low).replace("{en: new, es: nuevo}", '{en: "{option}", es: a}')
    yield variant("a word in braces", braces, "stands for nothing", "label")
    yield variant(
        "an orphan opposite", tag("new", low, "opposite: old"), "no other tag 'old'", "opposite"
    )
    yield variant(
        "its own opposite", tag("new", low, "opposite: new"), "no other tag 'new'", "opposite"
    )
    yield variant("itself", tag("new", "{tag: new}"), "leads back to itself")
    yield variant("not itself", tag("new", "{not: {tag: new}}"), "leads back to itself")
    yield variant("maybe itself", tag("new", low, "maybe: {tag: new}"), "leads back to itself")
    two = tag("new", "{tag: newer}") + tag("newer", "{any: [{er: low}, {tag: new}]}")
    yield variant("a circle of two", two, "'newer' leads back", "  - key: newer")
    three = tag("a1", "{tag: a2}") + tag("a2", "{tag: a3}") + tag("a3", "{surely: {tag: a1}}")
    yield variant("a circle of three", three, "'a1' leads back")
    scoped = tag("new", "{tag: new:breast}", "scoped: true")
    yield variant("a circle over a site", scoped, "leads back to itself")
    doubling = "".join(
        tag(f"a{n}", f"{{all: [{{tag: a{n + 1}}}, {{tag: a{n + 1}}}]}}") for n in range(15)
    )
    bomb = f"{doubling}{tag('a15', low)}"
    yield variant("a bomb of tags", bomb, "'a0' is far too large")
    chain = "".join(tag(f"a{n}", f"{{tag: a{n + 1}}}") for n in range(1200)) + tag("a1200", low)
    yield variant("a very long chain", chain, "'a0' is far too large")
    yield variant("a colon in the key", tag("new:breast", low), "one word", "key")
    yield variant("a mark in the key", tag("new_{value}", low), "one word", "key")
    yield variant("weights of nothing", tag("new", low, "weights: {a: 3}"), "for_each", "weights")
    yield variant("except of nothing", tag("new", low, "except: [a]"), "for_each", "except")
    yield swap(
        "a phrase of two tags",
        PEOPLE_TAGS,
        'phrases: ["{n} or older"]',
        "phrases: [old, breast cancer]",
        says="'breast cancer' names",
        at="phrases",
    )
    yield swap(
        "an orphan opposite of an old tag",
        TAGS,
        "key: no_cancer",
        "key: without_cancer",
        says="no other tag 'no_cancer'",
        at="opposite: no_cancer",
    )
    yield swap(
        "a value that is gone",
        RECEPTORS,
        "value: low\n",
        "value: weak\n",
        says="'er' has no value 'low'",
        elsewhere=(RECEPTOR_TAGS, "    when: {er: [pos"),
    )
    yield swap(
        "a tag that is gone",
        RECEPTOR_TAGS,
        "key: her2_negative",
        "key: her2_neg",
        says="no tag 'her2_negative'",
        elsewhere=(RECEPTOR_TAGS, "  - key: hormone_pos"),
    )


def _families() -> Iterator[Variant]:
    def each(
        name: str, key: str, when: str, *more: str, says: str, at: str | None = None
    ) -> Variant:
        entry = tag(key, when, *more)
        return added(f"for each: {name}", GENE_TAGS, entry, says=says, at=at)

    held, every = '{cancer: "{value}"}', "for_each: cancer"
    yield each(
        "of nothing",
        "x_{value}",
        held,
        "for_each: cancers",
        says="no attribute with",
        at="for_each",
    )
    yield each(
        "of a number", "x_{value}", held, "for_each: age", says="no attribute with", at="for_each"
    )
    yield each(
        "of yes or no",
        "x_{value}",
        held,
        "for_each: triple_negative",
        says="no attribute",
        at="for_each",
    )
    yield each("without a mark", "x", held, every, says="hold {value} once", at="key")
    yield each("with two marks", "{value}_{value}", held, every, says="hold {value} once", at="key")
    yield each(
        "and a number", "x_{value}", held, every, 'parameter: "n"', says="{value} once", at="key"
    )
    yield each(
        "an unknown value left out",
        "x_{value}",
        held,
        every,
        "except: [lung]",
        says="'cancer' has no value 'lung'",
        at="except",
    )
    yield each(
        "the weight of an unknown value",
        "x_{value}",
        held,
        every,
        "weights: {lung: 3}",
        says="'cancer' has no value 'lung'",
        at="weights",
    )
    yield each(
        "another list", "x_{value}", '{er: "{value}"}', every, says="no value 'breast'", at="when"
    )
    yield each(
        "a key that is taken",
        "had_{value}",
        '{treatments_now: "{value}"}',
        "for_each: treatments_now",
        says="'had_surgery' stands twice",
    )
    yield each(
        "an orphan opposite",
        "x_{value}",
        held,
        every,
        "opposite: never_{value}",
        says="no other tag 'never_breast'",
        at="opposite",
    )
    yield each("an unknown tag", "x_{value}", '{tag: "y_{value}"}', every, says="no tag 'y_breast'")
    yield each("itself", "x_{value}", '{tag: "x_{value}"}', every, says="leads back to itself")
    older = '{age: {min: "{n}"}}'
    number = 'parameter: "n"'
    yield each(
        "a number's key without its mark", "older", older, number, says="ends in ':{n}'", at="key"
    )
    yield each(
        "a number in the middle", "older:{n}:now", older, number, says="ends in ':{n}'", at="key"
    )
    yield each("a number twice", "older:{n}:{n}", older, number, says="ends in ':{n}'", at="key")
    yield each("a number's key is taken", "lines_at_least:{n}", older, number, says="stands twice")
    yield each("a number of the key of a tag", "metastatic:{n}", older, number, says="stands twice")
    yield each(
        "a number of nothing",
        "older:{n}",
        '{ages: {min: "{n}"}}',
        number,
        says="no attribute 'ages'",
        at="when",
    )
    yield each(
        "a number that is its own",
        "older:{n}",
        "{any: [{tag: older:3}, {er: low}]}",
        number,
        says="leads back to itself",
    )
    yield swap(
        "a gene that is gone",
        GENES,
        "value: PALB2",
        "value: PALB",
        says="'inherited' has no value 'PALB2'",
        elsewhere=(GENE_TAGS, "    weights: {PALB2: 8}"),
    )
