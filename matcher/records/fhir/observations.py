"""Observations: which test each is, its value, date and standing; panels taken apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from matcher.records.fhir.coded import Codebook, Coded, read_coded
from matcher.records.fhir.findings import Findings, Place
from matcher.records.fhir.nodes import Node, has_profile, node, nodes, word
from matcher.records.fhir.record import Record, place_of
from matcher.records.fhir.values import Said, read_value

FINAL = ("final", "amended", "corrected")
STAGE_GROUPS = ("-stage-group", "StageGroup", "mcode-cancer-stage", "figo-stage")
GENES = ("variant", "region")
RECEPTORS = ("er", "pr", "her2")
MOST_PARTS = 2_000
THEIRS = ("Condition", "Specimen", "BodyStructure")


@dataclass(frozen=True)
class Test:
    """One final result: `kind` is its key in the rules' list of tests."""

    kind: str
    said: Said
    interpretation: Coded
    on: str | None
    place: Place
    resource: Node
    coded: Coded


def read_tests(record: Record, words: Codebook, found: Findings) -> list[Test]:
    """Every final result that we ask about; the other observations are noted as not used."""
    return [
        test
        for number, resource in record.of("Observation")
        for test in _tests(number, resource, record, words, found)
    ]


def _tests(
    number: int, resource: Node, record: Record, words: Codebook, found: Findings
) -> Iterator[Test]:
    said = read_value(resource)
    place = place_of(number, resource, said=said.shown)
    status = word(resource, "status").casefold()
    coded = read_coded(resource, "code")
    kind, is_clear = _kind(coded, words)
    if kind is None and has_profile(resource, *STAGE_GROUPS):
        kind = "stage"
    if status == "entered-in-error":
        found.skip(place, "error")
    elif len(nodes(resource, "component")) > MOST_PARTS:
        found.skip(place, "too_large")
    elif not is_clear:
        found.skip(place, "codes_disagree")
    elif status not in FINAL:
        found.skip(place, "not_final", status=status[:30] or "–")
    elif not _is_about_them(resource, record):
        found.skip(place, "focus_open")
    elif kind in GENES:
        yield _test(kind, said, (number, resource, resource), record, place)
    else:
        yield from _parts(kind, said, (place, resource), record, words, found)


def _kind(coded: Coded, words: Codebook) -> tuple[str | None, bool]:
    """Which test it is, and whether code and words agree on it.

    Where one of them names just the receptor ("HER2") and the other how it was tested, that counts.
    """
    if not words.disagrees("tests", coded):
        return words.find("tests", coded), True
    by_code = words.find("tests", Coded(coded.codes)) or ""
    by_text = words.find("tests", Coded(texts=coded.texts)) or ""
    receptor = by_code.partition("_")[0]
    if receptor in RECEPTORS and receptor == by_text.partition("_")[0]:
        if by_text == receptor:
            return by_code, True
        if by_code == receptor:
            return by_text, True
    return None, False


def _is_about_them(resource: Node, record: Record) -> bool:
    """Whether all that the observation is about is this person, or a part or illness of theirs."""
    subject = word(node(resource, "subject"), "reference")
    for focus in filter(None, nodes(resource, "focus")):
        if record.is_patient(focus) or (subject and word(focus, "reference") == subject):
            continue
        entry = record.find(focus, resource)
        if entry is None or word(entry[1], "resourceType") not in THEIRS:
            return False
    return True


def _parts(
    kind: str | None,
    said: Said,
    entry: tuple[Place, Node],
    record: Record,
    words: Codebook,
    found: Findings,
) -> Iterator[Test]:
    place, resource = entry
    number = place.number
    interpreted = bool(nodes(resource, "interpretation"))
    if kind is not None and (said or interpreted):
        yield _test(kind, said, (number, resource, resource), record, place)
    components = nodes(resource, "component")
    for component in components:
        inner = read_value(component)
        inside = read_coded(component, "code")
        where = Place(number, f"{place.what}: {inside.shown} = {inner.shown}")
        inner_kind, is_clear = _kind(inside, words)
        if not is_clear:
            found.skip(where, "codes_disagree")
        elif inner_kind is None or inner_kind in GENES:
            found.skip(where, "not_asked")
        elif inner or nodes(component, "interpretation"):
            yield _test(inner_kind, inner, (number, resource, component), record, where)
        else:
            found.skip(where, "no_value")
    if kind is None and not components:
        by_gene = words.find("gene_tests", read_coded(resource, "code")) is not None
        reason = "gene_form" if by_gene else "not_asked"
        found.skip(place, "results_elsewhere" if nodes(resource, "hasMember") else reason)
    elif kind is not None and not said and not interpreted and not components:
        found.skip(place, "no_value")


def _test(
    kind: str, said: Said, entry: tuple[int, Node, Node], record: Record, place: Place
) -> Test:
    _, resource, part = entry
    on = record.on(resource, "effectiveDateTime", "effectivePeriod", "effectiveInstant", "issued")
    shown = Place(place.number, f"{place.what} ({on})" if on else place.what)
    interpretation = read_coded(part, "interpretation")
    return Test(kind, said, interpretation, on, shown, resource, read_coded(part, "code"))


def references(resource: Node) -> list[Node]:
    """What the observation says that it is about, beside the person."""
    return [one for one in nodes(resource, "focus") if node({"f": one}, "f").get("reference")]
