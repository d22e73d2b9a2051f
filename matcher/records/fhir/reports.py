"""Reports: which gene results stand together, their source, genes, and what is implied of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from matcher.records.fhir.coded import Codebook, Coded, read_coded
from matcher.records.fhir.nodes import Node, nodes, word
from matcher.records.fhir.observations import FINAL, Test
from matcher.records.fhir.record import Record

KEYS = ("tumor", "inherited")
_SYMBOL = re.compile(r"[A-Z][A-Z0-9-]{1,11}")


class Reports:
    """The reports of one record and what stands beside its gene results."""

    def __init__(self, record: Record, words: Codebook) -> None:
        self.record = record
        self.words = words
        self._reports: dict[int, set[int]] = {}
        self._sources: dict[int, set[str]] = {}
        self._implied: dict[int, list[Coded]] = {}
        for number, report in record.of("DiagnosticReport"):
            if word(report, "status").casefold() != "entered-in-error":
                self._read_report(number, report)
        for _, observation in record.of("Observation"):
            if word(observation, "status").casefold() != "entered-in-error":
                self._read_implication(observation)

    def source_class(self, number: int, resource: Node) -> tuple[bool, str | None]:
        """Whether the record says anything of the source, and which answer it is about."""
        told = gene_parts(resource, "source_class", self.words)
        classes = {self.words.only("source_classes", coded) for coded in told}
        if told:
            return True, classes.pop() if len(classes) == 1 else None
        by_report = self._sources.get(number, set())
        return bool(by_report), next(iter(by_report)) if len(by_report) == 1 else None

    def implied(self, number: int) -> list[Coded]:
        """The significances that other observations derive from this result."""
        return self._implied.get(number, [])

    def are_together(self, region: Test, variant: Test) -> bool:
        """Whether a result may belong to the same report as a region studied."""
        ours = self._reports.get(region.place.number, set())
        theirs = self._reports.get(variant.place.number, set())
        if ours or theirs:
            return bool(ours & theirs)
        return region.on is None or variant.on is None or region.on == variant.on

    def unread_variants(self, read: set[int]) -> Iterator[tuple[str | None, Node]]:
        """What may be a gene result but was not read as one, with its source if that is sure."""
        for number, resource in self.record.of("Observation"):
            status = word(resource, "status").casefold()
            if number in read or status == "entered-in-error":
                continue
            kinds = {
                self.words.find("tests", read_coded(one, "code"))
                for one in (resource, *nodes(resource, "component"))
            }
            if "region" in kinds or not ("variant" in kinds or self._names_gene(resource)):
                continue
            if self.words.find("results", read_coded(resource, "valueCodeableConcept")) not in (
                "absent",
                "negative",
            ):
                yield self.source_class(number, resource)[1], resource

    def _names_gene(self, resource: Node) -> bool:
        return bool(gene_parts(resource, "gene", self.words))

    def _read_report(self, number: int, report: Node) -> None:
        source = self.words.only("source_classes", Coded(texts=read_coded(report, "code").texts))
        for reference in nodes(report, "result"):
            entry = self.record.find(reference, report)
            if entry is None:
                continue
            self._reports.setdefault(entry[0], set()).add(number)
            if source is not None:
                self._sources.setdefault(entry[0], set()).add(source)

    def _read_implication(self, observation: Node) -> None:
        derived = nodes(observation, "derivedFrom")
        if not derived:
            return
        told = gene_parts(observation, "significance", self.words)
        if self.words.find("gene_parts", read_coded(observation, "code")) == "significance":
            told.append(read_coded(observation, "valueCodeableConcept"))
        if told and word(observation, "status").casefold() not in FINAL:
            told = [Coded()]
        for reference in derived:
            entry = self.record.find(reference, observation)
            if entry is not None and told:
                self._implied.setdefault(entry[0], []).extend(told)


def gene_parts(resource: Node, name: str, words: Codebook) -> list[Coded]:
    """The values of the components of one sort."""
    return [
        read_coded(one, "valueCodeableConcept") or read_coded(one, "valueString")
        for one in nodes(resource, "component")
        if words.find("gene_parts", read_coded(one, "code")) == name
    ]


def genes_of(resource: Node, words: Codebook) -> list[tuple[Coded, dict[str, str | None]]]:
    """The genes named, each with its value among the genes of each answer."""
    return [
        (coded, {key: words.answer(key, coded) for key in KEYS})
        for told in gene_parts(resource, "gene", words)
        for coded in _alone(told, words)
    ]


def may_name(resource: Node, words: Codebook) -> set[tuple[str, str]] | None:
    """The (answer's key, gene) that a result may be about; None if it may be about any gene."""
    named: set[tuple[str, str]] = set()
    for told in gene_parts(resource, "gene", words) or [Coded()]:
        alone = [*(Coded((code,)) for code in told.codes), *(Coded((), (t,)) for t in told.texts)]
        units = {(key, gene) for one in alone for key in KEYS if (gene := words.answer(key, one))}
        if not units and not _is_other_gene(told, words):
            return None
        named |= units
    return named


def _is_other_gene(told: Coded, words: Codebook) -> bool:
    """Whether a gene that we do not ask about is named for sure."""
    coded = any(words.is_in("hgnc", address) for address, _ in told.codes)
    return coded or any(_SYMBOL.fullmatch(text.strip()) for text in told.texts)


def _alone(told: Coded, words: Codebook) -> list[Coded]:
    """A gene, or each of several that stand in one place."""
    codes = [Coded((code,)) for code in told.codes]
    symbols = {words.answer(key, one) for one in codes for key in KEYS} - {None}
    if len(symbols) > 1 and len(codes) > 1:
        return codes
    return [told] if told else []
