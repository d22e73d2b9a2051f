"""Wanted: the questions that would settle most over a panel, and whom they are asked about."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from matcher.web.desk import matrix_wanted
from tests.web.catalogue import STUDIES
from tests.web.desk.panelled import Panelled, panelled, put_studies
from tests.web.desk.test_matrix import ana
from tests.web.mails import site_of

__all__ = ["ana"]


def test_questions_that_would_settle_most_lead_to_the_form(ana: Panelled) -> None:
    ana.worker.open(f"{ana.root}/wanted")
    assert "ESR1 – Tumor test" in ana.worker.text
    place = ana.worker.page.index("ESR1 – Tumor test")
    who = re.search(
        r'action="([^"]*/answers)".*?value="tumor"[^>]*>([^<]*)<', ana.worker.page[place:], re.S
    )
    assert who
    assert who[2] == "A-2"
    ana.worker.send(who[1], key="tumor")
    assert ana.worker.place == "/questions/tumor"


def asked(ana: Panelled) -> dict[str, set[str]]:
    """Who is to be asked each question, by its key."""
    ana.worker.open(f"{ana.root}/wanted")
    found: dict[str, set[str]] = {}
    for key, code in re.findall(r'name="key" value="(\w+)"[^>]*>([^<]*)<', ana.worker.page):
        found.setdefault(key, set()).add(code)
    return found


def test_nobody_is_asked_about_a_cancer_that_they_did_not_name(
    desk_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_studies(desk_app)
    monkeypatch.setattr(matrix_wanted, "MOST", 60)
    ana = panelled(desk_app)
    prostate = {"cancer_status": "now", "cancer": ["prostate", "unknown"], "extent": "metastatic"}
    ana.add("P-1", {**prostate, "gender": "man", "age": 71})
    ana.add("O-2", {"cancer_status": "past", "cancer": ["ovarian", "unknown"], "gender": "woman"})
    found = asked(ana)
    assert found
    assert not {"er", "pr", "her2", "triple_negative"} & found.keys()
    ana.add("B-3", {"cancer_status": "now", "cancer": ["breast", "unknown"]})
    assert asked(ana)["er"] == {"B-3"}


def test_hard_ground_comes_last_and_a_frightening_number_not_beside_plain_words(
    desk_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_studies(desk_app)
    monkeypatch.setattr(matrix_wanted, "MOST", 60)
    ana = panelled(desk_app)
    ana.add("A-1", {"cancer_status": "now", "cancer": ["breast"]})
    ana.add("A-2", {"cancer_status": "now", "cancer": ["breast"], "extent": "metastatic"})
    found = asked(ana)
    book = site_of(desk_app).rulebook
    tender = [book.attributes[key].tender for key in found]
    assert tender == sorted(tender)
    assert found["extent"] == {"A-1"}
    assert "A-1" not in found.get("stage", set())


def test_only_so_many_people_are_looked_at_together(
    ana: Panelled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix_wanted, "MOST_PAIRS", 2 * len(STUDIES))
    ana.worker.open(f"{ana.root}/wanted")
    assert "the first 2 of 3 people" in ana.worker.page
