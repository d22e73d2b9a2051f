"""The best three questions on the results page: in words with counts, each with its link."""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import pytest
from flask import Flask

from matcher.core.levels import Level
from matcher.core.questions import Plan, PossibleAnswer, Question
from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher
from tests.web.person import Person
from tests.web.test_asked import study
from tests.web.test_results import READER, reader, words_of

TITLE = "Answering one of these would tell us more"


def offered(person: Person) -> list[tuple[str, str]]:
    """The words and the address of each question that the results page offers."""
    assert person.open("/results").status_code == 200
    page = html.unescape(person.page)
    if TITLE not in page and 'id="best"' not in page:
        return []
    panel = page[page.index('id="best"') :].split("</section>")[0]
    items = panel.split("<li>")[1:]
    return [(words_of(item), re.findall(r'href="([^"]+)"', item)[0]) for item in items]


@pytest.fixture
def site(make_app: Callable[..., Flask], book: Rulebook) -> Callable[..., Person]:
    """Makes somebody at a site with studies for people to whom all these tags apply."""

    def make(*labels: tuple[str, ...], language: str = "en", about: str = "self") -> Person:
        studies = [study(f"s{number}", *tags) for number, tags in enumerate(labels)]
        matcher = Matcher(book, studies)
        client = make_app(matcher=matcher).test_client()
        person = Person(client, **{"Accept-Language": language})
        person.begin(about)
        return person

    return make


def test_at_most_three_are_offered_each_on_its_own_page(person: Person) -> None:
    found = offered(reader(person, tested=False))
    assert 1 <= len(found) <= 3
    pages = [address for _, address in found]
    assert len(set(pages)) == len(pages)
    for address in pages:
        assert person.open(address).status_code == 200
        assert person.path == address
        assert address.endswith("?from=results")


ER = ("breast_cancer", "er_positive")
TWO_OF_THREE = "could tell us if up to 2 of the 3 reviews that may be about you really are"


def test_the_count_is_told_of_all_that_may_be_about_the_person(
    site: Callable[..., Person],
) -> None:
    person = site((*ER, "her2_low"), (*ER, "her2_positive"), (*ER, "tumor_ESR1"))
    for key in ("cancer_status", "cancer", "er"):
        person.answer(key, READER[key])
    told = {address: words for words, address in offered(person)}
    her2 = told["/questions/her2?from=results"]
    assert her2.endswith(TWO_OF_THREE)
    tumor = told["/questions/tumor?from=results"]
    assert tumor.startswith("ESR1 – ")
    assert tumor.endswith("could tell us if 1 of the 3 reviews that may be about you really is")


def told(may_fit: int) -> tuple[PossibleAnswer, ...]:
    """The answers to a question: one settles so many reviews, the other fewer by one."""
    counts = {"mutation": (Level.FITS, may_fit), "none": (Level.DIFFERENT, may_fit - 1)}
    return tuple(
        PossibleAnswer(word, {(Level.MAY_FIT, level): n}, 0.5)
        for word, (level, n) in counts.items()
    )


def test_a_page_of_genes_is_told_by_the_gene_that_settles_most(
    make_app: Callable[..., Flask], book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    matcher = Matcher(book, [study("a", *ER)])
    genes = (("BRCA1", 1, 1), ("PALB2", 5, 2), ("ATM", 9, 1))
    questions = tuple(
        Question("inherited", gene, n, may, 1.0, 1.0, told(may)) for gene, n, may in genes
    )
    monkeypatch.setattr(matcher, "ask", lambda *_, **__: Plan(questions, 3, 9))
    person = Person(make_app(matcher=matcher).test_client())
    person.begin()
    ((words, _),) = offered(person)
    assert words.startswith("PALB2 – ")
    assert words.endswith(TWO_OF_THREE)


@pytest.mark.parametrize(
    ("language", "about", "told"),
    [
        ("en", "self", "could tell us if the one review that may be about you really is"),
        (
            "en",
            "other",
            "could tell us if the one review that may be about the person you care for really is",
        ),
        ("es", "self", "podría aclarar la única reseña que puede tratar de usted"),
        (
            "es",
            "other",
            "podría aclarar la única reseña que puede tratar de la persona a quien usted cuida",
        ),
    ],
)
def test_one_review_and_both_languages(
    site: Callable[..., Person], language: str, about: str, told: str
) -> None:
    person = site((*ER, "her2_low"), language=language, about=about)
    for key in ("cancer_status", "cancer", "er"):
        person.answer(key, READER[key])
    (her2,) = [words for words, path in offered(person) if path.startswith("/questions/her2")]
    assert her2.endswith(told)


def test_what_we_cannot_tell_yet_is_counted_where_nothing_may_fit(
    site: Callable[..., Person],
) -> None:
    person = site(("breast_cancer", "her2_low"), ("breast_cancer", "er_positive"))
    (words, address), *_ = offered(person)
    assert address.startswith("/questions/cancer")
    assert words.endswith("could tell us if up to 2 of the 2 unclear reviews are about you")


@pytest.mark.parametrize(
    ("language", "more"),
    [
        ("en", "could tell us more about some reviews"),
        ("es", "podría decirnos más sobre algunas reseñas"),
    ],
)
def test_a_mere_step_closer_is_not_counted_as_settled(
    make_app: Callable[..., Flask],
    book: Rulebook,
    monkeypatch: pytest.MonkeyPatch,
    language: str,
    more: str,
) -> None:
    matcher = Matcher(book, [study("a", *ER)])
    closer = (PossibleAnswer("now", {(Level.OPEN, Level.MAY_FIT): 5}, 1.0),)
    status = Question("cancer_status", None, 5, 0, 1.0, 1.0, closer)
    monkeypatch.setattr(matcher, "ask", lambda *_, **__: Plan((status,), 0, 9))
    client = make_app(matcher=matcher).test_client()
    person = Person(client, **{"Accept-Language": language})
    person.begin()
    ((words, _),) = offered(person)
    assert words.endswith(f" {more}")


def test_nothing_is_offered_when_nothing_is_left(site: Callable[..., Person]) -> None:
    person = site(ER)
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    assert [path for _, path in offered(person)] != []
    person.answer("er", "positive")
    assert offered(person) == []
    assert TITLE not in person.page


def test_who_is_not_sure_is_told_what_to_ask_the_doctor(
    site: Callable[..., Person], book: Rulebook
) -> None:
    person = site((*ER, "tumor_ESR1"))
    for key in ("cancer_status", "cancer", "er"):
        person.answer(key, READER[key])
    doctor = book.attributes["tumor"].doctor
    assert doctor is not None
    ((before, _),) = [one for one in offered(person) if "/tumor?" in one[1]]
    assert doctor.en not in before
    person.answer("tumor", "unknown")
    ((words, _),) = [one for one in offered(person) if "/tumor?" in one[1]]
    assert words.endswith(f"Ask your doctor: {doctor.en} (ESR1)")


def test_what_was_declined_is_not_offered(site: Callable[..., Person]) -> None:
    person = site((*ER, "tumor_ESR1"))
    for key in ("cancer_status", "cancer", "er"):
        person.answer(key, READER[key])
    person.answer("tumor", "declined")
    assert "/questions/tumor?from=results" not in [path for _, path in offered(person)]


SPREAD = ("breast_cancer", "er_positive", "metastatic")


def test_hard_ground_is_offered_only_where_it_may_concern_and_never_again(
    site: Callable[..., Person],
) -> None:
    person = site(SPREAD)
    extent = "/questions/extent?from=results"
    assert extent not in [path for _, path in offered(person)]
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    person.answer("er", "positive")
    assert extent in [path for _, path in offered(person)]
    person.answer("extent", "unknown")
    assert extent not in [path for _, path in offered(person)]


def test_no_stage_number_is_offered_before_plain_words_about_spread(
    make_app: Callable[..., Flask], book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    matcher = Matcher(book, [study("a", *SPREAD)])
    questions = tuple(Question(key, None, 1, 1, 1.0, 1.0, ()) for key in ("stage", "extent"))
    monkeypatch.setattr(matcher, "ask", lambda *_, **__: Plan(questions, 1, 0))
    person = Person(make_app(matcher=matcher).test_client())
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    assert [path for _, path in offered(person)] == ["/questions/extent?from=results"]
    person.answer("extent", "unknown")
    assert [path for _, path in offered(person)] == ["/questions/stage?from=results"]


def test_hard_ground_stands_last(site: Callable[..., Person]) -> None:
    person = site(SPREAD, ("breast_cancer", "metastatic"), ("breast_cancer", "metastatic"))
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    paths = [path for _, path in offered(person)]
    assert len(paths) > 1
    assert paths[-1] == "/questions/extent?from=results"


def test_the_main_cancer_is_offered_only_of_those_with_several(
    site: Callable[..., Person],
) -> None:
    person = site(("advanced:breast",), ("advanced:ovarian",))
    main = "/questions/main_cancer?from=results"
    for status in (None, "now"):
        if status:
            person.answer("cancer_status", status)
        assert main not in [path for _, path in offered(person)]
    person.answer("cancer", ["breast", "ovarian"])
    person.answer("extent", "metastatic")
    assert main in [path for _, path in offered(person)]


def test_questions_that_act_only_together_name_each_other(
    make_app: Callable[..., Flask], book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    matcher = Matcher(book, [study("a", *ER)])
    her2 = Question("her2", None, 1, 1, 1.0, 1.0, (), together=("er", "tumor.ESR1"))
    monkeypatch.setattr(matcher, "ask", lambda *_, **__: Plan((her2,), 2, 0))
    person = Person(make_app(matcher=matcher).test_client())
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    ((words, _),) = offered(person)
    assert words == (
        "HER2 together with Estrogen receptor (ER) and ESR1 – Tumor test (biomarkers): "
        "could tell us more about some reviews"
    )


def test_what_settles_most_stands_first(
    make_app: Callable[..., Flask], book: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    matcher = Matcher(book, [study("a", *ER)])
    counts = {"pr": 2, "her2": 5, "menopause": 3}
    questions = tuple(
        Question(
            key, None, n, n, 1.0, 1.0, (PossibleAnswer("x", {(Level.MAY_FIT, Level.FITS): n}, 1.0),)
        )
        for key, n in counts.items()
    )
    monkeypatch.setattr(matcher, "ask", lambda *_, **__: Plan(questions, 9, 0))
    person = Person(make_app(matcher=matcher).test_client())
    person.begin()
    person.answer("cancer_status", "now")
    person.answer("cancer", "breast")
    keys = [re.findall(r"questions/(\w+)", path)[0] for _, path in offered(person)]
    assert [key for key in keys if not book.attributes[key].tender] == ["her2", "pr"]
    assert all(book.attributes[key].tender for key in keys[2:])


def test_first_comes_what_the_others_rest_on(person: Person) -> None:
    """Whoever said nothing, or skipped it, is offered the kind of cancer before gender."""
    person.begin()
    first = ["/questions/cancer_status?from=results", "/questions/cancer?from=results"]
    assert sorted(path for _, path in offered(person)[:2]) == sorted(first)
    for key in ("cancer_status", "cancer"):
        person.answer(key, "unknown")
    person.send("/questions/age", choice="unknown")
    assert sorted(path for _, path in offered(person)[:2]) == sorted(first)
    assert person.page.index("We know too little") < person.page.index('id="best"')
    assert person.page.count('id="best"') == 1
