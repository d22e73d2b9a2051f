"""Roles: the ways a label ties people to things, and the roles of tags that they lead to."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.reading.labels import cues

TREATED = (cues.TREATED, cues.TREATED_NOW, cues.TREATED_BEFORE)
OWN = (cues.HAVE, cues.HAVING, cues.DIAGNOSED, cues.CARRY, cues.BE, *TREATED)
CANCER_ROLES = {
    **dict.fromkeys(OWN, "diagnosed"),
    cues.CONCERN: "concerned",
    cues.FAMILY: "family",
    cues.RISK: "high_risk",
    cues.AT_RISK: "high_risk",
    cues.AVERAGE_RISK: "average_risk",
}
THING_ROLES = {
    cues.HAVE: ("had", "reduced", "symptom"),
    cues.HAVING: ("now",),
    cues.HAD: ("had", "reduced", "exposure"),
    cues.DONE: ("had", "reduced"),
    cues.NOW: ("now", "exposure"),
    cues.USE: ("exposure", "now"),
    cues.FEEL: ("symptom",),
    cues.CONSIDER: ("considering",),
}
RISK_FRAMES = {"high": cues.RISK, "average": cues.AVERAGE_RISK, "at": cues.AT_RISK}


@dataclass(frozen=True)
class Frame:
    """How the person is tied to the noun: a key of the cues; whether it is denied, said in the
    present tense, of the present day ("currently"), of the tumor, of a person right after her tumor
    ("cancer with a mutation"), or at any time ("have been"); words that could not be used."""

    key: str
    negative: bool = False
    present: bool = False
    at_present: bool = False
    of_tumor: bool = False
    by_tumor: bool = False
    ever: bool = False
    extra: str = ""
