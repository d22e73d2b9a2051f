"""Reasons: why a treatment was given, as references to diagnoses of the record or in words."""

from __future__ import annotations

from matcher.records.fhir.coded import Coded, read_coded
from matcher.records.fhir.nodes import Node, node, nodes, word
from matcher.records.fhir.record import Record
from matcher.records.fhir.standings import verification_of

CONTAINED = -1
DOUBTFUL = Coded(texts=("?",))


def named_reasons(record: Record, resource: Node) -> list[Node]:
    """The references to a diagnosis of the record, and those that lead nowhere and say no more."""
    return [one for one in _references(resource) if _in_words(record, resource, one) is None]


def reasons_in_words(record: Record, resource: Node) -> list[Coded]:
    """The reasons that are told by code or text, of every generation of the standard.

    So are a diagnosis that stands within the resource, and one that stands nowhere but is named.
    """
    concepts = [*nodes(resource, "reasonCode"), *nodes(resource, "reason")]
    told = [read_coded({"reason": one}, "reason") for one in concepts]
    named = [one for one in nodes(resource, "reasonReference") if not one.get("reference")]
    told += [Coded(texts=(word(one, "display"),)) for one in named if word(one, "display")]
    found = (_in_words(record, resource, one) for one in _references(resource))
    return [one for one in (*told, *found) if one]


def _references(resource: Node) -> list[Node]:
    listed = [
        *nodes(resource, "reasonReference"),
        *(node(one, "reference") for one in nodes(resource, "reason")),
    ]
    return [one for one in listed if one.get("reference")]


def _in_words(record: Record, resource: Node, reference: Node) -> Coded | None:
    """What a reference names where it leads to no entry of the record; None if it does."""
    entry = record.find(reference, resource)
    if entry is None:
        display = word(reference, "display")
        return Coded(texts=(display,)) if display else None
    if entry[0] != CONTAINED:
        return None
    sure = verification_of(entry[1]) in ("", "confirmed")
    return read_coded(entry[1], "code") if sure else DOUBTFUL
