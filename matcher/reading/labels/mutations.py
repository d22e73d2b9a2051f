"""Mutations: what a label says after the word mutation (its genes, its risk, its place)."""

from __future__ import annotations

from dataclasses import replace

from matcher.core.conditions import Unread
from matcher.reading.labels.nouns import Cancers, Genes, Noun
from matcher.reading.labels.scanner import WINDOW, Scanner
from matcher.reading.labels.segments import read_segment
from matcher.reading.labels.words import key_set


def read_after_gene(scanner: Scanner, genes: Genes, start: int, at: int) -> tuple[Noun, int]:
    """What follows a mutation: its genes, the risk it is linked to, where it was found."""
    while True:
        read = (
            _in_genes(scanner, genes, start, at)
            or _linked_to_risk(scanner, genes, at)
            or _in_place(scanner, genes, at)
        )
        if read is None:
            return genes, at
        genes, at = read


def _in_genes(scanner: Scanner, genes: Genes, start: int, at: int) -> tuple[Genes, int] | None:
    """ "mutations in BRCA1 or BRCA2", "in a gene linked to cancer risk"."""
    if genes.names or scanner.key(at) not in ("in", "of"):
        return None
    position = at + 1
    while scanner.key(position) in _ONE_OF and position < at + WINDOW:
        position += 1
    named, end = read_segment(scanner, position)
    if isinstance(named, Genes) and named.names:
        end = end + 1 if scanner.key(end) == "gene" else end
        words = scanner.source(start, end)
        found = replace(genes, names=named.names, link=named.link, words=words, plain=False)
        origins = genes.origins | named.origins
        return replace(found, asked=(*genes.asked, *named.asked), origins=origins), end
    if scanner.key(position) == "gene":
        return replace(genes, plain=False), position + 1
    return None


def _linked_to_risk(scanner: Scanner, genes: Genes, at: int) -> tuple[Genes, int] | None:
    """ "linked to cancer risk" says nothing more; linked to one cancer's risk does."""
    position = at
    if scanner.key(position) in ("that", "which") and scanner.key(position + 1) in ("is", "are"):
        position += 2
    pair = (scanner.key(position), scanner.key(position + 1))
    if pair in _LINKED or (
        scanner.key(position) in ("that", "which") and scanner.key(position + 1) in _RAISE
    ):
        position += 2
    else:
        return None
    while scanner.key(position) in _RISK_WORDS and position < at + WINDOW:
        position += 1
    named, end = read_segment(scanner, position)
    end = end + 1 if scanner.key(end) == "risk" else end
    if not isinstance(named, Cancers):
        return None
    if all(site.value is None and not site.asked and site.exact for site in named.sites):
        return replace(genes, plain=False), end
    asked = (*genes.asked, Unread(scanner.source(at, end)))
    return replace(genes, plain=False, asked=asked), end


_ONE_OF = key_set("a an the one any either of")
_LINKED = {("linked", "to"), ("associated", "with"), ("related", "to"), ("tied", "to")}
_RAISE = key_set("increase increases raise raises elevate cause causes")
_RISK_WORDS = key_set(
    "a an the their increased increase in higher high elevated risk of for to hereditary"
)


def in_family(scanner: Scanner, at: int) -> int | None:
    """The position after "in the family" or "that runs in their family"; None if not there."""
    at = at + 2 if scanner.keys(at, "that", "run") else at
    for whose in ("the", "their", "her", "his"):
        if scanner.keys(at, "in", whose, "family"):
            return at + 3
    return None


def _in_place(scanner: Scanner, genes: Genes, at: int) -> tuple[Genes, int] | None:
    after = in_family(scanner, at)
    if after is not None:
        return replace(genes, in_family=True), after
    found = scanner.find(at, "tumor_word")
    if found is not None and scanner.key(at) == "in":
        return replace(genes, origins=key_set("tumor")), at + found[0]
    return None
