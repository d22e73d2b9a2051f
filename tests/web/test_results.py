"""Results and a study's page: the agreed words, marks first, reasons, points that add up."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask

from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher
from matcher.web.filters import topic_name
from tests.web.catalogue import CAMIZESTRANT, LABEL
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

COUNTED = re.compile(r"\d+ of the \d+|the one review")


def best_box(results: str) -> str:
    """The box of the best questions."""
    return results.split('id="best"')[1].split("</section>", maxsplit=1)[0]


def titles(results: str) -> set[str]:
    """The keys of the studies that a page shows."""
    return set(re.findall(r'href="/studies/([^"?]+)"', results))


def test_results_are_narrowed_by_topic_and_kind(person: Person) -> None:
    everything = titles(page(reader(person), "/results"))
    genes = page(person, "/results?topic=genes")
    assert titles(genes) < everything
    assert CAMIZESTRANT in titles(genes)
    assert "a-drug-slows-her2-low-tumors-in-mice" not in titles(genes)
    assert "Showing only: Genes and mutations" in genes
    counted = sum(int(n) for n in re.findall(r"(?:level__count|soft)\">\(?(\d+) review", genes))
    assert counted == len(titles(genes))
    assert f"{counted} reviews are of this topic and kind." in genes
    assert 'href="/results">Clear filter' in genes
    level = page(person, "/results/fits?topic=genes")
    assert titles(level) == {CAMIZESTRANT}
    assert 'action="/results/fits"' in level


def test_narrowing_that_leaves_nothing_says_so_and_leads_back(person: Person) -> None:
    results = page(reader(person), "/results?topic=genes&kind=Personal+Story")
    assert titles(results) == set()
    assert "No review is of this topic and kind" in results
    assert 'href="/results">Show all' in results
    nothing = page(person, "/results/fits?kind=Personal+Story")
    assert titles(nothing) == set()
    assert "No review is of this topic and kind" in nothing
    assert 'href="/results/fits">Show all' in nothing


def test_no_count_of_all_reviews_stands_beside_some_of_them(person: Person) -> None:
    reader(person, tested=False)
    assert COUNTED.search(words_of(best_box(page(person, "/results"))))
    for path in ("/results?topic=genes", "/results?kind=Study"):
        box = words_of(best_box(page(person, path)))
        assert "could tell us more about some reviews" in box
        assert not COUNTED.search(box)


def test_narrowing_knows_no_other_words(person: Person) -> None:
    everything = titles(page(reader(person), "/results"))
    for words in ("topic=nonsense", "kind=<script>", "topic=%00&kind=", "er=positive"):
        assert titles(page(person, f"/results?{words}")) == everything
        assert "Showing only" not in person.page


def test_a_new_topic_needs_no_text_but_may_have_one(book: Rulebook) -> None:
    topics = {tag.topic for tag in book.tags.values()}
    assert all(f"topic_{topic}" in book.texts for topic in topics)


def test_a_topic_without_a_text_is_shown_by_its_own_word(app: Flask, book: Rulebook) -> None:
    with app.test_request_context():
        assert topic_name("early_detection", book) == "Early detection"
        assert topic_name("genes", book) == "Genes and mutations"


def test_what_is_left_out_is_in_no_count(person: Person) -> None:
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    before = int(re.findall(r"We looked at (\d+) reviews", page(person, "/results"))[0])
    person.open("/check")
    person.send("/check/hard-topics", leave="out")
    results = page(person, "/results")
    after = int(re.findall(r"We looked at (\d+) reviews", results)[0])
    assert after < before
    assert CAMIZESTRANT not in titles(results)
    assert not COUNTED.search(words_of(best_box(results)))


# A study's page and where its questions lead back to


def test_a_study_s_questions_lead_back_to_it(person: Person) -> None:
    place = f"/studies/{CAMIZESTRANT}"
    study_page = page(reader(person, tested=False), place)
    link = f"/questions/tumor?from=study&study={CAMIZESTRANT}"
    assert f'href="{link}"' in study_page
    person.open(link)
    person.send(answer="named")
    person.send(answer="ESR1")
    person.send(**{"result-ESR1": "mutation"})
    assert person.path == place
    assert "lv-fits" in person.page


@pytest.mark.parametrize("key", ["nothing", "//evil.example", "https://evil.example", ""])
def test_only_a_study_of_the_catalogue_is_led_back_to(person: Person, key: str) -> None:
    reader(person)
    person.open(f"/questions/er?from=study&study={key}")
    person.send(answer="positive")
    assert "evil" not in person.path
    assert not person.path.startswith("/studies")


def test_the_address_to_share_holds_no_answer_and_stands_as_text(person: Person) -> None:
    found = page(reader(person), f"/studies/{CAMIZESTRANT}?topic=x")
    address = f'id="address" readonly value="http://localhost/studies/{CAMIZESTRANT}"'
    assert address in found
    assert 'for="address"' in found


def test_marks_say_what_they_mean_and_only_grave_ones_are_loud(person: Person) -> None:
    place = "/studies/a-drug-slows-her2-low-tumors-in-mice"
    told = words_of(page(reader(person), place))
    assert "In animals, not yet in people. It was tried on animals." in told
    assert '<li class="mark mark--loud">In animals' in person.page
    assert '<li class="mark">Older' in page(person, "/results")


def test_who_answers_for_somebody_is_told_whom_the_reasons_are_about(person: Person) -> None:
    person.begin("other")
    person.answer("cancer_status", "never")
    person.answer("er", "positive")
    notice = page(person, "/results").split('<section class="notice">')[1].split("</section>")[0]
    assert "You said that the person you care for never had cancer" in notice


def test_a_study_tells_every_reason_and_its_points_add_up(person: Person) -> None:
    study = page(reader(person), f"/studies/{CAMIZESTRANT}")
    assert study.count('class="chip v-yes"') == 5 + 3
    assert "You said: estrogen receptor (ER) – “ER-positive”." in study
    assert LABEL in study
    assert "people with ER/PR + cancer" in study
    assert "April 30, 2026" in study
    assert "As of February 19, 2026" in study
    numbers = [int(n) for n in re.findall(r'cell--numeric">(\d+)<', study)]
    assert len(numbers) == 5
    assert sum(numbers[:-1]) == numbers[-1]
    assert "Points only set the order. They say nothing about how well a treatment works." in study
    assert 'href="https://www.facingourrisk.org/XRAY/' in study
    assert 'rel="noopener noreferrer"' in study


def test_a_study_without_answers_says_nothing_of_anybody(person: Person) -> None:
    study = page(person, f"/studies/{CAMIZESTRANT}")
    assert 'class="chip' not in study
    assert "How this was ranked" not in study
    assert "See whether this concerns you" in study
    assert LABEL in study


def test_words_that_were_not_read_are_marked_in_the_label(person: Person) -> None:
    page(person, "/studies/dense-breasts-a-story")
    marked = "<mark>&lt;script&gt;alert(1)&lt;/script&gt;</mark>"
    assert f"Women with dense breasts {marked}" in person.page
    assert "We could not use the marked words" in person.page


def test_only_links_to_web_pages_become_links(person: Person) -> None:
    page(person, "/studies/dense-breasts-a-story")
    assert "javascript:" not in person.page
    assert "Read the whole review" not in person.page


@pytest.mark.parametrize("path", ["/studies/nothing", "/studies/%00", "/studies/" + "x" * 2000])
def test_there_is_no_other_study(person: Person, path: str) -> None:
    assert person.open(path).status_code == 404


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
    assert person.page.count("do not go together") >= 1
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
