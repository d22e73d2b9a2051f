"""Encoding: what one answer says by itself, for every kind."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matcher.core.answers import Answers, Result
from matcher.core.finding.closure import bits
from matcher.core.finding.encoding import Encoded
from tests.core.small import NO, TODAY, YES, facts, finder, person, value

NAMES = list(finder().vocabulary.index)


def names(literals: int) -> set[str]:
    found = set()
    for bit in bits(literals):
        denied, position = divmod(bit.bit_length() - 1, len(NAMES))
        found.add("!" * denied + NAMES[position])
    return found


def encoded(today: date = TODAY, **answers: Any) -> dict[str, Encoded]:
    return finder().encoder.encode(person(**answers), today=today)


def hard(**answers: Any) -> set[str]:
    return set().union(*(names(said.hard) for said in encoded(**answers).values()))


def silent(today: date = TODAY, **answers: Any) -> set[str]:
    return set().union(*(names(said.silent) for said in encoded(today, **answers).values()))


# one, yes/no, integer


@pytest.mark.parametrize(
    ("answers", "says"),
    [
        ({"er": "positive"}, {"er=positive", "!er=low", "!er=negative"}),
        ({"er": "low"}, {"er=low", "!er=positive", "!er=negative"}),
        ({"her2": "positive"}, {"her2=positive", "!her2=low", "!her2=zero", "!her2=negative"}),
        ({"her2": "zero"}, {"her2=zero", "!her2=positive", "!her2=low"}),
        ({"her2": "negative"}, {"her2=negative", "!her2=positive"}),
        ({"triple_negative": "yes"}, {"triple_negative=yes"}),
        ({"triple_negative": "no"}, {"!triple_negative=yes"}),
        (
            {"lines": 2},
            {"lines>=1", "lines>=2", "!lines>=3", "!lines>=4", "!lines>=5", "!lines>=6"},
        ),
        ({"lines": 0}, {f"!lines>={n}" for n in range(1, 7)}),
        ({"lines": 6}, {f"lines>={n}" for n in range(1, 7)}),
    ],
)
def test_single_answers(answers: dict[str, Any], says: set[str]) -> None:
    assert hard(**answers) == says
    assert silent(**answers) == set()


# many


@pytest.mark.parametrize(
    ("listed", "says"),
    [
        (["chemotherapy"], {"chemotherapy", "!surgery", "!mastectomy", "!hormone_therapy",
                            "!tamoxifen"}),
        (["tamoxifen"], {"tamoxifen", "!surgery", "!mastectomy", "!chemotherapy"}),
        (["hormone_therapy"], {"hormone_therapy", "!surgery", "!mastectomy", "!chemotherapy"}),
        (["hormone_therapy", "tamoxifen"], {"hormone_therapy", "tamoxifen", "!surgery",
                                            "!mastectomy", "!chemotherapy"}),
        (["none"], {"!surgery", "!mastectomy", "!chemotherapy", "!hormone_therapy", "!tamoxifen"}),
        (["chemotherapy", "unknown"], {"chemotherapy"}),
    ],
)  # fmt: skip
def test_what_is_not_listed_is_no_unless_it_may_be_meant(listed: list[str], says: set[str]) -> None:
    expected = {
        f"{'!' * value.startswith('!')}treatments_now={value.lstrip('!')}" for value in says
    }
    assert hard(treatments_now=listed) == expected
    assert silent(treatments_now=listed) == set()


def test_fine_values_are_open_until_one_of_them_is_listed() -> None:
    key = "race_ethnicity"
    assert hard(race_ethnicity=["white"]) == {f"{key}=white", f"!{key}=black"}
    assert hard(race_ethnicity=["ashkenazi"]) == {
        f"{key}=ashkenazi", f"!{key}=icelandic", f"!{key}=white", f"!{key}=black",
    }  # fmt: skip


def test_the_silence_of_some_lists_gives_way() -> None:
    assert hard(treatments=["chemotherapy"]) == {"treatments=chemotherapy"}
    assert silent(treatments=["chemotherapy"]) == {
        "!treatments=surgery", "!treatments=mastectomy", "!treatments=hormone_therapy",
        "!treatments=tamoxifen",
    }  # fmt: skip
    assert hard(high_risk=["ovarian"]) == {"high_risk=ovarian"}
    assert silent(high_risk=["ovarian"]) == {"!high_risk=breast", "!high_risk=prostate"}
    assert silent(high_risk=["none"]) == {
        "!high_risk=breast", "!high_risk=ovarian", "!high_risk=prostate",
    }  # fmt: skip
    assert silent(high_risk=["ovarian", "unknown"]) == set()


def test_a_list_is_read_together_with_the_one_that_joins_it() -> None:
    told = facts(treatments=["hormone_therapy"], treatments_now=["tamoxifen"])
    assert value(told, "treatments=tamoxifen") == YES
    assert value(told, "treatments=chemotherapy") == NO
    wide = silent(treatments=["none"], treatments_now=["hormone_therapy"])
    assert "!treatments=tamoxifen" not in wide  # now "hormone therapy": which one is open
    assert silent(treatments_now=["tamoxifen"]) == set()


def test_how_many_cancers() -> None:
    one = hard(cancer=["ovarian"])
    assert {"one_cancer", "main_cancer=ovarian", "cancer=ovarian", "!cancer=breast"} <= one
    two = hard(cancer=["ovarian", "breast"])
    assert {"!one_cancer", "!cancer=prostate"} <= two
    assert not any(name.startswith("main") for name in two)
    assert hard(cancer=["ovarian", "unknown"]) == {"cancer=ovarian"}


# results


@pytest.mark.parametrize(
    ("results", "says"),
    [
        ({"PALB2": "mutation"}, {"PALB2"}),
        ({"PALB2": "none"}, {"!PALB2"}),
        ({"PALB2": "uncertain"}, set()),
        ({"PALB2": "not_tested"}, set()),
        ({"BRCA": "mutation"}, {"BRCA"}),
        ({"any": "mutation"}, {"any"}),
        ({"BRCA": "mutation", "BRCA1": "none"}, {"BRCA", "!BRCA1"}),
        ({"BRCA": "mutation", "BRCA1": "none", "BRCA2": "none"}, {"!BRCA1", "!BRCA2"}),
        ({"BRCA": "mutation", "BRCA1": "none", "BRCA2": "uncertain"}, {"BRCA", "!BRCA1"}),
    ],
)
def test_single_results(results: dict[str, str], says: set[str]) -> None:
    expected = {f"{'!' * v.startswith('!')}inherited={v.lstrip('!')}" for v in says}
    assert hard(inherited=results) == expected
    assert silent(inherited=results) == set()


def test_signatures_have_words_of_their_own() -> None:
    for word in ("positive", "mutation"):
        assert hard(tumor={"MSI_H": word}) == {"tumor=MSI_H"}
    for word in ("negative", "none"):
        assert hard(tumor={"MSI_H": word}) == {"!tumor=MSI_H"}


@pytest.mark.parametrize(
    ("results", "says"),
    [
        ({"any": "none"}, {"!BRCA1", "!BRCA2", "!PALB2", "!any"}),
        ({"any": "none", "PALB2": "mutation"}, {"!BRCA1", "!BRCA2"}),
        ({"any": "none", "PALB2": "none"}, {"!BRCA1", "!BRCA2", "!any"}),
        ({"any": "none", "PALB2": "uncertain"}, {"!BRCA1", "!BRCA2"}),
        ({"any": "none", "PALB2": "not_tested"}, {"!BRCA1", "!BRCA2"}),
        ({"any": "none", "BRCA": "mutation"}, {"!PALB2"}),
        ({"any": "none", "BRCA": "uncertain"}, {"!PALB2"}),
        ({"any": "none", "BRCA": "none"}, {"!PALB2", "!any", "!BRCA1", "!BRCA2", "!BRCA"}),
        ({"BRCA": "none"}, {"!BRCA1", "!BRCA2", "!BRCA"}),
        ({"BRCA": "none", "BRCA1": "mutation"}, {"!BRCA2"}),
        ({"BRCA": "none", "BRCA2": "uncertain"}, {"!BRCA1"}),
        ({"any": "uncertain"}, set()),
        ({"any": "not_tested"}, set()),
    ],
)
def test_what_a_panel_says_of_genes_not_named(results: dict[str, str], says: set[str]) -> None:
    assert silent(inherited=results) == {f"!inherited={value[1:]}" for value in says}


def test_a_panel_says_nothing_of_signatures() -> None:
    assert silent(tumor={"any": "none"}) == {"!tumor=ESR1", "!tumor=PIK3CA", "!tumor=any"}


# Dates: what can come later is open when the test is old


@pytest.mark.parametrize(
    ("on", "old"),
    [("2026-11", False), ("2026-06", False), ("2026-05", False), ("2026-04", True),
     ("2025-11", True), ("2025-12", True), ("2020-01", True), ("2027-01", False), (None, False),
     ("2026", True), ("2025", True), ("2027", False)],
)  # fmt: skip
def test_an_old_negative_test_is_open_for_what_can_come_later(on: str | None, old: bool) -> None:
    result = {"result": "none", "on": on}
    assert hard(tumor={"ESR1": result}) == (set() if old else {"!tumor=ESR1"})
    assert hard(tumor={"PIK3CA": result}) == {"!tumor=PIK3CA"}
    assert hard(tumor={"ESR1": {"result": "mutation", "on": on}}) == {"tumor=ESR1"}
    panel = silent(tumor={"any": result})
    assert panel == ({"!tumor=PIK3CA"} if old else {"!tumor=ESR1", "!tumor=PIK3CA", "!tumor=any"})


def test_the_day_of_the_month_does_not_matter() -> None:
    for day in (1, 30):
        today = date(2026, 11, day)
        assert silent(today, tumor={"any": {"result": "none", "on": "2026-05"}}) >= {"!tumor=ESR1"}


@pytest.mark.parametrize(
    ("on", "today", "months"),
    [((2026, 1), date(2026, 1, 1), 0), ((2025, 12), date(2026, 1, 31), 1),
     ((2025, 11), date(2026, 1, 31), 2), ((2024, 1), date(2026, 1, 1), 24)],
)  # fmt: skip
def test_whole_months_between_a_test_and_today(
    on: tuple[int, int], today: date, months: int
) -> None:
    result = Result("none", on)
    assert result.is_older_than(months - 1, today=today)
    assert not result.is_older_than(months, today=today)
    assert not Result("none").is_older_than(-1000, today=today)


# Answers


def test_units_and_parts_of_answers() -> None:
    answers = person(er="low", inherited={"BRCA1": "none", "PALB2": "mutation"}, cancer=["breast"])
    assert answers.units() == ("cancer", "er", "inherited.BRCA1", "inherited.PALB2")
    kept = answers.only(frozenset({"er", "inherited.PALB2"}))
    assert kept.given == {"er": "low", "inherited": {"PALB2": Result("mutation")}}
    left = answers.without(frozenset({"inherited.BRCA1", "inherited.PALB2"}))
    assert left.given == {"er": "low", "cancer": ("breast",)}
    assert answers.results("er") == {}
    assert answers.listed("er") == ()
    assert answers.results("tumor") == {}
    assert answers.listed("nothing") == ()
    assert Answers({}, frozenset({"er"})).only(frozenset()).declined == {"er"}


def test_what_a_result_says() -> None:
    found = {word: Result(word).found for word in
             ("mutation", "positive", "none", "negative", "uncertain", "not_tested")}  # fmt: skip
    assert [word for word, is_found in found.items() if is_found] == ["mutation", "positive"]
    assert [word for word in found if Result(word).clear] == ["none", "negative"]
