"""People: random profiles that look like real ones, the same for the same seed.

A story (what kind of person) gives the usual answers; then answers are dropped, made coarser,
declined, called unknown or replaced by any value at all, so that every kind of not-knowing and
some contradictions occur. Works from rules/attributes/ alone, so new questions join by themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from tests.referee.reading import Rules

Profile = dict[str, Any]
HIDDEN: tuple[Any, ...] = (None, "", [], {}, "unknown")
RISK_GENES = ["BRCA1", "BRCA2", "PALB2", "ATM", "CHEK2", "TP53", "CDH1", "MLH1", "RAD51C", "BRCA"]
BREAST_DRUGS = ["aromatase_inhibitor", "tamoxifen", "cdk46_inhibitor", "hormone_therapy", "serd"]


def random_profile(rng: Random, rules: Rules) -> Profile:
    """A profile's answers: 1 in 20 is empty or all unknown, 1 in 8 holds answers at random."""
    if rng.random() < 0.05:
        return rng.choice([{}, dict.fromkeys(rules.attributes, "unknown")])
    if rng.random() < 0.12:
        return _any_answers(rng, rules, count=rng.randint(1, 12))
    profile = rng.choice(STORIES)(rng)
    profile |= _about_anybody(rng)
    for key in list(profile):
        if rng.random() < 0.12:
            profile[key] = rng.choice([*HIDDEN, "declined"])
    if rng.random() < 0.35:
        profile |= _any_answers(rng, rules, count=rng.randint(1, 3))
    if rng.random() < 0.5:
        _blur(rng, rules, profile)
    return profile


def random_answer(rng: Random, rules: Rules, key: str) -> Any:
    """Any valid answer to a question, known or not."""
    attribute = rules.attributes[key]
    if rng.random() < 0.05:
        return rng.choice([*HIDDEN, "declined"])
    kind = attribute["kind"]
    if kind == "yes_no":
        return rng.choice(["yes", "no"])
    if kind == "integer":
        return rng.randint(attribute["min"], attribute["max"])
    if kind == "one":
        return rng.choice(rules.values(key))
    if kind == "many":
        return _some_list(rng, rules, key)
    genes = rng.sample(rules.values(key), k=rng.randint(1, 4))
    return {gene: random_result(rng, rules, key, gene) for gene in genes}


def random_result(rng: Random, rules: Rules, key: str, gene: str) -> Any:
    """Any valid result, sometimes with its date, sometimes not known."""
    words = ["mutation", "mutation", "none", "none", "uncertain", "not_tested"]
    if gene in rules.flagged(key, "signature"):
        words += ["positive", "negative"]
    if gene in rules.flagged(key, "panel"):
        words = ["mutation", "none", "none", "uncertain", "not_tested"]
    if rng.random() < 0.06:
        return rng.choice([None, "unknown", "declined"])
    word = rng.choice(words)
    if rng.random() < 0.3:
        return {"result": word, "on": f"{rng.randint(2022, 2026)}-{rng.randint(1, 10):02}"}
    return word


def _any_answers(rng: Random, rules: Rules, *, count: int) -> Profile:
    keys = rng.sample(list(rules.attributes), k=count)
    return {key: random_answer(rng, rules, key) for key in keys}


def _some_list(rng: Random, rules: Rules, key: str) -> list[str]:
    none = rules.flagged(key, "exclusive")
    if none and rng.random() < 0.2:
        return none
    values = [value for value in rules.values(key) if value not in none]
    chosen = rng.sample(values, k=min(len(values), rng.choice([1, 1, 2, 2, 3, 5])))
    return [*chosen, "unknown"] if rng.random() < 0.15 else chosen


def _blur(rng: Random, rules: Rules, profile: Profile) -> None:
    """Make some answers coarser: a wider value instead of a narrow one, an unfinished list."""
    for key, answer in profile.items():
        if rules.attributes[key]["kind"] == "many" and answer and isinstance(answer, list):
            wide = [min(rules.wider(key, value), default=value) for value in answer]
            if rng.random() < 0.3:
                profile[key] = list(dict.fromkeys(wide))
            elif rng.random() < 0.2 and not set(answer) & {"declined", "none"}:
                profile[key] = [*answer, "unknown"]
        elif key == "her2" and answer in rules.values(key) and rng.random() < 0.3:
            profile[key] = min(rules.wider(key, answer), default=answer)


# Stories: the usual answers of some kinds of people


def _about_anybody(rng: Random) -> Profile:
    woman = rng.random() < 0.8
    profile: Profile = {}
    if rng.random() < 0.8:
        profile["age"] = rng.choice([25, 30, 31, 34, 39, 40, 44, 45, 49, 50, 51, 62, 70, 84])
    if rng.random() < 0.6:
        profile["sex_at_birth"] = rng.choices(
            ["female" if woman else "male", "intersex", "male" if woman else "female"], [94, 3, 3]
        )[0]
    if rng.random() < 0.6:
        profile["gender"] = rng.choices(["woman" if woman else "man", "nonbinary"], [94, 6])[0]
    if rng.random() < 0.15:
        profile["transgender"] = rng.choice(["yes", "no"])
    if rng.random() < 0.4:
        profile["race_ethnicity"] = rng.sample(
            ["black", "hispanic", "white", "asian", "ashkenazi", "nigerian"], k=rng.choice([1, 2])
        )
    if rng.random() < 0.3:
        profile["menopause"] = rng.choice(["pre", "peri", "post"])
    if rng.random() < 0.3:
        profile["considering"] = rng.choice(
            [
                ["none"],
                ["mastectomy", "going_flat"],
                ["implants"],
                ["reconstruction"],
                ["pregnancy"],
                ["clinical_trial", "liquid_biopsy"],
                ["genetic_testing"],
            ]
        )
    if rng.random() < 0.3:
        profile["family_history"] = rng.choice([["breast"], ["ovarian", "breast"], ["none"]])
    return profile


def _early_breast(rng: Random) -> Profile:
    return {
        "cancer_status": rng.choice(["now", "past", "past"]),
        "cancer": ["breast"],
        "stage": rng.choice(["0", "1", "2", "2", "3"]),
        "extent": rng.choice(["early", "early", "in_situ", "locally_advanced"]),
        "er": rng.choice(["positive", "positive", "low", "negative"]),
        "pr": rng.choice(["positive", "negative"]),
        "her2": rng.choice(["positive", "low", "ultralow", "zero", "negative"]),
        "node_status": rng.choice(["positive", "negative"]),
        "age_at_diagnosis": rng.choice([24, 38, 45, 50, 51, 63]),
        "treatments": rng.choice(
            [["surgery", "radiation"], ["lumpectomy", "tamoxifen"], ["mastectomy", "chemotherapy"]]
        ),
    }


def _metastatic_breast(rng: Random) -> Profile:
    return {
        "cancer_status": "now",
        "cancer": ["breast"],
        "stage": rng.choice(["4", "4", "2"]),
        "extent": "metastatic",
        "er": rng.choice(["positive", "positive", "low"]),
        "her2": rng.choice(["negative", "low", "zero", "positive"]),
        "lines": rng.randint(0, 4),
        "treatments": rng.sample([*BREAST_DRUGS, "chemotherapy", "surgery"], k=3),
        "treatments_now": rng.sample(BREAST_DRUGS, k=2),
        "tumor": {
            gene: rng.choice(["mutation", "none", "not_tested", {"result": "none", "on": when}])
            for gene in rng.sample(["ESR1", "PIK3CA", "AKT1", "PTEN", "any", "MSI_H"], k=2)
            for when in [f"202{rng.choice('56')}-0{rng.randint(1, 9)}"]
        },
        "recurrent": rng.choice(["yes", "no"]),
    }


def _triple_negative(rng: Random) -> Profile:
    return {
        "cancer_status": rng.choice(["now", "past"]),
        "cancer": ["breast"],
        "triple_negative": "yes",
        "her2": rng.choice(["low", "zero", "unknown", "negative"]),
        "extent": rng.choice(["early", "metastatic"]),
        "inherited": {"BRCA1": rng.choice(["mutation", "none", "uncertain"])},
        "treatments": ["chemotherapy", rng.choice(["immunotherapy", "antibody_drug_conjugate"])],
        "lines": rng.randint(0, 3),
    }


def _carrier(rng: Random) -> Profile:
    return {
        "cancer_status": rng.choice(["never", "never", "past"]),
        "inherited": {rng.choice(RISK_GENES): rng.choice(["mutation", "mutation", "uncertain"])},
        "family_mutation": rng.sample(RISK_GENES, k=1),
        "high_risk": rng.choice([["none"], ["breast"], ["breast", "ovarian"], ["unknown"]]),
        "risk_reducing_surgery": rng.choice(
            [["none"], ["ovaries"], ["breasts", "ovaries"], ["fallopian_tubes"]]
        ),
        "concerned_about": rng.choice([["breast"], ["ovarian"], ["none"]]),
    }


def _family_tested(rng: Random) -> Profile:
    gene = rng.choice(RISK_GENES)
    return {
        "cancer_status": "never",
        "family_mutation": [gene],
        "inherited": rng.choice([{gene: "none"}, {"any": "none"}, {gene: "not_tested"}]),
        "dense_breasts": rng.choice(["yes", "no"]),
        "exposures": rng.choice([["dairy_or_soy"], ["none"], ["artificial_sweeteners"]]),
    }


def _other_cancer(rng: Random) -> Profile:
    cancer = rng.choice(["ovarian", "prostate", "prostate", "colorectal", "pancreatic", "melanoma"])
    profile: Profile = {
        "cancer_status": rng.choice(["now", "past"]),
        "cancer": [cancer],
        "stage": rng.choice(["1", "2", "3", "4"]),
        "treatments": rng.choice([["surgery"], ["chemotherapy"], ["radiation", "hormone_therapy"]]),
        "inherited": {rng.choice(["BRCA2", "MLH1", "any"]): rng.choice(["mutation", "none"])},
        "tumor": {rng.choice(["MSI_H", "HRD", "BRCA2"]): rng.choice(["mutation", "none"])},
    }
    if cancer == "prostate":
        profile["castration_resistant"] = rng.choice(["yes", "no"])
    return profile


def _two_cancers(rng: Random) -> Profile:
    second = rng.choice(["ovarian", "colorectal", "melanoma", "prostate"])
    profile = _metastatic_breast(rng) | {"cancer": ["breast", second]}
    if rng.random() < 0.5:
        profile["main_cancer"] = rng.choice(["breast", second])
    return profile


STORIES: list[Callable[[Random], Profile]] = [
    _early_breast,
    _early_breast,
    _metastatic_breast,
    _metastatic_breast,
    _triple_negative,
    _carrier,
    _carrier,
    _family_tested,
    _other_cancer,
    _two_cancers,
]
