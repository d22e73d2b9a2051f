"""The vocabulary of the contract, written out, against what rules/attributes/ asks.

The table stands here in full, so that a change of the public names cannot pass unseen: a key or
value that is removed or renamed breaks what others have built on it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

RULES = Path(__file__).parents[2] / "rules"

CANCERS = """breast ovarian prostate pancreatic colorectal endometrial stomach melanoma leukemia
    other"""
GENES = """BRCA1 BRCA2 PALB2 ATM CHEK2 TP53 CDH1 PTEN STK11 MLH1 MSH2 MSH6 PMS2 EPCAM RAD51C RAD51D
    BRIP1 BARD1 NF1 APC MUTYH CDKN2A HOXB13 BRCA LYNCH any"""
TREATMENTS = """surgery lumpectomy mastectomy oophorectomy reconstruction implant_reconstruction
    radiation chemotherapy hormone_therapy aromatase_inhibitor tamoxifen serd ovarian_suppression
    cdk46_inhibitor pi3k_akt_inhibitor her2_targeted parp_inhibitor immunotherapy
    antibody_drug_conjugate none"""
COUNTRIES = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO
    BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ
    DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP
    GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG
    KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML
    MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE
    PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL
    SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM
    US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW"""

CONTRACT: dict[str, tuple[str, str]] = {
    "cancer_status": ("one", "now past never"),
    "cancer": ("many", CANCERS),
    "main_cancer": ("one", CANCERS),
    "breast_type": ("one", "ductal lobular inflammatory other"),
    "stage": ("one", "0 1 2 3 4"),
    "extent": ("one", "in_situ early locally_advanced metastatic"),
    "recurrent": ("yes_no", ""),
    "er": ("one", "positive low negative"),
    "pr": ("one", "positive negative"),
    "her2": ("one", "positive low ultralow zero negative"),
    "triple_negative": ("yes_no", ""),
    "node_status": ("one", "positive negative"),
    "positive_nodes": ("integer", "0 60"),
    "inherited": ("results", GENES),
    "tumor": (
        "results",
        """ESR1 PIK3CA AKT1 PTEN BRCA1 BRCA2 ERBB2 TP53 KRAS BRAF ATM PALB2 NTRK any
        MSI_H HRD PD_L1 TMB_H""",
    ),
    "castration_resistant": ("yes_no", ""),
    "age": ("integer", "0 120"),
    "age_at_diagnosis": ("integer", "0 120"),
    "sex_at_birth": ("one", "female male intersex"),
    "gender": ("one", "woman man nonbinary"),
    "transgender": ("yes_no", ""),
    "menopause": ("one", "pre peri post"),
    "pregnant": ("yes_no", ""),
    "treatments": ("many", TREATMENTS),
    "treatments_now": ("many", TREATMENTS),
    "lines": ("integer", "0 20"),
    "risk_reducing_surgery": (
        "many",
        "ovaries fallopian_tubes breasts uterus stomach colon none",
    ),
    "high_risk": ("many", CANCERS + " none"),
    "concerned_about": ("many", CANCERS + " none"),
    "family_history": ("many", CANCERS + " none"),
    "family_mutation": ("many", GENES + " none"),
    "race_ethnicity": (
        "many",
        """black hispanic asian pacific_islander native_american middle_eastern white ashkenazi
        icelandic nigerian bahamian other""",
    ),
    "country": ("one", COUNTRIES),
    "considering": (
        "many",
        """genetic_testing direct_to_consumer_testing mastectomy going_flat reconstruction implants
        risk_reducing_surgery pelvic_surgery chemotherapy hormone_therapy fertility_preservation
        pregnancy breastfeeding clinical_trial liquid_biopsy none""",
    ),
    "exposures": (
        "many",
        """dairy_or_soy artificial_sweeteners melatonin night_shifts hair_dye antidepressants
        menopausal_hormones none""",
    ),
    "symptoms": ("many", "fatigue menopausal breast_lump none"),
    "dense_breasts": ("yes_no", ""),
}
SIGNATURES = {"MSI_H", "HRD", "PD_L1", "TMB_H"}
NARROWER = {
    ("her2", "low"): {"negative"},
    ("her2", "ultralow"): {"negative"},
    ("her2", "zero"): {"negative"},
    **{
        (attribute, value): {wider}
        for attribute in ("treatments", "treatments_now")
        for value, wider in {
            "lumpectomy": "surgery",
            "mastectomy": "surgery",
            "oophorectomy": "surgery",
            "reconstruction": "surgery",
            "implant_reconstruction": "reconstruction",
            "aromatase_inhibitor": "hormone_therapy",
            "tamoxifen": "hormone_therapy",
            "serd": "hormone_therapy",
            "ovarian_suppression": "hormone_therapy",
        }.items()
    },
    ("considering", "implants"): {"reconstruction"},
    # A gene known in a relative is "a mutation"; "BRCA" and "Lynch" stand for one of their genes.
    **{("family_mutation", gene): {"any"} for gene in GENES.split() if gene != "any"},
    **{("family_mutation", gene): {"BRCA"} for gene in ("BRCA1", "BRCA2")},
    **{("family_mutation", gene): {"LYNCH"} for gene in ("MLH1", "MSH2", "MSH6", "PMS2", "EPCAM")},
}
FINE = {"ashkenazi", "icelandic", "nigerian", "bahamian"}


def read_attributes() -> dict[str, dict[str, Any]]:
    """Every attribute of rules/attributes/ by its key, as plain YAML."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted((RULES / "attributes").glob("*.yaml")):
        for attribute in yaml.safe_load(path.read_text(encoding="utf-8"))["attributes"]:
            assert attribute["key"] not in found, f"{attribute['key']} is asked twice ({path.name})"
            found[attribute["key"]] = attribute
    return found


@pytest.fixture(scope="module")
def attributes() -> dict[str, dict[str, Any]]:
    """The shipped attributes."""
    return read_attributes()


def test_all_keys_of_the_contract_are_asked_and_no_others(
    attributes: dict[str, dict[str, Any]],
) -> None:
    """A new key is welcome, but it is public: it must be written here too."""
    assert set(attributes) == set(CONTRACT)


def test_the_country_list_is_whole() -> None:
    """ISO 3166-1 has 249 codes in 2026."""
    assert len(COUNTRIES.split()) == len(set(COUNTRIES.split())) == 249


@pytest.mark.parametrize("key", CONTRACT)
def test_kind_and_values(key: str, attributes: dict[str, dict[str, Any]]) -> None:
    """Kind, values and bounds stand in the rules exactly as in the contract."""
    kind, words = CONTRACT[key]
    attribute = attributes[key]
    assert attribute["kind"] == kind
    if kind == "integer":
        assert f"{attribute['min']} {attribute['max']}" == words
        return
    values = [option["value"] for option in attribute.get("options") or []]
    assert len(values) == len(set(values)), "a value stands twice"
    assert set(values) == set(words.split())


@pytest.mark.parametrize("key", CONTRACT)
def test_narrower_values(key: str, attributes: dict[str, dict[str, Any]]) -> None:
    """What is narrower than what, exactly as in the contract."""
    for option in attributes[key].get("options") or []:
        wider = {option["wider"]} if "wider" in option else set()
        assert wider == NARROWER.get((key, option["value"]), set()), option["value"]


def test_what_is_special_about_a_value(attributes: dict[str, dict[str, Any]]) -> None:
    """The flags on which the meaning of an answer rests."""
    flagged: dict[str, set[tuple[str, str]]] = {}
    for key, attribute in attributes.items():
        for option in attribute.get("options") or []:
            for flag in ("fine", "exclusive", "acquired", "signature", "panel"):
                if option.get(flag):
                    flagged.setdefault(flag, set()).add((key, option["value"]))
    listed = [key for key, (kind, words) in CONTRACT.items() if kind == "many"]
    assert flagged == {
        "fine": {("race_ethnicity", value) for value in FINE},
        "exclusive": {(key, "none") for key in listed if "none" in CONTRACT[key][1].split()},
        "acquired": {("tumor", "ESR1")},
        "signature": {("tumor", value) for value in SIGNATURES},
        "panel": {("inherited", "any"), ("tumor", "any")},
    }


def test_one_of_two_not_sure_which(attributes: dict[str, dict[str, Any]]) -> None:
    """BRCA and LYNCH stand for one of their genes."""
    groups = {
        option["value"]: set(option["one_of"])
        for option in attributes["inherited"]["options"]
        if "one_of" in option
    }
    assert groups == {
        "BRCA": {"BRCA1", "BRCA2"},
        "LYNCH": {"MLH1", "MSH2", "MSH6", "PMS2", "EPCAM"},
    }


def test_what_is_read_together(attributes: dict[str, dict[str, Any]]) -> None:
    """What is taken now was also had."""
    merged = {key: a["merged_from"] for key, a in attributes.items() if "merged_from" in a}
    assert merged == {"treatments": "treatments_now"}


def test_whose_fact_it_is(attributes: dict[str, dict[str, Any]]) -> None:
    """Facts about a cancer hang on that cancer: the contract names them."""
    found: dict[str, list[str]] = {}
    for key, attribute in sorted(attributes.items()):
        found.setdefault(attribute["about"], []).append(key)
    assert " ".join(found["breast"]) == (
        "breast_type er her2 node_status positive_nodes pr triple_negative"
    )
    assert " ".join(found["prostate"]) == "castration_resistant"
    main = (key for key in found["main_cancer"] if key != "cancer_status")
    assert " ".join(main) == (
        "age_at_diagnosis extent lines recurrent stage treatments treatments_now tumor"
    )


def test_tender_questions_say_why(attributes: dict[str, dict[str, Any]]) -> None:
    """Where a question can hurt, a line says why it is asked."""
    tender = {key for key, attribute in attributes.items() if attribute.get("tender")}
    assert {"extent", "recurrent", "lines", "pregnant", "menopause"} <= tender
    assert all(attributes[key].get("why") for key in tender)
