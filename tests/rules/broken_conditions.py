"""Broken conditions: what stands under `when:` and `maybe:` but cannot be read."""

from __future__ import annotations

from collections.abc import Iterator

from tests.rules.breaking import (
    PEOPLE_TAGS,
    Variant,
    added,
    tag,
)


def broken_conditions() -> list[Variant]:
    """Conditions with a wrong meaning."""
    return [*_conditions()]


def _conditions() -> Iterator[Variant]:
    wrong = {
        "{nothing: a}": "no attribute 'nothing'",
        "{er: maybe}": "'er' has no value 'maybe'",
        "{er: [positive, maybe]}": "'er' has no value 'maybe'",
        "{er: []}": "no value in this list",
        "{er: {min: 1}}": "has no value",
        "{er: 1}": "'er' has no value 1",
        "{er: true}": "'er' has no value True",
        "{stage: 3}": "'stage' has no value 3",
        "{stage: [1, 2]}": "'stage' has no value 1",
        "{treatments: none}": "'treatments' has no value 'none'",
        "{triple_negative: maybe}": "no value 'maybe'",
        "{triple_negative: true}": "no value True",
        "{age: 50}": "'age' is a number",
        "{age: [50]}": "'age' is a number",
        "{age: {}}": "'age' is a number",
        "{age: {from: 50}}": "'age' is a number",
        "{age: {min: 50, most: 60}}": "'age' is a number",
        '{age: {min: "50"}}': "a whole number",
        "{age: {max: 50.5}}": "a whole number",
        '{age: {min: "{n}"}}': "a whole number",
        "{age: {min: 60, max: 50}}": "between these bounds",
        "{age: {min: 121}}": "between these bounds",
        "{age: {max: 121}}": "between these bounds",
        "{age: {min: -1}}": "between these bounds",
        "{inherited: BRCA1}": "holds results",
        "{inherited: [BRCA1]}": "holds results",
        "{inherited: {}}": "holds results",
        "{inherited: {BRCA9: mutation}}": "no gene 'BRCA9'",
        "{inherited: {ESR1: mutation}}": "no gene 'ESR1'",
        "{inherited: {BRCA1: positive}}": "a result cannot be 'positive'",
        "{inherited: {BRCA1: uncertain}}": "a result cannot be 'uncertain'",
        "{inherited: {BRCA1: [mutation]}}": "a result cannot be",
        "{inherited: {BRCA1: named}}": "named goes with any",
        "{all: []}": "'all' needs a list",
        "{any: {er: low}}": "'any' needs a list",
        "{any: [er]}": "this is not a condition",
        "{any: [[{er: low}]]}": "this is not a condition",
        "{not: er}": "this is not a condition",
        "{not: {}}": "this is not a condition",
        "{surely: 7}": "this is not a condition",
        "{none: [{er: low}]}": "no attribute 'none'",
        "{er: {not: maybe}}": "no value 'maybe'",
        "{tag: nothing}": "no tag 'nothing'",
        "{tag: [women]}": "no tag",
        "{tag: metastatic:lung}": "no tag 'metastatic:lung'",
        "{tag: women:breast}": "no tag 'women:breast'",
        "{tag: age_at_least:old}": "no tag 'age_at_least:old'",
        "{tag: age_at_least}": "no tag 'age_at_least'",
        '{tag: "age_at_least:{n}"}': "no tag",
    }
    for when, says in wrong.items():
        at = None if "{tag" in when else "    when:"
        yield added(f"when: {when}", PEOPLE_TAGS, tag("new", when), says=says, at=at)
        if "{tag" in when or "{n}" in when:
            continue
        yield added(
            f"maybe: {when}",
            PEOPLE_TAGS,
            tag("new", "{er: low}", f"maybe: {when}"),
            says=says,
            at="    maybe:",
        )
