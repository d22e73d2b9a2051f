"""A question's page: its help, its faults, what was typed."""

from __future__ import annotations

import html
import re

import pytest

from matcher.core.rulebook import Rulebook
from tests.web.person import Person

FAULTS = [
    ("er", {}, "Choose one answer."),
    ("er", {"answer": "purple"}, "That answer is not one of the choices"),
    ("er", {"answer": "<script>alert(1)</script>"}, "That answer is not one of the choices"),
    ("er", {"answer": "\x00"}, "That answer is not one of the choices"),
    ("cancer", {}, "Choose at least one answer."),
    ("cancer", {"answer": ["breast", "moon"]}, "That answer is not one of the choices"),
    ("cancer", {"answer": ["breast", "declined"]}, "You chose “I'd rather not say”"),
    ("treatments", {"answer": ["none", "surgery"]}, "and something else. Choose one or the other."),
    ("treatments", {"answer": ["none", "unknown"]}, "and something else. Choose one or the other."),
    ("age", {}, "Type a number, or choose “I'm not sure”"),
    ("age", {"number": "fifty"}, "Type a whole number, such as 60"),
    ("age", {"number": "-5"}, "Type a whole number"),
    ("age", {"number": "50.5"}, "Type a whole number"),
    ("age", {"number": "²"}, "Type a whole number"),
    ("age", {"number": "9" * 5000}, "Type a whole number"),
    ("age", {"number": "121"}, "Type a number from 0 to 120"),
    ("age", {"number": "50", "choice": "unknown"}, "Keep one of them."),
    ("country", {}, "Choose one answer."),
    ("country", {"answer": "XX"}, "That answer is not one of the choices"),
    ("country", {"answer": "MX", "choice": "declined"}, "Keep one of them."),
    ("tumor", {}, "Choose one answer."),
    ("tumor", {"answer": "maybe"}, "That answer is not one of the choices"),
]


@pytest.mark.parametrize(("key", "sent", "told"), FAULTS)
def test_a_fault_is_told_first_and_beside_its_input(
    person: Person, key: str, sent: dict[str, str], told: str
) -> None:
    person.begin()
    person.open(f"/questions/{key}")
    response = person.send(**sent)
    assert response.status_code == 422
    page = html.unescape(person.page)
    assert page.count(told) == 2
    assert re.search(r"<title>\s*Error: ", page)
    summary = re.search(r'<div class="govuk-error-summary"[^>]*>', page)
    assert summary is not None
    assert "autofocus" in summary[0]
    assert 'tabindex="-1"' in summary[0]
    link = re.search(r'<a href="#([^"]+)">', page)
    assert link is not None
    assert f'id="{link[1]}"' in page
    assert "<script" not in person.page


def test_what_was_typed_is_still_there_after_a_fault(person: Person) -> None:
    person.begin()
    person.open("/questions/age")
    person.send(number="fifty")
    assert 'value="fifty"' in person.page
    person.open("/questions/treatments")
    person.send(answer=["none", "surgery"])
    assert len(re.findall(r'value="(?:none|surgery)"\s+checked', person.page)) == 2


@pytest.mark.parametrize(("value", "told"), [("50", "50 years"), (" 50 ", "50 years")])
def test_a_number_is_kept(person: Person, value: str, told: str) -> None:
    person.begin()
    person.open("/questions/age")
    person.send(number=value)
    person.open("/check")
    assert told in person.page


@pytest.mark.parametrize("path", ["/questions/nothing", "/questions/er/genes", "/questions/%00"])
def test_there_are_no_other_questions(person: Person, path: str) -> None:
    person.begin()
    assert person.open(path).status_code == 404


def test_a_tender_question_says_why_it_is_asked(person: Person, book: Rulebook) -> None:
    person.begin()
    for attribute in book.attributes.values():
        if attribute.tender:
            person.open(f"/questions/{attribute.key}")
            assert attribute.why is not None
            assert attribute.why.en in person.text


def test_every_question_has_help_not_sure_and_rather_not_say(
    person: Person, book: Rulebook
) -> None:
    person.begin()
    for key, attribute in book.attributes.items():
        person.open(f"/questions/{key}")
        page = person.text
        assert attribute.help.en in page
        assert 'value="unknown"' in page
        assert 'value="declined"' in page
        assert page.count("<h1") == 1


def test_countries_stand_in_the_alphabet_of_the_language(person: Person) -> None:
    person.headers["Accept-Language"] = "es"
    person.begin()
    person.open("/questions/country")
    names = [html.unescape(name) for name in re.findall(r"<option [^>]*>([^<]+)<", person.page)]
    assert names.index("Países Bajos") == names.index("Pakistán") - 1
    assert names.index("España") < names.index("Estados Unidos")
