"""Answers in words: panels of genes and lists that may hold more, wherever answers are shown."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from matcher.core.rulebook import Rulebook
from matcher.core.wording import Wording
from matcher.schemas.profiles import read_answers
from matcher.schemas.spoken import AnswerWords
from matcher.words import load_words
from tests.web.person import Person
from tests.web.test_results import words_of
from tests.web.test_sheet import paper, tell

OPEN_LIST = {"cancer_status": "now", "cancer": ["breast", "ovarian", "unknown"]}
CASES: list[tuple[dict[str, Any], str, str]] = [
    (
        {"inherited": {"any": "mutation"}},
        "A mutation, gene not remembered",
        "Una mutación; no se recuerda el gen",
    ),
    (
        {"tumor": {"any": "mutation"}},
        "A mutation, gene not remembered",
        "Una mutación; no se recuerda el gen",
    ),
    (
        {"inherited": {"any": "none"}},
        "A panel of many genes found nothing",
        "Un panel de muchos genes no encontró nada",
    ),
    (
        {"tumor": {"any": {"result": "none", "on": "2026-03"}}},
        "A panel of many genes found nothing (March 2026)",
        "Un panel de muchos genes no encontró nada (marzo de 2026)",
    ),
    (OPEN_LIST, "Ovarian cancer; there may be more", "Cáncer de ovario; puede haber más"),
    (
        {"treatments": ["chemotherapy", "unknown"]},
        "Chemotherapy; there may be more",
        "Quimioterapia; puede haber más",
    ),
]
NEVER = re.compile("Any inherited gene|Any gene change|Algún gen|Algún cambio|not sure|No lo sé")


@pytest.mark.parametrize(("answers", "english", "spanish"), CASES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_answers_are_said_alike_on_every_page(
    client: FlaskClient, language: str, answers: dict[str, Any], english: str, spanish: str
) -> None:
    person = Person(client, **{"Accept-Language": language})
    tell(person, {"age": 50, **answers})
    expected = english if language == "en" else spanish
    person.open("/sheet")
    told = [paper(html.unescape(person.page))]
    for path, tag in (("/check", "dl"), ("/results", "aside")):
        person.open(path)
        told.append(words_of("".join(re.findall(rf"<{tag}.*?</{tag}>", person.text, re.S))))
    for text in told:
        assert expected in text
        assert not NEVER.search(text)


@pytest.mark.parametrize(("answers", "english", "spanish"), CASES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_reasons_repeat_answers_in_the_same_words(
    book: Rulebook, language: str, answers: dict[str, Any], english: str, spanish: str
) -> None:
    wording = Wording(book, read_answers(answers, book), language=language)
    told = wording.said_all(wording.answers.units())
    assert (english if language == "en" else spanish) in told
    assert not NEVER.search(told)


@pytest.mark.parametrize(
    ("key", "one", "two"),
    [
        ("positive_nodes", ("1 lymph node", "1 ganglio"), ("2 lymph nodes", "2 ganglios")),
        (
            "lines",
            ("1 earlier treatment", "1 tratamiento anterior"),
            ("2 earlier treatments", "2 tratamientos anteriores"),
        ),
        ("age", ("1 year", "1 año"), ("2 years", "2 años")),
    ],
)
def test_one_is_told_in_the_singular(
    book: Rulebook, key: str, one: tuple[str, str], two: tuple[str, str]
) -> None:
    for place, language in enumerate(("en", "es")):
        words = AnswerWords(book, load_words().texts, language)
        assert [words.words(key, number) for number in (1, 2)] == [[one[place]], [two[place]]]


def test_a_panel_stands_beside_genes_with_a_name(person: Person) -> None:
    tell(person, {"inherited": {"ATM": "none", "any": "mutation", "BRCA1": "mutation"}})
    person.open("/sheet")
    told = "A mutation, gene not remembered. Mutation found: BRCA1. Tested, nothing found: ATM"
    assert told in paper(html.unescape(person.page))


def test_a_list_of_nothing_but_not_sure_stays_so(person: Person) -> None:
    tell(person, {"age": 50, "treatments": ["unknown"]})
    person.open("/check")
    assert "I'm not sure" in person.text
    assert "there may be more" not in person.text
