"""The way: one question a page, each answer kept, changed, skipped, declined or refused kindly."""

from __future__ import annotations

import html
import re

import pytest

from matcher.core.rulebook import Rulebook
from matcher.web import way
from tests.web.catalogue import CAMIZESTRANT
from tests.web.person import Person
from tests.web.test_results import words_of

KNOWN = {
    "cancer_status": "now",
    "cancer": "breast",
    "extent": "metastatic",
    "er": "positive",
    "her2": "negative",
}


def walk(person: Person, book: Rulebook, answers: dict[str, str]) -> list[str]:
    """Answer every question that comes, "not sure" where nothing is known; the keys asked.

    At each pause go on; the way ends where going on leads back to the check page.
    """
    asked: list[str] = []
    while len(asked) < 60:
        if person.path == "/check":
            person.open("/questions")
            if person.path == "/check":
                break
        key = person.path.split("/")[2].split("?")[0]
        asked.append(key)
        beside = book.attributes[key].kind == "integer" or key == "country"
        value = answers.get(key, "unknown")
        response = person.send(**{"choice" if beside and value == "unknown" else "answer": value})
        assert response.status_code == 200, (key, response.status_code)
    return asked


def test_every_question_is_asked_once_and_the_way_ends_at_the_check(
    person: Person, book: Rulebook
) -> None:
    person.begin()
    asked = walk(person, book, KNOWN)
    assert person.path == "/check"
    assert asked[:2] == ["cancer_status", "cancer"]
    assert len(asked) == len(set(asked))
    assert {"extent", "er", "her2", "tumor", "inherited"} <= set(asked)


def test_after_a_round_of_answers_the_way_pauses(
    person: Person, book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(way, "ROUND", 3)
    person.begin()
    count = 0
    while person.path.startswith("/questions/"):
        assert f"Question {count + 1} of at most 3" in person.page
        assert "Last question" not in person.page  # more can follow: it is a pause
        key = person.path.split("/")[2]
        beside = book.attributes[key].kind == "integer" or key == "country"
        person.send(**{"choice" if beside else "answer": "unknown"})
        count += 1
    assert (count, person.path) == (3, "/check")
    assert "Answer more questions" in person.page
    assert "Show my results" in person.page


def test_what_can_settle_nothing_any_more_is_not_asked(person: Person, book: Rulebook) -> None:
    person.begin()
    asked = walk(person, book, {**KNOWN, "inherited": "clear"})
    # ER-positive settles "ER or PR", the only thing that any label asks of PR.
    assert "er" in asked
    assert "pr" not in asked


def test_what_cannot_apply_is_not_asked(person: Person, book: Rulebook) -> None:
    person.begin()
    asked = walk(person, book, {"cancer_status": "never"})
    assert not {"cancer", "extent", "er", "her2", "tumor", "treatments"} & set(asked)


def test_the_main_cancer_is_asked_only_of_those_with_several(
    person: Person, book: Rulebook
) -> None:
    person.begin()
    assert "main_cancer" not in walk(person, book, KNOWN)
    person.begin("other", anew="yes")
    person.answer("cancer_status", "now")
    person.answer("cancer", ["breast", "ovarian"])
    assert person.path == "/questions/main_cancer"
    assert set(re.findall(r'type="radio" value="(\w+)"', person.page)) == {
        "breast",
        "ovarian",
        "unknown",
        "declined",
    }


def test_back_leads_to_the_question_before(person: Person) -> None:
    person.begin()
    assert 'class="govuk-back-link" href="/who"' in squeezed(person.page)
    person.send(answer="now")
    assert person.path == "/questions/cancer"
    back = re.search(r'<a href="([^"]+)" class="govuk-back-link"', person.page)
    assert back is not None
    person.open(back[1])
    assert re.search(r'value="now"\s+checked', person.page)


def squeezed(page: str) -> str:
    """Links with their class before their address, whichever way the component writes them."""
    return re.sub(r'<a href="([^"]*)" class="([^"]*)"', r'<a class="\2" href="\1"', page)


def test_results_may_be_seen_from_the_second_question_on(person: Person) -> None:
    person.begin()
    assert "Show my results now" not in person.page
    person.send(answer="now")
    assert "Show my results now" in person.page
    person.send(then="results")
    assert person.path == "/results"


def test_show_my_results_keeps_the_answer_that_was_chosen(person: Person) -> None:
    person.begin()
    person.send(answer="now")
    person.send(then="results", answer="ovarian")
    assert person.path == "/results"
    assert "Ovarian cancer" in person.page


def test_show_my_results_does_not_hide_a_fault(person: Person) -> None:
    person.begin()
    person.open("/questions/age")
    assert person.send(then="results", number="abc").status_code == 422


def test_where_one_stands_is_told_in_words(person: Person) -> None:
    person.begin()
    assert re.search(r"Your cancer · Question 1 of at most 10", person.page)
    person.send(answer="now")
    assert re.search(r"Your cancer · Question 2 of at most 10", person.page)


def test_not_sure_is_kept_as_not_known_and_not_asked_again(person: Person, book: Rulebook) -> None:
    person.begin()
    person.send(answer="unknown")
    asked = walk(person, book, {})
    assert "cancer_status" not in asked
    assert "Not sure yet" in person.page
    assert "I'm not sure" in html.unescape(person.page)


def test_what_was_declined_is_not_asked_again_but_can_be_changed(
    person: Person, book: Rulebook
) -> None:
    person.begin()
    person.answer("extent", "declined")
    person.open("/questions")
    assert "extent" not in walk(person, book, KNOWN)
    assert person.path == "/check"
    name = book.attributes["extent"].name.en
    assert f"{name} You would rather not say Change" in words_of(person.page)
    for path in ("/results", "/sheet"):
        person.open(path)
        assert "You would rather not say" not in person.page, path
    person.open("/questions/extent")
    assert re.search(r'value="declined"\s+checked', person.page)


def test_an_answer_is_changed_from_the_check_page(person: Person) -> None:
    person.begin()
    person.answer("er", "positive")
    person.open("/check")
    assert "/questions/er?from=check" in person.page
    person.open("/questions/er?from=check")
    person.send(answer="negative")
    assert person.path == "/check"
    assert "ER-negative" in person.page
    assert "ER-positive" not in person.page


def test_an_answer_from_the_results_leads_back_there(person: Person) -> None:
    person.begin()
    person.open("/questions/er?from=results")
    person.send(answer="positive")
    assert person.path == "/results"


def test_a_list_is_kept_whole(person: Person) -> None:
    person.begin()
    person.answer("cancer", ["breast", "unknown"])
    person.open("/check")
    assert "Breast cancer; there may be more" in person.page


@pytest.mark.parametrize(
    "path", ["/check", "/results", "/questions", "/questions/er", "/questions/tumor/genes"]
)
def test_without_a_visit_every_page_says_so_kindly(person: Person, path: str) -> None:
    assert person.open(path).status_code == 200
    assert "There are no answers here" in person.page


def test_somebody_who_cares_is_asked_about_the_other_person(person: Person, book: Rulebook) -> None:
    person.begin("other")
    assert book.attributes["cancer_status"].question_other.en in html.unescape(person.page)
    person.answer("er", "positive")
    person.open("/results")
    assert "with the person you care for in mind" in person.page


def test_after_a_loss_the_questions_are_about_oneself(person: Person, book: Rulebook) -> None:
    person.begin("loss")
    assert book.attributes["cancer_status"].question.en in html.unescape(person.page)


def test_whom_it_is_about_must_be_chosen(person: Person) -> None:
    person.open("/who")
    assert person.send(about="cat").status_code == 422
    assert "Choose whom the answers are about" in person.page


@pytest.mark.parametrize(("age", "leads_to"), [("17", "/under-18"), ("0", "/under-18")])
def test_the_young_get_a_kind_page(person: Person, age: str, leads_to: str) -> None:
    person.begin()
    person.answer("er", "positive")
    person.open("/questions/age")
    person.send(number=age)
    assert person.path == leads_to
    for path in ("/results", "/check", "/questions", "/results/fits", "/sheet"):
        person.open(path)
        assert person.path == "/under-18", path
    person.open("/questions/age")
    person.send(number="71")
    person.open("/results")
    assert person.path == "/results"


def test_hard_topics_can_be_left_out_and_put_back(person: Person) -> None:
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    person.open("/results")
    assert "on a hard topic. Open if you wish." in person.page
    person.open("/check")
    person.send("/check/hard-topics", leave="out")
    person.open("/results")
    assert "You asked us to leave out one review on a hard topic." in person.page
    assert "Treating advanced breast cancer" not in person.page
    person.open("/check")
    person.send("/check/hard-topics", leave="in")
    person.open("/results")
    assert "Treating advanced breast cancer" in person.page


def test_no_answer_stands_in_an_address_or_a_title(person: Person, book: Rulebook) -> None:
    person.begin()
    paths = {person.path}
    titles = set()
    while person.path.startswith("/questions/"):
        key = person.path.split("/")[2]
        beside = book.attributes[key].kind == "integer" or key == "country"
        person.send(**{"choice" if beside else "answer": KNOWN.get(key, "unknown")})
        paths.add(person.path)
        titles.add(re.search(r"<title>(.*?)</title>", person.page, re.DOTALL)[1])  # type: ignore[index]
    for told in ("metastatic", "positive", "negative"):
        assert not [path for path in paths if told in path]
    assert not [title for title in titles if "spread to distant" in title.lower()]


def test_one_answer_that_is_added_or_changed_is_not_counted(person: Person) -> None:
    person.begin()
    person.answer("cancer_status", "now")
    for place in ("check", "results", "study&study=" + CAMIZESTRANT):
        person.open(f"/questions/er?from={place}")
        assert '<p class="progress">Tests of the cancer</p>' in person.page, place
    person.open("/questions/er?from=more")
    assert "Question 2 of at most 10" in person.page
