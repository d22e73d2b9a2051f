"""Terms: explained on a page of their own, and in place where a page first uses them."""

from __future__ import annotations

import html
import re
import time
from collections.abc import Callable

import pytest
from flask import Flask, g
from markupsafe import Markup

from matcher.core.rulebook import Rulebook
from matcher.web.alphabet import collation, first_letter
from matcher.web.terms import MOST_IN_TEXT, MOST_ON_PAGE
from tests.web.catalogue import CAMIZESTRANT
from tests.web.person import Person

HOLDS_TAGS = re.compile(r"<[^>]*>")


@pytest.fixture
def explain(make_app: Callable[..., Flask]) -> Callable[..., str]:
    """The filter, on a page of its own for each call."""
    app = make_app()

    def run(*texts: str, language: str = "en") -> str:
        with app.test_request_context(headers={"Accept-Language": language}):
            return "".join(app.jinja_env.filters["explained"](text) for text in texts)

    return run


def explained(page: str) -> list[str]:
    """The words that a page explains, as they stand in its text."""
    return [html.unescape(word) for word in re.findall(r'class="term"[^>]*>([^<]+)<', page)]


def test_the_longest_word_wins_once(explain: Callable[..., str]) -> None:
    said = explain("HER2-low is not HER2.", "HER2-low again, and ER.")
    assert explained(said) == ["HER2-low", "HER2", "ER"]
    assert said.count('id="term-her2_low"') == 1


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Lymph nodes are small glands.", "en", ["Lymph nodes"]),
        ("Some PARP inhibitors help.", "en", ["PARP inhibitors"]),
        ("However, her PRESS card never mattered: per, er.", "en", []),
        ("ER+ and ER-positive", "en", ["ER-positive"]),
        ("Busque RE en los ganglios.", "es", ["RE", "ganglios"]),
        ("Las mutaciones y las metástasis", "es", ["mutaciones", "metástasis"]),
        ("de re a se", "es", []),
    ],
)
def test_words_are_found_whole(
    explain: Callable[..., str], text: str, language: str, found: list[str]
) -> None:
    assert explained(explain(text, language=language)) == found


def test_text_is_escaped_and_markup_is_not_escaped_again(explain: Callable[..., str]) -> None:
    said = explain('<script>alert("ER")</script>')
    assert "<script" not in said
    assert explained(said) == ["ER"]
    assert "&amp;" not in explain(Markup("a &lt; b"))


def test_links_buttons_and_headings_are_left_alone(explain: Callable[..., str]) -> None:
    said = explain(Markup('<h2>ER</h2><a href="/ER">ER</a> <em>ER</em>'))
    assert said.startswith('<h2>ER</h2><a href="/ER">ER</a> <em><button')


@pytest.mark.parametrize(
    "tag",
    [
        '<em title="a > ER">',
        "<em title='\"> ER'>",
        '<a title="ER > ER" href=x>',
        '<em title="ER > ER',
    ],
)
def test_a_quoted_value_is_part_of_its_tag(explain: Callable[..., str], tag: str) -> None:
    said = explain(Markup(f"{tag}x"))
    assert said == f"{tag}x"
    assert explained(explain(Markup('<em title="a > b">ER</em>'))) == ["ER"]


@pytest.mark.parametrize("broken", ["<", '<"', "<'\"", "<a b='", "\"<\"'<'", '<a>"'])
def test_broken_markup_takes_no_longer_the_more_there_is(
    explain: Callable[..., str], broken: str
) -> None:
    text = Markup(broken * 20_000)
    began = time.perf_counter()
    explain(text)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ('A "biopsy", or two', ("&#34;", "&#34;,")),
        ("A test (biopsy). Then", ("(", ").")),
        ("A biopsy; then", ("", ";")),
        ("A biopsy of it", None),
    ],
)
def test_punctuation_stays_with_its_word(
    explain: Callable[..., str], text: str, whole: tuple[str, str] | None
) -> None:
    said = explain(text)
    found = re.search(
        r'<span class="term-whole">([^<]*)<button.*?</strong>.*?</span>([^<]*)<', said
    )
    assert (found and found.groups()) == whole
    assert explained(said) == ["biopsy"]


@pytest.mark.parametrize(("language", "word"), [("en", "Close"), ("es", "Cerrar")])
def test_what_opens_has_a_button_that_closes_it(
    explain: Callable[..., str], language: str, word: str
) -> None:
    said = explain("A biopsy. Una biopsia.", language=language)
    close = 'popovertarget="term-biopsy" popovertargetaction="hide"'
    assert f'<button type="button" class="term-close" {close}>{word}</button></span>' in said


def test_a_text_and_a_page_stay_calm(explain: Callable[..., str]) -> None:
    words = "biopsy, chemotherapy, DNA, ESR1, HRD, IHC, LCIS, lobular, LYNCH, mastectomy, PSA, VUS"
    assert len(explained(explain(words))) == MOST_IN_TEXT
    assert len(explained(explain(words, words, words, words, words))) == MOST_ON_PAGE


def test_each_button_opens_its_own_meaning(explain: Callable[..., str]) -> None:
    said = explain("A biopsy")
    button = re.search(r'<button type="button" class="term" popovertarget="([^"]+)">', said)
    assert button is not None
    assert f'id="{button[1]}" popover>' in said
    assert "(what is this?)</span></button>" in said


def test_questions_and_studies_explain_their_words(person: Person) -> None:
    person.begin()
    person.open("/questions/her2")
    assert "HER2" in explained(person.page)
    legend = re.search(r"<legend.*?</legend>", person.page, re.DOTALL)
    assert legend is not None
    assert "popover" not in legend[0]
    person.answer("cancer", "breast")
    person.open(f"/studies/{CAMIZESTRANT}")
    assert explained(person.page)
    ids = re.findall(r'\sid="(term-[^"]+)"', person.page)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(("language", "title"), [("en", "Words explained"), ("es", "Palabras")])
def test_every_term_stands_on_the_page(
    make_app: Callable[..., Flask], book: Rulebook, language: str, title: str
) -> None:
    person = Person(make_app().test_client(), **{"Accept-Language": language})
    person.open("/")
    assert 'href="/glossary"' in person.page
    person.open("/glossary")
    assert title in person.page
    shown = html.unescape(person.page)
    for term in book.glossary:
        assert f'id="{term.key}"' in person.page
        assert term.name.in_(language) in shown
        assert term.meaning.in_(language) in shown
    letters = re.findall(r'href="#(letter-\w)"', person.page)
    assert letters == sorted(letters)
    assert letters == re.findall(r'<h2[^>]* id="(letter-\w)"', person.page)


def test_the_alphabet_knows_accents_and_the_letter_after_n() -> None:
    names = ["Ñandú", "Noche", "Índice", "informe", "Nz", "Oído"]
    assert sorted(names, key=collation) == ["Índice", "informe", "Noche", "Nz", "Ñandú", "Oído"]
    assert [first_letter(name) for name in ("Ñandú", "Índice", "ER")] == ["Ñ", "I", "E"]


def test_it_costs_a_page_next_to_nothing(make_app: Callable[..., Flask]) -> None:
    app = make_app()
    text = "It is about cancer that is of another kind. We do not know this yet. " * 2
    with app.test_request_context():
        run = app.jinja_env.filters["explained"]
        began = time.perf_counter()
        for _ in range(300):
            run(text)
        spent = time.perf_counter() - began
        assert not g.terms_told
    assert spent < 0.3, f"{spent:.3f} s for 300 texts"
