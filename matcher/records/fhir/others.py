"""Others: family history, menopause and pregnancy, and all that is not read, with its reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from matcher.records.fhir.alongside import MUTATION
from matcher.records.fhir.cancers import Cancers
from matcher.records.fhir.coded import Codebook, read_coded
from matcher.records.fhir.findings import Findings, Place, Seen
from matcher.records.fhir.gene_findings import genes_in, said_of_gene
from matcher.records.fhir.named import seen_in_name
from matcher.records.fhir.nodes import nodes, word
from matcher.records.fhir.observations import Test
from matcher.records.fhir.record import Record, place_of

STILL_TRUE = {
    "menopause": timedelta(days=365),
    "pregnant": timedelta(days=90),
}
LASTING = ("post",)


def read_family(record: Record, words: Codebook, found: Findings) -> None:
    """Read the cancers of close relatives."""
    for number, resource in record.of("FamilyMemberHistory"):
        place = place_of(number, resource)
        status = word(resource, "status").casefold()
        relationship = read_coded(resource, "relationship")
        relative = words.find("relatives", relationship)
        if status not in ("completed", "partial"):
            found.skip(place, "error" if status == "entered-in-error" else "unconfirmed")
        elif relative is None or not words.is_by_blood(relationship):
            found.skip(place, "family_far")
        else:
            _read_relative(Place(number, place.what), nodes(resource, "condition"), words, found)


def _read_relative(
    place: Place, conditions: list[dict[str, object]], words: Codebook, found: Findings
) -> None:
    if not conditions:
        found.skip(place, "family_none")
    for condition in conditions:
        coded = read_coded(condition, "code")
        where = Place(place.number, f"{place.what}: {coded.shown}")
        cancer = words.only("cancers", coded)
        genes = genes_in(coded, words) if words.all_in_words("gene_findings", coded) else set[str]()
        if words.doubts(coded, of_others=True):
            found.skip(where, "doubtful")
        elif genes and (said_of_gene(coded, words) != MUTATION or len(genes) > 1):
            found.skip(where, "gene_words")
        elif genes:
            gene = genes.pop()
            found.use(where, "family_mutation", gene)
            found.add("family_mutation", gene)
        elif cancer is None or words.find("diagnoses", coded) not in ("primary", None):
            found.skip(where, "family_none")
        else:
            found.use(where, "family_history", cancer)
            found.add("family_history", cancer)


def read_states(
    record: Record, tests: Iterable[Test], words: Codebook, found: Findings, cancers: Cancers
) -> None:
    """Read menopause and pregnancy, where the date says that it is still so."""
    told = list(tests)
    for key, span in STILL_TRUE.items():
        seen = _among_diagnoses(record, cancers) if key == "menopause" else []
        for test in told:
            if test.kind != key:
                continue
            value = (
                words.answer(key, test.said.coded, f"{key}_answers")
                if key == "menopause"
                else (words.only(f"{key}_answers", test.said.coded))
            )
            if value is None:
                found.skip(test.place, "value_not_read")
            elif value not in LASTING and not _is_recent(test.on, record.today - span):
                found.skip(test.place, "too_old")
            else:
                seen.append(Seen(value, test.on, test.place))
        chosen = found.choose(key, seen)
        if chosen is not None:
            found.put(key, chosen.value, chosen.on)


def _among_diagnoses(record: Record, cancers: Cancers) -> list[Seen]:
    """Diagnoses that say that the person is past menopause; such a thing does not pass."""
    return [
        seen_in_name(record, resource, LASTING[0], place_of(number, resource))
        for number, resource, _ in cancers.menopause
    ]


def read_disease_status(tests: Iterable[Test], words: Codebook, found: Findings) -> bool:
    """Whether some look found no cancer, or may have, and none since then found it there."""
    seen: list[str] = []
    clear: list[str] = []
    for test in (test for test in tests if test.kind == "disease_status"):
        answer = words.find("disease_status_answers", test.said.coded)
        if answer == "seen" and words.doubts(test.said.coded):
            answer = None
        reasons = {"none_seen": "none_seen", "seen": "not_asked"}
        found.skip(test.place, reasons.get(answer or "", "value_not_read"))
        (seen if answer == "seen" else clear).append(test.on or "")
    return bool(clear) and not (all(clear) and max(seen, default="") > max(clear))


def _is_recent(on: str | None, since: date) -> bool:
    return on is not None and on >= since.isoformat()[: len(on)] and len(on) >= 7


def note_the_rest(record: Record, found: Findings) -> None:
    """Nothing is dropped in silence: what no reader mentioned is named as not read."""
    for number, resource in record.resources:
        if number in found.touched:
            continue
        kind = word(resource, "resourceType")
        if resource.get("_large"):
            found.skip(Place(number, kind), "too_large")
        elif not kind or kind.startswith("entry "):
            found.skip(Place(number, kind or "?"), "no_kind")
        elif kind == "DiagnosticReport":
            found.skip(place_of(number, resource), "results_elsewhere")
        elif kind == "Medication":
            found.skip(place_of(number, resource), "not_asked")
        else:
            found.skip(place_of(number, resource), "kind_not_read")
