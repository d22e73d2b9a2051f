"""Gene findings: inherited mutations that stand among a person's diagnoses, not among results."""

from __future__ import annotations

import re

from matcher.records.fhir.cancers import Cancers
from matcher.records.fhir.coded import Codebook, Coded
from matcher.records.fhir.findings import Findings, Seen
from matcher.records.fhir.named import named_on
from matcher.records.fhir.record import Record, place_of

INHERITED = "inherited"
_SYMBOL = re.compile(r"\b[A-Z][A-Z0-9]{2,5}\b")
Units = dict[tuple[str, str], list[Seen]]


def read_gene_findings(
    record: Record, words: Codebook, found: Findings, cancers: Cancers, seen: Units
) -> None:
    """Add to `seen` the mutations that diagnoses name; the others are noted as not used.

    A mutation counts as inherited only where the code or the words say that it is.
    """
    named_beside = [(one.number, one.resource, one.coded) for one in cancers.primaries]
    for number, resource, coded in (
        *cancers.genes,
        *(one for one in named_beside if genes_in(one[2], words)),
    ):
        place = place_of(number, resource)
        syndrome = words.only("hereditary_syndromes", coded)
        named = {syndrome} if syndrome else genes_in(coded, words)
        alone = (Coded(coded.codes), Coded(texts=coded.texts))
        sure = any(words.find("gene_findings", one) == INHERITED for one in alone)
        if len(named) != 1:
            found.skip(place, "gene_not_read")
        elif not (syndrome or sure):
            found.skip(place, "no_source_class")
        else:
            on = named_on(record, resource)
            seen.setdefault((INHERITED, str(named.pop())), []).append(Seen("mutation", on, place))


def genes_in(coded: Coded, words: Codebook) -> set[str | None]:
    """The genes of the question that the texts name by their symbol."""
    symbols = {symbol for text in coded.texts for symbol in _SYMBOL.findall(text)}
    told = {words.answer(INHERITED, Coded(texts=(symbol,))) for symbol in symbols}
    return told - {None, "any"}
