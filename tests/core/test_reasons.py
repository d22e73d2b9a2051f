"""Reasons: one for each criterion, in plain words, citing only what was said, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.reasons import Reason
from tests.core.small import NO, UNKNOWN, YES, found, study

BREAST: dict[str, Any] = {"cancer": ["breast"]}


def reason(shape: Any, language: str = "en", **answers: Any) -> Reason:
    """The only reason of a study for one condition."""
    (one,) = found(study("a", shape), language=language, **answers).reasons
    return one


# Words


@pytest.mark.parametrize(
    ("shape", "answers", "text", "units"),
    [
        ("er_positive", {"er": "low"}, "You said: ER: low.", ("er",)),
        ("er_positive", {"er": "negative"},
         "It is about people with ER-positive. You said: ER: negative.", ("er",)),
        ("er_positive", {}, "It is about people with ER-positive. We don't know this yet.", ()),
        ("er_positive", {"cancer_status": "never"},
         "It is about people with ER-positive. You said: status: never.", ("cancer_status",)),
        ("triple_negative", {"er": "negative", "her2": "zero"},
         "You said: ER: negative; HER2: zero.", ("er", "her2")),
        ("age_at_least:50", {"age": 51}, "You said: age: 51.", ("age",)),
        ("age_at_least:0", {}, "This holds for everyone: people with 0 or older.", ()),
        ("age_at_least:999", {}, "It is about people with 999 or older.", ()),
        ("had_surgery:breast", BREAST | {"treatments": ["chemotherapy", "mastectomy"]},
         "You said: cancers: breast; treatments: chemotherapy, mastectomy.",
         ("cancer", "treatments")),
        ("had_surgery:breast", BREAST | {"treatments": ["none"]},
         "It is about people with had surgery. You said: cancers: breast; "
         "treatments: none of these.", ("cancer", "treatments")),
        ("inherited_BRCA1", {"inherited": {"BRCA1": "mutation"}},
         "You said: inherited genes, BRCA1: mutation found.", ("inherited.BRCA1",)),
        ("inherited_BRCA1", {"inherited": {"any": "none"}},
         "It is about people with inherited BRCA1. You said: inherited genes: "
         "A panel of many genes found nothing.", ("inherited.any",)),
        ("tumor_MSI_H", {"tumor": {"MSI_H": {"result": "positive", "on": "2026-02"}}},
         "You said: tumor genes, MSI H: positive (February 2026).", ("tumor.MSI_H",)),
        ("no_triple_negative", BREAST | {"triple_negative": "no"},
         "You said: cancers: breast; triple-negative: No.", ("cancer", "triple_negative")),
        ("triple_negative", {"triple_negative": "yes"}, "You said: triple-negative: Yes.",
         ("triple_negative",)),
        ("women", {"sex_at_birth": "female"}, "You said: sex at birth: female.", ("sex_at_birth",)),
        ("metastatic:breast", {"extent": "metastatic", "main_cancer": "breast"},
         "You said: main cancer: breast; extent: metastatic.", ("main_cancer", "extent")),
        ("told_high_risk", {}, "It is about people with surely at high risk.", ()),
    ],
)  # fmt: skip
def test_what_is_known_is_told_with_the_answers_it_rests_on(
    shape: str, answers: dict[str, Any], text: str, units: tuple[str, ...]
) -> None:
    one = reason(shape, **answers)
    assert one.text == text
    assert one.answers == units


@pytest.mark.parametrize(
    ("shape", "answers", "text", "units", "settle"),
    [
        ("er_positive", {}, "We don't know this yet.", (), ("er",)),
        ("er_positive", {"er": "declined"}, "You chose not to say.", (), ()),
        ("tumor_ESR1", {"tumor": "declined"}, "You chose not to say.", (), ()),
        ("tumor_ESR1", {"tumor": {"ESR1": "declined"}}, "You chose not to say.", (), ()),
        ("tumor_ESR1", {"tumor": {"ESR1": "not_tested"}},
         "You said: tumor genes, ESR1: not tested. Not tested is not the same as negative.",
         ("tumor.ESR1",), ("tumor.ESR1",)),
        ("tumor_ESR1", {"tumor": {"ESR1": "uncertain"}},
         "You said: tumor genes, ESR1: uncertain (a change of unknown meaning). "
         "Doctors do not know yet what that change means.", ("tumor.ESR1",), ()),
        ("tumor_ESR1", BREAST | {"tumor": {"ESR1": {"result": "none", "on": "2025-01"}}},
         "You said: tumor genes, ESR1: tested, nothing found (January 2025). This can change over"
         " time, and the test is more than 6 months old.", ("tumor.ESR1",), ("tumor.ESR1",)),
        ("advanced:breast", BREAST | {"extent": "locally_advanced"},
         "You said: cancers: breast; extent: locally advanced. That does not settle it.",
         ("cancer", "extent"), ()),
        ("her2_positive", {"er": "positive", "triple_negative": "no"}, "We don't know this yet.",
         (), ("her2",)),
        ("breast_cancer", {"cancer": ["ovarian", "unknown"]},
         "You said: cancers: ovarian; there may be more. That does not settle it.",
         ("cancer",), ("cancer",)),
        ("er_positive", {"er": "positive", "triple_negative": "yes"},
         "Some of your answers do not fit together, so we left them out.", ("er",), ()),
    ],
)  # fmt: skip
def test_what_is_not_known_is_told_with_what_would_settle_it(
    shape: str, answers: dict[str, Any], text: str, units: tuple[str, ...], settle: tuple[str, ...]
) -> None:
    one = reason(shape, **answers)
    assert one.verdict == UNKNOWN
    assert one.text.startswith("It is about people with ")
    assert one.text.endswith(text)
    assert one.answers == units
    assert one.settle == settle


def test_a_gene_that_is_left_open_by_a_panel_long_ago() -> None:
    one = reason("tumor_ESR1", tumor={"any": {"result": "none", "on": "2024-01"}})
    assert one.verdict == UNKNOWN
    assert one.settle == ("tumor.ESR1",)


def test_in_spanish() -> None:
    assert reason("er_positive", "es", er="low").text == "Usted dijo: ER (es): low (es)."
    assert reason("er_positive", "es").text == (
        "Trata de personas con ER-positive. Todavía no lo sabemos."
    )
    assert reason("er_positive", "es").label == "ER-positive (es)"
    (_, unread) = found(study("a", ("er_positive", "? odd words")), language="es").reasons
    assert "“odd words” (en inglés)" in unread.text
    both = found(study("a", [("er_positive", "women"), ("men", "er_positive")]), language="es")
    assert [one.group for one in both.reasons] == [0, 0, 1, 1]


def test_labels_of_a_site_name_it() -> None:
    one = reason("metastatic:breast", **BREAST, extent="metastatic")
    assert (one.tag, one.label) == ("metastatic:breast", "metastatic")
    for cancers in (["breast", "unknown"], ["breast", "ovarian"]):
        told = reason("metastatic:breast", main_cancer="breast", cancer=cancers)
        assert told.label == "metastatic (breast)"
    assert reason("metastatic:breast").label == "metastatic (breast)"
    assert one.text == "You said: cancers: breast; extent: metastatic."
    assert (one.tender, one.topic, one.supports) == (True, "stage", True)
    plain = reason("women")
    assert (plain.tender, plain.topic, plain.supports) == (False, "people", False)


# One for each criterion


def test_every_criterion_of_every_group_and_every_also_audience() -> None:
    one = found(
        study("a", [("er_positive", "women"), "tumor_ESR1"], ["breast_cancer", "? x",
                    ("men", "er_negative"), ["breast_cancer"]]), er="positive"
    )  # fmt: skip
    told = [(r.strength, r.group, r.tag) for r in one.reasons]
    assert told == [
        ("most", 0, "er_positive"),
        ("most", 0, "women"),
        ("most", 1, "tumor_ESR1"),
        ("also", 0, "breast_cancer"),
        ("also", 1, None),
    ]
    assert [part.tag for part in one.reasons[-1].parts] == ["er_negative", "men"]


def test_an_audience_that_takes_no_part_has_no_reason() -> None:
    assert found(study("a", "? x", ["? y"])).reasons == ()
    assert found(study("a", None)).reasons == ()
    assert found(study("a", "no_such_tag")).reasons == ()


def test_unread_words() -> None:
    read, unread = found(study("a", ("er_positive", "? limited access")), er="low").reasons
    assert read.unread is None
    assert (unread.tag, unread.unread, unread.label) == (None, "limited access", "limited access")
    assert (unread.verdict, unread.answers, unread.supports) == (UNKNOWN, (), False)
    assert unread.text == (
        "The label also says “limited access”. We could not read this, so please check it yourself."
    )


@pytest.mark.parametrize(
    ("shape", "answers", "verdict", "label", "text", "units"),
    [
        # an "or" that holds tells the part that holds
        ("or", {"er": "low"}, YES, "ER-positive or women", "You said: ER: low.", ("er",)),
        ("or", {"er": "low", "gender": "man"}, YES, "ER-positive or women",
         "You said: ER: low.", ("er", "gender")),
        # an "or" that does not, or is open, tells all
        ("or", {"er": "negative", "gender": "man"}, NO, "ER-positive or women",
         "One of these is enough: It is about people with ER-positive. You said: ER: negative. "
         "It is about people with women. You said: gender: man.", ("er", "gender")),
        ("or", {"gender": "man"}, UNKNOWN, "ER-positive or women",
         "One of these is enough: It is about people with ER-positive. We don't know this yet. "
         "It is about people with women. You said: gender: man.", ("gender",)),
        ("not", {"er": "negative"}, YES, "not: ER-positive",
         "You said: ER: negative.",
         ("er",)),
        ("not", {"er": "low"}, NO, "not: ER-positive",
         "It is about any situation but this one: people with ER-positive. You said: ER: low.",
         ("er",)),
        ("not", {}, UNKNOWN, "not: ER-positive",
         "It is about any situation but this one: people with ER-positive. "
         "We don't know this yet.", ()),
    ],
)  # fmt: skip
def test_compounds(
    shape: str, answers: dict[str, Any], verdict: Any, label: str, text: str, units: Any
) -> None:
    shapes: dict[str, Any] = {
        "or": ("age_at_least:0", ["er_positive", "women"]),
        "not": {"not": "er_positive"},
    }
    one = next(r for r in found(study("a", shapes[shape]), **answers).reasons if r.tag is None)
    assert (one.verdict, one.label, one.text, one.answers) == (verdict, label, text, units)
    assert one.parts
    assert one.tag is None
    assert one.unread is None


def test_an_and_inside_an_or() -> None:
    shape = ("age_at_least:0", [("er_positive", "women"), "prostate_cancer"])

    def of(**answers: Any) -> Reason:
        return next(r for r in found(study("a", shape), **answers).reasons if r.tag is None)

    both = of(er="low", gender="woman")
    inner = next(part for part in both.parts if part.parts)
    assert inner.verdict == YES
    assert inner.label == "ER-positive and women"
    assert inner.text == "All of these together: You said: ER: low. You said: gender: woman."
    assert both.text == inner.text
    assert set(both.answers) == {"er", "gender"}
    denied = next(part for part in of(er="low", gender="man").parts if part.parts)
    assert denied.text == "It is about people with women. You said: gender: man."
    half = of(er="low")
    assert half.verdict == UNKNOWN
    assert set(half.settle) >= {"gender"}
    assert not half.supports or all(part.supports for part in half.parts)


def test_parts_stand_where_their_compound_stands() -> None:
    shape = [("women", {"not": ["er_positive", ("her2_positive", "young")]}), "men"]
    waiting = list(found(study("a", shape, [("women", ["young", {"not": "men"}])])).reasons)
    groups = set()
    while waiting:
        one = waiting.pop()
        for part in one.parts:
            assert (part.strength, part.group) == (one.strength, one.group)
        groups.add((one.strength, one.group))
        waiting.extend(one.parts)
    assert groups == {("most", 0), ("most", 1), ("also", 0)}


def test_a_compound_is_tender_if_a_part_is() -> None:
    one = next(
        r for r in found(study("a", ("women", ["metastatic", "women"]))).reasons if r.tag is None
    )
    assert one.tender
    assert one.topic is None
