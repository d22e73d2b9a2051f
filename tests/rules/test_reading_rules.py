"""Reading rules: what conditions, tags, families and numbers in the files turn into."""

from __future__ import annotations

from pathlib import Path

import pytest

from matcher.core.rulebook import (
    All,
    Clause,
    Leaf,
    Opposite,
    Rulebook,
    Some,
    Surely,
    TagIs,
    Unsure,
)
from matcher.core.text import Text
from matcher.rules import load_rules
from matcher.rules.cases import read_canaries, read_cases
from matcher.rules.clauses import read_clause
from matcher.rules.source import Source
from matcher.yaml_text import Fault, parse
from tests.rules.breaking import SMALL


@pytest.fixture(scope="module")
def small() -> Rulebook:
    return load_rules(SMALL)


ER = Leaf("er", values=("positive",))
BRCA1 = Leaf("inherited", values=("mutation",), gene="BRCA1")


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("unsure", Unsure()),
        ("{er: positive}", ER),
        ("{er: [positive, low]}", Leaf("er", values=("positive", "low"))),
        ('{stage: "4"}', Leaf("stage", values=("4",))),
        ('{triple_negative: "no"}', Leaf("triple_negative", values=("no",))),
        ("{cancer: breast}", Leaf("cancer", values=("breast",))),
        ("{age: {min: 18, max: 39}}", Leaf("age", low=18, high=39)),
        ("{age: {min: 0}}", Leaf("age", low=0)),
        ("{age: {max: 120}}", Leaf("age", high=120)),
        ("{inherited: {BRCA1: mutation}}", BRCA1),
        ("{inherited: {any: named}}", Leaf("inherited", values=("named",), gene="any")),
        (
            "{inherited: {BRCA1: mutation, BRCA2: none}}",
            All((BRCA1, Leaf("inherited", values=("none",), gene="BRCA2"))),
        ),
        ("{er: {not: positive}}", Opposite(ER)),
        ("{age: {not: {min: 50}}}", Opposite(Leaf("age", low=50))),
        ("{not: {er: positive}}", Opposite(ER)),
        ("{surely: {er: positive}}", Surely(ER)),
        ("{tag: metastatic:breast}", TagIs("metastatic:breast")),
        ("{all: [{er: positive}, unsure]}", All((ER, Unsure()))),
        ("{any: [{er: positive}, {cancer: breast}]}", Some((ER, Leaf("cancer", ("breast",))))),
        ("{any: [{er: positive}]}", Some((ER,))),
        ("{er: positive, cancer: breast}", All((ER, Leaf("cancer", ("breast",))))),
        ("{er: positive, not: unsure}", All((ER, Opposite(Unsure())))),
    ],
)
def test_conditions(small: Rulebook, text: str, clause: Clause) -> None:
    document, faults = parse(text, file="f.yaml")
    assert read_clause(Source(document, (), document.value, faults), small.attributes) == clause
    assert faults == []


def test_the_number_of_a_label_stands_for_n(small: Rulebook) -> None:
    document, faults = parse('{age: {min: "{n}", max: 60}}', file="f.yaml")
    source = Source(document, (), document.value, faults)
    assert read_clause(source, small.attributes, number=51) == Leaf("age", low=51, high=60)
    assert read_clause(source, small.attributes, number=200) == Leaf("age", low=200, high=60)
    assert faults == []


def test_a_condition_with_faults_is_unsure_and_every_fault_is_told(small: Rulebook) -> None:
    text = "any:\n  - {er: maybe}\n  - {nothing: a}\n  - {age: 5}\n  - {not: []}\n"
    document, faults = parse(text, file="f.yaml")
    clause = read_clause(Source(document, (), document.value, faults), small.attributes)
    assert clause == Some((Leaf("er", ("maybe",)), Unsure(), Unsure(), Opposite(Unsure())))
    assert [fault.line for fault in faults] == [2, 3, 4, 5]


# Tags


def test_one_tag_for_every_option_but_the_exclusive_one(small: Rulebook) -> None:
    made = {key: tag for key, tag in small.tags.items() if key.startswith("had_")}
    assert list(made) == [
        "had_surgery",
        "had_mastectomy",
        "had_chemotherapy",
        "had_hormone_therapy",
        "had_tamoxifen",
    ]
    tag = made["had_hormone_therapy"]
    assert tag.when == Leaf("treatments", values=("hormone_therapy",))
    assert (tag.role, tag.concept, tag.scoped) == ("had", "hormone_therapy", True)


def test_options_fill_the_words_of_their_tags(small: Rulebook) -> None:
    assert small.tags["inherited_PALB2"].label == Text(
        "inherited PALB2", "inherited PALB2 (es) (es)"
    )
    assert small.tags["had_hormone_therapy"].label.en == "had hormone therapy"


def test_abbreviations_keep_their_capitals_inside_a_sentence(tmp_path: Path) -> None:
    book = load_rules(_changed(tmp_path, "genes", 'en: "inherited {option}"', 'en: "{lower} x"'))
    assert book.tags["inherited_BRCA1"].label.en == "BRCA1 x"
    changed = _changed(tmp_path, "genes", 'en: "had {lower}"', 'en: "{lower} was had"')
    assert load_rules(changed).tags["had_surgery"].label.en == "surgery was had"
    surgery = tmp_path / "attributes" / "cancer.yaml"
    surgery.write_text(surgery.read_text().replace('{en: "surgery"', '{en: "Surgery"'))
    assert load_rules(tmp_path).tags["had_surgery"].label.en == "surgery was had"


def _changed(folder: Path, name: str, old: str, new: str) -> Path:
    for path in SMALL.rglob("*.yaml"):
        copy = folder / path.relative_to(SMALL)
        copy.parent.mkdir(exist_ok=True)
        copy.write_text(path.read_text())
    path = folder / "tags" / f"{name}.yaml"
    path.write_text(path.read_text().replace(old, new))
    return folder


def test_options_can_be_left_out_and_weigh_differently(small: Rulebook) -> None:
    assert "inherited_BRCA" not in small.tags
    assert small.tags["inherited_any"].weight == 3
    assert [small.tags[f"inherited_{g}"].weight for g in ("BRCA1", "BRCA2", "PALB2")] == [6, 6, 8]


def test_numbered_tags_take_the_number_of_the_label(small: Rulebook) -> None:
    tag = small.tag("age_at_least:51")
    assert tag.label.en == "51 or older"
    assert tag.label.es == "51 or older (es)"
    assert tag.when == Leaf("age", low=51)
    assert tag.key == "age_at_least:51"
    assert not tag.supports
    assert small.families["age_at_least"].phrases == ("{n} or older",)
    assert set(small.families) == {"age_at_least", "age_at_most", "lines_at_least"}


def test_what_a_tag_says_of_itself(small: Rulebook) -> None:
    tag = small.tags["metastatic"]
    assert (tag.scoped, tag.tender, tag.supports, tag.opposite) == (
        True, True, True, "non_metastatic",
    )  # fmt: skip
    assert tag.phrases == ("metastatic", "stage IV")
    assert tag.topic == "stage"
    assert (tag.role, tag.concept, tag.site, tag.maybe) == (None, None, None, None)
    assert small.tags["advanced"].maybe == Leaf("extent", values=("locally_advanced",))
    assert small.tags["tumor_ESR1"].concept == "ESR1"


# Questions and rules


def test_what_a_question_says_of_itself(small: Rulebook) -> None:
    extent = small.attributes["extent"]
    assert (extent.kind, extent.about, extent.tender, extent.order) == (
        "one", "main_cancer", True, 50,
    )  # fmt: skip
    assert extent.why == Text("It decides much.", "Decide mucho.")
    assert extent.asked_when == Leaf("cancer_status", values=("now", "past"))
    er = small.attributes["er"]
    assert er.why is None
    assert er.codes == {"loinc": ("85337-4",), "percent": ("85329-1",)}
    positive = er.options[0]
    assert (positive.synonyms, positive.share) == (("ER+", "pos"), 0.7)
    age = small.attributes["age"]
    assert (age.min, age.max, age.unit) == (0, 120, Text("years", "años"))
    assert small.attributes["treatments"].merged_from == "treatments_now"
    genes = {option.value: option for option in small.attributes["inherited"].options}
    assert genes["BRCA"].one_of == ("BRCA1", "BRCA2")
    assert genes["any"].panel
    tumor = {option.value: option for option in small.attributes["tumor"].options}
    assert tumor["ESR1"].acquired
    assert tumor["MSI_H"].signature
    assert tumor["ESR1"].check_again is None
    background = {o.value: o.fine for o in small.attributes["race_ethnicity"].options}
    assert background == {"white": False, "black": False, "ashkenazi": True, "icelandic": True}


def test_questions_are_in_the_order_of_their_numbers(small: Rulebook) -> None:
    assert list(small.attributes)[:3] == ["cancer_status", "cancer", "main_cancer"]
    orders = [attribute.order for attribute in small.attributes.values()]
    assert orders == sorted(orders)


def test_rules_keep_their_parts(small: Rulebook) -> None:
    rules = {rule.key: rule for rule in small.implications}
    assert rules["diagnosed_before_now"].at_most == ("age_at_diagnosis", "age")
    assert rules["diagnosed_before_now"].premise is None
    assert rules["triple_negative_is_er_negative"].one_way
    assert not rules["lines_mean_spread"].one_way
    assert rules["lines_mean_spread"].premise == Leaf("lines", low=1)
    defaults = {rule.key: rule for rule in small.defaults}
    assert defaults["female_stands_in_for_woman"].unless is None
    assert isinstance(defaults["mutation_high_risk_breast"].unless, Some)
    unnamed = next(rule for rule in small.never_no if rule.key == "unnamed_mutation")
    assert unnamed.values == (("high_risk", "breast"), ("high_risk", "ovarian"))


def test_the_numbers_of_the_score(small: Rulebook) -> None:
    scoring = small.scoring
    assert scoring.recency == ((6, 4), (18, 3), (36, 2), (60, 1))
    assert scoring.floors == {"fits": 76, "may_fit": 51, "related": 26, "open": 12}
    assert scoring.aged_years == {"Update": 3, "Guideline": 3}


# Worked cases


CASE_A = "  - {case: a, who: somebody, answers: {}, level: open}\n"


def _cases(folder: Path, text: str) -> tuple[list[str], list[Fault]]:
    (folder / "cases").mkdir(exist_ok=True)
    (folder / "cases" / "some.yaml").write_text(text)
    entries, faults = read_cases(folder)
    return [entry.name for entry in entries], faults


def test_cases_are_read_with_their_lines(tmp_path: Path) -> None:
    names, faults = _cases(tmp_path, "cases:\n" + CASE_A + CASE_A.replace(" a,", " b,"))
    assert (names, faults) == (["a", "b"], [])
    entry = read_cases(tmp_path)[0][1]
    fault = entry.fault("wrong", "Mend it.")
    assert (fault.line, fault.what) == (3, "b: wrong")


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("cases:\n" + CASE_A.replace("level", "levels"), 2, "levels"),
        ("cases:\n" + CASE_A + CASE_A, 3, "a: this name stands twice"),
        ("cases:\n  - who: a\n", 2, "'case' is a required property"),
        ("cases:\n  - a\n", 2, "cases/0"),
        ("cases: a\n", 1, "cases"),
        ("other: []\n", 1, "'cases' is a required property"),
        ("- a\n", 1, "the file"),
        ("cases:\n  - case: no\n", 2, "no without quotes"),
    ],
)
def test_what_is_wrong_with_cases_is_told(tmp_path: Path, text: str, line: int, what: str) -> None:
    faults = _cases(tmp_path, text)[1]
    assert any(fault.line == line and what in fault.what for fault in faults), faults


def test_a_cases_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases" / "some.yaml").write_bytes(b"\xff")
    entries, faults = read_cases(tmp_path)
    assert entries == []
    assert faults[0].mend.startswith("Save the file as UTF-8")


def test_canaries_are_read_if_there_are_any(tmp_path: Path) -> None:
    assert read_canaries(tmp_path) == ([], [])
    (tmp_path / "canaries.yaml").write_text(
        "canaries:\n  - {canary: a, who: b, answers: {er: low}}\n"
    )
    entries, faults = read_canaries(tmp_path)
    assert faults == []
    assert entries[0].content["answers"] == {"er": "low"}
