"""Laws 4, 5 and 8: knowing more in a study's favour, narrower labels, reasons that add up."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.core.matching import Match
from matcher.core.reasons import Reason
from tests.laws.catalogues import StudyMaker
from tests.laws.court import Court, shipped_court, volume
from tests.laws.people import Profile
from tests.referee.reading import NOT_KNOWN

NO, UNKNOWN, YES = 0, 1, 2

SWITCHES: dict[str, tuple[Profile, Profile]] = {
    "dense_breasts": ({"dense_breasts": "no"}, {"dense_breasts": "yes"}),
    "pregnant": ({"pregnant": "no"}, {"pregnant": "yes"}),
    "lives_in_US": ({"country": "CA"}, {"country": "US"}),
    "adult": ({"age": 17}, {"age": 18}),
    "symptom_fatigue": ({"symptoms": ["none"]}, {"symptoms": ["fatigue"]}),
    "exposed_night_shifts": ({"exposures": ["none"]}, {"exposures": ["night_shifts"]}),
    "considering_clinical_trial": (
        {"considering": ["none"]},
        {"considering": ["clinical_trial"]},
    ),
    "ancestry_black": ({"race_ethnicity": ["white"]}, {"race_ethnicity": ["black"]}),
}
"""Tags that do not depend on each other: answers that make each of them no, and yes."""


def profile_of(verdicts: dict[str, int]) -> Profile:
    """A person for whom each of the switches has the wanted verdict."""
    profile: Profile = {}
    for tag, verdict in verdicts.items():
        if verdict != UNKNOWN:
            profile |= SWITCHES[tag][1 if verdict == YES else 0]
    return profile


def leaves(rng: Random) -> list[dict[str, Any]]:
    """The switches as criteria, in random order; some negated, some in pairs."""
    tags = [{"tag": tag} for tag in rng.sample(list(SWITCHES), k=len(SWITCHES))]
    negated: list[dict[str, Any]] = [{"not": tag} if rng.random() < 0.2 else tag for tag in tags]
    paired: list[dict[str, Any]] = []
    while negated:
        size = min(len(negated), rng.choice([1, 1, 1, 2, 3]))
        taken = [negated.pop() for _ in range(size)]
        paired.append(taken[0] if size == 1 else {rng.choice(["all", "any"]): taken})
    return paired


def study_of(court: Court, rng: Random, criteria: list[dict[str, Any]]) -> dict[str, Any]:
    """A study over these criteria, each used once: one or two groups and some "also"."""
    most = [criteria[: rng.randint(1, 3)]]
    left = criteria[len(most[0]) :]
    if left and rng.random() < 0.5:
        most.append([left.pop()])
    if rng.random() < 0.3:
        most[0] = [*most[0], {"unread": "words"}]
    plain = court.studies(rng, 1)[0]
    groups = [{"all": group} for group in most]
    return plain | {"standing": "current", "most": {"any": groups}, "also": left}


def the_match(court: Court, plain: dict[str, Any], profile: Profile) -> Match:
    """The engine's match of one person and one study."""
    return court.engine(court.catalogue([plain]), profile).matches[0]


def raised(condition: Any, tag: str) -> int:
    """+1 if a higher verdict of the tag can only raise the condition, −1 if only lower it, 0."""
    ((kind, inner),) = condition.items()
    if kind == "tag":
        return 1 if inner == tag else 0
    if kind == "not":
        return -raised(inner, tag)
    return sum(raised(part, tag) for part in inner) if kind in ("all", "any") else 0


@settings(max_examples=60, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_more_that_speaks_for_a_study_never_lowers_it(seed: int) -> None:
    """Law 4: no → unknown → yes of one criterion, all others as they were."""
    court, rng = shipped_court(), Random(seed)
    plain = study_of(court, rng, leaves(rng))
    verdicts = {tag: rng.choice([NO, UNKNOWN, YES]) for tag in SWITCHES}
    for tag in SWITCHES:
        way = raised(plain["most"], tag) + sum(raised(also, tag) for also in plain["also"])
        found = [
            the_match(court, plain, profile_of(verdicts | {tag: verdict}))
            for verdict in (NO, UNKNOWN, YES)[:: way or 1]
        ]
        scores = [one.score for one in found]
        levels = [int(one.level) for one in found]
        assert scores == sorted(scores), (plain, verdicts, tag)
        assert levels == sorted(levels, reverse=True), (plain, verdicts, tag)


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_more_that_speaks_for_a_study_never_lowers_it_at_volume() -> None:
    """Law 4 over all 6,561 people that the switches can make, each next to its neighbours."""
    court, rng = shipped_court(), Random(4)
    people = list(product((NO, UNKNOWN, YES), repeat=len(SWITCHES)))
    profiles = [profile_of(dict(zip(SWITCHES, values, strict=True))) for values in people]
    studies = max(1, volume() // (len(people) * len(SWITCHES)))
    for _ in range(studies):
        plain = study_of(court, rng, leaves(rng))
        outcomes = court.batch(court.catalogue([plain]), profiles)
        scores = {p: o.matches[0].score for p, o in zip(people, outcomes, strict=True)}
        for place, tag in enumerate(SWITCHES):
            way = raised(plain["most"], tag) + sum(raised(also, tag) for also in plain["also"])
            for values in people:
                if way and values[place] != (YES if way > 0 else NO):
                    more = (*values[:place], values[place] + way, *values[place + 1 :])
                    assert scores[more] >= scores[values], (plain, values, tag)


def test_truth_tables_are_complete() -> None:
    """Kleene's tables of "and", "or" and "not", through the engine, over all 81 inputs of four."""
    court = shipped_court()
    a, b, c, d = [{"tag": tag} for tag in list(SWITCHES)[:4]]
    formulas: dict[str, tuple[dict[str, Any], Callable[[tuple[int, ...]], int]]] = {
        "and": ({"all": [a, b, c, d]}, min),
        "or": ({"any": [a, b, c, d]}, max),
        "not": ({"not": a}, lambda v: 2 - v[0]),
        "nested": (
            {"all": [{"any": [a, {"not": b}]}, {"not": {"all": [c, d]}}]},
            lambda v: min(max(v[0], 2 - v[1]), 2 - min(v[2], v[3])),
        ),
        "excluded middle": ({"any": [a, {"not": a}]}, lambda v: max(v[0], 2 - v[0])),
        "unread": ({"all": [a, {"unread": "w"}]}, lambda v: min(v[0], 1)),
        "unread or": ({"any": [a, {"unread": "w"}]}, lambda v: max(v[0], 1)),
    }
    plain = court.studies(Random(0), 1)[0] | {"also": [], "standing": "current"}
    studies = [plain | {"key": name, "most": most} for name, (most, _) in formulas.items()]
    catalogue = court.catalogue(studies)
    levels = {"fits": YES, "may_fit": UNKNOWN, "open": UNKNOWN, "different": NO}
    for values in product((NO, UNKNOWN, YES), repeat=4):
        person = profile_of(dict(zip(SWITCHES, values, strict=False)))
        for match in court.engine(catalogue, person).matches:
            expected = formulas[match.study.key][1](values)
            assert levels[match.level.word] == expected, (match.study.key, values)


def check_narrower(court: Court, *, seed: int, people: int, studies: int) -> None:
    """Law 5: each study also with one criterion more, and with one audience more."""
    rng = Random(seed)
    maker = StudyMaker(court.rules, rng)
    plain: list[dict[str, Any]] = []
    for number in range(studies):
        one = maker.study(number) | {"standing": "current", "most": maker.most() or {"unread": "w"}}
        more = {"all": [one["most"], maker.condition()]}
        plain += [
            one | {"key": f"{number} plain"},
            one | {"key": f"{number} narrower", "most": more},
            one | {"key": f"{number} wider", "also": [*one["also"], maker.condition()]},
        ]
    for outcome in court.batch(court.catalogue(plain), court.profiles(rng, people)):
        found = {match.study.key: match for match in outcome.matches}
        for number in range(studies):
            now, wider = found[f"{number} plain"], found[f"{number} wider"]
            narrower = found[f"{number} narrower"]
            assert not (narrower.level.word == "fits" and now.level.word != "fits")
            assert wider.level <= now.level
            assert wider.score >= now.score


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9))
def test_narrower_labels_fit_nobody_new_and_more_audiences_hurt_nobody(seed: int) -> None:
    """Law 5, for 15 people at a time."""
    check_narrower(shipped_court(), seed=seed, people=15, studies=1)


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_narrower_labels_fit_nobody_new_at_volume() -> None:
    """Law 5 over the pairs asked for."""
    for seed in range(-(-volume() // 10_000)):
        check_narrower(shipped_court(), seed=seed, people=50, studies=200)


def replayed_level(reasons: tuple[Reason, ...]) -> str:
    """The level that follows from the reasons alone, by the contract's table."""
    if not reasons:
        return "unlabelled"
    groups: dict[int, list[Reason]] = {}
    for reason in reasons:
        if reason.strength == "most":
            groups.setdefault(reason.group, []).append(reason)
    also = [_replayed(reason) for reason in reasons if reason.strength == "also"]
    verdicts = {n: min(map(_replayed, group)) for n, group in groups.items()}
    most = max(verdicts.values(), default=NO)
    supported = any(
        verdicts[n] != NO and any(r.supports and _replayed(r) == YES for r in group)
        for n, group in groups.items()
    )
    rows = {
        "fits": most == YES,
        "may_fit": most == UNKNOWN and supported,
        "related": YES in also,
        "open": most == UNKNOWN or UNKNOWN in also,
    }
    return next((level for level, holds in rows.items() if holds), "different")


def _replayed(reason: Reason) -> int:
    """A reason's verdict; that of a compound must be one that its parts allow."""
    if not reason.parts:
        assert reason.unread is None or int(reason.verdict) == UNKNOWN
        return int(reason.verdict)
    parts = [_replayed(part) for part in reason.parts]
    assert int(reason.verdict) in {min(parts), max(parts), 2 - parts[0]}
    return int(reason.verdict)


def given_units(profile: Profile) -> set[str]:
    """The single answers that a profile really gives."""
    units: set[str] = set()
    for key, answer in profile.items():
        if isinstance(answer, dict):
            results = {g: r["result"] if isinstance(r, dict) else r for g, r in answer.items()}
            units |= {f"{key}.{g}" for g, r in results.items() if r not in NOT_KNOWN}
        elif answer not in NOT_KNOWN:
            units.add(key)
    return units


def check_reasons(court: Court, *, seed: int, people: int, studies: int) -> None:
    """Law 8 and M4 for random people and studies."""
    rng = Random(seed)
    catalogue = court.catalogue(court.studies(rng, studies))
    for profile in court.profiles(rng, people):
        said = given_units(profile)
        for match in court.engine(catalogue, profile).matches:
            assert replayed_level(match.reasons) == match.level.word, profile
            assert sum(match.points.values()) == match.score
            assert 0 <= match.score <= 100
            for reason in every_reason(match.reasons):
                assert reason.text
                assert reason.label
                assert set(reason.answers) <= said, (profile, reason)


def every_reason(reasons: tuple[Reason, ...]) -> list[Reason]:
    """Reasons and all their parts."""
    return [one for reason in reasons for one in (reason, *every_reason(reason.parts))]


def test_reasons_replayed_give_the_level_and_cite_what_was_said() -> None:
    """Law 8, small form."""
    check_reasons(shipped_court(), seed=8, people=30, studies=60)


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_reasons_replayed_give_the_level_at_volume() -> None:
    """Law 8 over the pairs asked for."""
    for seed in range(-(-volume() // 20_000)):
        check_reasons(shipped_court(), seed=seed, people=100, studies=200)


def test_a_score_never_crosses_a_level() -> None:
    """The floors lie further apart than any points reach."""
    scoring = shipped_court().rules.scoring
    extra = max(scoring["relevance"].values()) + max(scoring["strength"].values())
    extra += max(step["points"] for step in scoring["recency"])
    floors = scoring["floors"]
    assert floors["fits"] + scoring["fit"] + extra <= 100
    assert floors["may_fit"] + scoring["fit"] + extra < floors["fits"]
    related = scoring["related_fit"] + scoring["related_count"]
    assert floors["related"] + related + extra < floors["may_fit"]
    assert 0 < floors["open"] + extra < floors["related"]
