"""Named: what the name of a diagnosis says beside the cancer, such as its receptors or stage."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcher.records.fhir.cancers import Cancers, Primary
from matcher.records.fhir.coded import Codebook, Coded, plain
from matcher.records.fhir.findings import Findings, Place, Seen
from matcher.records.fhir.nodes import Node
from matcher.records.fhir.record import Record, place_of
from matcher.records.fhir.standings import OVER, diagnosed_on

RECEPTORS = ("er", "pr", "her2", "triple_negative")
_MINUS = re.compile(r"\b(er|pr|her-?2(?:/neu)?)-(?=[\s/,;)]|$)")
_PERCENT = re.compile(r"(?:(\d+)\s?%?\s?(?:-|to)\s?)?(\d+)(?:\.\d+)?\s?(?:%|percent)")
_SIGN = re.compile(r"\b(?:er|pr|her-?2|receptors?)\b[^,;]*\b(?:positive|negative|low)\b")
LOW_PERCENT = 10


def read_named(
    record: Record, words: Codebook, found: Findings, cancers: Cancers
) -> dict[str, list[Seen]]:
    """What diagnoses of breast cancer, and codes of receptors alone, say of each receptor."""
    told: dict[str, list[Seen]] = {key: [] for key in RECEPTORS}
    for number, resource, coded in _about_breast(words, found, cancers):
        spelled = Coded(coded.codes, tuple(_spelled(text) for text in coded.texts))
        place = Place(number, place_of(number, resource).what)
        low = any(_is_low(text) for text in coded.texts)
        if not any(words.all_meanings(f"named_{key}", spelled) for key in RECEPTORS) and any(
            map(_SIGN.search, spelled.texts)
        ):
            found.skip(place, "value_not_read")
        for key in RECEPTORS:
            value = words.only(f"named_{key}", spelled)
            if value is not None and low and key in ("er", "pr"):
                found.skip(place, "percent_open")
            elif value is not None:
                told[key].append(seen_in_name(record, resource, value, place))
            elif words.find(f"named_{key}", spelled) or words.disagrees(f"named_{key}", spelled):
                found.skip(place, "codes_disagree")
    return told


def read_castration(record: Record, words: Codebook, found: Findings, cancers: Cancers) -> None:
    """Whether a diagnosis of prostate cancer says that it grows without testosterone."""
    told = [one for one in cancers.primaries if one.cancer == "prostate"]
    seen = [
        seen_in_name(record, one.resource, value, one.place)
        for one in told
        if (value := words.only("named_castration", one.coded))
    ]
    chosen = found.choose("castration_resistant", seen)
    if chosen is not None:
        found.put("castration_resistant", chosen.value, chosen.on)


def seen_in_name(record: Record, resource: Node, value: str, place: Place) -> Seen:
    """A statement by the name of a diagnosis: found since the onset, written down later."""
    noted = record.on(resource, "recordedDate", "dateRecorded") or ""
    return Seen(value, diagnosed_on(resource), place, noted)


def is_past(primary: Primary, words: Codebook) -> bool:
    """Whether a diagnosis is of a cancer that is over, by its standing or its words."""
    texts = Coded(texts=primary.coded.texts)
    return primary.standing in OVER or words.find("diagnoses", texts) == "past_cancer"


def _about_breast(
    words: Codebook, found: Findings, cancers: Cancers
) -> Iterator[tuple[int, Node, Coded]]:
    told = [one for one in cancers.primaries if one.cancer == "breast"]
    past = [one for one in told if is_past(one, words)]
    for primary in told:
        if primary in past and len(past) < len(told):
            if any(words.all_meanings(f"named_{key}", primary.coded) for key in RECEPTORS):
                found.skip(primary.place, "several_cancers")
        else:
            yield primary.number, primary.resource, primary.coded
    for number, resource, coded in cancers.receptors:
        if cancers.listed == ["breast"]:
            yield number, resource, coded
        else:
            found.skip(place_of(number, resource), "not_breast")


def _spelled(text: str) -> str:
    """A text in which "ER-" is spelled out: a sign is lost among loose words."""
    return _MINUS.sub(r"\1 negative", plain(text))


def _is_low(text: str) -> bool:
    """Whether a percent in a text leaves open if a receptor counts as low."""
    told = plain(text)
    percents = _PERCENT.findall(told)
    if not percents:
        return "%" in told or "percent" in told
    return any(int(one) <= LOW_PERCENT for ends in percents for one in ends if one)
