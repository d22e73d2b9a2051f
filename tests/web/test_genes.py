"""Gene results: whether tested, which genes, what was found, over three small pages."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.services import visits
from matcher.store.database import session
from matcher.web.site import EXTENSION
from tests.web.catalogue import CAMIZESTRANT
from tests.web.person import Person

PANEL = {"any": "none"}


def kept(person: Person, app: Flask) -> Any:
    """The answers as they are kept."""
    site = app.extensions[EXTENSION]
    cookie = person.client.get_cookie("matcher")
    assert cookie is not None
    with session(site.engine) as opened:
        visit = visits.open_visit(opened, cookie.value, site.settings.data_key, now=site.clock())
    assert visit is not None
    return visit.answers


@pytest.fixture(autouse=True)
def begun(person: Person) -> None:
    person.begin()


def test_a_mutation_is_entered_in_three_steps(person: Person, app: Flask) -> None:
    person.answer("tumor", "named")
    assert person.path == "/questions/tumor/genes"
    person.send(answer=["ESR1", "PIK3CA"])
    assert person.path == "/questions/tumor/results"
    person.send(**{"result-ESR1": "mutation", "result-PIK3CA": "uncertain"})
    assert kept(person, app)["tumor"] == {"ESR1": "mutation", "PIK3CA": "uncertain"}


@pytest.mark.parametrize(
    ("choice", "answer"),
    [
        ("clear", PANEL),
        ("not_tested", {"any": "not_tested"}),
        ("unknown", "unknown"),
        ("declined", "declined"),
    ],
)
def test_the_first_page_alone_can_be_enough(
    person: Person, app: Flask, choice: str, answer: Any
) -> None:
    person.answer("inherited", choice)
    assert kept(person, app)["inherited"] == answer
    person.open("/questions/inherited")
    assert re.search(rf'value="{choice}"\s+checked', person.page)


def test_of_a_year_alone_no_month_is_told(person: Person, app: Flask) -> None:
    person.answer("cancer", "breast")
    person.answer("er", "positive")
    person.answer_gene("tumor", "ESR1", "none", **{"year-ESR1": "2026"})
    assert kept(person, app)["tumor"] == {"ESR1": {"result": "none", "on": "2026"}}
    for path in ("/check", "/results", "/sheet", f"/studies/{CAMIZESTRANT}"):
        person.open(path)
        assert "nothing found (2026)" in person.text, path
        assert "January 2026)" not in person.text, path
    person.open("/questions/tumor/results")
    assert re.search(r'name="month-ESR1"(?! value)[^>]*>', person.page)
    assert re.search(r'name="year-ESR1"[^>]* value="2026"', person.page)


@pytest.mark.parametrize(("language", "month"), [("en", "March 2026"), ("es", "marzo de 2026")])
def test_reasons_tell_the_month_as_the_other_pages_do(
    client: FlaskClient, language: str, month: str
) -> None:
    person = Person(client, **{"Accept-Language": language})
    person.begin()
    person.answer_gene("tumor", "ESR1", "none", **{"month-ESR1": "3", "year-ESR1": "2026"})
    for path in ("/check", "/results", f"/studies/{CAMIZESTRANT}"):
        person.open(path)
        assert f"({month})" in person.text, path
        assert "(2026-03" not in person.text, path


def test_of_many_genes_the_common_ones_are_open_and_the_rest_is_folded(person: Person) -> None:
    person.answer("inherited", "named")
    page = html.unescape(person.page)
    first, *folded = page.split("<details")
    assert "Most often tested" in first
    for gene in ("BRCA1", "BRCA2", "BRCA", "PALB2", "CHEK2", "LYNCH"):
        assert f'value="{gene}"' in first
    lynch = next(part for part in folded if "Genes linked to Lynch syndrome: 5" in part)
    assert {"MLH1", "EPCAM"} <= set(re.findall(r'value="(\w+)"', lynch))
    assert len(re.findall(r'type="checkbox"', page)) == 28
    assert page.count(" open>") == 0
    apart = page.split('class="govuk-fieldset__legend or"')[1]
    assert re.findall(r'type="checkbox" value="(\w+)"', apart) == ["any", "unknown", "declined"]
    assert "I don't know which gene" in apart


def test_less_common_genes_are_folded(person: Person) -> None:
    person.answer("tumor", "named")
    first, folded = person.page.split("<details", 1)
    assert 'value="ESR1"' in first
    assert 'value="KRAS"' not in first
    assert 'value="KRAS"' in folded


def test_a_folded_gene_can_be_chosen_and_unfolds_again(person: Person, app: Flask) -> None:
    person.answer_gene("tumor", "KRAS", "none")
    assert kept(person, app)["tumor"] == {"KRAS": "none"}
    person.open("/questions/tumor/genes")
    assert re.search(r"<details[^>]*\sopen>", person.page)


def test_a_signature_is_positive_or_negative(person: Person, app: Flask) -> None:
    person.answer("tumor", "named")
    person.send(answer="PD_L1")
    assert 'value="positive"' in person.page
    assert 'value="mutation"' not in person.page
    person.send(**{"result-PD_L1": "negative"})
    assert kept(person, app)["tumor"] == {"PD_L1": "negative"}


def test_the_date_of_a_result_that_can_change_is_kept(person: Person, app: Flask) -> None:
    dated = {"month-ESR1": "3", "year-ESR1": "2026"}
    person.answer_gene("tumor", "ESR1", "none", **dated)
    assert kept(person, app)["tumor"] == {"ESR1": {"result": "none", "on": "2026-03"}}
    person.open("/questions/tumor/results")
    assert re.search(r'name="month-ESR1"[^>]* value="3"', person.page)
    assert re.search(r'name="year-ESR1"[^>]* value="2026"', person.page)


@pytest.mark.parametrize(
    ("month", "year"),
    [
        ("13", "2026"),
        ("3", ""),
        ("", "26"),
        ("", "2027"),
        ("12", "2026"),
        ("3", "26"),
        ("x", "y"),
        ("³", "2026"),
    ],
)
def test_a_date_that_cannot_be_is_told(person: Person, month: str, year: str) -> None:
    person.answer("tumor", "named")
    person.send(answer="ESR1")
    sent = {"result-ESR1": "none", "month-ESR1": month, "year-ESR1": year}
    assert person.send(**sent).status_code == 422
    told = "ESR1: type a month from 1 to 12 and a year that has come. You may leave out the"
    assert html.unescape(person.page).count(told) == 2
    assert 'href="#answer-1-month"' in person.page


def test_every_chosen_gene_needs_a_result(person: Person) -> None:
    person.answer("tumor", "named")
    person.send(answer=["ESR1", "PIK3CA"])
    assert person.send(**{"result-ESR1": "none"}).status_code == 422
    assert html.unescape(person.page).count("PIK3CA: choose what was found") == 2
    assert re.search(r'id="answer-1-2"[^>]* value="none"\s+checked', person.page)
    assert 'href="#answer-2"' in person.page


def test_some_gene_must_be_chosen(person: Person) -> None:
    person.answer("tumor", "named")
    assert person.send().status_code == 422
    assert html.unescape(person.page).count("Choose at least one. “I'm not sure” is fine.") == 2
    assert person.send(answer="ESR9").status_code == 422


def test_not_sure_about_one_gene_leaves_it_unknown(person: Person, app: Flask) -> None:
    person.answer_gene("tumor", "ESR1", "unknown")
    assert kept(person, app)["tumor"] == {"ESR1": "unknown"}
    assert person.open("/results").status_code == 200
    assert person.open("/check").status_code == 200


def test_results_without_chosen_genes_lead_to_the_choice(person: Person) -> None:
    person.open("/questions/tumor/results")
    assert person.path == "/questions/tumor/genes"


def test_the_chosen_genes_stand_in_no_address(person: Person) -> None:
    person.answer("tumor", "named")
    response = person.send(answer="ESR1")
    addresses = [step.location for step in response.history] + [person.path]
    assert not [address for address in addresses if address and "ESR1" in address]


def test_changing_results_from_the_check_page_leads_back_there(person: Person) -> None:
    person.open("/questions/tumor?from=check")
    person.send(answer="named")
    person.send(answer="ESR1")
    person.send(**{"result-ESR1": "mutation"})
    assert person.path == "/check"
    assert "ESR1" in person.page


@pytest.mark.parametrize("value", ["unknown", "declined"])
def test_who_finds_no_gene_on_the_list_may_say_so(person: Person, app: Flask, value: str) -> None:
    person.answer("inherited", "named")
    person.send(answer=["BRCA1", value])
    assert "You gave an answer and also chose something else" in person.text
    person.send(answer=value)
    assert kept(person, app)["inherited"] == value


def test_a_change_in_a_gene_that_is_not_remembered(person: Person, app: Flask) -> None:
    person.answer("inherited", "named")
    person.send(answer="any")
    assert "If you know of a change but not the gene" in person.text
    person.send(**{"result-any": "mutation"})
    assert kept(person, app)["inherited"] == {"any": "mutation"}


def test_the_pages_of_genes_are_like_those_of_other_questions(person: Person) -> None:
    person.answer("cancer_status", "now")
    person.answer("tumor", "named")
    for _ in range(2):
        assert "Tests of the cancer · Question 2 of at most 10" in person.text
        assert "Where can I find this?" in person.text
        assert "Show my results now" in person.text
        person.send(answer="ESR1")
    person.open("/questions/tumor/genes?from=check")
    assert "of at most" not in person.text
    assert '<p class="progress">Tests of the cancer</p>' in person.page


def test_results_can_be_looked_at_from_each_of_these_pages(person: Person, app: Flask) -> None:
    person.answer("tumor", "named")
    genes = person.page
    person.send(then="results")
    assert person.path == "/results"
    person.page, person.path = genes, "/questions/tumor/genes"
    person.send(answer=["ESR1", "PIK3CA"], then="results")
    assert person.path == "/results"
    person.open("/questions/tumor/results")
    page = person.page
    person.send(then="results")
    assert person.path == "/results"
    assert "tumor" not in kept(person, app)
    person.page, person.path = page, "/questions/tumor/results"
    person.send(**{"result-ESR1": "none"}, then="results")
    assert person.path == "/results"
    assert kept(person, app)["tumor"] == {"ESR1": "none"}


def sent_back(page: str) -> dict[str, list[str]]:
    """What the form of a page sends by itself."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="(\w+)"', page):
        found.setdefault(name, []).append(value)
    return {name: values for name, values in found.items() if name in ("gene", "seen")}


def test_two_windows_may_tell_of_different_genes(person: Person, app: Flask) -> None:
    person.answer_gene("tumor", "KRAS", "none")
    person.open("/questions/tumor/genes")
    choice = person.page
    person.send(answer=["ESR1", "KRAS"])
    first = person.page
    person.page, person.path = choice, "/questions/tumor/genes"
    person.send(answer="PIK3CA")
    second = person.page
    person.page, person.path = first, "/questions/tumor/results"
    results = {"result-ESR1": "mutation", "result-KRAS": "none"}
    assert sent_back(first) == {"seen": ["KRAS"], "gene": ["ESR1", "KRAS"]}
    person.send(**results, **sent_back(first))
    assert kept(person, app)["tumor"] == {"ESR1": "mutation", "KRAS": "none"}
    person.page, person.path = second, "/questions/tumor/results"
    person.send(**{"result-PIK3CA": "none"}, **sent_back(second))
    assert kept(person, app)["tumor"] == {"ESR1": "mutation", "PIK3CA": "none"}
