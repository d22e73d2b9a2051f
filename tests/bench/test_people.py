"""People: the same for a seed, valid, asked only what makes sense, and in realistic shares."""

from itertools import islice

import pytest

from matcher.bench.people import draw_people
from matcher.bench.rivals.referee import profile_of
from matcher.bench.workload import TODAY
from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.finder import FactFinder
from matcher.core.questions import is_asked
from matcher.core.rulebook import Rulebook
from matcher.schemas.profiles import read_answers

MANY = 3000


@pytest.fixture(scope="module")
def finder(rulebook: Rulebook) -> FactFinder:
    return FactFinder(rulebook)


@pytest.fixture(scope="module")
def crowd(finder: FactFinder) -> list[Answers]:
    return list(islice(draw_people(finder, seed=1, today=TODAY), MANY))


def test_a_seed_gives_the_same_people_whoever_draws_however_many(
    rulebook: Rulebook, crowd: list[Answers]
) -> None:
    again = list(islice(draw_people(FactFinder(rulebook), seed=1, today=TODAY), 50))
    assert again == crowd[:50]
    other = list(islice(draw_people(FactFinder(rulebook), seed=2, today=TODAY), 50))
    assert other != again


def test_every_person_could_have_filled_in_the_form(
    rulebook: Rulebook, crowd: list[Answers]
) -> None:
    for answers in crowd[:500]:
        assert read_answers(profile_of(answers), rulebook) == answers


def test_who_never_had_cancer_is_asked_nothing_about_one(
    rulebook: Rulebook, crowd: list[Answers]
) -> None:
    own = {a.key for a in rulebook.attributes.values() if a.own_cancer} - {"cancer_status"}
    never = [a for a in crowd if a.given.get("cancer_status") == "never"]
    assert len(never) > MANY / 10
    assert not [a for a in never if own & set(a.given)]


def test_questions_that_surely_make_no_sense_are_rare(
    rulebook: Rulebook, finder: FactFinder, crowd: list[Answers]
) -> None:
    catalogue = Catalogue.compile(rulebook, [], finder=finder)
    asked = odd = 0
    for answers in crowd[:300]:
        facts = finder.find(answers, today=TODAY)
        for key in answers.given:
            asked += 1
            odd += not is_asked(catalogue, rulebook.attributes[key], facts)
    assert odd < asked / 100


def test_answers_come_in_the_shares_of_the_rules(rulebook: Rulebook, crowd: list[Answers]) -> None:
    for key in ("cancer_status", "er", "sex_at_birth"):
        told = [answers.given[key] for answers in crowd if key in answers.given]
        for option in rulebook.attributes[key].options:
            assert told.count(option.value) / len(told) == pytest.approx(option.share, abs=0.04)
    tested = [r for a in crowd if (r := a.results("inherited"))]
    found = sum("BRCA2" in r and r["BRCA2"].found for r in tested) / len(tested)
    assert found == pytest.approx(0.07, abs=0.03)


def test_much_is_not_known_and_some_declined(crowd: list[Answers]) -> None:
    breast = [a for a in crowd if "breast" in a.listed("cancer")]
    silent = sum("er" not in answers.given for answers in breast) / len(breast)
    assert silent == pytest.approx(0.28, abs=0.06)
    assert any(answers.declined for answers in crowd)


def test_three_people_in_a_thousand_contradict_themselves(
    finder: FactFinder, crowd: list[Answers]
) -> None:
    found = sum(bool(finder.find(answers, today=TODAY).contradictions) for answers in crowd)
    assert 0.001 <= found / MANY <= 0.006
