"""Law 9: the batch equals the single result equals the referee, reasons and order included."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from tests.laws.court import (
    TODAY,
    Court,
    engine_reasons,
    referee_reasons,
    shipped_court,
    smaller,
    told,
    volume,
)
from tests.laws.people import Profile, random_result

PEOPLE, STUDIES = 125, 400
DAYS = [TODAY, date(2026, 2, 28), date(2028, 2, 29), date(2026, 12, 31), date(2027, 1, 1)]


def compare(court: Court, *, seed: int, people: int, studies: int) -> None:
    """Compare everything for random people and studies; reasons for one study in five."""
    rng = Random(seed)
    court = court.on(DAYS[seed % len(DAYS)])
    plain = court.studies(rng, studies)
    catalogue = court.catalogue(plain)
    profiles = court.profiles(rng, people)
    for number, (profile, outcome) in enumerate(
        zip(profiles, court.batch(catalogue, profiles), strict=True)
    ):
        person = court.person(profile)
        verdicts = court.referee(person, plain)
        assert [told(m) for m in outcome.matches] == [told(v) for v in verdicts], profile
        units = sorted(tuple(sorted(one.units)) for one, _ in outcome.contradictions)
        assert units == sorted(tuple(sorted(one)) for one in person.contradictions), profile
        for match, verdict in list(zip(outcome.matches, verdicts, strict=True))[number % 5 :: 5]:
            assert engine_reasons(match.reasons) == referee_reasons(verdict), profile
        if number % 5 == 0:
            single = court.engine(catalogue, profile)
            assert list(map(told, single.matches)) == list(map(told, outcome.matches))
            assert single.counts == outcome.counts


def test_batch_single_and_referee_agree() -> None:
    """50,000 pairs, on five days."""
    for number in range(5):
        compare(shipped_court(), seed=2026 + number, people=PEOPLE // 5, studies=STUDIES)


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_batch_single_and_referee_agree_at_volume() -> None:
    """As many pairs as asked for, in rounds of fresh people and studies."""
    for seed in range(-(-volume() // (PEOPLE * STUDIES))):
        compare(shipped_court(), seed=seed, people=PEOPLE, studies=STUDIES)


def differs(court: Court, profile: Profile) -> dict[str, tuple[str, str]]:
    """The atoms of which engine and referee do not say the same."""
    facts = court.finder.find(court.answers(profile), today=court.today)
    person = court.person(profile)
    words = {None: "unknown", True: "yes", False: "no"}
    found = {}
    for name, index in court.finder.vocabulary.index.items():
        key, _, value = name.partition("=")
        atom = (key[:-1], int(value)) if key.endswith(">") else (key, value)
        said = words[person.facts.get(("", "one cancer") if name == "one_cancer" else atom)]
        if facts.value(index).word != said:
            found[name] = (facts.value(index).word, said)
    return found


def smallest_difference(court: Court, profile: Profile) -> tuple[Profile, object]:
    """The profile with everything left out that the difference does not need."""
    for less in smaller(profile):
        if differs(court, less):
            return smallest_difference(court, less)
    return profile, differs(court, profile)


def genes_only(rng: Random, court: Court) -> Profile:
    """A profile of test results alone, where pairs, panels and named genes meet."""
    close = ["BRCA", "BRCA1", "BRCA2", "LYNCH", "MLH1", "MSH2", "MSH6", "PMS2", "EPCAM", "any"]
    inherited = rng.sample(close, k=rng.randint(1, 8))
    tumor = rng.sample(["ESR1", "any", "PIK3CA", "MSI_H", "PTEN"], k=rng.randint(1, 4))
    return {
        "cancer": ["breast"],
        "inherited": {g: random_result(rng, court.rules, "inherited", g) for g in inherited},
        "tumor": {g: random_result(rng, court.rules, "tumor", g) for g in tumor},
        "high_risk": rng.choice([["none"], ["breast"], ["unknown"]]),
    }


def check_facts(court: Court, *, seed: int, people: int) -> None:
    """Compare every fact of random people; half of them have nothing but test results."""
    rng = Random(seed)
    profiles = court.profiles(rng, people) + [genes_only(rng, court) for _ in range(people)]
    for profile in profiles:
        if differs(court, profile):
            pytest.fail(str(smallest_difference(court, profile)))


def test_every_fact_agrees() -> None:
    """Every atom of the rules for 400 people."""
    check_facts(shipped_court(), seed=1, people=200)


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_every_fact_agrees_at_volume() -> None:
    """Every atom of the rules for one person in a hundred of the pairs asked for."""
    check_facts(shipped_court(), seed=2, people=volume() // 200)


def test_ten_thousand_tags_in_one_study() -> None:
    """A study with 10,000 criteria and alternatives is decided as the referee decides it."""
    court, rng = shipped_court(), Random(4)
    maker_tags = [{"tag": tag} for tag in court.rules.tags]
    plain = court.studies(rng, 1)[0] | {
        "standing": "current",
        "most": {"any": [{"all": rng.sample(maker_tags, k=20)} for _ in range(500)]},
        "also": [{"any": rng.sample(maker_tags, k=100)}],
    }
    for profile in [{}, *court.profiles(rng, 5)]:
        (match,) = court.engine(court.catalogue([plain]), profile).matches
        (verdict,) = court.referee(court.person(profile), [plain])
        assert told(match) == told(verdict)
        assert engine_reasons(match.reasons) == referee_reasons(verdict)


def test_nobody_and_nothing() -> None:
    """No answers, no people, no studies: nothing breaks and nothing is claimed."""
    court = shipped_court()
    assert court.batch(court.catalogue([]), []) == []
    assert court.engine(court.catalogue([]), {"cancer": ["breast"]}).matches[:] == ()
    plain = court.studies(Random(6), 200)
    levels = {m.level.word for m in court.engine(court.catalogue(plain), {}).matches}
    assert levels <= {"open", "unlabelled", "different", "fits"}
