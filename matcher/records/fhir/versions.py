"""Versions: resources that stand twice in a file, unchanged or in an older state."""

from __future__ import annotations

from datetime import datetime

from matcher.records.fhir.nodes import Node, node, word

Addressed = tuple[str, Node]


def without_repeats(resources: list[Addressed]) -> tuple[list[Addressed], list[tuple[Node, str]]]:
    """The resources that count, and the others with the reason why they do not.

    One that stands there again with nothing changed is read once. Of several states of one the
    newest counts, where the file says which it is.
    """
    kept: list[Addressed] = []
    rest: list[tuple[Node, str]] = []
    places: dict[tuple[str, str], int] = {}
    for address, one in resources:
        name = (word(one, "resourceType"), word(one, "id"))
        at = places.setdefault(name, len(kept)) if name[1] else len(kept)
        if at == len(kept):
            kept.append((address, one))
            continue
        known_address, known = kept[at]
        if known == one:
            rest.append((one, "repeated"))
        elif address != known_address or (later := _is_later(one, known)) is None:
            kept.append((address, one))
        elif later:
            kept[at] = (address, one)
            rest.append((known, "older"))
        else:
            rest.append((one, "older"))
    return kept, rest


def _is_later(one: Node, other: Node) -> bool | None:
    """Whether a state of a resource came after another; None where they do not say."""
    moments = _moment(one), _moment(other)
    if moments[0] is not None and moments[1] is not None and moments[0] != moments[1]:
        return moments[0] > moments[1]
    versions = [word(node(state, "meta"), "versionId") for state in (one, other)]
    if all(version.isdecimal() for version in versions) and versions[0] != versions[1]:
        return int(versions[0][:9]) > int(versions[1][:9])
    return None


def _moment(resource: Node) -> datetime | None:
    try:
        told = datetime.fromisoformat(word(node(resource, "meta"), "lastUpdated"))
    except ValueError:
        return None
    return told if told.tzinfo is not None else None
