"""Variants: gene results, in the tumor or inherited only where the record says which."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from matcher.records.fhir.cancers import Cancers
from matcher.records.fhir.coded import Codebook, Coded
from matcher.records.fhir.findings import Findings, Place, Seen
from matcher.records.fhir.gene_findings import read_gene_findings
from matcher.records.fhir.nodes import word
from matcher.records.fhir.observations import Test, references
from matcher.records.fhir.record import Record
from matcher.records.fhir.reports import KEYS, Reports, gene_parts, genes_of, may_name

SIGNATURES = ("MSI_H", "PD_L1", "TMB_H", "HRD")
SAME = {"MMR": "MSI_H"}
"""Tests of the same thing in words of their own: there "positive" may mean one or the other."""
SMALL = 100
"""Letters of a gene that a small change takes away or doubles at most."""
_CHANGE = re.compile(r"c\.(\d+)(?:[+-]\d+)?(?:_(\d+)(?:[+-]\d+)?)?(?:del|dup)")


@dataclass
class Genes:
    """What a record says of genes: by (answer's key, gene), results and where each was tested.

    `regions` are those studied, each with its answer's key and its genes. `left_open` are what
    some result leaves open, `unread` what a result says that cannot be read, `whole` the keys of
    which a result may be about any gene.
    """

    seen: dict[tuple[str, str], list[Seen]] = field(default_factory=dict)
    tested: dict[tuple[str, str], list[Seen]] = field(default_factory=dict)
    regions: list[tuple[Test, str, frozenset[str]]] = field(default_factory=list)
    absent: list[tuple[str, str, Test, Seen]] = field(default_factory=list)
    left_open: set[tuple[str, str]] = field(default_factory=set)
    unread: set[tuple[str, str]] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)

    def doubt(self, test: Test, source: str | None, words: Codebook) -> None:
        """A result that is not used leaves open every gene that it may name."""
        keys = KEYS if source is None else (source,)
        named = may_name(test.resource, words)
        if named is None:
            self.whole |= set(keys)
        else:
            self.left_open |= {(key, gene) for key, gene in named if key in keys}


def read_variants(
    record: Record, tests: Iterable[Test], words: Codebook, found: Findings, cancers: Cancers
) -> None:
    """Read gene results, regions studied and signatures."""
    told = list(tests)
    genes = Genes()
    reports = Reports(record, words)
    for test in told:
        if test.kind == "region":
            _read_region(record, test, reports, words, found, genes, cancers)
    for test in told:
        if test.kind == "variant":
            _read_variant(record, test, reports, words, found, genes, cancers)
    read = {test.place.number for test in told if test.kind in ("variant", "region")}
    for source, resource in reports.unread_variants(read):
        named = may_name(resource, words)
        keys = KEYS if source is None else (source,)
        genes.left_open |= {unit for unit in named or () if unit[0] in keys}
        genes.whole |= set(keys) if named is None else set()
    read_gene_findings(record, words, found, cancers, genes.seen)
    _settle(found, genes, reports)
    for gene in SIGNATURES:
        _read_signature(
            gene,
            [
                test
                for test in told
                if gene in (test.kind, SAME.get(test.kind))
                and _of_main(record, test, found, cancers)
            ],
            words,
            found,
        )


def _of_main(record: Record, test: Test, found: Findings, cancers: Cancers) -> bool:
    """Whether what was found in a tumor is of the main cancer; notes it if it is not."""
    about = [one for one in references(test.resource) if _is_diagnosis(record, test, one)]
    if (not about and not cancers.listed) or cancers.is_main(record, test.resource, about):
        return True
    found.skip(test.place, cancers.why_not())
    return False


def _is_diagnosis(record: Record, test: Test, reference: dict[str, object]) -> bool:
    entry = record.find(reference, test.resource)
    return entry is None or word(entry[1], "resourceType") == "Condition"


def _read_region(
    record: Record,
    test: Test,
    reports: Reports,
    words: Codebook,
    found: Findings,
    genes: Genes,
    cancers: Cancers,
) -> None:
    named = genes_of(test.resource, words)
    if not named:
        found.skip(test.place, "region_no_genes")
        return
    _, source = reports.source_class(test.place.number, test.resource)
    if source is None:
        _note_region(test, KEYS, words, genes)
        found.skip(test.place, "no_source_class")
        return
    if source == "tumor" and not _of_main(record, test, found, cancers):
        return
    _note_region(test, (source,), words, genes)
    for coded, values in named:
        place = Place(test.place.number, f"{test.place.what}: {coded.shown}")
        gene = values[source]
        if gene is None or gene in words.records.lists.get("only_fusions", ()):
            found.skip(place, "gene_not_asked")
        else:
            genes.tested.setdefault((source, gene), []).append(Seen("none", test.on, place))


def _note_region(test: Test, keys: tuple[str, ...], words: Codebook, genes: Genes) -> None:
    named = may_name(test.resource, words)
    # A region with a gene that cannot be read does not show what was not tested.
    for key in keys if named is not None else ():
        genes.regions.append(
            (test, key, frozenset(gene for other, gene in named or () if other == key))
        )


def _read_variant(
    record: Record,
    test: Test,
    reports: Reports,
    words: Codebook,
    found: Findings,
    genes: Genes,
    cancers: Cancers,
) -> None:
    named = genes_of(test.resource, words)
    symbols = ", ".join(coded.shown for coded, _ in named)
    place = Place(
        test.place.number, f"{test.place.what}: {symbols}" if symbols else test.place.what
    )
    told, source = reports.source_class(test.place.number, test.resource)
    values = named[0][1] if len(named) == 1 else {}
    if not told and values.get("tumor") in words.records.lists.get("tumor_genes", ()):
        source = "tumor"
    result, reason = _result(test, reports, words)
    gene = values.get(source) if source else None
    used = False
    if len(named) != 1:
        found.skip(place, "gene_not_read")
    elif source is None:
        found.skip(place, "no_source_class" if any(values.values()) else "gene_not_asked")
    elif gene is None or gene in words.records.lists.get("only_fusions", ()):
        found.skip(place, "gene_not_asked")
    elif source == "tumor" and not _of_main(record, test, found, cancers):
        pass
    elif result is None:
        found.skip(place, reason)
        if reason == "value_not_read":
            genes.unread.add((source, gene))
    elif result == "none":
        used = True
        genes.absent.append((source, gene, test, Seen("none", test.on, place)))
    else:
        used = True
        genes.seen.setdefault((source, gene), []).append(Seen(result, test.on, place))
    if not used and result != "none":
        genes.doubt(test, source, words)


def _result(test: Test, reports: Reports, words: Codebook) -> tuple[str | None, str]:
    said = words.find("results", test.said.coded)
    if not test.said:
        return None, "no_value"
    if said == "open":
        return None, "open_result"
    if said in ("absent", "negative"):
        one_change = gene_parts(test.resource, "one_change", words)
        return (None, "one_change_absent") if one_change else ("none", "")
    meant = _significance(test.said.coded, words)
    if said not in ("present", "positive") and meant is None:
        return None, "value_not_read"
    if _is_no_mutation(test, words):
        return None, "not_mutation"
    told = gene_parts(test.resource, "significance", words) + reports.implied(test.place.number)
    if meant is not None:
        told.append(test.said.coded)
    kinds = {words.find("significances", coded) for coded in told}
    if not told or kinds == {"mutation"}:
        return "mutation", ""
    if kinds == {"uncertain"}:
        return "uncertain", ""
    return None, "harmless" if kinds == {"harmless"} else "value_not_read"


def _significance(coded: Coded, words: Codebook) -> str | None:
    """What a value says of the harm that a change does; None where its text says more."""
    by_text = words.find("significances", Coded(texts=coded.texts))
    if by_text is None and words.doubts(coded):
        return None
    return words.find("significances", coded)


def _is_no_mutation(test: Test, words: Codebook) -> bool:
    """Whether the change is a gain, a loss or a fusion; small losses are mutations."""
    types = gene_parts(test.resource, "change_type", words)
    kinds = {words.find("change_types", one) for one in types}
    if gene_parts(test.resource, "copy_number", words) or "not_mutation" in kinds:
        return True
    changes = gene_parts(test.resource, "one_change", words)
    told = [text for coded in changes for text in (*coded.texts, *(one for _, one in coded.codes))]
    return "of_any_size" in kinds and not any(map(_is_small, told))


def _is_small(change: str) -> bool:
    if "p." in change:
        return True
    found = _CHANGE.search(change)
    return found is not None and int(found[2] or found[1]) - int(found[1]) < SMALL


def _settle(found: Findings, genes: Genes, reports: Reports) -> None:
    for source, gene, test, one in genes.absent:
        if (source, gene) in genes.unread:
            found.skip(one.place, "gene_tested_open")
            continue
        covers = [
            gene in named
            for region, key, named in genes.regions
            if key == source and reports.are_together(region, test)
        ]
        tested = any(covers) or not covers
        value = one if tested else Seen("not_tested", one.on, one.place)
        genes.seen.setdefault((source, gene), []).append(value)
    for unit, listed in genes.tested.items():
        if unit in genes.seen:
            # The list of what was tested says nothing more about a gene with a result of its own.
            for one in listed:
                found.use(one.place, ".".join(unit), genes.seen[unit][-1].value)
        elif unit in genes.left_open or unit[0] in genes.whole:
            for one in listed:
                found.skip(one.place, "gene_tested_open")
        else:
            genes.seen[unit] = list(listed)
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
        said = words.only(group, coded)
        if test.kind not in SAME:
            said = said or words.find("results", coded)
        said = {"present": "positive", "absent": "negative"}.get(said or "", said)
        if said in ("positive", "negative"):
            seen.append(Seen(said, test.on, test.place))
        else:
            found.skip(test.place, "open_result" if said == "open" else "value_not_read")
    chosen = found.choose(f"tumor.{gene}", seen)
    if chosen is not None:
        found.result("tumor", gene, chosen.value, chosen.on)
