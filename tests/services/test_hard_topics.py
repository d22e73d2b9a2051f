"""Which studies stand on hard ground: only what is no surprise to the person does not."""

from __future__ import annotations

from datetime import date

import pytest

from matcher.core.conditions import AllOf, AnyOf, Condition, Not, Tag
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.schemas.profiles import read_answers
from matcher.services.hard_topics import _ways, hard_places, is_hard
from matcher.services.matching import Matcher

PREGNANT, SPREAD, BACK = Tag("pregnant"), Tag("metastatic:breast"), Tag("recurrent:breast")
HAS = {"cancer_status": "now", "cancer": ["breast"]}
DAY = date(2026, 11, 22)


def labelled(key: str, *parts: Condition, title: str = "") -> Study:
    """A study for people with breast cancer to whom all these parts apply."""
    label = Audience(key, AllOf((Tag("breast_cancer"), *parts)))
    return Study(key=key, title=title or key, most=label)


STUDIES = (
    labelled("both", SPREAD, PREGNANT),
    labelled("one-of", AnyOf((SPREAD, PREGNANT))),
    labelled("back-too", SPREAD, BACK),
    labelled("lines", SPREAD, Tag("lines_at_least:2:breast")),
    labelled("no-baby", Not(PREGNANT)),
    labelled("neither", Not(AnyOf((SPREAD, PREGNANT)))),
    labelled("not-yet", Tag("non_metastatic:breast"), BACK),
    labelled("young", Tag("premenopausal"), PREGNANT),
)


@pytest.fixture(scope="module")
def matcher(rulebook: Rulebook) -> Matcher:
    return Matcher(rulebook, STUDIES)


def hard(matcher: Matcher, **answers: str) -> set[str]:
    """The studies on hard ground for somebody with breast cancer and these answers."""
    outcome = matcher.match(read_answers({**HAS, **answers}, matcher.book), today=DAY)
    places = range(len(outcome.matches))
    return {outcome.matches[place].study.key for place in hard_places(matcher, outcome, places)}


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, {"both", "one-of", "back-too", "lines", "not-yet", "young"}),
        # Spread is known: its return and the treatments since are no surprise, pregnancy is.
        ({"extent": "metastatic"}, {"both", "not-yet", "young"}),
        ({"extent": "early"}, {"both", "one-of", "back-too", "lines", "not-yet", "young"}),
        ({"pregnant": "yes"}, {"both", "back-too", "lines", "not-yet", "young"}),
        ({"menopause": "pre"}, {"both", "one-of", "back-too", "lines", "not-yet", "young"}),
        ({"extent": "metastatic", "pregnant": "yes"}, {"not-yet", "young"}),
    ],
)
def test_a_study_is_hard_unless_every_hard_topic_of_a_way_is_known(
    matcher: Matcher, answers: dict[str, str], expected: set[str]
) -> None:
    assert hard(matcher, **answers) == expected


def test_what_must_not_hold_is_no_hard_ground(matcher: Matcher) -> None:
    for answers in ({"pregnant": "no"}, {"pregnant": "no", "extent": "early"}, {}):
        assert not hard(matcher, **answers) & {"no-baby", "neither"}


def test_a_hard_title_concerns_only_who_told_of_hard_ground(rulebook: Rulebook) -> None:
    titled = Matcher(rulebook, [labelled("title", title="Survival after surgery"), STUDIES[0]])
    assert hard(titled) == {"title", "both"}
    assert hard(titled, extent="metastatic") == {"both"}


@pytest.mark.parametrize(
    ("answers", "is_folded"), [({"pregnant": "yes"}, True), ({"extent": "metastatic"}, False)]
)
def test_after_a_loss_a_title_of_dying_concerns_only_who_told_of_spread(
    rulebook: Rulebook, answers: dict[str, str], *, is_folded: bool
) -> None:
    titled = Matcher(rulebook, [labelled("title", title="Survival after surgery"), *STUDIES])
    outcome = titled.match(read_answers({**HAS, **answers}, rulebook), today=DAY)
    for after_loss in (True, False):
        places = range(len(outcome.matches))
        found = hard_places(titled, outcome, places, after_loss=after_loss)
        keys = {outcome.matches[place].study.key for place in found}
        assert ("title" in keys) == (is_folded and after_loss)
        told = is_hard(titled, outcome, key="title", title="Survival", after_loss=after_loss)
        assert told == (is_folded and after_loss)


def test_a_label_of_very_many_ways_asks_for_every_tag() -> None:
    keys = [f"t{number}" for number in range(40)]
    label = AllOf(tuple(AnyOf((Tag(a), Tag(b))) for a, b in zip(keys, keys[20:], strict=False)))
    assert _ways(label, frozenset(keys), holds=True) == {frozenset(keys)}
    few = AllOf((AnyOf((Tag("a"), Tag("b"))), Not(Not(Tag("c"))), Not(Tag("d"))))
    ways = _ways(few, frozenset("abcd"), holds=True)
    assert ways == {frozenset("ac"), frozenset("bc")}
