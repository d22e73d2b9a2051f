"""The order of the way: routing, then the plan; when it stops; places; one plan for a request."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from matcher.core.questions import Plan, Question
from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher
from matcher.web import way
from tests.web.catalogue import STUDIES
from tests.web.person import Person
from tests.web.test_asked import study
from tests.web.test_way import squeezed

BREAST = {"cancer_status": "now", "cancer": "breast"}
ER = ("breast_cancer", "er_positive")


class Planned(Matcher):
    """A matcher whose plan is what a test says, and which counts how often it is asked."""

    plan = Plan((), 0, 0)
    asked = 0

    def ask(self, answers: Any, *, today: date) -> Plan:  # noqa: ARG002
        self.asked += 1
        open_ones = tuple(q for q in self.plan.questions if q.key not in answers.given)
        return Plan(open_ones, self.plan.may_fit, self.plan.open)


def planned(*questions: tuple[str, float, float]) -> Plan:
    """A plan of questions without genes, each with its weight and what it changes at the top."""
    return Plan(
        tuple(Question(key, None, 1, 1, top, weight, ()) for key, weight, top in questions), 1, 1
    )


@pytest.fixture
def matcher(book: Rulebook) -> Planned:
    """A matcher to be told its plan."""
    return Planned(book, STUDIES)


@pytest.fixture
def planner(make_app: Callable[..., Flask], matcher: Planned) -> Person:
    """Somebody at a site with that matcher, after the routing questions."""
    person = Person(make_app(matcher=matcher).test_client())
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    return person


def asked_now(person: Person) -> str:
    """The key of the question that comes now, or the page that comes in its place."""
    person.open("/questions")
    return key_of(person)


def key_of(person: Person) -> str:
    """The key of the question that is open, or the page that is open in its place."""
    return person.path.removeprefix("/questions/").partition("?")[0]


def back_of(person: Person) -> str:
    """Where the way back leads from the page that is open."""
    found = re.search(r'class="govuk-back-link" href="([^"]+)"', squeezed(person.page))
    assert found is not None
    return found[1]


def told_place(person: Person) -> str:
    """Where one stands, in words."""
    found = re.search(r'<p class="progress">([^<]+)</p>', person.page)
    return html.unescape(found[1]) if found else ""


def test_the_plan_gives_the_order(planner: Person, matcher: Planned) -> None:
    matcher.plan = planned(("her2", 1.0, 1.0), ("er", 3.0, 1.0), ("gender", 2.0, 1.0))
    seen = [asked_now(planner)]
    while key_of(planner) != "/check":
        planner.send(answer="unknown")
        seen.append(key_of(planner))
    assert seen == ["er", "her2", "gender", "/check"]  # the chapter of the tests is finished first


def test_a_page_of_genes_counts_with_all_its_genes(
    planner: Person, matcher: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    genes = tuple(Question("tumor", gene, 1, 1, 1.0, 1.5, ()) for gene in ("ESR1", "PIK3CA"))
    er = Question("er", None, 1, 1, 1.0, 2.0, ())
    matcher.plan = Plan((er, *genes), 1, 1)
    monkeypatch.setattr(way, "page_weights", lambda _: {"er": 2.0, "tumor": 3.0})
    assert asked_now(planner) == "tumor"
    monkeypatch.setattr(way, "page_weights", lambda _: {"er": 2.0, "tumor": 1.5})
    assert asked_now(planner) == "er"


def test_age_comes_early_where_it_matters(planner: Person, matcher: Planned) -> None:
    matcher.plan = planned(("er", 3.0, 1.0), ("age", 0.1, 0.0))
    assert asked_now(planner) == "age"
    matcher.plan = planned(("er", 3.0, 1.0))
    assert asked_now(planner) == "er"


def test_a_child_meets_its_page_at_the_third_question(person: Person) -> None:
    person.begin()
    assert 'href="/under-18"' in person.client.get("/who").get_data(as_text=True)
    person.send(answer="now")
    person.send(answer="breast")
    person.answer("age", 15)
    assert person.path == "/under-18"


def test_a_stage_number_comes_after_plain_words_about_spread(
    planner: Person, matcher: Planned
) -> None:
    matcher.plan = planned(("stage", 3.0, 1.0), ("her2", 2.0, 1.0), ("extent", 1.0, 1.0))
    seen = [asked_now(planner)]
    while key_of(planner) != "/check":
        planner.send(answer="unknown")
        seen.append(key_of(planner))
    assert seen == ["extent", "stage", "her2", "/check"]
    matcher.plan = planned(("extent", 3.0, 1.0), ("stage", 1.0, 1.0))
    person = Person(planner.client)
    person.open("/check")
    person.send("/clear")
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    assert asked_now(person) == "extent"


def test_routing_comes_first_and_no_hard_question(
    make_app: Callable[..., Flask], matcher: Planned
) -> None:
    matcher.plan = planned(("extent", 9.0, 9.0), ("pregnant", 8.0, 8.0))
    person = Person(make_app(matcher=matcher).test_client())
    person.begin()
    assert key_of(person) == "cancer_status"
    person.send(answer="now")
    assert key_of(person) == "cancer"


def test_the_way_stops_when_nothing_can_change_the_first_page(
    planner: Person, matcher: Planned
) -> None:
    matcher.plan = planned(("er", 3.0, 1.0), ("her2", 2.0, 0.0), ("gender", 1.0, 0.0))
    assert asked_now(planner) == "er"
    assert told_place(planner) == "Tests of the cancer · Last question for now"
    planner.send(answer="positive")
    assert planner.path == "/check"
    told = html.unescape(planner.page)
    assert "The questions that are left would not change the first reviews" in told
    assert "Answer more questions" in told
    for key in ("her2", "gender"):
        assert f'href="/questions/{key}?from=check"' in planner.page


def test_whoever_wants_to_go_on_gets_all_that_is_left(planner: Person, matcher: Planned) -> None:
    matcher.plan = planned(("her2", 2.0, 0.0), ("gender", 1.0, 0.0))
    assert asked_now(planner) == "her2"
    assert told_place(planner) == "Tests of the cancer · Question 3 of at most 10"
    planner.send(answer="negative")
    assert key_of(planner) == "gender"
    assert told_place(planner) == "About you · Last question for now"
    planner.open(back_of(planner))
    assert key_of(planner) == "her2"
    planner.send(answer="positive")
    assert key_of(planner) == "gender"
    planner.send(answer="woman")
    assert planner.path == "/check"
    assert "Answer more questions" not in planner.page
    assert "The questions that are left" not in planner.page


def test_while_something_can_change_the_check_does_not_say_enough(
    planner: Person, matcher: Planned
) -> None:
    matcher.plan = planned(("er", 3.0, 1.0))
    planner.open("/check")
    assert "Answer more questions" in planner.page
    assert "The questions that are left" not in planner.page


def test_an_answered_question_keeps_its_place(planner: Person, matcher: Planned) -> None:
    matcher.plan = planned(("her2", 2.0, 1.0), ("er", 1.0, 1.0), ("gender", 0.5, 1.0))
    asked_now(planner)
    assert told_place(planner) == "Tests of the cancer · Question 3 of at most 10"
    planner.send(answer="negative")
    assert told_place(planner) == "Tests of the cancer · Question 4 of at most 10"
    assert back_of(planner) == "/questions/her2"
    # The plan turns round: what was answered stays where it was.
    matcher.plan = planned(("gender", 9.0, 1.0), ("er", 4.0, 1.0))
    planner.open("/questions/her2")
    assert told_place(planner) == "Tests of the cancer · Question 3 of at most 10"
    assert back_of(planner) == "/questions/cancer"
    planner.send(answer="positive")
    assert key_of(planner) == "er"
    assert told_place(planner) == "Tests of the cancer · Question 4 of at most 10"
    assert back_of(planner) == "/questions/her2"
    planner.open("/questions/cancer")
    assert back_of(planner) == "/questions/cancer_status"
    planner.open("/questions/cancer_status")
    assert back_of(planner) == "/who"


def test_going_back_all_the_way_shows_every_question_that_was_asked(person: Person) -> None:
    person.begin()
    seen = []
    for _ in range(7):
        seen.append(key_of(person))
        beside = 'name="number"' in person.page or "<select" in person.page
        person.send(**{"choice" if beside else "answer": BREAST.get(seen[-1], "unknown")})
    back = []
    person.open(back_of(person))
    while key_of(person) != "/who":
        back.append(key_of(person))
        person.open(back_of(person))
    assert back == seen[::-1]


@pytest.mark.parametrize("answer", ["unknown", "declined"])
def test_a_hard_question_that_was_skipped_does_not_come_back(
    planner: Person, matcher: Planned, answer: str
) -> None:
    matcher.plan = planned(("extent", 3.0, 1.0), ("er", 1.0, 1.0))
    assert asked_now(planner) == "extent"
    planner.send(answer=answer)
    assert key_of(planner) == "er"
    planner.open("/check")
    assert 'href="/questions/er?from=check"' in planner.page
    planner.send("/questions/er", answer="unknown")
    assert asked_now(planner) == "/check"


def test_what_the_plan_holds_and_nothing_carries_is_not_asked(
    make_app: Callable[..., Flask], matcher: Planned
) -> None:
    matcher.plan = planned(("er", 9.0, 1.0), ("lines", 8.0, 1.0), ("main_cancer", 7.0, 1.0))
    person = Person(make_app(matcher=matcher).test_client())
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", "unknown")
    assert asked_now(person) == "/check"


@pytest.mark.parametrize("path", ["/questions", "/questions/er", "/check", "/results"])
def test_one_page_makes_one_plan(planner: Person, matcher: Planned, path: str) -> None:
    matcher.plan = planned(("er", 9.0, 1.0), ("her2", 8.0, 1.0))
    matcher.asked = 0
    response = planner.client.get(path)
    assert response.status_code in (200, 303)
    assert matcher.asked == 1


def test_an_answer_makes_one_plan_and_no_match(
    planner: Person, matcher: Planned, monkeypatch: pytest.MonkeyPatch
) -> None:
    matcher.plan = planned(("er", 9.0, 1.0), ("her2", 8.0, 1.0))
    planner.open("/questions/er")
    matcher.asked = 0
    matched: list[object] = []
    monkeypatch.setattr(Planned, "match", lambda *_, **__: matched.append(1))
    code = re.search(r'name="csrf_token" value="([^"]+)"', planner.page)
    assert code is not None
    sent = {"csrf_token": code[1], "answer": "positive"}
    assert planner.client.post("/questions/er", data=sent).location == "/questions/her2"
    assert (matcher.asked, matched) == (1, [])
    assert planner.client.get("/questions/her2").status_code == 200
    assert (matcher.asked, matched) == (2, [])


def test_the_plan_is_of_the_answers_that_were_just_given(
    make_app: Callable[..., Flask], book: Rulebook
) -> None:
    matcher = Matcher(book, [study("a", *ER), study("b", "breast_cancer", "her2_low")])
    person = Person(make_app(matcher=matcher).test_client())
    person.begin()
    for key, value in {**BREAST, "er": "positive", "her2": "low"}.items():
        person.answer(key, value)
    assert person.path == "/check"
