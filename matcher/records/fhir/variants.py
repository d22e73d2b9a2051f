"""Variants: gene results, in the tumor or inherited only where the record says which."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from matcher.records.fhir.coded import Codebook, Coded, read_coded
from matcher.records.fhir.findings import Findings, Place, Seen
from matcher.records.fhir.nodes import Node, nodes, word
from matcher.records.fhir.observations import Test
from matcher.records.fhir.record import Record

KEYS = ("tumor", "inherited")
SIGNATURES = ("MSI_H", "PD_L1", "TMB_H", "HRD")


@dataclass
class Genes:
    """What a record says of genes: by (answer's key, gene), results and where each was tested."""

    seen: dict[tuple[str, str], list[Seen]] = field(default_factory=dict)
    tested: dict[tuple[str, str], list[Seen]] = field(default_factory=dict)
    regions: set[str] = field(default_factory=set)
    covered: set[tuple[str, str]] = field(default_factory=set)
    absent: list[tuple[str, str, Seen]] = field(default_factory=list)
    left_open: set[tuple[str, str]] = field(default_factory=set)


def read_variants(record: Record, tests: Iterable[Test], words: Codebook, found: Findings) -> None:
    """Read gene results, regions studied and signatures."""
    told = list(tests)
    genes = Genes()
    classes = _classes_of_reports(record, words)
    for test in told:
        if test.kind == "region":
            _read_region(test, classes.get(test.place.number), words, found, genes)
    for test in told:
        if test.kind == "variant":
            _read_variant(test, classes.get(test.place.number), words, found, genes)
    _settle(found, genes)
    for gene in SIGNATURES:
        _read_signature(gene, [test for test in told if test.kind == gene], words, found)


def _classes_of_reports(record: Record, words: Codebook) -> dict[int, str]:
    """The source class that a report's own name gives to its results, by their numbers."""
    told: dict[int, set[str]] = {}
    for _, report in record.of("DiagnosticReport"):
        coded = read_coded(report, "code")
        source = words.only("source_classes", Coded(texts=coded.texts))
        if source is None or word(report, "status") == "entered-in-error":
            continue
        for reference in nodes(report, "result"):
            entry = record.find(reference, report)
            if entry is not None:
                told.setdefault(entry[0], set()).add(source)
    return {number: found.pop() for number, found in told.items() if len(found) == 1}


def _parts(test: Test, name: str, words: Codebook) -> list[tuple[Coded, Node]]:
    return [
        (read_coded(one, "valueCodeableConcept") or read_coded(one, "valueString"), one)
        for one in nodes(test.resource, "component")
        if words.find("gene_parts", read_coded(one, "code")) == name
    ]


def _source_class(test: Test, by_report: str | None, words: Codebook) -> tuple[bool, str | None]:
    """Whether the record says anything of the source, and which answer it is about."""
    told = [coded for coded, _ in _parts(test, "source_class", words)]
    classes = {words.only("source_classes", coded) for coded in told}
    if not told:
        return by_report is not None, by_report
    return True, classes.pop() if len(classes) == 1 else None


def _genes_of(test: Test, words: Codebook) -> list[tuple[Coded, dict[str, str | None]]]:
    """The genes named, each with its value among the genes of each answer."""
    return [
        (coded, {key: words.answer(key, coded) for key in KEYS})
        for told, _ in _parts(test, "gene", words)
        for coded in _alone(told, words)
    ]


def _alone(told: Coded, words: Codebook) -> list[Coded]:
    """A gene, or each of several that stand in one place."""
    codes = [Coded((code,)) for code in told.codes]
    symbols = {words.answer(key, one) for one in codes for key in KEYS} - {None}
    if len(symbols) > 1 and len(codes) > 1:
        return codes
    return [told] if told else []


def _read_region(
    test: Test, by_report: str | None, words: Codebook, found: Findings, genes: Genes
) -> None:
    named = _genes_of(test, words)
    if not named:
        found.skip(test.place, "region_no_genes")
        return
    _, source = _source_class(test, by_report, words)
    for key in KEYS if source is None else (source,):
        genes.regions.add(key)
        genes.covered |= {(key, gene) for _, values in named if (gene := values[key]) is not None}
    if source is None:
        found.skip(test.place, "no_source_class")
        return
    for coded, values in named:
        place = Place(test.place.number, f"{test.place.what}: {coded.shown}")
        gene = values[source]
        if gene is None or gene in words.records.lists.get("only_fusions", ()):
            found.skip(place, "gene_not_asked")
        else:
            genes.tested.setdefault((source, gene), []).append(Seen("none", test.on, place))


def _read_variant(
    test: Test, by_report: str | None, words: Codebook, found: Findings, genes: Genes
) -> None:
    named = _genes_of(test, words)
    symbols = ", ".join(coded.shown for coded, _ in named)
    place = Place(
        test.place.number, f"{test.place.what}: {symbols}" if symbols else test.place.what
    )
    if len(named) != 1:
        found.skip(place, "gene_not_read")
        return
    values = named[0][1]
    told, source = _source_class(test, by_report, words)
    if not told and values["tumor"] in words.records.lists.get("tumor_genes", ()):
        source = "tumor"
    if source is None:
        known = any(values.values())
        found.skip(place, "no_source_class" if known else "gene_not_asked")
        return
    gene = values[source]
    if gene is None or gene in words.records.lists.get("only_fusions", ()):
        found.skip(place, "gene_not_asked")
        return
    result, reason = _result(test, words)
    if result is None:
        found.skip(place, reason)
        genes.left_open.add((source, gene))
    elif result == "none":
        genes.absent.append((source, gene, Seen("none", test.on, place)))
    else:
        genes.seen.setdefault((source, gene), []).append(Seen(result, test.on, place))


def _result(test: Test, words: Codebook) -> tuple[str | None, str]:
    said = words.find("results", test.said.coded)
    if not test.said:
        return None, "no_value"
    if said == "open":
        return None, "open_result"
    if said in ("absent", "negative"):
        one_change = _parts(test, "one_change", words)
        return (None, "one_change_absent") if one_change else ("none", "")
    if said not in ("present", "positive"):
        return None, "value_not_read"
    types = [coded for coded, _ in _parts(test, "change_type", words)]
    if _parts(test, "copy_number", words) or any(words.find("change_types", one) for one in types):
        return None, "not_mutation"
    told = [coded for coded, _ in _parts(test, "significance", words)]
    kinds = {words.find("significances", coded) for coded in told}
    if not told or kinds == {"mutation"}:
        return "mutation", ""
    if kinds == {"uncertain"}:
        return "uncertain", ""
    return None, "harmless" if kinds == {"harmless"} else "value_not_read"


def _settle(found: Findings, genes: Genes) -> None:
    for source, gene, one in genes.absent:
        if source in genes.regions and (source, gene) not in genes.covered:
            outside = Seen("not_tested", one.on, one.place)
            genes.seen.setdefault((source, gene), []).append(outside)
        else:
            genes.seen.setdefault((source, gene), []).append(one)
    for unit, tested in genes.tested.items():
        if unit in genes.left_open:
            for one in tested:
                found.skip(one.place, "gene_tested_open")
        elif unit not in genes.seen:
            genes.seen[unit] = list(tested)
        else:
            # The list of what was tested says nothing more about a gene with a result of its own.
            for one in tested:
                found.use(one.place, ".".join(unit), genes.seen[unit][-1].value)
    for (source, gene), seen in sorted(genes.seen.items()):
        _settle_one(source, gene, seen, found)


def _settle_one(source: str, gene: str, seen: list[Seen], found: Findings) -> None:
    key = f"{source}.{gene}"
    values = {one.value for one in seen}
    if "mutation" in values and values <= {"mutation", "uncertain", "not_tested"}:
        for one in seen:
            if one.value == "mutation":
                found.use(one.place, key, "mutation")
            else:
                found.skip(one.place, "older")
        last = max((one.on for one in seen if one.value == "mutation" and one.on), default=None)
        found.result(source, gene, "mutation", last)
        return
    ordered = sorted(seen, key=lambda one: one.on or "")
    if source == "inherited" and {"mutation", "none"} <= values and ordered[-1].value == "none":
        # Genes do not change: a later "nothing found" cannot undo an earlier mutation.
        found.clash(key, seen)
        return
    chosen = found.choose(key, seen)
    if chosen is not None:
        found.result(source, gene, chosen.value, chosen.on)


def _read_signature(gene: str, tests: list[Test], words: Codebook, found: Findings) -> None:
    group = "msi_results" if gene == "MSI_H" else "signature_results"
    seen: list[Seen] = []
    for test in tests:
        coded = test.said.coded or test.interpretation
        said = words.only(group, coded) or words.find("results", coded)
        said = {"present": "positive", "absent": "negative"}.get(said or "", said)
        if said in ("positive", "negative"):
            seen.append(Seen(said, test.on, test.place))
        else:
            found.skip(test.place, "open_result" if said == "open" else "value_not_read")
    chosen = found.choose(f"tumor.{gene}", seen)
    if chosen is not None:
        found.result("tumor", gene, chosen.value, chosen.on)
