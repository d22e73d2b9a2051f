"""Words that deny, doubt or speak of somebody else never become an answer, whatever the code."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import (
    SNOMED,
    Resource,
    concept,
    condition,
    patient,
    procedure,
    read,
    secondary,
    statement,
)

ICD = "http://hl7.org/fhir/sid/icd-10-cm"
NOT_THEIRS = [
    "No breast cancer",
    "Breast cancer ruled out",
    "r/o breast cancer",
    "Breast cancer?",
    "Breast cancer excluded",
    "Negative for breast carcinoma",
    "Breast cancer not found",
    "Never had ovarian cancer",
    "FH: breast cancer",
    "FHx breast cancer",
    "Mother with breast cancer",
    "History of breast cancer in mother",
    "Husband has prostate cancer",
    "Pt's mom had breast cancer",
    "Breast cancer, biopsy pending",
    "Isn't breast cancer",
    "Questionable breast cancer",
    "Concern for breast cancer",
    "Metastatic breast cancer ruled out",
    "Hereditary nonpolyposis colon cancer",
    "Hereditary diffuse gastric cancer",
    "Cardiotoxicity after breast cancer therapy",
    "Breast cancer antigen 15-3 raised",
    "Carcinoma in situ of uterine cervix",
]
CODES_OF_NO_CANCER = [
    ("Z79.810", "Long term (current) use of tamoxifen for breast cancer"),
    ("Z90.13", "Acquired absence of bilateral breasts, breast cancer"),
    ("R97.1", "Elevated cancer antigen 125, ovarian cancer"),
    ("C50.911", "Suspected malignant neoplasm of right breast"),
]
DOUBTED = [
    "Sospecha de cáncer de mama",
    "Antecedentes familiares de cáncer de mama",
    "Cáncer de mama descartado",
    "Breast cancer ruled out",
    "Mother has breast cancer",
]
STILL_CANCER = [
    "Malignant neoplasm of breast, not otherwise specified",
    "Triple negative breast cancer",
    "HER2-negative breast cancer",
    "Malignant tumor of breast (disorder)",
]
OVER = [
    "h/o breast cancer",
    "Breast cancer survivor",
    "Breast cancer in remission",
    "Breast cancer (resolved)",
    "Previous breast cancer",
]
NO_SPREAD = [
    "Suspected bone metastasis",
    "No bone metastasis",
    "Metastasis to bone ruled out",
    "Suspicious for metastasis to liver",
    "Metastases to liver not seen",
    "Negative for metastasis to brain",
    "Metástasis ósea descartada",
    "Metastasis to brain from lung cancer",
    "Lung cancer metastatic to brain",
]

NOT_DONE = [
    "Mastectomy declined",
    "Discussion about mastectomy",
    "Mastectomy bra fitting",
    "Insertion of port for chemotherapy",
    "Radiotherapy not indicated",
    "Cancellation of chemotherapy",
    "Oncotype for chemotherapy benefit",
    "Management of nausea after chemotherapy",
    "Mastectomía: mastectomy rechazada",
]
NOT_TAKEN = [
    "No chemotherapy",
    "Tamoxifen declined by patient",
    "Tamoxifen – allergic",
    "Tamoxifen contraindicated",
    "Intolerance to anastrozole",
    "Discontinue tamoxifen",
    "Letrozole for ovulation induction",
    "Consider letrozole",
    "Previously tamoxifen",
]
OTHER_REASONS = [
    "Family history of breast cancer",
    "Increased risk of breast cancer",
    "Prevention of breast cancer",
    "Suspected breast cancer",
    "Hereditary breast and ovarian cancer syndrome",
]
CARE = [procedure("Mastectomy of left breast"), statement("Tamoxifen 20 mg")]


def told(text: str, *codings: tuple[str, str, str], **more: Any) -> Resource:
    return {**condition(**more), "code": concept(*codings, text=text)}


def test_a_code_alone_that_nobody_knows_is_not_said_to_be_no_cancer(rulebook: Rulebook) -> None:
    old = told("", ("http://hl7.org/fhir/sid/icd-9-cm", "174.9", ""))
    draft = read(rulebook, patient(), old)
    assert "cancer" not in draft.answers
    assert any("cannot be told" in one.why for one in draft.unused)


@pytest.mark.parametrize("text", NOT_THEIRS)
def test_a_text_that_is_no_plain_yes_is_no_cancer(text: str, rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), told(text))
    assert "cancer" not in draft.answers
    assert any(text[:20] in one.what for one in draft.unused)


@pytest.mark.parametrize("text", DOUBTED)
def test_nor_does_a_code_save_it(text: str, rulebook: Rulebook) -> None:
    code = (SNOMED, "254837009", "Malignant neoplasm of breast (disorder)")
    draft = read(rulebook, patient(), told(text, code))
    assert "cancer" not in draft.answers
    assert any("deny" in one.why for one in draft.unused)


@pytest.mark.parametrize(("code", "text"), CODES_OF_NO_CANCER)
def test_a_code_of_no_cancer_wins_over_its_words(code: str, text: str, rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), told(text, (ICD, code, "")))
    assert "cancer" not in draft.answers


@pytest.mark.parametrize("text", STILL_CANCER)
def test_a_no_that_is_part_of_the_name_stays(text: str, rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), told(text))
    assert draft.answers["cancer"] == ["breast", "unknown"]
    assert draft.answers["cancer_status"] == "now"


@pytest.mark.parametrize("text", OVER)
def test_a_history_is_not_a_cancer_now(text: str, rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), told(text))
    assert draft.answers["cancer"] == ["breast", "unknown"]
    assert draft.answers["cancer_status"] == "past"


def test_a_history_in_words_beside_the_code_leaves_now_open(rulebook: Rulebook) -> None:
    code = (ICD, "C50.911", "")
    draft = read(rulebook, patient(), told("History of breast cancer", code))
    assert draft.answers["cancer"] == ["breast", "unknown"]
    assert "cancer_status" not in draft.answers


@pytest.mark.parametrize("text", NO_SPREAD)
@pytest.mark.parametrize("coded", [True, False])
def test_a_spread_denied_doubted_or_of_another_cancer(
    text: str, coded: bool, rulebook: Rulebook
) -> None:
    spread = secondary("94222008", text) if coded else told(text, id="s")
    draft = read(rulebook, patient(), condition(), spread)
    assert "extent" not in draft.answers
    assert draft.answers["cancer"] == ["breast", "unknown"]


def test_a_spread_that_comes_from_the_main_cancer(rulebook: Rulebook) -> None:
    spread = told("Metastasis to bone from breast cancer", id="s")
    draft = read(rulebook, patient(), condition(), spread)
    assert draft.answers["extent"] == "metastatic"


def test_a_carcinoid_is_no_second_cancer(rulebook: Rulebook) -> None:
    carcinoid = told("", (ICD, "C7B.02", "Secondary carcinoid tumors of liver"), id="s")
    draft = read(rulebook, patient(), condition(), carcinoid)
    assert draft.answers["cancer"] == ["breast", "unknown"]
    assert "extent" not in draft.answers


@pytest.mark.parametrize("text", ["No breast cancer", "Denies breast cancer", "Ruled out"])
def test_a_relative_without_the_cancer(text: str, rulebook: Rulebook) -> None:
    breast = (SNOMED, "254837009", "")
    family: Resource = {
        "resourceType": "FamilyMemberHistory",
        "status": "completed",
        "relationship": {"text": "mother"},
        "condition": [{"code": concept(breast, text=text)}],
    }
    assert "family_history" not in read(rulebook, family).answers


@pytest.mark.parametrize("text", NOT_DONE)
@pytest.mark.parametrize("code", ["", "172043006", "392021009", "367336001", "108290001"])
def test_an_operation_that_was_not_done(text: str, code: str, rulebook: Rulebook) -> None:
    done = {**procedure(text), "code": concept((SNOMED, code, ""), text=text)}
    draft = read(rulebook, patient(), condition(), done)
    assert "treatments" not in draft.answers
    assert any(text in one.what for one in draft.unused)


@pytest.mark.parametrize("text", NOT_TAKEN)
def test_a_medicine_that_is_not_taken_or_not_for_this(text: str, rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), condition(), statement(text))
    assert "treatments" not in draft.answers
    assert any("refusal" in one.why for one in draft.unused)


@pytest.mark.parametrize("text", OTHER_REASONS)
@pytest.mark.parametrize("given", CARE)
@pytest.mark.parametrize(
    "reason",
    [
        lambda text: {"reasonCode": [{"text": text}]},
        lambda text: {"reasonCode": [concept((SNOMED, "254837009", ""), text=text)]},
        lambda text: {"reason": [{"concept": {"text": text}}]},
        lambda text: {"reasonReference": [{"display": text}]},
    ],
)
def test_a_reason_that_is_not_the_cancer_itself(
    text: str, given: Resource, reason: Any, rulebook: Rulebook
) -> None:
    draft = read(rulebook, patient(), condition(), {**given, **reason(text)})
    assert "treatments" not in draft.answers


@pytest.mark.parametrize("given", CARE)
def test_a_reason_that_is_the_cancer(given: Resource, rulebook: Rulebook) -> None:
    reason = {"reasonCode": [{"text": "Treatment of breast cancer"}]}
    assert "treatments" in read(rulebook, patient(), condition(), {**given, **reason}).answers
