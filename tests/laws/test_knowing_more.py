"""Laws 1 and 2: knowing more never unsettles what was settled; not known is not known."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.core.matching import Outcome
from tests.laws.catalogues import all_tags
from tests.laws.court import Court, engine_reasons, shipped_court, told, volume
from tests.laws.people import Profile, random_answer, random_result
from tests.referee.reading import NOT_KNOWN, Rules

SETTLED = ("fits", "different")


def goes_by_what_is_not_known(rules: Rules, condition: Any) -> bool:
    """Whether a condition asks what is *known* (`surely`), so that an answer may turn it.

    Such a tag carries a default of its own ("a relative's mutation counts until one's own test was
    negative"; "gender decides, until the sex at birth turns out to differ").
    """
    if isinstance(condition, list):
        return any(goes_by_what_is_not_known(rules, part) for part in condition)
    if not isinstance(condition, dict):
        return False
    if "surely" in condition:
        return True
    if isinstance(condition.get("tag"), str):
        found = rules.tag(condition["tag"])
        return found is not None and any(
            goes_by_what_is_not_known(rules, found[0].get(part)) for part in ("when", "maybe")
        )
    return any(goes_by_what_is_not_known(rules, part) for part in condition.values())


def one_tag_each(court: Court) -> list[dict[str, Any]]:
    """One study for every tag that goes by facts alone: its level is the tag's verdict."""
    plain = court.studies(Random(0), 1)[0] | {"also": [], "standing": "current"}
    return [
        plain | {"key": tag, "most": {"tag": tag}}
        for tag in all_tags(court.rules)
        if not goes_by_what_is_not_known(court.rules, {"tag": tag})
    ]


def with_one_more(rng: Random, court: Court, profile: Profile) -> Profile | None:
    """The profile with one not-known answer now given, or None if that gave nothing."""
    key = rng.choice(list(court.rules.attributes))
    answer = random_answer(rng, court.rules, key)
    if answer in NOT_KNOWN:
        return None
    before = profile.get(key)
    if before in NOT_KNOWN:
        return profile | {key: answer}
    if not isinstance(before, dict):
        return None
    gene = rng.choice(court.rules.values(key))
    if before.get(gene) not in NOT_KNOWN:
        return None
    return profile | {key: before | {gene: random_result(rng, court.rules, key, gene)}}


def told_apart(outcome: Outcome) -> tuple[set[tuple[str, ...]], set[str]]:
    """The contradictions and the notes that the person is told."""
    return (
        {tuple(sorted(found.units)) for found, _ in outcome.contradictions},
        {note.rule for note, _ in outcome.notes},
    )


def check_one_more(court: Court, *, seed: int, people: int) -> int:
    """Give random people one more answer; returns how often the law applied."""
    rng, applied = Random(seed), 0
    catalogue = court.catalogue(one_tag_each(court))
    for profile in court.profiles(rng, people):
        more = with_one_more(rng, court, profile)
        if more is None:
            continue
        before, after = court.batch(catalogue, [profile, more])
        old, new = told_apart(before), told_apart(after)
        if new[0] != old[0] or new[1] - old[1]:
            continue
        applied += 1
        levels = {m.study.key: m.level.word for m in after.matches}
        moved = {
            m.study.key: (m.level.word, levels[m.study.key])
            for m in before.matches
            if m.level.word in SETTLED and m.level.word != levels[m.study.key]
        }
        assert not moved, (profile, more, moved)
    return applied


def test_one_more_answer_unsettles_nothing() -> None:
    """Law 1, over every tag, for 200 people."""
    assert check_one_more(shipped_court(), seed=11, people=200) > 60


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_one_more_answer_unsettles_nothing_at_volume() -> None:
    """Law 1: each person is tried against well over a thousand tags."""
    check_one_more(shipped_court(), seed=12, people=max(1, volume() // 1000))


BEFORE_AND_AFTER: dict[str, tuple[Profile, Profile]] = {
    "stage_0_is_in_situ": ({"cancer": ["breast"], "stage": "0"}, {"extent": "early"}),
    "in_situ_is_stage_0": ({"cancer": ["breast"], "extent": "in_situ"}, {"stage": "1"}),
    "stage_1_or_2_is_early": ({"cancer": ["breast"], "stage": "2"}, {"extent": "metastatic"}),
    "stage_3_has_not_spread_far": ({"cancer": ["breast"], "stage": "3"}, {"extent": "metastatic"}),
    "stage_3_is_not_in_situ": ({"cancer": ["breast"], "stage": "3"}, {"extent": "in_situ"}),
    "female_stands_in_for_woman": ({"sex_at_birth": "female"}, {"gender": "man"}),
    "male_stands_in_for_man": ({"sex_at_birth": "male"}, {"gender": "woman"}),
    "man_female_at_birth_is_transgender": (
        {"gender": "man", "sex_at_birth": "female"},
        {"transgender": "no"},
    ),
    "woman_male_at_birth_is_transgender": (
        {"gender": "woman", "sex_at_birth": "male"},
        {"transgender": "no"},
    ),
    "mutation_high_risk_breast": (
        {"inherited": {"BRCA1": "mutation"}},
        {"risk_reducing_surgery": ["breasts"]},
    ),
    "mutation_high_risk_ovarian": (
        {"inherited": {"BRCA1": "mutation"}},
        {"risk_reducing_surgery": ["ovaries"]},
    ),
    "mutation_high_risk_colorectal": (
        {"inherited": {"MLH1": "mutation"}},
        {"risk_reducing_surgery": ["colon"]},
    ),
    "mutation_high_risk_endometrial": (
        {"inherited": {"LYNCH": "mutation"}},
        {"risk_reducing_surgery": ["uterus"]},
    ),
    "mutation_high_risk_stomach": (
        {"inherited": {"CDH1": "mutation"}},
        {"risk_reducing_surgery": ["stomach"]},
    ),
}
"""For every default: who it applies to, and the direct answer that overrules it."""

MORE_THAN_LISTED: dict[str, tuple[Profile, Profile]] = {
    "a panel, then a named gene": (
        {"inherited": {"any": "none"}},
        {"inherited": {"any": "none", "BRCA1": "mutation"}},
    ),
    "a tumor panel, then a named gene": (
        {"cancer": ["breast"], "tumor": {"any": "none"}},
        {"tumor": {"any": "none", "ESR1": "mutation"}},
    ),
    "a panel, then a gene with an uncertain result": (
        {"inherited": {"any": "none"}},
        {"inherited": {"any": "none", "BRCA1": "uncertain"}},
    ),
    "a panel, then one of two genes": (
        {"inherited": {"any": "none"}},
        {"inherited": {"any": "none", "BRCA": "mutation"}},
    ),
    "neither BRCA gene, then one of them": (
        {"inherited": {"BRCA": "none"}},
        {"inherited": {"BRCA": "none", "BRCA2": "mutation"}},
    ),
    "treatments, then one taken now": (
        {"cancer": ["breast"], "treatments": ["surgery"]},
        {"treatments_now": ["tamoxifen"]},
    ),
    "not at high risk, then a mutation": (
        {"high_risk": ["none"]},
        {"inherited": {"BRCA1": "mutation"}},
    ),
    "not at high risk, then a mutation that can raise it": (
        {"high_risk": ["none"]},
        {"inherited": {"ATM": "mutation"}},
    ),
    "not at high risk, then a mutation in a gene not remembered": (
        {"high_risk": ["none"]},
        {"inherited": {"any": "mutation"}},
    ),
}
"""Complete lists and panels whose silence is a default too."""


def test_every_default_has_its_story() -> None:
    """A new default needs a row in the table above."""
    assert set(BEFORE_AND_AFTER) == {rule["key"] for rule in shipped_court().rules.defaults}


@pytest.mark.parametrize("key", BEFORE_AND_AFTER)
def test_who_overrules_a_default_is_told(key: str) -> None:
    """Law 1, second half: no contradiction, but a note that names the answers."""
    court, (before, more) = shipped_court(), BEFORE_AND_AFTER[key]
    catalogue = court.catalogue(one_tag_each(court))
    assert key not in told_apart(court.engine(catalogue, before))[1]
    after = court.engine(catalogue, before | more)
    assert not after.contradictions
    (note,) = [(note, text) for note, text in after.notes if note.rule == key]
    assert note[1]
    assert {unit.partition(".")[0] for unit in note[0].units} >= set(more)


@pytest.mark.parametrize("story", MORE_THAN_LISTED)
def test_who_says_more_than_a_list_is_told(story: str) -> None:
    """The same for the silence of a panel or a complete list."""
    court, (before, more) = shipped_court(), MORE_THAN_LISTED[story]
    catalogue = court.catalogue(one_tag_each(court))
    assert not court.engine(catalogue, before).notes
    after = court.engine(catalogue, before | more)
    assert not after.contradictions
    assert after.notes
    assert all(text for _, text in after.notes)


def known_only(profile: Profile) -> Profile:
    """The profile without what says nothing. A declined answer stays: it is never asked again."""
    kept: Profile = {}
    for key, answer in profile.items():
        if isinstance(answer, dict):
            results = {gene: r for gene, r in answer.items() if r not in (None, "", {}, "unknown")}
            if results:
                kept[key] = results
        elif answer not in (None, "", [], {}, "unknown"):
            kept[key] = answer
    return kept


def check_blanks(court: Court, *, seed: int, blank: Any, people: int, studies: int) -> None:
    """Law 2: the same whether what is not known is left out or given as `blank`."""
    rng = Random(seed)
    catalogue = court.catalogue(court.studies(rng, studies))
    for profile in court.profiles(rng, people):
        known = known_only(profile)
        blanked = dict.fromkeys(court.rules.attributes, blank) | known
        for key, answer in list(blanked.items()):
            if isinstance(answer, dict) and answer:
                blanked[key] = dict.fromkeys(court.rules.values(key), blank or None) | answer
        first, *others = court.batch(catalogue, [known, blanked, profile])
        for other in others:
            assert list(map(told, other.matches)) == list(map(told, first.matches)), profile
            assert told_apart(other) == told_apart(first), profile
            for one, two in list(zip(first.matches, other.matches, strict=True))[seed % 20 :: 20]:
                assert engine_reasons(one.reasons) == engine_reasons(two.reasons), profile


BLANKS: list[Any] = [None, "", [], {}, "unknown"]


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10**9), blank=st.sampled_from(BLANKS))
def test_every_way_of_not_knowing_is_the_same(seed: int, blank: Any) -> None:
    """Law 2: missing, null, "", [], {} and "unknown"."""
    check_blanks(shipped_court(), seed=seed, blank=blank, people=1, studies=30)


@pytest.mark.volume
@pytest.mark.timeout(0)
def test_every_way_of_not_knowing_is_the_same_at_volume() -> None:
    """Law 2 over the pairs asked for."""
    for seed in range(-(-volume() // 10_000)):
        blank = BLANKS[seed % len(BLANKS)]
        check_blanks(shipped_court(), seed=seed, blank=blank, people=50, studies=200)
