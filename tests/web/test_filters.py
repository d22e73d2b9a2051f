"""Results narrowed by topic and kind, or without hard topics: what is shown and what is counted."""

from __future__ import annotations

import html
import re

from flask import Flask

from matcher.core.rulebook import Rulebook
from matcher.web.filters import topic_name
from tests.web.catalogue import CAMIZESTRANT
from tests.web.person import Person
from tests.web.test_results import page, reader, titles, words_of

COUNTED = re.compile(r"\d+ of the \d+|the one review")


def best_box(results: str) -> str:
    """The box of the best questions."""
    return results.split('id="best"')[1].split("</section>", maxsplit=1)[0]


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


def test_what_was_narrowed_to_nothing_can_still_be_taken_to_the_doctor(person: Person) -> None:
    results = page(reader(person), "/results?topic=genes&kind=Personal+Story")
    assert 'href="/sheet">Take this to my doctor' in results
    assert "says whom it is about" not in results
    assert "A review's label says whom it is about." in page(person, "/results?topic=genes")


def choices(results: str, name: str) -> dict[str, str]:
    """The words of a list that one can narrow by, by their values."""
    listed = results.split(f'name="{name}"')[1].split("</select>", maxsplit=1)[0]
    return dict(re.findall(r'<option value="([^"]+)"[^>]*>([^<]+)<', listed))


def test_only_what_has_reviews_behind_it_is_offered_with_their_number(person: Person) -> None:
    everything = choices(page(reader(person), "/results"), "kind")
    assert everything
    for kind, words in everything.items():
        shown = titles(page(person, f"/results?kind={kind}"))
        assert words.endswith(f" ({len(shown)})")
    of_genes = choices(page(person, "/results?topic=genes"), "kind")
    assert set(of_genes) < set(everything)
    for kind, words in of_genes.items():
        shown = titles(page(person, f"/results?topic=genes&kind={kind}"))
        assert words.endswith(f" ({len(shown)})")
        assert shown
    assert "(" not in choices(page(person, "/results/fits"), "kind")["Study"]


def test_no_count_of_all_reviews_stands_beside_some_of_them(person: Person) -> None:
    reader(person, tested=False)
    assert COUNTED.search(words_of(best_box(page(person, "/results"))))
    for path in ("/results?topic=genes", "/results?kind=Study"):
        box = words_of(best_box(page(person, path)))
        assert "could tell us more about some reviews" in box
        assert not COUNTED.search(box)


def test_who_answers_from_narrowed_results_comes_back_to_them(person: Person) -> None:
    narrowed = "/results?topic=genes&kind=Study"
    box = html.unescape(best_box(page(reader(person, tested=False), narrowed)))
    tumor = next(url for url in re.findall(r'href="([^"]+)"', box) if "/tumor?" in url)
    assert person.open(tumor).status_code == 200
    assert f'href="{narrowed}" class="govuk-back-link"' in html.unescape(person.page)
    person.send(answer="named")
    person.send(answer="ESR1")
    person.send(**{"result-ESR1": "mutation"})
    assert person.path == narrowed
    person.open("/questions/er?from=results&topic=nothing")
    person.send(answer="positive")
    assert person.path == "/results"


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
