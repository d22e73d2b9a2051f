"""Secondaries: where the cancer has spread to, where that is shown to come from the main one."""

from __future__ import annotations

import re

from matcher.records.fhir.cancers import Cancers
from matcher.records.fhir.coded import Codebook, Coded, loose, read_coded
from matcher.records.fhir.findings import Findings
from matcher.records.fhir.known_words import SPREADS, says_plainly
from matcher.records.fhir.nodes import Node, extensions, node
from matcher.records.fhir.record import Record, place_of

_FROM = re.compile(r" (?:from|caused by|due to|secondary to|originating in|procedente de) ")
_TO = re.compile(
    r" (?:with )?(?:metastas[ei]s|metastatic|metastasi[sz]ed|mets|spread) to "
    r"| with (?=(?:[\w-]+ ){0,4}?(?:metastas[ei]s|mets) )"
)
_SPREADING = re.compile(r" (?:metastatic|metastasi[sz]ed|metastas[ei]s|mets|spread|secondary) ")


def read_secondaries(record: Record, words: Codebook, found: Findings, cancers: Cancers) -> None:
    """Read the secondary cancers; to be called when the main cancer is known."""
    for number, resource, coded in cancers.secondary:
        _read_secondary(record, (number, resource), coded, words, found, cancers)


def _read_secondary(
    record: Record,
    entry: tuple[int, Node],
    coded: Coded,
    words: Codebook,
    found: Findings,
    cancers: Cancers,
) -> None:
    number, resource = entry
    place = place_of(number, resource)
    primaries = [
        node(one, "valueReference")
        for one in extensions(resource, "related-primary-cancer-condition")
    ] + [node(one, "valueReference") for one in extensions(resource, "relatedCondition")]
    # Where it came from is no place of the spread.
    places = tuple(f" {_TO.split(_FROM.split(loose(one))[0])[-1]}" for one in coded.texts)
    reached = Coded(coded.codes, places)
    site = words.only("secondary_places", reached)
    if site is None and not words.disagrees("secondary_places", reached):
        site = words.only("secondary_places", read_coded(resource, "bodySite"))
    if _comes_from_elsewhere(coded, words, cancers) or not _belongs(
        record, (number, resource), primaries, cancers
    ):
        found.skip(place, "other_primary")
        cancers.unclear_spread = cancers.unclear_spread or site != "near_nodes"
    elif site == "distant" and (
        words.find("secondary_places", Coded(coded.codes))
        or says_plainly(coded, "diagnoses", words, SPREADS)
    ):
        found.use(place, "extent", "metastatic")
        cancers.spread = True
    elif site == "near_nodes" and cancers.main == "breast":
        found.use(place, "node_status", "positive")
        found.put("node_status", "positive")
    else:
        found.skip(place, "site_open")
        cancers.unclear_spread = True


def _belongs(
    record: Record, entry: tuple[int, Node], primaries: list[Node], cancers: Cancers
) -> bool:
    if cancers.main is None:
        return False
    numbers = {one.number for one in cancers.mains}
    if not primaries:
        return len(cancers.listed) == 1 or entry[0] in numbers
    found = [record.find(reference, entry[1]) for reference in primaries]
    return all(one is not None and one[0] in numbers for one in found)


def _comes_from_elsewhere(coded: Coded, words: Codebook, cancers: Cancers) -> bool:
    """Whether the text names where the spread comes from, and not surely the main cancer."""
    for text in map(loose, coded.texts):
        origin = _FROM.split(text, maxsplit=1)[1:]
        told = Coded(texts=tuple(origin))
        if origin and cancers.main not in (words.only("places", told), words.only("cancers", told)):
            return True
        before, *after = _SPREADING.split(text, maxsplit=1)
        named = words.find("cancers", Coded(texts=(before,))) if after else None
        if named not in (None, cancers.main):
            return True
    return False
