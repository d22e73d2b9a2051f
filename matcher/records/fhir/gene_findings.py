"""Gene findings: inherited mutations that stand among a person's diagnoses, not among results."""

from __future__ import annotations

import re

from matcher.records.fhir.alongside import HARMLESS, MUTATION, gene_said
from matcher.records.fhir.cancers import Cancers
from matcher.records.fhir.coded import Codebook, Coded
from matcher.records.fhir.findings import Findings, Seen
from matcher.records.fhir.named import seen_in_name
from matcher.records.fhir.record import Record, place_of

INHERITED = "inherited"
_SYMBOL = re.compile(r"\b[A-Z][A-Z0-9]{2,5}\b")
Units = dict[tuple[str, str], list[Seen]]


def read_gene_findings(
    record: Record, words: Codebook, found: Findings, cancers: Cancers, seen: Units
) -> None:
    """Add to `seen` the mutations that diagnoses name; the others are noted as not used.

    A mutation counts as inherited only where the code or the words say that it is, and nothing else
    stands beside it: a test, a doubt and a harmless change are no mutation.
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
        said = said_of_gene(coded, words)
        if len(named) != 1:
            found.skip(place, "gene_not_read")
        elif not (syndrome or sure):
            found.skip(place, "no_source_class")
        elif said is None or said == HARMLESS:
            found.skip(place, "harmless" if said else "gene_words")
        else:
            told = seen_in_name(record, resource, said, place)
            seen.setdefault((INHERITED, named.pop()), []).append(told)


def genes_in(coded: Coded, words: Codebook) -> set[str]:
    """The genes of the question that the texts name by their symbol."""
    return set(_symbols(coded, words).values())


def said_of_gene(coded: Coded, words: Codebook) -> str | None:
    """``mutation``, ``uncertain`` or ``harmless``; None if the texts are no plain statement."""
    return gene_said(coded, set(_symbols(coded, words)), words) if coded.texts else MUTATION


def _symbols(coded: Coded, words: Codebook) -> dict[str, str]:
    """The symbols of genes in the texts, each with its gene of the question."""
    symbols = {symbol for text in coded.texts for symbol in _SYMBOL.findall(text)}
    told = {symbol: words.answer(INHERITED, Coded(texts=(symbol,))) for symbol in symbols}
    return {symbol: gene for symbol, gene in told.items() if gene not in (None, "any")}
