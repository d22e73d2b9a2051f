"""Broken implications, numbers and texts: of the right shape, but they cannot be used."""

from __future__ import annotations

from collections.abc import Iterator

from tests.rules.breaking import (
    IMPLICATIONS,
    SCORING,
    TEXTS,
    Variant,
    inside,
    rule,
    swap,
)


def broken_rules() -> list[Variant]:
    """What follows from what, the numbers of the score and the texts, with a wrong meaning."""
    return [*_clauses(), *_implications(), *_defaults(), *_never_no(), *_scoring(), *_texts()]


def _clauses() -> Iterator[Variant]:
    wrong = {
        "{nothing: a}": "no attribute 'nothing'",
        "{er: maybe}": "'er' has no value 'maybe'",
        "{high_risk: none}": "'high_risk' has no value 'none'",
        "{age: 50}": "'age' is a number",
        "{inherited: {XYZ: none}}": "no gene 'XYZ'",
        "{not: nothing}": "this is not a condition",
        "{tag: nothing}": "no tag 'nothing'",
        "unsure": "",
        "{not: {surely: {er: low}}}": "'not surely'",
    }
    good = "{er: low}"
    for clause, says in wrong.items():
        at = "  - key: new" if "{tag" in clause else None
        for section, parts in (
            ("implications", ("if", "then")),
            ("defaults", ("if", "then", "unless")),
            ("never_no", ("if", "unless")),
        ):
            for part in parts:
                lines = {"if": good, "then": good} | {part: clause}
                if section == "never_no":
                    lines = {k: v for k, v in lines.items() if k != "then"}
                    lines["for"] = "{high_risk: [breast]}"
                entry = rule("new", *(f"{name}: {text}" for name, text in lines.items()))
                yield inside(
                    f"{section}: {part}: {clause}",
                    section,
                    entry,
                    says=says,
                    at=at or f"    {part}:",
                )


def _implications() -> Iterator[Variant]:
    def variant(name: str, entry: str, says: str, at: str | None = None) -> Variant:
        return inside(f"an implication: {name}", "implications", entry, says=says, at=at)

    low, high = "{er: low}", "{er: positive}"
    yield variant(
        "a key twice",
        rule("new", f"if: {low}", f"then: {low}") * 2,
        "'new' stands twice",
        "  - key: new\n    if: {er: low}\n    then: {er: low}\n    text: {en: So it is.,"
        " es: Así es.}\n  - key: stage_4",
    )
    yield swap(
        "a default with the key of an implication",
        IMPLICATIONS,
        "key: stage_3_has_not_spread_far",
        "key: stage_4_has_spread",
        says="'stage_4_has_spread' stands twice",
    )
    yield variant(
        "it excludes itself",
        rule("new", f"if: {low}", f"then: {high}"),
        "'er=low' contradicts itself",
    )
    yield variant(
        "it denies itself",
        rule("new", f"if: {low}", "then: {er: {not: low}}"),
        "'er=low' contradicts itself",
    )
    both = rule("a", 'if: {triple_negative: "yes"}', "then: {er: low}")
    yield variant("two that contradict", both, "'triple_negative=yes' contradicts itself")
    never = rule("a", "if: {not: {age: {min: 50}}}", "then: {age: {min: 60}}")
    yield variant("its absence contradicts", never, "all contradicts")
    yield variant(
        "it never holds",
        rule("new", 'if: {er: low, triple_negative: "yes"}', "then: {her2: zero}"),
        "this can never hold",
        "    if:",
    )
    yield variant(
        "it holds for two at once",
        rule("new", "if: {all: [{er: low}, {er: negative}]}", "then: {her2: zero}"),
        "this can never hold",
        "    if:",
    )
    wide = "{all: [" + ", ".join(['{stage: ["1", "2", "3"]}'] * 8) + "]}"
    yield variant(
        "too many ways",
        rule("new", f"if: {wide}", f"then: {low}"),
        "too many alternatives",
        "    if:",
    )
    every = "{age: {min: 50}, inherited: {BRCA1: none}}"
    many = "".join(
        rule(
            f"k{n}",
            f"if: {{stage: ['1', '2', '3'], extent: [early, metastatic], her2: [low, zero],"
            f" lines: {{min: {n % 5 + 1}}}}}",
            f"then: {every}",
        )
        for n in range(490)
    )
    yield swap(
        "far too much follows",
        IMPLICATIONS,
        "implications:\n",
        f"implications:\n{many}",
        says="the implications cannot be used",
        at="implications:",
    )
    for name, pair, says in (
        ("at most nothing", "{lines: nothing}", "no such attribute"),
        ("nothing at most", "{nothing: age}", "no such attribute"),
        ("at most a word", "{lines: er}", "'er' is no number"),
        ("a word at most", "{er: age}", "'er' is no number"),
    ):
        yield variant(name, rule("new", f"at_most: {pair}"), says, "    at_most:")


def _defaults() -> Iterator[Variant]:
    low = "if: {er: low}"
    for then in (
        "{her2: [low, zero]}",
        "{any: [{her2: low}, {stage: '1'}]}",
        "{age: {not: {min: 1, max: 5}}}",
    ):
        entry = rule("new", low, f"then: {then}")
        yield inside(
            f"a default with a choice: {then}", "defaults", entry, says="one thing", at="    then:"
        )
    entry = rule("new", 'if: {er: low, triple_negative: "yes"}', "then: {her2: zero}")
    yield inside(
        "a default that never applies", "defaults", entry, says="can never hold", at="    if:"
    )
    entry = rule("new", low, "then: {her2: zero}", "unless: {all: [{er: low}, {er: positive}]}")
    yield inside(
        "unless what cannot be", "defaults", entry, says="can never hold", at="    unless:"
    )


def _never_no() -> Iterator[Variant]:
    for values in ("{high_risk: [lung]}", "{risk: [breast]}", "{er: [low]}", "{high_risk: [none]}",
                   "{inherited: [BRCA1]}", "{high_risk: [breast, lung]}"):  # fmt: skip
        entry = rule("new", "if: {er: low}", f"for: {values}")
        yield inside(
            f"never no: {values}", "never_no", entry, says="there is no list", at="    for:"
        )
    entry = rule("unnamed_mutation", "if: {er: low}", "for: {high_risk: [breast]}")
    yield inside(
        "never no: a key twice",
        "never_no",
        entry,
        says="'unnamed_mutation' stands twice",
        at="  - key: unnamed_mutation\n    if: {inh",
    )
    entry = rule("new", "if: {all: [{er: low}, {er: positive}]}", "for: {high_risk: [breast]}")
    yield inside("never no: never", "never_no", entry, says="can never hold", at="    if:")


def _scoring() -> Iterator[Variant]:
    for name, old, new, level in (
        ("may_fit over fits", "may_fit: 51", "may_fit: 80", "may_fit"),
        ("may_fit up to fits", "may_fit: 51", "may_fit: 52", "may_fit"),
        ("related up to may_fit", "related: 26", "related: 27", "related"),
        ("open up to related", "open: 12", "open: 16", "open"),
        ("fits over 100", "fits: 76", "fits: 77", "fits"),
        ("fits too low", "fits: 76", "fits: 75", "may_fit"),
        ("a larger fit", "\nfit: 14", "\nfit: 15", "fits"),
        ("a larger related fit", "related_fit: 10", "related_fit: 11", "related"),
        ("more for several", "related_count: 4", "related_count: 5", "related"),
        ("more for relevance", "  High: 3", "  High: 4", "fits"),
        ("more for none", "neutral: 1", "neutral: 4", "fits"),
        ("more for new ones", "points: 4", "points: 5", "fits"),
    ):
        yield swap(
            f"scoring: {name}",
            SCORING,
            old,
            new,
            says=f"points of '{level}'",
            elsewhere=(SCORING, f"  {level}: "),
        )
    yield swap(
        "scoring: months out of order",
        SCORING,
        "months: 18",
        "months: 60",
        says="must rise",
        elsewhere=(SCORING, "recency:"),
    )
    yield swap(
        "scoring: months that fall",
        SCORING,
        "months: 18",
        "months: 3",
        says="must rise",
        elsewhere=(SCORING, "recency:"),
    )


def _texts() -> Iterator[Variant]:
    yield swap(
        "texts: one is missing",
        TEXTS,
        "  reason_yes:",
        "  reason_yess:",
        says="'reason_yes' is missing",
        elsewhere=(TEXTS, "texts:"),
    )
    for name, old, new, words in (
        ("English forgets", "You said: {said}.", "You said so.", "{said}"),
        ("Spanish forgets", "Usted dijo: {said}.", "Usted lo dijo.", "{said}"),
        ("a word misspelt", "You said: {said}.", "You said: {siad}.", "{siad}"),
        ("a word too many", "It is about {about}. You said", "{who}: {about}. You said", "{who}"),
    ):
        at = "  reason_yes:" if "yes" not in name and "{about}" not in old else "  reason_no:"
        yield swap(f"texts: {name}", TEXTS, old, new, says=words, at=at)
    both = '    en: "You said: {said}."\n    es: "Usted dijo: {said}."\n'
    yield swap(
        "texts: both forget",
        TEXTS,
        both,
        "    en: So.\n    es: Eso.\n",
        says="{said}",
        at="  reason_yes:",
    )
