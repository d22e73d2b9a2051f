"""Two languages on every page, chosen by the visitor, with what stays English marked as such."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask

from matcher.core.levels import Level
from matcher.core.rulebook import Rulebook
from tests.web.catalogue import CAMIZESTRANT
from tests.web.person import Person

PAGES = ["/", "/who", "/privacy", "/ranking", "/under-18", "/cleared", "/nowhere", "/results"]
ENGLISH = re.compile(
    r"\b(the|and|of|to|with|your|you|is|are|was|were|what|which|this|that|these|for|not|about|"
    r"answers?|have|does|did|from|by|or|if|when|we|it|at|can|may|be|how|who|whom|their|they|"
    r"please|more|than|only|also|all|each|one|care|treatment|review|reviews|stud(?:y|ies)|test)\b",
    re.IGNORECASE,
)
SPANISH = re.compile(
    r"\b(el|la|los|las|del|que|y|con|sus?|para|por|una?|está|este|esta|estos|estas|pero|como|más|"
    r"usted|quién|qué|cuál|cuáles|si|se|le|lo|es|son|tiene|respuestas?|preguntas?|estudios?|"
    r"reseñas?|médico|sobre|hay|cuando|puede|todavía|aún|sí)\b",
    re.IGNORECASE,
)


ANSWERS = {
    "cancer_status": "now",
    "cancer": "breast",
    "extent": "metastatic",
    "er": "positive",
    "triple_negative": "yes",
    "her2": "unknown",
    "stage": "2",
    "age": 50,
}


@pytest.fixture
def persona(make_app: Callable[..., Flask]) -> Person:
    """Somebody whose browser asks for Spanish."""
    return Person(make_app().test_client(), **{"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"})


def assert_escaped_once(page: str) -> None:
    """No character is written out by its number: it was escaped where it already was."""
    assert "&amp;#" not in page
    assert "&amp;amp;" not in page


def spoken(page: str, *, but: str = "es") -> str:
    """The words of a page in `but`, without what is marked as the other language."""
    other = "en" if but == "es" else "es"
    without = re.sub(rf'<(\w+)[^>]*\slang="{other}"[^>]*>.*?</\1>', " ", page, flags=re.DOTALL)
    # The names of countries are names.
    without = re.sub(r"<option.*?</option>", " ", without, flags=re.DOTALL)
    without = re.sub(r"<script.*?</script>|<style.*?</style>", " ", without, flags=re.DOTALL)
    text = html.unescape(" ".join(re.sub(r"<[^>]+>", " ", without).split()))
    # Addresses that are printed are no words.
    return re.sub(r"\S+\.\w+/\S*", " ", text)


def test_not_sure_is_escaped_once(person: Person) -> None:
    person.begin()
    person.answer("er", "unknown")
    person.answer("cancer", ["breast", "unknown"])
    person.answer_gene("tumor", "ESR1", "unknown")
    for path in ("/check", "/results"):
        person.open(path)
        assert_escaped_once(person.page)
    person.open("/check")
    assert html.unescape(person.page).count("I'm not sure") == 2


@pytest.mark.parametrize("path", PAGES)
def test_the_browsers_language_is_spoken(persona: Person, path: str) -> None:
    persona.open(path)
    assert '<html lang="es"' in persona.page
    assert ENGLISH.findall(spoken(persona.page)) == []


def test_the_whole_way_is_spanish(persona: Person, book: Rulebook) -> None:
    persona.begin()
    for key, attribute in book.attributes.items():
        persona.open(f"/questions/{key}")
        assert attribute.question.es in html.unescape(persona.page)
        assert_escaped_once(persona.page)
        found = ENGLISH.findall(spoken(persona.page))
        assert found == [], (key, found)
    persona.answer("cancer_status", "now")
    persona.answer("cancer", "breast")
    persona.answer("extent", "unknown")
    persona.answer_gene("tumor", "ESR1", "mutation")
    for path in ("/check", "/results", f"/studies/{CAMIZESTRANT}"):
        persona.open(path)
        assert ENGLISH.findall(spoken(persona.page)) == [], path
        assert_escaped_once(persona.page)


@pytest.mark.parametrize(("about", "language"), [("self", "en"), ("other", "es"), ("loss", "es")])
def test_no_page_of_the_way_mixes_languages(
    make_app: Callable[..., Flask], book: Rulebook, language: str, about: str
) -> None:
    """Every question, what stands between, and what comes out, as anybody may be led there."""
    foreign = ENGLISH if language == "es" else SPANISH
    person = Person(make_app().test_client(), **{"Accept-Language": language})
    found: list[tuple[str, str]] = []

    def look(path: str) -> None:
        person.open(path)
        found.extend((path, word) for word in foreign.findall(spoken(person.page, but=language)))

    look("/")
    look("/who")
    person.begin(about)
    for key in book.attributes:
        look(f"/questions/{key}")
    for key in ("er", "cancer", "age", "tumor"):
        person.open(f"/questions/{key}")
        person.send(answer="no such answer")
        found.extend(
            (f"{key} refused", word) for word in foreign.findall(spoken(person.page, but=language))
        )
    for key, value in ANSWERS.items():
        person.answer(key, value)
    person.answer("tumor", "named")
    look(person.path)
    person.answer_gene("tumor", "ESR1", "mutation")
    pages = ["/check", "/results", f"/studies/{CAMIZESTRANT}", "/sheet", "/answers", "/glossary"]
    pages += [f"/results/{level.word}" for level in Level]
    for path in (*pages, "/privacy", "/ranking", "/under-18", "/nowhere"):
        look(path)
    assert found == []


def test_titles_of_reviews_say_that_they_are_english(persona: Person) -> None:
    persona.begin()
    persona.answer("cancer", "breast")
    persona.open("/results")
    assert '<span lang="en">A drug slows HER2-low tumors in mice</span>' in persona.page
    assert "(en inglés)" in persona.page
    assert "junio de 2026" in persona.page


def test_the_switch_changes_the_language_and_stays_on_the_page(person: Person) -> None:
    person.open("/privacy")
    person.send("/language", language="es", back="/privacy")
    assert person.path == "/privacy"
    assert '<html lang="es"' in person.page
    person.open("/who")
    assert '<html lang="es"' in person.page
    person.send("/language", language="en", back="/who")
    assert '<html lang="en"' in person.page


def test_the_switch_keeps_the_answers(person: Person) -> None:
    person.begin()
    person.answer("er", "positive")
    person.open("/check")
    person.send("/language", language="es", back="/check")
    assert "RE positivo" in person.page or "positivo" in person.page


def test_the_switch_comes_back_to_the_same_question_and_place(person: Person) -> None:
    person.begin()
    person.open("/questions/er?from=check")
    assert 'name="back" value="/questions/er?from=check"' in person.page


@pytest.mark.parametrize("wanted", ["fr", "", "en-GB", "<script>", "\x00"])
def test_another_language_changes_nothing(person: Person, wanted: str) -> None:
    person.open("/")
    person.send("/language", language=wanted, back="/")
    assert '<html lang="en"' in person.page


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "",
        "/ok\r\nSet-Cookie: a=b",
        "evil",
    ],
)
def test_the_way_back_never_leaves_the_site(person: Person, back: str) -> None:
    person.open("/")
    code = re.search(r'name="csrf_token" value="([^"]+)"', person.page)
    assert code is not None
    data = {"csrf_token": code[1], "language": "en", "back": back}
    response = person.client.post("/language", data=data)
    assert response.status_code == 303
    assert response.location == "/"


def test_the_readers_language_is_announced_in_the_html(persona: Person, person: Person) -> None:
    persona.open("/")
    assert 'lang="en">English</button>' in persona.page
    person.open("/")
    assert 'lang="es">Español</button>' in person.page
