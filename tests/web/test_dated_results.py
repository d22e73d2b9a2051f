"""Results with a date: shown again, and their date kept while another answer changes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from flask import Flask

from tests.web.person import Person
from tests.web.test_answers_file import load
from tests.web.test_genes import kept

MARCH = "2026-03"


def dated(result: str) -> dict[str, str]:
    return {"result": result, "on": MARCH}


@pytest.fixture(autouse=True)
def begun(person: Person) -> None:
    person.begin()


def load_results(person: Person, key: str, results: dict[str, Any]) -> None:
    assert load(person, json.dumps({"answers": {key: results}})) == 200


@pytest.mark.parametrize("key", ["tumor", "inherited"])
@pytest.mark.parametrize(
    ("result", "choice"),
    [
        ("none", "clear"),
        ("not_tested", "not_tested"),
        ("mutation", "named"),
        ("uncertain", "named"),
    ],
)
def test_a_dated_result_of_a_panel_is_shown_and_kept_when_sent_again(
    person: Person, app: Flask, key: str, result: str, choice: str
) -> None:
    load_results(person, key, {"any": dated(result)})
    assert person.open(f"/questions/{key}").status_code == 200
    assert re.search(rf'value="{choice}"\s+checked', person.page)
    person.send(answer=choice)
    assert kept(person, app)[key] == {"any": dated(result)}


def test_another_answer_for_a_panel_takes_no_date_over(person: Person, app: Flask) -> None:
    load_results(person, "inherited", {"any": dated("none")})
    person.answer("inherited", "not_tested")
    assert kept(person, app)["inherited"] == {"any": "not_tested"}


GIVEN = {
    "BRCA1": dated("mutation"),
    "ATM": dated("none"),
    "PALB2": dated("uncertain"),
    "CHEK2": dated("not_tested"),
    "BRCA2": "none",
}


def test_changing_one_gene_keeps_the_dates_of_the_others(person: Person, app: Flask) -> None:
    load_results(person, "inherited", GIVEN)
    words = {"BRCA1": "mutation", "PALB2": "uncertain", "CHEK2": "not_tested"}
    changed = {**words, "ATM": "mutation", "BRCA2": "uncertain"}
    person.open("/questions/inherited/results")
    person.send(**{f"result-{gene}": word for gene, word in changed.items()})
    want = {**GIVEN, "ATM": "mutation", "BRCA2": "uncertain"}
    assert kept(person, app)["inherited"] == want


@pytest.mark.parametrize(
    ("result", "sent"),
    [
        ("positive", "positive"),
        ("negative", "negative"),
        ("mutation", "positive"),
        ("none", "negative"),
    ],
)
def test_a_signature_keeps_its_date(person: Person, app: Flask, result: str, sent: str) -> None:
    load_results(person, "tumor", {"PD_L1": dated(result)})
    person.open("/questions/tumor/results")
    person.send(**{"result-PD_L1": sent})
    assert kept(person, app)["tumor"] == {"PD_L1": dated(sent)}


@pytest.mark.parametrize("result", ["mutation", "none", "uncertain", "not_tested"])
def test_a_date_that_stands_on_the_page_is_kept_as_sent(
    person: Person, app: Flask, result: str
) -> None:
    load_results(person, "tumor", {"ESR1": dated(result)})
    person.open("/questions/tumor/results")
    person.send(**{"result-ESR1": result, "month-ESR1": "3", "year-ESR1": "2026"})
    assert kept(person, app)["tumor"] == {"ESR1": dated(result)}
    person.open("/questions/tumor/results")
    person.send(**{"result-ESR1": result, "month-ESR1": "", "year-ESR1": ""})
    assert kept(person, app)["tumor"] == {"ESR1": result}


@pytest.mark.parametrize("result", ["unknown", "declined", "not_tested"])
def test_what_was_not_found_out_takes_no_date_over(person: Person, app: Flask, result: str) -> None:
    load_results(person, "tumor", {"ESR1": dated("none")})
    person.open("/questions/tumor/results")
    person.send(**{"result-ESR1": result, "month-ESR1": "3", "year-ESR1": "2026"})
    assert kept(person, app)["tumor"] == {"ESR1": result}
