"""Vocabulary: what conditions say of a person, and of which of several cancers.

Verdicts are written Y (yes), n (no) and . (unknown).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from matcher.core.facts import Facts
from matcher.core.logic import FALSE, TRUE, evaluate
from matcher.core.rulebook import (
    All,
    Clause,
    Leaf,
    Opposite,
    Rulebook,
    Some,
    Surely,
    TagIs,
    TagRule,
    Unsure,
)
from matcher.core.vocabulary import UNSCOPED, Scope, Vocabulary
from tests.core.small import book, facts, finder, verdict

VOCABULARY = finder().vocabulary
BREAST: dict[str, Any] = {"cancer": ["breast"]}
NEVER: dict[str, Any] = {"cancer_status": "never"}


def of(clause: Clause, scope: Scope = UNSCOPED, **answers: Any) -> str:
    known: Facts = facts(**answers)
    return "n.Y"[evaluate(VOCABULARY.expression(clause, scope), known.value)]


@pytest.mark.parametrize(
    ("clause", "answers", "letter"),
    [
        (Leaf("er", ("positive",)), {}, "."),
        (Leaf("er", ("positive", "low")), {"er": "low"}, "Y"),
        (Leaf("er", ("positive", "low")), {"er": "negative"}, "n"),
        (Leaf("triple_negative", ("yes",)), {"triple_negative": "yes"}, "Y"),
        (Leaf("triple_negative", ("yes",)), {"triple_negative": "no"}, "n"),
        (Leaf("triple_negative", ("yes", "no")), {"triple_negative": "no"} | BREAST, "Y"),
        (Leaf("cancer", ("breast",)), BREAST, "Y"),
        (Leaf("cancer", ("ovarian",)), BREAST, "n"),
        # numbers
        (Leaf("age", low=18), {}, "."),
        (Leaf("age", low=18), {"age": 18}, "Y"),
        (Leaf("age", low=18), {"age": 17}, "n"),
        (Leaf("age", high=39), {"age": 39}, "Y"),
        (Leaf("age", high=39), {"age": 40}, "n"),
        (Leaf("age", low=18, high=39), {"age": 30}, "Y"),
        (Leaf("age", low=18, high=39), {"age": 17}, "n"),
        (Leaf("age", low=0), {}, "Y"),
        (Leaf("age", high=120), {}, "Y"),
        (Leaf("age", low=121), {}, "n"),
        (Leaf("age", low=999), {"age": 120}, "n"),
        # results
        (Leaf("inherited", ("mutation",), gene="BRCA1"), {"inherited": {"BRCA1": "mutation"}}, "Y"),
        (Leaf("inherited", ("mutation",), gene="BRCA1"), {"inherited": {"BRCA1": "none"}}, "n"),
        (Leaf("inherited", ("none",), gene="BRCA1"), {"inherited": {"BRCA1": "none"}}, "Y"),
        (Leaf("inherited", ("none",), gene="BRCA1"), {"inherited": {"BRCA1": "uncertain"}}, "."),
        (Leaf("inherited", ("named",), gene="any"), {"inherited": {"PALB2": "mutation"}}, "Y"),
        (Leaf("inherited", ("named",), gene="any"), {"inherited": {"any": "mutation"}}, "."),
        (Leaf("inherited", ("named",), gene="any"), {"inherited": {"any": "none"}}, "n"),
        (Leaf("tumor", ("named",), gene="any"), {"tumor": {"MSI_H": "positive"}}, "."),
        # compounds
        (All((Leaf("er", ("low",)), Leaf("age", low=50))), {"er": "low", "age": 50}, "Y"),
        (All((Leaf("er", ("low",)), Leaf("age", low=50))), {"er": "low"}, "."),
        (Some((Leaf("er", ("low",)), Leaf("age", low=50))), {"age": 50}, "Y"),
        (Opposite(Leaf("age", low=50)), {"age": 49}, "Y"),
        (Surely(Leaf("age", low=50)), {}, "n"),
        (Opposite(Surely(Leaf("age", low=50))), {}, "Y"),
        (Unsure(), {"age": 50}, "."),
        (TagIs("women"), {"gender": "woman"}, "Y"),
        (TagIs("age_at_least:50"), {"age": 50}, "Y"),
        (TagIs("metastatic:breast"), {"main_cancer": "ovarian"}, "."),
    ],
)
def test_conditions(clause: Clause, answers: dict[str, Any], letter: str) -> None:
    assert of(clause, **answers) == letter


@pytest.mark.parametrize(
    ("clause", "never", "with_cancer"),
    [
        # a finding that something is not there needs a cancer to look at
        (Leaf("triple_negative", ("no",)), "n", "Y"),
        (Leaf("positive_nodes", high=0), "n", "Y"),
        (Leaf("lines", high=0), "n", "Y"),
        (Leaf("tumor", ("none",), gene="ESR1"), "n", "Y"),
        (Leaf("castration_resistant", ("no",)), "n", "n"),
        # … what is not about a cancer of one's own does not
        (Leaf("inherited", ("none",), gene="BRCA1"), "Y", "Y"),
        (Leaf("age", high=60), "Y", "Y"),
    ],
)
def test_without_a_cancer_there_are_no_findings(
    clause: Clause, never: str, with_cancer: str
) -> None:
    negative: dict[str, Any] = {"inherited": {"BRCA1": "none"}, "age": 50}
    assert of(clause, **NEVER, **negative) == never
    told = {"triple_negative": "no", "positive_nodes": 0, "lines": 0, "tumor": {"ESR1": "none"}}
    assert of(clause, **BREAST, **negative, **told) == with_cancer


@pytest.mark.parametrize(
    ("values", "answers", "letter"),
    [
        (("now", "past"), {}, "."),
        (("now", "past"), NEVER, "n"),
        (("now", "past"), {"cancer_status": "past"}, "Y"),
        (("now", "past"), {"er": "low"}, "Y"),
        (("never",), NEVER, "Y"),
        (("never",), {"stage": "1"}, "n"),
        (("now",), {"cancer_status": "past"}, "n"),
        (("now",), {"er": "low"}, "."),
        (("never", "past"), {"cancer_status": "past"}, "Y"),
        (("never", "past"), {"cancer_status": "now"}, "n"),
        (("never", "now", "past"), {}, "Y"),
    ],
)
def test_had_cancer_or_never(values: tuple[str, ...], answers: dict[str, Any], letter: str) -> None:
    assert of(Leaf("cancer_status", values), **answers) == letter


# Of which cancer

TWO: dict[str, Any] = {"cancer": ["breast", "ovarian"]}
SPREAD: dict[str, Any] = {"extent": "metastatic"}
EARLY: dict[str, Any] = {"extent": "early"}


@pytest.mark.parametrize(
    ("answers", "any_site", "breast", "ovarian", "not_spread_breast"),
    [
        ({}, ".", ".", ".", "."),
        (NEVER, "n", "n", "n", "n"),
        (BREAST, ".", ".", "n", "."),
        (SPREAD, "Y", ".", ".", "."),
        (BREAST | SPREAD, "Y", "Y", "n", "n"),
        (BREAST | EARLY, "n", "n", "n", "Y"),
        (TWO, ".", ".", ".", "."),
        (TWO | SPREAD, "Y", ".", ".", "."),
        (TWO | EARLY, ".", ".", ".", "."),
        (TWO | SPREAD | {"main_cancer": "breast"}, "Y", "Y", ".", "n"),
        (TWO | EARLY | {"main_cancer": "breast"}, ".", "n", ".", "Y"),
        (TWO | SPREAD | {"main_cancer": "ovarian"}, "Y", ".", "Y", "."),
        (SPREAD | {"main_cancer": "breast"}, "Y", "Y", ".", "n"),
        (SPREAD | {"main_cancer": "breast", "cancer": ["breast", "unknown"]}, "Y", "Y", ".", "n"),
        (EARLY, ".", ".", ".", "."),
    ],
)
def test_a_fact_counts_for_the_cancer_that_a_label_names(
    answers: dict[str, Any], any_site: str, breast: str, ovarian: str, not_spread_breast: str
) -> None:
    letters = [
        "n.Y"[verdict(tag, **answers)]
        for tag in ("metastatic", "metastatic:breast", "metastatic:ovarian",
                    "non_metastatic:breast")
    ]  # fmt: skip
    assert letters == [any_site, breast, ovarian, not_spread_breast]


def test_which_cancer_is_no_matter_for_facts_of_the_person_and_of_the_status() -> None:
    site = Scope("ovarian")
    assert of(Leaf("age", low=50), site, age=60) == "Y"
    assert of(Leaf("er", ("low",)), site, er="low") == "Y"
    assert of(Leaf("main_cancer", ("breast",)), site, **BREAST) == "Y"
    assert of(Leaf("cancer_status", ("now", "past")), site, **BREAST) == "Y"
    assert of(Leaf("cancer_status", ("never",)), site, **NEVER) == "Y"
    assert of(Leaf("cancer_status", ("now",)), site, cancer_status="now", **BREAST) == "n"


@pytest.mark.parametrize(
    ("answers", "letter"),
    [(SPREAD, "Y"), ({"extent": "locally_advanced"}, "."), (EARLY, "n"), ({}, "."), (NEVER, "n")],
)
def test_maybe_leaves_it_open(answers: dict[str, Any], letter: str) -> None:
    more = {} if answers is NEVER else BREAST
    assert "n.Y"[verdict("advanced", **answers, **more)] == letter
    assert "n.Y"[verdict("advanced:breast", **answers, **more)] == letter


def test_women_and_men_by_the_rules_of_the_contract() -> None:
    table = {
        "Yn": {"gender": "woman"},
        "nY": {"gender": "man"},
        "..": {"gender": "nonbinary"},
        ".Y": {"gender": "man", "sex_at_birth": "female"},
        "Y.": {"gender": "woman", "sex_at_birth": "male"},
    }
    for letters, answers in table.items():
        assert "".join("n.Y"[verdict(tag, **answers)] for tag in ("women", "men")) == letters


# Atoms and keys


def test_atoms_and_their_owners() -> None:
    assert VOCABULARY.size == len(VOCABULARY.index) == len(VOCABULARY.owner)
    owners = dict(zip(VOCABULARY.index, VOCABULARY.owner, strict=True))
    assert owners["age>=51"] == "age"
    assert owners["inherited=BRCA1"] == "inherited"
    assert owners["triple_negative=yes"] == "triple_negative"
    assert owners["one_cancer"] == "one_cancer"
    assert "treatments=none" not in owners
    assert "age>=0" not in owners
    assert [n for n in owners if n.startswith("lines")] == [f"lines>={n}" for n in range(1, 7)]


def test_literals_of_atoms() -> None:
    position = VOCABULARY.index["er=low"]
    assert VOCABULARY.literal("er", "low") == 1 << position
    assert VOCABULARY.literal("er", "low", holds=False) == 1 << (position + VOCABULARY.size)
    assert VOCABULARY.literal("one_cancer", "") == 1 << VOCABULARY.index["one_cancer"]


def test_numbers_outside_the_bounds_need_no_atom() -> None:
    lines = book().attributes["lines"]
    assert VOCABULARY.at_least(lines, 0) is TRUE
    assert VOCABULARY.at_least(lines, -3) is TRUE
    assert VOCABULARY.at_least(lines, 7) is FALSE
    from_two = replace(lines, min=2)
    assert Vocabulary(replace(book(), implications=())).at_least(from_two, 2) is TRUE


@pytest.mark.parametrize("key", [
    "er_positive", "metastatic", "metastatic:breast", "metastatic:prostate", "age_at_least:0",
    "age_at_least:50", "age_at_least:0050", "lines_at_least:2", "lines_at_least:2:breast",
])  # fmt: skip
def test_keys_that_are_known(key: str) -> None:
    assert book().knows(key)
    assert isinstance(book().tag(key), TagRule)


@pytest.mark.parametrize("key", [
    "", "er", "er_positive:breast", "metastatic:lung", "metastatic:", ":breast", "age_at_least",
    "age_at_least:", "age_at_least:x", "age_at_least:-1", "age_at_least:1.5", "age_at_least:٣",
    "metastatic:breast:breast", "metastatic:breast:ovarian", "ER_positive", " er_positive",
    "age_at_least:5:breast", "metastatic:5", "age_at_least:{n}",
])  # fmt: skip
def test_keys_that_are_not_known(key: str) -> None:
    assert not book().knows(key)
    with pytest.raises(KeyError):
        book().tag(key)


def test_a_scoped_key_keeps_its_words_and_names_its_site() -> None:
    tag = book().tag("metastatic:breast")
    assert (tag.key, tag.site, tag.label) == (
        "metastatic:breast", "breast", book().tags["metastatic"].label,
    )  # fmt: skip
    lines = book().tag("lines_at_least:2:breast")
    assert (lines.site, lines.key) == ("breast", "lines_at_least:2:breast")


def test_huge_numbers_are_as_good_as_the_largest() -> None:
    assert book().tag("age_at_least:" + "9" * 30).when == Leaf("age", low=999)
    assert book().tag("age_at_least:999").when == Leaf("age", low=999)


def test_options_wider_and_narrower() -> None:
    treatments = book().attributes["treatments"]
    assert treatments.wider_than("tamoxifen") == ("hormone_therapy",)
    assert treatments.narrower_than("hormone_therapy") == ("tamoxifen",)
    assert treatments.wider_than("surgery") == treatments.narrower_than("mastectomy") == ()
    assert treatments.wider_than("nothing") == ()
    assert treatments.option("nothing") is None
    tamoxifen = treatments.option("tamoxifen")
    assert tamoxifen is not None
    assert tamoxifen.wider == "hormone_therapy"
    chain = replace(
        treatments,
        options=tuple(replace(o, wider="tamoxifen") if o.value == "mastectomy" else o
                      for o in treatments.options),
    )  # fmt: skip
    assert chain.wider_than("mastectomy") == ("tamoxifen", "hormone_therapy")
    assert set(chain.narrower_than("hormone_therapy")) == {"mastectomy", "tamoxifen"}


def test_the_heaviest_of_no_tags() -> None:
    empty: Rulebook = replace(book(), tags={})
    assert empty.heaviest == 1
    assert empty.sites == ("breast", "ovarian", "prostate")
