"""Wording: answers repeated, contradictions and notes told, in both languages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from matcher.core.answers import Answers
from matcher.core.facts import Note
from matcher.core.finding.contradictions import Contradiction
from matcher.core.text import LANGUAGES, Text
from matcher.core.wording import NEEDED_TEXTS, Wording
from tests.core.small import book, facts, person


def words(language: str = "en", **answers: Any) -> Wording:
    return Wording(book(), person(**answers), language=language)


@pytest.mark.parametrize(
    ("answers", "unit", "english", "spanish"),
    [
        ({"er": "low"}, "er", "ER: low", "ER (es): low (es)"),
        ({"age": 0}, "age", "age: 0", "age (es): 0"),
        ({"triple_negative": "no"}, "triple_negative", "triple-negative: No",
         "triple-negative (es): No"),
        ({"triple_negative": "yes"}, "triple_negative", "triple-negative: Yes",
         "triple-negative (es): Sí"),
        ({"treatments": ["none"]}, "treatments", "treatments: none of these",
         "treatments (es): none of these (es)"),
        ({"cancer": ["breast", "ovarian"]}, "cancer", "cancers: breast, ovarian",
         "cancers (es): breast (es), ovarian (es)"),
        ({"cancer": ["breast", "unknown"]}, "cancer", "cancers: breast; there may be more",
         "cancers (es): breast (es); puede haber más"),
        ({"inherited": {"any": {"result": "mutation", "on": "2026-03"}}}, "inherited.any",
         "inherited genes: A mutation, gene not remembered (March 2026)",
         "inherited genes (es): Una mutación; no se recuerda el gen (marzo de 2026)"),
        ({"inherited": {"BRCA": "none"}}, "inherited.BRCA",
         "inherited genes, BRCA1 or BRCA2: tested, nothing found",
         "inherited genes (es), BRCA1 or BRCA2 (es): con prueba, no se encontró nada"),
        ({"tumor": {"ESR1": {"result": "mutation", "on": "2026-03"}}}, "tumor.ESR1",
         "tumor genes, ESR1: mutation found (March 2026)",
         "tumor genes (es), ESR1 (es): se encontró una mutación (marzo de 2026)"),
        ({"tumor": {"ESR1": {"result": "mutation", "on": "2026"}}}, "tumor.ESR1",
         "tumor genes, ESR1: mutation found (2026)",
         "tumor genes (es), ESR1 (es): se encontró una mutación (2026)"),
        ({"tumor": {"MSI_H": "negative"}}, "tumor.MSI_H", "tumor genes, MSI H: negative",
         "tumor genes (es), MSI H (es): negativo"),
    ],
)  # fmt: skip
def test_an_answer_is_repeated(
    answers: dict[str, Any], unit: str, english: str, spanish: str
) -> None:
    assert words(**answers).said(unit) == english
    assert words("es", **answers).said(unit) == spanish
    assert words(**answers).said_all([unit, unit]) == f"{english}; {english}"
    assert words(**answers).said_all([]) == ""


def test_words_in_braces_are_replaced() -> None:
    assert words().say("reason_no", about="x", said="y") == "It is about x. You said: y."
    assert words("es").say("reason_no", about="x", said="y") == "Trata de x. Usted dijo: y."
    assert words().text("label_or") == " or "


@pytest.mark.parametrize(
    ("answers", "end"),
    [
        ({"er": "positive", "triple_negative": "yes"}, "Triple negative is not er positive."),
        ({"cancer_status": "never", "er": "low"},
         "You said that you never had cancer, and another answer is about a cancer of your own."),
        ({"cancer_status": "never", "cancer": ["breast"]},
         "You said that you never had cancer, and another answer is about a cancer of your own."),
        ({"cancer": ["ovarian"], "er": "low"},
         "One answer is about a cancer that is not in your list of cancers."),
        ({"main_cancer": "ovarian", "cancer": ["breast"]},
         "One answer is about a cancer that is not in your list of cancers."),
    ],
)  # fmt: skip
def test_a_contradiction_is_told_with_its_answers_and_its_reason(
    answers: dict[str, Any], end: str
) -> None:
    (found,) = facts(**answers).contradictions
    told = words(**answers).contradiction(found)
    said = "; ".join(words(**answers).said(unit) for unit in found.units)
    assert told == (
        f"These answers do not fit together: {said}. {end} We left them out until you settle it."
    )
    spanish = words("es", **answers).contradiction(found)
    assert spanish.startswith("Estas respuestas no concuerdan: ")
    assert "{" not in told + spanish


def test_a_contradiction_without_a_rule() -> None:
    told = words(er="low").contradiction(Contradiction(("er",), ()))
    assert "They cannot all be right at the same time." in told
    told = words(cancer_status="past", er="low").contradiction(Contradiction(("er",), ()))
    assert "They cannot all be right" in told
    never = words(cancer_status="never", cancer=["breast"], er="low")
    assert "not in your list" in never.contradiction(Contradiction(("cancer", "er"), ()))


def test_a_contradiction_of_several_rules_tells_each_once() -> None:
    rules = ("lines_mean_spread", "stage_4_has_spread", "lines_mean_spread")
    told = words(er="low").contradiction(Contradiction(("er",), rules))
    assert "Stage 4 has spread. Lines mean spread." in told


def test_notes() -> None:
    answers: dict[str, Any] = {"stage": "3", "extent": "metastatic"}
    (note,) = facts(**answers).notes
    assert words(**answers).note(note) == "Stage 3 has not spread far."
    assert words("es", **answers).note(note) == "Stage 3 has not spread far (es)."
    more: dict[str, Any] = {"treatments": ["none"], "treatments_now": ["surgery"]}
    (note,) = facts(**more).notes
    assert words(**more).note(note) == (
        "One of your answers says more than another: treatments: none of these; "
        "treatments now: surgery. We counted both."
    )
    assert "Contamos las dos" in words("es", **more).note(note)


def test_a_note_of_a_list_that_is_never_no() -> None:
    answers: dict[str, Any] = {"inherited": {"PALB2": "mutation"}, "high_risk": ["none"]}
    note = next(n for n in facts(**answers).notes if n.rule.startswith("mutation_breast"))
    assert "Mutation breast risk not ruled out." in words(**answers).note(note)
    other = Note("nothing_of_the_kind", ("high_risk",))
    assert "says more than another" in words(**answers).note(other)


def test_labels() -> None:
    assert words().label(book().tag("metastatic")) == "metastatic"
    assert words().label(book().tag("metastatic:breast")) == "metastatic (breast)"
    assert words("es").label(book().tag("metastatic:breast")) == "metastatic (es) (breast (es))"
    assert words().about(book().tag("metastatic:breast")) == "people with metastatic"
    assert words("es").about(book().tag("women")) == "personas con women"


def test_two_languages() -> None:
    assert LANGUAGES == ("en", "es")
    text = Text("a", "b")
    assert (text.in_("en"), text.in_("es"), text.in_("fr")) == ("a", "b", "a")
    assert set(NEEDED_TEXTS) <= set(book().texts)
    for key, needed in NEEDED_TEXTS.items():
        for language in LANGUAGES:
            for word in needed:
                assert f"{{{word}}}" in book().texts[key].in_(language)


def test_who_works_at_the_desk_is_told_in_their_own_form_or_the_other() -> None:
    texts = {
        **book().texts,
        "answer_yes_for_other": Text("Yes, they do", "Sí, esa persona"),
        "answer_yes_for_desk": Text("Known", "Se sabe"),
        "answer_no_for_other": Text("No, they do not", "No, esa persona no"),
    }
    rules = replace(book(), texts=texts)
    desk = Wording(rules, Answers(), language="en", cared_for=True, at_desk=True)
    keys = ("answer_yes", "answer_no", "answer_none")
    plain = book().texts["answer_none"].en
    assert [desk.text(key) for key in keys] == ["Known", "No, they do not", plain]


def test_who_answers_for_somebody_is_told_so_where_there_is_such_a_text() -> None:
    texts = {**book().texts, "answer_yes_for_other": Text("Yes, they do", "Sí, esa persona")}
    rules = replace(book(), texts=texts)
    answers = Answers({}, frozenset())
    told = [
        Wording(rules, answers, language=language, cared_for=cared_for).text(key)
        for key in ("answer_yes", "answer_no", "contradiction")
        for language, cared_for in (("en", True), ("en", False), ("es", True))
    ]
    plain = [book().texts[key] for key in ("answer_yes", "answer_no", "contradiction")]
    assert told[:3] == ["Yes, they do", plain[0].en, "Sí, esa persona"]
    for place, text in enumerate(plain[1:], start=1):
        assert told[3 * place : 3 * place + 3] == [text.en, text.en, text.es]
