"""Within: results that stand inside a report, taken out of it so that each is read on its own."""

from __future__ import annotations

from matcher.records.fhir.nodes import Node, nodes, word

HOLDERS = ("DiagnosticReport", "Observation")
WRONG = "entered-in-error"
NOT_FINAL = (WRONG, "cancelled", "preliminary", "registered", "unknown")
"""Standings of a report that its results share, whatever they say themselves."""
LINKS = ("result", "hasMember", "derivedFrom")
HANDED_DOWN = ("subject", "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
"""What a result has from its report where it says nothing of its own; dates only together."""


def taken_out(holder: Node, number: int) -> list[Node]:
    """The resource and the results contained in it, their references made those of entries.

    `number` names a holder without an id.
    """
    inside = nodes(holder, "contained") if word(holder, "resourceType") in HOLDERS else []
    results = [one for one in inside if word(one, "resourceType") == "Observation"]
    if not results:
        return [holder]
    name = word(holder, "id") or f"entry-{number + 1}"
    names = {f"#{word(one, 'id')}": f"Observation/{name}.{word(one, 'id')}" for one in results}
    rest = [one for one in inside if one not in results]
    freed = [
        {
            **_handed_down(holder, one),
            **_linked(one, names),
            "id": f"{name}.{word(one, 'id')}",
            "contained": rest,
            **_standing(holder, one),
        }
        for one in results
    ]
    return [{**_linked(holder, names), "contained": rest}, *freed]


def _handed_down(holder: Node, result: Node) -> Node:
    dated = any(key in result for key in HANDED_DOWN[1:])
    kept = HANDED_DOWN[:1] if dated else HANDED_DOWN
    return {key: holder[key] for key in kept if key in holder}


def _standing(holder: Node, result: Node) -> Node:
    """What a result is about and how final it is: all that the report and it say together."""
    status, own = (word(one, "status").casefold() for one in (holder, result))
    focus = [*nodes(holder, "focus"), *nodes(result, "focus")]
    return {
        **({"focus": focus} if focus else {}),
        **({"status": status} if status in NOT_FINAL and own != WRONG else {}),
    }


def _linked(resource: Node, names: dict[str, str]) -> Node:
    """The resource with its links to contained results made links to entries."""
    linked = dict(resource)
    for key in LINKS:
        if key in resource:
            linked[key] = [
                {**one, "reference": names.get(word(one, "reference"), word(one, "reference"))}
                for one in nodes(resource, key)
            ]
    return linked
