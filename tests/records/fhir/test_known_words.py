"""What words alone say of treatments and of a spread: only what is told plainly counts."""

from __future__ import annotations

import pytest

from matcher.core.rulebook import Rulebook
from tests.records.fhir.bundles import (
    MCODE,
    SNOMED,
    Resource,
    concept,
    condition,
    patient,
    procedure,
    read,
    statement,
)
from tests.records.fhir.test_names_of_diagnoses import told

BREAST = "C50.912"
DONE = [
    (["mastectomy"], "Mastectomy with delayed reconstruction"),
    (["mastectomy"], "Mastectomy; reconstruction at later date"),
    (["mastectomy"], "Mastectomy (reconstruction to follow)"),
    (["mastectomy"], "Mastectomy, patient considering reconstruction"),
    (["mastectomy"], "Mastectomy, delayed implant reconstruction"),
    (["lumpectomy"], "Lumpectomy, chemotherapy at later date"),
    (["chemotherapy"], "Chemotherapy, mastectomy to follow"),
    (["mastectomy", "reconstruction"], "Mastectomy with immediate reconstruction"),
    (["radiation"], "Whole breast irradiation, 15 fractions"),
    (["chemotherapy"], "Neoadjuvant chemotherapy, cycle 4"),
]
NOT_DONE = [
    "Mastectomy with reconstruction later",
    "Mastectomy delayed, reconstruction considered",
    "Mastectomy and reconstruction at later date",
    "Mastectomy, delayed",
    "Bilateral mastectomy and chemotherapy to follow",
    "Mastectomy next month",
    "Mastectomy or lumpectomy",
    "Mastectomy specimen examination",
    "Mastectomy scar revision",
    "Mastectomy for fibroadenoma",
    "Anesthesia for mastectomy",
    "Lumpectomy of thyroid",
    "Lumpectomy site ultrasound",
    "Low-dose irradiation for keloid",
    "UV irradiation therapy",
    "Whole blood irradiation",
    "Intravascular brachytherapy of coronary artery",
    "Radiosurgery for AVM",
    "Radiotherapy of prostate cancer",
    "Radiotherapy to prostate",
    "Radiotherapy of skin cancer",
    "Radiotherapy skin care",
    "Radiotherapy to start",
    "Chemotherapy class",
    "Chemotherapy orientation",
    "Chemotherapy for rheumatoid arthritis",
    "Patient refuses chemotherapy",
    "Scalp cooling during chemotherapy",
]
NOT_TAKEN = [
    "Tamoxifen deferred",
    "Patient refuses tamoxifen",
    "Tamoxifen to start next month",
    "Tamoxifen if ER positive",
    "Letrozole or tamoxifen",
    "Tamoxifen for mastalgia",
    "Tamoxifen gel",
    "Pembrolizumab trial screening",
    "Palbociclib approval request",
    "Chemotherapy class",
    "Dexamethasone for docetaxel",
    "Ondansetron with chemotherapy",
]
SPREAD = [
    "Metastatic breast cancer",
    "Metastatic HR+ HER2- breast cancer (HCC)",
    "Malignant neoplasm of breast, stage IV, metastatic to lung and liver",
    "Breast cancer metastatic to brain, s/p WBRT",
]
OPEN_SPREAD = [
    "Breast cancer with metastatic axillary lymph nodes",
    "Breast cancer, 1 metastatic sentinel node",
    "Carcinoma of breast, stage IIB, metastatic carcinoma in 1/3 nodes; cancer",
    "Breast cancer, metastatic survey",
    "Breast cancer; brain MRI for mets",
    "Breast cancer metastatic to bone, imaging ordered",
    "Breast cancer and metastatic lung cancer",
    "Previously metastatic breast cancer",
    "Metastatic breast cancer consult",
]
NO_SECONDARY = [
    "Metastasis to rib node",
    "Metastatic adenocarcinoma to lung hilar nodes",
    "Liver nodule, indeterminate for metastasis",
    "Liver lesion: metastasis or hemangioma",
    "Planned imaging for liver metastases",
    "Bone metastases clinic referral",
]
IN_SITU = ["Carcinoma in situ of breast", "Ductal carcinoma in situ of left breast"]
STILL_CANCER = [
    "Breast cancer; BRCA1 mutation carrier testing sent",
    "Breast cancer, genetic testing sent",
    "Breast cancer with lymphedema",
]
NO_CANCER = [
    "Screening for breast cancer; BRCA1 mutation carrier",
    "Breast cancer, screening after BRCA1 mutation testing",
    "Lymphedema after breast cancer",
    "Colon cancer, BRCA1 mutation",
]


@pytest.mark.parametrize(("kinds", "text"), DONE)
def test_what_was_done_in_plain_words(kinds: list[str], text: str, rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), condition(), procedure(text))
    assert draft.answers["treatments"] == [*kinds, "unknown"]
    put_off = any(word in text for word in ("delayed", "later", "follow", "considering"))
    assert any(text in one.what for one in draft.unused) is put_off


@pytest.mark.parametrize(
    "given", [*map(procedure, NOT_DONE), *map(statement, NOT_TAKEN)], ids=[*NOT_DONE, *NOT_TAKEN]
)
def test_each_word_beside_may_mean_something_else(given: Resource, rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), condition(), given)
    assert "treatments" not in draft.answers
    assert any(one.what.startswith(given["resourceType"]) for one in draft.unused)


def test_a_code_or_profile_stands_for_itself(rulebook: Rulebook) -> None:
    coded = concept((SNOMED, "172043006", "Simple mastectomy, Halsted"))
    profile = {"meta": {"profile": [f"{MCODE}radiotherapy-course-summary"]}}
    draft = read(
        rulebook,
        patient(),
        condition(),
        {**procedure(""), "code": coded},
        procedure("Radiotherapy by tomographic device", **profile),
    )
    assert draft.answers["treatments"] == ["mastectomy", "radiation", "unknown"]


@pytest.mark.parametrize("text", SPREAD)
def test_a_spread_in_plain_words(text: str, rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), told(text, BREAST))
    assert draft.answers["extent"] == "metastatic"


@pytest.mark.parametrize("text", OPEN_SPREAD)
def test_a_spread_of_nodes_of_another_cancer_or_with_words_beside(
    text: str, rulebook: Rulebook
) -> None:
    draft = read(rulebook, patient(), told(text, BREAST))
    assert draft.answers["cancer"] == ["breast", "unknown"]
    assert "extent" not in draft.answers
    assert any(text in one.what for one in draft.unused)


@pytest.mark.parametrize("text", NO_SECONDARY)
def test_a_place_with_words_beside(text: str, rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), condition(), told(text, id="s"))
    assert "extent" not in draft.answers
    assert any(text in one.what for one in draft.unused)


@pytest.mark.parametrize("text", IN_SITU)
def test_in_situ_beside_the_code_of_an_invasive_cancer(text: str, rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), told(text, "C50.9"))
    assert draft.answers["cancer"] == ["breast", "unknown"]
    assert "extent" not in draft.answers
    assert any("different things" in one.why for one in draft.unused)


@pytest.mark.parametrize("text", STILL_CANCER)
def test_what_goes_along_with_a_cancer_leaves_it_one(text: str, rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), told(text, BREAST))
    assert draft.answers["cancer"] == ["breast", "unknown"]
    assert draft.answers["cancer_status"] == "now"


@pytest.mark.parametrize("text", NO_CANCER)
def test_what_makes_it_something_else(text: str, rulebook: Rulebook) -> None:
    assert "cancer" not in read(rulebook, patient(), told(text, BREAST)).answers
