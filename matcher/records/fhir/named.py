"""Named: what the name of a diagnosis says beside the cancer, such as its receptors or stage."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcher.records.fhir.cancers import Cancers
from matcher.records.fhir.coded import Codebook, Coded, plain
from matcher.records.fhir.findings import Findings, Place, Seen
from matcher.records.fhir.nodes import Node
from matcher.records.fhir.record import Record, place_of
from matcher.records.fhir.standings import diagnosed_on

RECEPTORS = ("er", "pr", "her2", "triple_negative")
_MINUS = re.compile(r"\b(er|pr|her-?2(?:/neu)?)-(?=[\s/,;)]|$)")
_STAGE = re.compile(
    r"\bstage\s+(?P<stage>0|[1-4]|iv|i{1,3})\s?[a-d]?\d?\b"
    r"(?!\s*(?:/|-|to\b|or\b|and\b)\s*(?:[0-4]|i|v))"
)
_OTHER_STAGES = re.compile(r"\b(?:kidney|renal|ckd|ulcer|fibrosis|failure)\b")


def read_named(
    record: Record, words: Codebook, found: Findings, cancers: Cancers
) -> dict[str, list[Seen]]:
    """What diagnoses of breast cancer, and codes of receptors alone, say of each receptor."""
    told: dict[str, list[Seen]] = {key: [] for key in RECEPTORS}
    for number, resource, coded in _about_breast(found, cancers):
        spelled = Coded(coded.codes, tuple(_spelled(text) for text in coded.texts))
        place = Place(number, place_of(number, resource).what)
        on = named_on(record, resource)
        for key in RECEPTORS:
            value = words.only(f"named_{key}", spelled)
            if value is not None:
                told[key].append(Seen(value, on, place))
            elif words.find(f"named_{key}", spelled) or words.disagrees(f"named_{key}", spelled):
                found.skip(place, "codes_disagree")
    return told


def read_castration(record: Record, words: Codebook, found: Findings, cancers: Cancers) -> None:
    """Whether a diagnosis of prostate cancer says that it grows without testosterone."""
    told = [one for one in cancers.primaries if one.cancer == "prostate"]
    seen = [
        Seen(value, named_on(record, one.resource), one.place)
        for one in told
        if (value := words.only("named_castration", one.coded))
    ]
    chosen = found.choose("castration_resistant", seen)
    if chosen is not None:
        found.put("castration_resistant", chosen.value, chosen.on)


def stages_named(coded: Coded) -> set[str]:
    """The stages that the name of a diagnosis tells, in the words of the source."""
    texts = [plain(text) for text in coded.texts]
    return {
        match["stage"]
        for text in texts
        if not _OTHER_STAGES.search(text)
        for match in _STAGE.finditer(text)
    }


def named_on(record: Record, resource: Node) -> str | None:
    """When a diagnosis was written down, else when the cancer was found."""
    return record.on(resource, "recordedDate", "dateRecorded") or diagnosed_on(resource)


def _about_breast(found: Findings, cancers: Cancers) -> Iterator[tuple[int, Node, Coded]]:
    for primary in cancers.primaries:
        if primary.cancer == "breast":
            yield primary.number, primary.resource, primary.coded
    for number, resource, coded in cancers.receptors:
        if cancers.listed == ["breast"]:
            yield number, resource, coded
        else:
            found.skip(place_of(number, resource), "not_breast")


def _spelled(text: str) -> str:
    """A text in which "ER-" is spelled out: a sign is lost among loose words."""
    return _MINUS.sub(r"\1 negative", plain(text))
