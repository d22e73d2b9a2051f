"""Closure: what follows from what, in every kind, and backwards.

Facts are written by name: ``er=positive`` holds, ``!er=positive`` does not.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from matcher.core.finding import closure as closure_module
from matcher.core.finding.closure import Closure, bits
from matcher.core.rulebook import All, Implication, Leaf, Opposite, Some, Surely
from matcher.core.text import Text
from matcher.core.vocabulary import Vocabulary
from tests.core.small import book, finder

CLOSURE = finder().closure
NAMES = list(finder().vocabulary.index)


def literals(names: Iterable[str]) -> int:
    together = 0
    for name in names:
        position = NAMES.index(name.removeprefix("!"))
        together |= 1 << (position + CLOSURE.size * name.startswith("!"))
    return together


def names(known: int) -> set[str]:
    found = set()
    for bit in bits(known):
        position = bit.bit_length() - 1
        prefix, atom = (
            ("!", position - CLOSURE.size) if position >= CLOSURE.size else ("", position)
        )
        found.add(prefix + NAMES[atom])
    return found


def follows(*facts: str, of: str = "") -> set[str]:
    """What follows from facts, themselves left out; only about the question `of` if given."""
    found = names(CLOSURE.close(literals(facts))) - set(facts)
    return {name for name in found if name.removeprefix("!").startswith(of)}


# one


def test_values_of_one_exclude_each_other() -> None:
    assert follows("er=positive", of="er=") == {"!er=low", "!er=negative"}
    assert follows("gender=man", of="gender=") == {"!gender=woman", "!gender=nonbinary"}


def test_ruling_out_all_but_one_proves_nothing() -> None:
    assert follows("!er=positive", "!er=low", of="er=") == set()


def test_a_narrower_value_brings_the_wider_one_and_leaves_its_sisters_out() -> None:
    assert follows("her2=low", of="her2=") == {"her2=negative", "!her2=positive", "!her2=zero"}


def test_the_wider_value_alone_leaves_the_narrower_open() -> None:
    assert follows("her2=negative", of="her2=") == {"!her2=positive"}


def test_without_the_wider_value_there_is_no_narrower_one() -> None:
    assert follows("!her2=negative", of="her2=") == {"!her2=low", "!her2=zero"}


# integer


def test_a_number_is_at_least_all_smaller_ones() -> None:
    assert follows("lines>=3", of="lines") == {"lines>=1", "lines>=2"}
    assert follows("!lines>=4", of="lines") == {"!lines>=5", "!lines>=6"}
    assert len(follows("age>=120", of="age>")) == 119
    assert len(follows("!age>=1", of="age>")) == 119


# many


def test_lists_know_narrower_and_wider_but_no_exclusion() -> None:
    assert follows("treatments=tamoxifen", of="treatments=") == {"treatments=hormone_therapy"}
    assert follows("treatments=surgery", of="treatments=") == set()
    without = follows("!treatments=surgery", of="treatments=")
    assert without == {"!treatments=mastectomy"}


def test_what_is_taken_now_was_taken() -> None:
    taken = follows("treatments_now=tamoxifen", of="treatments")
    assert taken == {"treatments_now=hormone_therapy", "treatments=tamoxifen",
                     "treatments=hormone_therapy"}  # fmt: skip
    assert follows("!treatments=chemotherapy", of="treatments_now") == {
        "!treatments_now=chemotherapy"
    }
    assert follows("!treatments_now=chemotherapy", of="treatments=") == set()


# results


def test_a_gene_brings_its_pair_and_any() -> None:
    assert follows("inherited=BRCA1") >= {"inherited=BRCA", "inherited=any"}
    assert follows("inherited=PALB2", of="inherited") == {"inherited=any"}
    assert follows("tumor=MSI_H", of="tumor") == set()  # a signature is no gene


def test_neither_of_the_pair_is_not_the_pair() -> None:
    assert "!inherited=BRCA" in follows("!inherited=BRCA1", "!inherited=BRCA2")
    assert follows("!inherited=BRCA1", of="inherited") == set()
    assert follows("!inherited=BRCA", of="inherited") == {"!inherited=BRCA1", "!inherited=BRCA2"}


def test_a_pair_is_no_proof_of_the_gene_that_is_left() -> None:
    """The other one may have been tested with an uncertain result."""
    assert "inherited=BRCA2" not in follows("inherited=BRCA", "!inherited=BRCA1")


def test_no_gene_at_all_is_none_of_them_but_says_nothing_of_signatures() -> None:
    without = follows("!tumor=any", of="tumor")
    assert without == {"!tumor=ESR1", "!tumor=PIK3CA"}


# Whose fact it is


def test_facts_about_a_cancer_need_that_cancer() -> None:
    assert {"cancer=breast", "!cancer_status=never"} <= follows("er=positive")
    assert {"cancer=prostate", "!cancer_status=never"} <= follows("castration_resistant=yes")
    assert follows("stage=3", of="cancer") == {"!cancer_status=never"}
    assert follows("treatments=surgery", of="cancer") == {"!cancer_status=never"}
    assert follows("age>=50") >= {"age>=1"}
    assert not any("cancer" in name for name in follows("age>=50"))
    assert follows("high_risk=breast") == set()


def test_who_never_had_cancer_has_no_fact_about_one() -> None:
    never = follows("cancer_status=never")
    for fact in ("er=positive", "her2=negative", "triple_negative=yes", "stage=1",
                 "extent=metastatic", "lines>=1", "treatments=surgery", "treatments_now=surgery",
                 "tumor=ESR1", "tumor=MSI_H", "positive_nodes>=1", "castration_resistant=yes",
                 "age_at_diagnosis>=1", "cancer=breast", "main_cancer=ovarian"):  # fmt: skip
        assert f"!{fact}" in never, fact
    assert {"!cancer_status=now", "!cancer_status=past", "one_cancer"} <= never
    assert not any(
        name.startswith(("!inherited", "!age>", "!gender", "!high_risk")) for name in never
    )


def test_without_breast_cancer_there_are_no_receptors() -> None:
    without = follows("!cancer=breast")
    assert {"!er=positive", "!er=negative", "!her2=zero", "!triple_negative=yes",
            "!positive_nodes>=1", "!main_cancer=breast"} <= without  # fmt: skip
    assert not any(name.startswith(("!stage", "!extent", "!treatments")) for name in without)


def test_the_main_cancer_is_one_of_the_cancers() -> None:
    assert {"cancer=ovarian", "!cancer_status=never", "!main_cancer=breast"} <= follows(
        "main_cancer=ovarian"
    )


# Implications


def test_a_rule_holds_forwards_and_backwards() -> None:
    assert "extent=metastatic" in follows("lines>=1")
    assert "!lines>=1" in follows("!extent=metastatic")


def test_a_rule_with_several_conditions() -> None:
    assert "extent=metastatic" in follows("stage=4", "main_cancer=breast")
    assert "extent=metastatic" in follows("stage=4", "main_cancer=ovarian")
    assert "extent=metastatic" not in follows("stage=4", "main_cancer=prostate")
    assert "extent=metastatic" not in follows("stage=4")
    assert "!stage=4" in follows("!extent=metastatic", "main_cancer=breast")
    assert "!stage=4" not in follows("!extent=metastatic")
    assert "!main_cancer=breast" in follows("!extent=metastatic", "stage=4")


def test_a_rule_with_a_choice_as_its_conclusion() -> None:
    """early ⇒ stage 1 or 2: with one of the two ruled out, the other follows."""
    early = ("extent=early", "main_cancer=breast")
    assert not {"stage=1", "stage=2"} & follows(*early)
    assert "stage=2" in follows(*early, "!stage=1")
    assert "stage=1" in follows(*early, "!stage=2")
    assert "!extent=early" in follows("main_cancer=breast", "!stage=1", "!stage=2")
    assert "!extent=early" in follows("main_cancer=breast", "stage=3")


def test_a_rule_that_denies() -> None:
    assert {"!er=positive", "er=negative", "her2=negative"} <= follows("triple_negative=yes")
    assert "!triple_negative=yes" in follows("er=positive")


def test_a_one_way_rule_does_not_run_backwards() -> None:
    assert "!triple_negative=yes" not in follows("!er=negative")
    assert "!triple_negative=yes" not in follows(
        "er=low", of="triple"
    )  # a low result leaves it open


def test_a_conclusion_of_several_premises_runs_backwards_over_each() -> None:
    assert "triple_negative=yes" in follows("er=negative", "her2=negative")
    assert "triple_negative=yes" in follows("er=negative", "her2=zero")
    assert "!her2=negative" in follows("er=negative", "!triple_negative=yes")
    assert "!her2=low" in follows("er=negative", "!triple_negative=yes")
    assert "!er=negative" in follows("her2=low", "!triple_negative=yes")


def test_at_most() -> None:
    assert "age>=40" in follows("age_at_diagnosis>=40")
    assert "!age_at_diagnosis>=40" in follows("!age>=40")


def test_chains_are_followed_to_the_end() -> None:
    assert {"extent=metastatic", "!cancer_status=never", "!extent=early"} <= follows("lines>=2")
    assert "!stage=4" in follows("!lines>=1", "!extent=metastatic", "main_cancer=ovarian")


def test_only_rules_of_several_premises_are_tried_one_by_one() -> None:
    assert all(len(list(bits(rule.premise))) > 1 for rule in CLOSURE.wide)
    whys = {rule.why for rule in CLOSURE.wide if rule.why is not None}
    assert whys == {
        "stage_4_has_spread", "two_negatives_are_triple_negative", "early_is_stage_1_or_2",
    }  # fmt: skip


# Conflicts


def test_a_conflict_names_the_facts_that_both_hold_and_do_not() -> None:
    known = CLOSURE.close(literals(["er=positive", "triple_negative=yes"]))
    assert "er=positive" in names(CLOSURE.conflict(known))
    assert CLOSURE.conflict(CLOSURE.close(literals(["er=positive"]))) == 0
    assert CLOSURE.contradicts(literals(["er=positive", "triple_negative=yes"]))
    assert CLOSURE.contradicts(literals(["er=low", "triple_negative=yes"]))
    assert not CLOSURE.contradicts(literals(["her2=low", "triple_negative=yes"]))


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        (["er=positive", "triple_negative=yes"], {"triple_negative_is_not_er_positive"}),
        (["extent=early", "lines>=2"], {"lines_mean_spread"}),
        (["stage=4", "main_cancer=breast", "extent=early"], {"stage_4_has_spread"}),
        (["age_at_diagnosis>=60", "!age>=50"], {"diagnosed_before_now"}),
        (["er=negative", "her2=zero", "!triple_negative=yes"],
         {"two_negatives_are_triple_negative"}),
        (["cancer_status=never", "er=positive"], set()),
        (["er=positive", "er=negative"], set()),
        (["er=positive"], set()),
    ],
)  # fmt: skip
def test_the_rules_between_facts_and_their_conflict(facts: list[str], rules: set[str]) -> None:
    assert set(CLOSURE.rules_between(literals(facts))) == rules


def test_opposites() -> None:
    both = literals(["er=positive", "!er=low"])
    assert names(CLOSURE.negated(both)) == {"!er=positive", "er=low"}
    assert CLOSURE.negated(CLOSURE.negated(both)) == both
    assert CLOSURE.negated(0) == 0
    assert CLOSURE.all_atoms == sum(1 << number for number in range(CLOSURE.size))
    for number in range(CLOSURE.size):
        assert CLOSURE.negated(1 << number) == 1 << (CLOSURE.size + number)
        assert CLOSURE.negated(1 << (CLOSURE.size + number)) == 1 << number
    assert list(bits(0b10110)) == [0b10, 0b100, 0b10000]


# What cannot be compiled


def with_rules(*rules: Implication) -> Closure:
    return Closure(Vocabulary(replace(book(), implications=rules)))


def test_what_is_surely_not_so_cannot_stand_in_a_rule() -> None:
    low = Leaf("er", ("low",))
    rule = Implication("x", Text("x", "x"), Opposite(Surely(low)), low)
    with pytest.raises(ValueError, match="not surely"):
        with_rules(rule)


def test_too_many_rules_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closure_module, "MOST_WIDE", 3)
    wide = All((Leaf("stage", ("1",)), Leaf("extent", ("early",))))
    rule = Implication(
        "x", Text("x", "x"), wide, Some((Leaf("er", ("low",)), Leaf("stage", ("2",))))
    )
    with pytest.raises(ValueError, match="too much"):
        with_rules(rule, rule)
    monkeypatch.setattr(closure_module, "MOST_WIDE", 2000)
    monkeypatch.setattr(closure_module, "MOST_LINKS", 3)
    with pytest.raises(ValueError, match="too much"):
        with_rules()
