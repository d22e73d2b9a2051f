"""What readers with fresh eyes found: labels that can be taken in more than one way."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from matcher.reading.labels.audiences import Reader
from matcher.schemas.profiles import read_answers
from matcher.services.reading import PhraseJudge

Row = tuple[str, dict[str, Any], str]
NEVER = {"cancer_status": "never", "cancer": []}
BREAST = {"cancer_status": "now", "cancer": ["breast"]}
OVARIAN = {"cancer_status": "now", "cancer": ["ovarian"]}
PROSTATE = {"cancer_status": "now", "cancer": ["prostate"], "gender": "man"}
WOMAN, MAN = {"gender": "woman"}, {"gender": "man"}
BRCA1, BRCA2 = {"inherited": {"BRCA1": "mutation"}}, {"inherited": {"BRCA2": "mutation"}}
NO_BRCA = {"inherited": {"BRCA1": "none", "BRCA2": "none"}}
TUMOR = {"tumor": {"BRCA1": "mutation", "BRCA2": "none"}}
NO_TUMOR = {"tumor": {"BRCA1": "none", "BRCA2": "none", "ATM": "none"}}
NO_ATM = {"inherited": {"BRCA1": "none", "BRCA2": "none", "ATM": "none"}}

WITH_AFTER_CANCER: list[Row] = [
    ("People with breast cancer with no BRCA mutation", BREAST | BRCA1 | NO_TUMOR, "no"),
    ("People with breast cancer with no BRCA mutation", BREAST | NO_BRCA | NO_TUMOR, "yes"),
    ("Men with prostate cancer with no BRCA or ATM mutation", PROSTATE | BRCA2 | NO_TUMOR, "no"),
    ("Men with prostate cancer with no BRCA or ATM mutation", PROSTATE | NO_ATM | NO_TUMOR, "yes"),
    ("Women with breast cancer with no gene mutations", WOMAN | BREAST | BRCA1 | NO_TUMOR, "no"),
    ("Men with prostate cancer with BRCA2 mutations", PROSTATE | BRCA2 | NO_TUMOR, "yes"),
    ("People with ovarian or pancreatic cancer with a BRCA mutation", OVARIAN | BRCA1, "yes"),
    ("People with ovarian cancer with a BRCA mutation", OVARIAN | NO_BRCA | TUMOR, "unknown"),
    ("People with ovarian cancer with a BRCA mutation", OVARIAN | NO_BRCA | NO_TUMOR, "no"),
    ("People with ovarian cancer that has a BRCA mutation", OVARIAN | NO_BRCA | TUMOR, "yes"),
]
DENIED_GENES: list[Row] = [
    (
        "People with HRD-positive ovarian cancer and no BRCA mutation",
        OVARIAN | NO_BRCA | {"tumor": {"HRD": "positive", "BRCA1": "mutation"}},
        "no",
    ),
    (
        "People with HRD-positive ovarian cancer and no BRCA mutation",
        OVARIAN | NO_BRCA | {"tumor": {"HRD": "positive", "BRCA1": "none", "BRCA2": "none"}},
        "yes",
    ),
    ("People with BRCA-negative ovarian cancer", OVARIAN | NO_BRCA | TUMOR, "no"),
    ("People with BRCA-negative ovarian cancer", OVARIAN | NO_BRCA, "unknown"),
    ("People with breast cancer without a BRCA mutation", BREAST | NO_BRCA | TUMOR, "no"),
    ("People with ovarian cancer and no inherited BRCA mutation", OVARIAN | NO_BRCA | TUMOR, "yes"),
    ("Women without a BRCA mutation", WOMAN | NEVER | NO_BRCA, "yes"),
    ("Women without a BRCA mutation", WOMAN | NO_BRCA, "yes"),
]
PRESENT: list[Row] = [
    (
        "People who currently have breast cancer",
        {"cancer": ["breast", "ovarian"], "main_cancer": "ovarian", "cancer_status": "now"},
        "unknown",
    ),
    ("People who currently have breast cancer", BREAST, "yes"),
    (
        "People who currently have ovarian cancer",
        {"cancer": ["breast", "ovarian"], "main_cancer": "ovarian", "cancer_status": "now"},
        "yes",
    ),
]
TRAILING_CLAUSES: list[Row] = [
    (
        "Women under 40 and men of any age with breast cancer",
        WOMAN | NEVER | {"age": 30},
        "unknown",
    ),
    ("Women under 40 and men with breast cancer", WOMAN | NEVER | {"age": 30}, "unknown"),
    ("Women under 40 and men with breast cancer", WOMAN | BREAST | {"age": 30}, "yes"),
    ("Women under 40 and men with breast cancer", MAN | BREAST | {"age": 60}, "yes"),
    (
        "Women over 50 and men over 40 with BRCA mutations",
        WOMAN | NO_BRCA | {"age": 55},
        "unknown",
    ),
    ("Women over 50 and men over 40 with BRCA mutations", WOMAN | BRCA1 | {"age": 55}, "yes"),
    ("Women over 50 and men over 40 with BRCA mutations", WOMAN | BRCA1 | {"age": 45}, "no"),
    (
        "Men with prostate cancer and women with ovarian cancer who have a BRCA mutation",
        PROSTATE | NO_BRCA,
        "unknown",
    ),
    (
        "Men with prostate cancer and women with ovarian cancer who have a BRCA mutation",
        PROSTATE | BRCA2,
        "yes",
    ),
    (
        "People with ovarian cancer, women with breast cancer, and men with prostate cancer,"
        " all with BRCA mutations",
        OVARIAN | NO_BRCA,
        "unknown",
    ),
    (
        "Men diagnosed with breast cancer and women diagnosed before age 50",
        WOMAN | OVARIAN | {"age": 42, "age_at_diagnosis": 40},
        "unknown",
    ),
    (
        "Men diagnosed with breast cancer and women diagnosed before age 50",
        WOMAN | BREAST | {"age": 42, "age_at_diagnosis": 40},
        "unknown",
    ),
    ("Breast cancer survivors and women at high risk", WOMAN | BREAST, "yes"),
    ("Women with breast cancer and men with prostate cancer", WOMAN | BREAST, "yes"),
    ("Women with breast cancer and men of any age with prostate cancer", WOMAN | BREAST, "yes"),
]
COUNTED: list[Row] = [
    ("Women who had one ovary removed", WOMAN | {"risk_reducing_surgery": ["ovaries"]}, "unknown"),
    ("Women who had one breast removed", WOMAN | {"risk_reducing_surgery": ["breasts"]}, "unknown"),
    (
        "People with breast cancer and one positive lymph node",
        BREAST | {"positive_nodes": 7},
        "unknown",
    ),
    ("People with one relative with breast cancer", {"family_history": ["breast"]}, "unknown"),
    ("People with either breast or ovarian cancer", OVARIAN, "yes"),
    ("People with either a BRCA mutation or breast cancer", BREAST, "yes"),
    ("People with one BRCA mutation", BRCA1, "yes"),
]
PLANS: list[Row] = [
    (
        "Women considering risk-reducing mastectomy",
        WOMAN | {"considering": ["mastectomy"]},
        "unknown",
    ),
    ("Women considering preventive mastectomy", WOMAN | {"considering": ["mastectomy"]}, "unknown"),
    ("Women considering prophylactic mastectomy", WOMAN | {"considering": ["none"]}, "no"),
    (
        "Women considering prophylactic mastectomy",
        WOMAN | {"considering": ["risk_reducing_surgery"]},
        "unknown",
    ),
]
TIMES: list[Row] = [
    ("Women who have never been pregnant", WOMAN | {"pregnant": "no"}, "unknown"),
    ("Women who have not been pregnant", WOMAN | {"pregnant": "no"}, "unknown"),
    ("Women who have not been pregnant", WOMAN | {"pregnant": "yes"}, "no"),
    ("Women who have been pregnant", WOMAN | {"pregnant": "yes"}, "yes"),
    ("Women who have been pregnant", WOMAN | {"pregnant": "no"}, "unknown"),
    ("Women who are not pregnant", WOMAN | {"pregnant": "no"}, "yes"),
    (
        "Women who currently take antidepressants",
        WOMAN | {"exposures": ["antidepressants"]},
        "unknown",
    ),
    ("Women who currently take antidepressants", WOMAN | {"exposures": ["none"]}, "no"),
    (
        "Women who are not currently taking antidepressants",
        WOMAN | {"exposures": ["antidepressants"]},
        "unknown",
    ),
    ("Women who are not currently taking antidepressants", WOMAN | {"exposures": ["none"]}, "yes"),
]
PALB2 = {"PALB2": "mutation"}
GENES_TOGETHER: list[Row] = [
    ("People with BRCA1 and PALB2 mutations", BRCA1, "unknown"),
    ("People with BRCA1 and PALB2 mutations", {"inherited": {"BRCA1": "mutation"} | PALB2}, "yes"),
    (
        "People with BRCA1 and PALB2 mutations",
        {"inherited": {"BRCA1": "none", "PALB2": "none"}},
        "no",
    ),
    ("People with BRCA1 and BRCA2 mutations", BRCA1, "yes"),
    ("People with BRCA1 or PALB2 mutations", BRCA1, "yes"),
]
LOST: list[Row] = [
    ("People with breast cancer of the", BREAST, "unknown"),
]
CHEMO = {"treatments": ["chemotherapy"]}
NEVER_WRONGLY_NO: list[Row] = [
    ("People with stage II and higher breast cancer", BREAST | {"stage": "3"}, "yes"),
    ("People with stage 3+ breast cancer", BREAST | {"stage": "4"}, "yes"),
    ("People with stage IA-IIB breast cancer", BREAST | {"stage": "2"}, "unknown"),
    ("People with stage IA-IIB breast cancer", BREAST | {"stage": "1"}, "unknown"),
    (
        "Women with breast cancer who have or have not had chemotherapy",
        WOMAN | BREAST | CHEMO,
        "yes",
    ),
    (
        "People with breast cancer who have not had both chemotherapy and radiation",
        BREAST | CHEMO,
        "unknown",
    ),
    ("People with a prior negative BRCA test", NO_BRCA, "unknown"),
    (
        "Women who had a mastectomy at age 40 or younger",
        WOMAN | BREAST | {"treatments": ["mastectomy"], "age": 60},
        "unknown",
    ),
    (
        "People with breast cancer or ovarian cancer and a BRCA mutation",
        BREAST | NO_BRCA,
        "unknown",
    ),
    ("Women taking tamoxifen to prevent breast cancer", WOMAN | NEVER, "unknown"),
]
ROWS = [
    *NEVER_WRONGLY_NO,
    *TIMES,
    *GENES_TOGETHER,
    *LOST,
    *COUNTED,
    *PLANS,
    *WITH_AFTER_CANCER,
    *DENIED_GENES,
    *PRESENT,
    *TRAILING_CLAUSES,
]


@pytest.fixture(scope="module")
def judge(rulebook: Rulebook) -> PhraseJudge:
    """The reader and the engine, on a fixed day."""
    return PhraseJudge(rulebook, Reader(rulebook), today=date(2026, 11, 24))


@pytest.mark.parametrize(("label", "person", "word"), ROWS, ids=str)
def test_the_label_says_so(
    judge: PhraseJudge, label: str, person: dict[str, Any], word: str
) -> None:
    """One label, one person, one verdict."""
    judged = judge.judge(label, read_answers(person, judge.book))
    assert judged.verdict.word == word, judged.condition
