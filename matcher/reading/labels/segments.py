"""Segments: one run of modifiers, sites and genes up to the noun that closes it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from matcher.core.conditions import Condition, Tag, Unread
from matcher.reading.labels.boundaries import (
    is_boundary,
    is_cancer_noun,
    is_compound,
    is_head,
    is_short_form,
)
from matcher.reading.labels.lexicon import Sense
from matcher.reading.labels.modifiers import read_modifier
from matcher.reading.labels.nouns import Cancers, Noun, Said, Thing
from matcher.reading.labels.pieces import Piece, cancers_of, gene_condition, genes_of, said_of
from matcher.reading.labels.scanner import Scanner
from matcher.reading.labels.words import key_set

WHOLE_NAMES = key_set("gene fusion syndrome")
"""Last words of a gene's name after which no "mutation" need follow."""
LONGEST_BRACKET = 12
LONGEST_RUN = 40
"""More modifiers than any label has; longer runs are cut, so that looking ahead stays linear."""


@dataclass
class Segment:
    """A run that is being read: its pieces, where it began and where it has come to."""

    start: int
    at: int
    pieces: list[Piece] = field(default_factory=list)

    def add(self, piece: Piece) -> None:
        """Take a piece in."""
        self.pieces.append(piece)
        self.at = piece.end

    def genes_before(self) -> list[int]:
        """The places of the bare genes that are joined to what comes next."""
        found: list[int] = []
        for place in range(len(self.pieces) - 1, -1, -1):
            if self.pieces[place].kind != "gene":
                break
            found.append(place)
        return found

    def has(self, *kinds: str) -> bool:
        """Whether a piece of one of these kinds was read."""
        return any(piece.kind in kinds for piece in self.pieces)


def read_segment(scanner: Scanner, at: int) -> tuple[Noun | None, int]:
    """The noun that begins here and the position after it; (None, at) if there is none."""
    segment = Segment(at, at)
    while True:
        link, start = scanner.link(segment.at) if segment.pieces else ("", segment.at)
        ends = link in (";", ".") or len(segment.pieces) > LONGEST_RUN
        ends = ends or (bool(link) and scanner.key(segment.at - 1) in WHOLE_NAMES)
        if ends or (link and not _goes_on(scanner, segment, start)):
            break
        noun = _close(scanner, segment, start, link)
        if noun is not None:
            return noun, segment.at
        piece = _read_piece(scanner, start, link, segment)
        if piece is None:
            break
        segment.add(piece)
    return _close_open(scanner, segment), segment.at


def _goes_on(scanner: Scanner, segment: Segment, start: int) -> bool:
    """Whether what follows a connector still belongs to this run."""
    if scanner.find(start, "gene_noun") or is_cancer_noun(scanner, start):
        return not _is_of_person(scanner, segment)
    if segment.has("site", "gene", "inherited", "tumor_word"):
        return _continues_names(scanner, segment, start)
    if scanner.find(start, "thing") and not scanner.find(start, "tag"):
        return False
    return not is_boundary(scanner, start) and not scanner.find(start, "determiner")


def _is_of_person(scanner: Scanner, segment: Segment) -> bool:
    """Whether the run says something of a person, so that a cancer after "or" is a new noun."""
    return all(
        isinstance(piece.condition, Tag)
        and scanner.lexicon.book.tag(piece.condition.key).topic in ("people", "risk", "symptoms")
        for piece in segment.pieces
    )


def _continues_names(scanner: Scanner, segment: Segment, start: int) -> bool:
    past = scanner.find(start, "determiner")
    if past is not None and segment.has("gene"):
        start += past[0]
        return scanner.find(start, "gene", "inherited") is not None
    if segment.has("site"):
        return not is_boundary(scanner, start) and past is None
    wanted = ("gene", "inherited", "tumor_word", "gene_adjective", "tag", "site", "receptor")
    return scanner.find(start, *wanted) is not None


def _close(scanner: Scanner, segment: Segment, start: int, link: str) -> Noun | None:
    """The noun that closes the run at `start`, if one stands there."""
    opaque = scanner.find(start, "opaque")
    if opaque is not None:
        segment.at = start + opaque[0]
        return _unread(scanner, segment)
    whole = scanner.find(start, "whole_cancer")
    if whole is not None:
        piece = Piece("site", link, start, start + whole[0], whole[1])
        segment.pieces.append(piece)
        segment.at = piece.end
        return cancers_of(scanner, segment.pieces, segment.start, segment.at, "")
    if is_cancer_noun(scanner, start) and not _is_disease_of_gene(segment):
        return _close_cancer(scanner, segment, start, link)
    gene_noun = scanner.find(start, "gene_noun")
    if gene_noun is not None:
        return _close_gene(scanner, segment, start + gene_noun[0])
    return _close_thing(scanner, segment, start)


def _is_disease_of_gene(segment: Segment) -> bool:
    return bool(segment.pieces) and segment.pieces[-1].kind == "gene"


def _close_cancer(scanner: Scanner, segment: Segment, start: int, link: str) -> Noun:
    found = scanner.find(start, "cancer_noun")
    end = start + (found[0] if found else 1)
    noun = scanner.key(start)
    risk = scanner.key(end) == "risk"
    end += 1 if risk or scanner.key(end) in ("diagnosis", "type") else 0
    segment.at = end
    thing = _treatment_of(scanner, segment, start, end)
    if thing is not None:
        return thing
    lost = bool(link) and link != ","
    lost = lost or (noun == "disease" and segment.has("site", "unread"))  # "heart disease"
    if lost or scanner.find(end, "gene_noun", "gene_adjective") or is_compound(scanner, end):
        return _unread_compound(scanner, segment)
    return cancers_of(scanner, segment.pieces, segment.start, end, noun, risk=risk)


def _treatment_of(scanner: Scanner, segment: Segment, start: int, end: int) -> Noun | None:
    """ "breast cancer treatment", "cancer surgery": the treatment and the cancer it is for."""
    found = scanner.find(end, "thing")
    if found is None or is_compound(scanner, end + found[0]):
        return None
    senses = scanner.all_senses(end, found[0], "thing")
    cancers = cancers_of(scanner, segment.pieces, segment.start, end, scanner.key(start))
    is_treatment = any(s.exact and scanner.lexicon.tag_for("had", s.value) for s in senses)
    if not isinstance(cancers, Cancers) or not is_treatment:
        return None
    segment.at = end + found[0]
    return Thing(senses, scanner.source(segment.start, segment.at), of=cancers)


def _unread_compound(scanner: Scanner, segment: Segment) -> Noun:
    while is_compound(scanner, segment.at) or scanner.find(segment.at, "gene_noun"):
        segment.at += 1
    return _unread(scanner, segment)


def _unread(scanner: Scanner, segment: Segment) -> Noun:
    words = scanner.source(segment.start, segment.at)
    return Said(Unread(words), words)


def _close_gene(scanner: Scanner, segment: Segment, end: int) -> Noun:
    segment.at = end
    state = scanner.find(end, "gene_state")
    if state is not None and scanner.key(end) == "positive":
        segment.at = end + 1
    if segment.has("site") or segment.has("receptor"):
        return _unread(scanner, segment)
    return genes_of(scanner, segment.pieces, segment.start, segment.at)


def _close_thing(scanner: Scanner, segment: Segment, start: int) -> Noun | None:
    found = scanner.find(start, "thing")
    if found is None or scanner.key(start) in ("without", "no"):
        return None
    longer = scanner.find(start, "tag", "gene", "site", "receptor")
    if longer is not None and longer[0] >= found[0]:
        return None
    offset, length, senses = _exact_thing(scanner, start, found[0])
    segment.at = start + offset + length
    extra = scanner.source(segment.start, start + offset)
    return Thing(senses, scanner.source(start + offset, segment.at), extra)


def _exact_thing(scanner: Scanner, start: int, length: int) -> tuple[int, int, tuple[Sense, ...]]:
    """A phrase that means exactly a thing is preferred to a longer one that only narrows it."""
    senses = scanner.all_senses(start, length, "thing")
    if any(sense.exact for sense in senses):
        return 0, length, senses
    for offset in range(1, length + 1):
        inner = scanner.find(start + offset, "thing")
        if inner is None or offset + inner[0] < length:
            continue
        exact = scanner.all_senses(start + offset, inner[0], "thing")
        if offset < length and any(sense.exact for sense in exact):
            return offset, inner[0], exact
    return 0, length, senses


def _read_piece(scanner: Scanner, at: int, link: str, segment: Segment) -> Piece | None:
    """One modifier, site, gene or unknown word; None at a boundary."""
    if is_head(scanner, at) or (link and is_boundary(scanner, at)):
        return None
    if scanner.key(at) == "(" and segment.pieces and not link:
        return _bracketed_piece(scanner, at, segment.pieces[-1].condition)
    other = scanner.find(at, "other_word")
    if other is not None:
        return Piece("unread", link, at, at + other[0])
    modifier = read_modifier(scanner, at)
    named = scanner.find(at, "gene", "site", "inherited", "tumor_word", "gene_adjective")
    if named is not None and (modifier is None or at + named[0] > modifier.end):
        return _named_piece(scanner, at, link, named, segment)
    if modifier is not None:
        return Piece("tag", link, at, modifier.end, condition=modifier.condition)
    determiner = scanner.find(at, "determiner")
    if determiner is not None and segment.pieces:
        return Piece("skip", link, at, at + determiner[0])
    if is_boundary(scanner, at):
        return None
    receptor = scanner.find(at, "receptor")
    end = at + (receptor[0] if receptor else 1)
    return Piece("receptor" if receptor else "unread", link, at, end)


def _bracketed_piece(scanner: Scanner, at: int, before: Condition | None) -> Piece | None:
    """ "(ER+)" in the middle of a run; at its end brackets are not part of it."""
    close = next((p for p in range(at + 1, at + LONGEST_BRACKET) if scanner.key(p) == ")"), None)
    if close is None or is_boundary(scanner, close + 1):
        return None
    inner, end = read_segment(scanner, at + 1)
    again = isinstance(inner, Said) and inner.condition == before
    if end == close and again:
        return Piece("skip", "", at, close + 1)
    if isinstance(inner, Said) and end == close:
        return Piece("tag", "", at, close + 1, condition=inner.condition)
    if is_short_form(scanner, at, close):
        return Piece("skip", "", at, close + 1)
    return Piece("unread", "", at, close + 1)


def _named_piece(
    scanner: Scanner, at: int, link: str, named: tuple[int, Sense], segment: Segment
) -> Piece:
    length, sense = named
    if sense.kind == "gene":
        state = scanner.find(at + length, "gene_state")
        if state is not None:
            end = at + length + state[0]
            return _gene_state(scanner, at, link, named, end, segment)
        if scanner.key(at + length) == "negative":
            condition = gene_condition(scanner, sense.value, at, at + length, negative=True)
            return Piece("tag", link, at, at + length + 1, condition=condition)
    return Piece(sense.kind, link, at, at + length, sense)


def _gene_state(
    scanner: Scanner, at: int, link: str, named: tuple[int, Sense], end: int, segment: Segment
) -> Piece:
    """ "BRCA-mutated": a gene that stands before a cancer like an adjective.

    Bare genes before it share the state ("BRCA1- or BRCA2-mutated").
    """
    origin = segment.pieces[-1].kind if segment.pieces and not link else ""
    in_tumor = scanner.key(end) == "tumor" or origin == "tumor_word"
    if origin in ("inherited", "tumor_word"):
        before = segment.pieces.pop()
        link, at = before.link, before.start

    def condition(gene: str, start: int, stop: int) -> Condition:
        return gene_condition(scanner, gene, start, stop, in_tumor=in_tumor)

    for place in segment.genes_before() if link else []:
        bare = segment.pieces[place]
        if bare.sense is not None:
            said = condition(bare.sense.value, bare.start, bare.end)
            segment.pieces[place] = replace(bare, kind="tag", condition=said)
    said = condition(named[1].value, at, end)
    return Piece("tag", "or" if link == "and" else link, at, end, condition=said)


def _close_open(scanner: Scanner, segment: Segment) -> Noun | None:
    """What a run means that no noun closed."""
    if not segment.pieces:
        return None
    if segment.has("gene") and not segment.has("site", "receptor"):
        return genes_of(scanner, segment.pieces, segment.start, segment.at)
    nameless = segment.pieces[-1].kind == "unread" and segment.has("tag")
    if nameless or segment.has("site", "receptor", "inherited", "tumor_word"):
        return _unread(scanner, segment)
    return said_of(scanner, segment.pieces, segment.start, segment.at)
