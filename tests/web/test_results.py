"""Results and a study's page: the agreed words, marks first, reasons, points that add up."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask

from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher
from tests.web.person import Person
from tests.web.test_asked import study

READER = {
    "cancer_status": "now",
    "cancer": "breast",
    "extent": "metastatic",
    "er": "positive",
    "her2": "negative",
}
FIRST_LEVEL_NOTE = (
    "This does not mean that the treatment works for you, is right for you, or can be had."
)


def reader(person: Person, *, tested: bool = True, **other: str) -> Person:
    """The person whom the camizestrant review was written for."""
    person.begin()
    for key, value in {**READER, **other}.items():
        person.answer(key, value)
    if tested:
        person.answer_gene("tumor", "ESR1", "mutation")
    return person


def page(person: Person, path: str) -> str:
    """A page's HTML with its characters as they are read."""
    assert person.open(path).status_code == 200
    return html.unescape(person.page)


def card(results: str, title: str) -> str:
    """The card of one study."""
    found = [part for part in results.split('<li class="card') if title in part]
    return found[0].split("</article>")[0]


def words_of(markup: str) -> str:
    """The text alone, its blanks folded."""
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def titles(results: str) -> set[str]:
    """The keys of the studies that a page shows."""
    return set(re.findall(r'href="/studies/([^"?]+)"', results))


def test_the_reader_of_a_review_sees_it_first_with_every_criterion_ticked(person: Person) -> None:
    results = page(reader(person), "/results")
    first = results.split('<li class="card')[1]
    assert "lv-fits" in first
    assert "Treating advanced breast cancer with ESR1 mutations" in first
    assert first.count('class="chip v-yes"') == 5
    assert 'class="chip v-unknown"' not in first.split("</article>")[0]
    assert results.count(FIRST_LEVEL_NOTE) == 1


def test_without_the_test_it_may_fit_and_says_what_to_ask(person: Person) -> None:
    results = page(reader(person, tested=False), "/results")
    found = card(results, "Treating advanced breast cancer")
    assert "lv-may_fit" in found
    assert "May be about you: It depends on “ESR1 mutation in the tumor" in words_of(found)
    assert found.count('class="chip v-unknown"') == 1
    assert "Ask your doctor" in found
    assert "Has my tumor been tested for gene changes" in found
    assert FIRST_LEVEL_NOTE not in results


def test_with_her2_positive_disease_it_is_at_most_related_and_says_why(person: Person) -> None:
    results = page(reader(person, her2="positive"), "/results")
    found = card(results, "Treating advanced breast cancer")
    assert "lv-related" in found
    assert re.search(r'class="chip v-no"[^§]*?HER2-negative', found)
    assert "Ask your doctor" not in found


def test_marks_stand_before_everything_else(person: Person) -> None:
    found = card(page(reader(person), "/results"), "HER2-low tumors in mice")
    assert found.index("In animals, not yet in people") < found.index("A drug slows")
    assert found.index("In animals, not yet in people") < found.index("May be about you")


def test_ratings_stand_apart_under_their_own_names(person: Person) -> None:
    found = words_of(card(page(reader(person), "/results"), "HER2-low tumors in mice"))
    text = "The review's own ratings, the same for everyone Relevance: Low"
    assert f"{text} Strength of science: Medium Research stage: Lab Animals People" in found
    assert re.search(r'<li aria-current="step">Animals', person.page)


def test_no_percentage_and_no_count_of_criteria_is_shown(person: Person) -> None:
    shown = words_of(page(reader(person), "/results"))
    assert "%" not in shown
    assert not re.search(r"\b\d+ (of|out of) \d+\b", shown)


def test_lower_levels_are_folded(person: Person) -> None:
    results = page(reader(person), "/results")
    for level in ("We can't tell yet", "About a different situation", "Does not say whom it is"):
        fold = results.index(f"<summary>{level}")
        assert results.rfind("<details", 0, fold) > results.rfind("</details>", 0, fold)
    assert not re.search(r"<details[^>]*\sopen", results)


def test_a_different_study_says_what_it_is_about(person: Person) -> None:
    results = page(reader(person), "/results")
    row = results[results.index("Genes in prostate cancer") :]
    assert "It is about prostate cancer." in words_of(row.split("</li>")[0])


def test_hard_topics_are_folded_until_they_concern_the_person(person: Person) -> None:
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    results = page(person, "/results")
    title = results.index("Treating advanced breast cancer")
    fold = results.index("One review on a hard topic. Open if you wish.")
    assert fold < title < results.index("</details>", fold)
    person.answer("extent", "metastatic")
    assert "hard topic" not in page(person, "/results")


def test_replaced_reviews_are_in_no_list_and_keep_their_page(person: Person) -> None:
    assert "An old review" not in page(reader(person), "/results")
    assert "A newer review has replaced this one" in page(person, "/studies/replaced")


def test_answers_are_repeated_beside_the_results(person: Person) -> None:
    results = page(reader(person), "/results")
    aside = words_of(results[results.index("<aside") :])
    assert "Your answers" in aside
    assert "Estrogen receptor (ER) ER-positive" in aside
    assert "ESR1: mutation found" in aside


def test_contradictions_are_told_with_both_answers_and_a_link_to_each(person: Person) -> None:
    reader(person)
    person.answer("triple_negative", "yes")
    for path, place in (("/check", "check"), ("/results", "results")):
        notice = page(person, path).split('<section class="notice">')[1].split("</section>")[0]
        assert "Two of your answers do not go together" in notice
        for key in ("er", "triple_negative"):
            assert f'href="/questions/{key}?from={place}"' in notice
        assert "ER-positive" in notice


def test_answers_that_contradict_are_marked_as_left_out(person: Person) -> None:
    reader(person)
    assert "left out for now" not in page(person, "/check") + page(person, "/results")
    person.answer("triple_negative", "yes")
    for path in ("/check", "/results"):
        told = words_of(page(person, path))
        assert told.count("(left out for now)") == 2
        assert "ER-positive (left out for now)" in told
        assert "HER2-negative (left out for now)" not in told


def test_with_nothing_known_the_page_helps(person: Person) -> None:
    person.begin()
    results = page(person, "/results")
    assert "We know too little yet, and that is fine" in results
    assert "names the kind of cancer" in results
    assert "Answer more questions" in results
    assert 'id="best"' in results


def test_who_is_about_nothing_here_is_told_what_that_means(
    make_app: Callable[..., Flask], book: Rulebook
) -> None:
    person = Person(make_app(matcher=Matcher(book, [study("a", "prostate_cancer")])).test_client())
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    results = page(person, "/results")
    assert "Nothing here is clearly about you yet" in results
    assert "You can change an answer" in results
    assert "We know too little" not in results


# Narrowing


# A study's page and where its questions lead back to


@pytest.mark.parametrize(
    "path", ["/results/best", "/results/fits?page=x", "/results/fits?page=" + "9" * 5000,
             "/results/fits?page=99", "/results/fits?page=-1"]
)  # fmt: skip
def test_there_is_no_other_page_of_results(person: Person, path: str) -> None:
    reader(person)
    assert person.open(path).status_code == 404


def test_the_page_on_the_order_gives_the_numbers_of_the_rules(person: Person) -> None:
    told = words_of(page(person, "/ranking"))
    assert "How closely the label fits adds up to 14." in told
    assert "The review's own ratings add up to 6. A newer review gets up to 4." in told
    assert "Points only set the order. They say nothing about how well a treatment works." in told


def test_one_level_has_a_page_of_its_own(person: Person) -> None:
    level = page(reader(person), "/results/related?page=1")
    assert "Partly about you" in level
    assert "Ovary removal in people with BRCA mutations" in level


def test_several_contradictions_stand_in_one_box(person: Person) -> None:
    person.begin()
    for key, value in {"cancer": "breast", "er": "positive", "triple_negative": "yes"}.items():
        person.answer(key, value)
    person.answer("cancer_status", "never")
    person.open("/check")
    assert person.page.count("Some of your answers do not go together</h2>") == 1


def test_who_left_hard_topics_out_finds_none_in_a_different_situation_either(
    make_app: Callable[..., Flask], book: Rulebook
) -> None:
    hard = study("hard", "prostate_cancer", "metastatic")
    plain = study("plain", "prostate_cancer")
    person = Person(make_app(matcher=Matcher(book, [hard, plain])).test_client())
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    places = ("/results", "/results/different")
    for path in places:
        assert titles(page(person, path)) == {"hard", "plain"}
    person.open("/check")
    person.send("/check/hard-topics", leave="out")
    for path in places:
        assert titles(page(person, path)) == {"plain"}
    assert "You asked us to leave out one review" in page(person, "/results")
