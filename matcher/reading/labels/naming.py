"""Naming: reads lists of nouns, with histories, relatives, risks and what is absent."""

from __future__ import annotations

from dataclasses import replace

from matcher.core.conditions import Unread
from matcher.reading.labels.boundaries import is_boundary, is_head
from matcher.reading.labels.mutations import in_family, read_after_gene
from matcher.reading.labels.nouns import (
    Absent,
    Cancers,
    Genes,
    History,
    Listing,
    Noun,
    Relative,
    Risk,
    Said,
)
from matcher.reading.labels.numbers import read_number
from matcher.reading.labels.scanner import WINDOW, Scanner
from matcher.reading.labels.segments import read_segment
from matcher.reading.labels.words import key_set

DEEPEST = 4
HISTORY_WORDS = key_set(
    "a the any past prior previous own personal family familial or and , strong known significant"
    " documented"
)
LEVELS = {
    "high": "high",
    "higher": "high",
    "increased": "high",
    "elevated": "high",
    "greater": "high",
    "raised": "high",
    "average": "average",
    "normal": "average",
}
DEVELOPING = key_set("developing getting having develop get a an the any")
HAS = key_set("with who has have had was were been diagnosed carry carries tested")


def read_listing(
    scanner: Scanner, at: int, *, depth: int = 0, alike: bool = False
) -> tuple[Noun | None, int]:
    """One noun or several joined by connectors; (None, at) if nothing is named here.

    `alike`: it ends where another kind of noun follows ("history of cancer or a mutation").
    """
    first, position = read_noun(scanner, at, depth=depth)
    if first is None:
        return None, at
    parts, links = [first], list[str]()
    while True:
        link, start = scanner.link(position)
        if not link or link in (";", "."):
            break
        following, end = read_noun(scanner, start, depth=depth)
        if following is None or _is_only_unread(following) or is_head(scanner, end):
            break
        if alike and type(following) is not type(first):
            break
        oxford = link == "or" and scanner.key(position) == ","
        parts.append(following)
        links.append(", or" if oxford else link)
        position = end
    if len(parts) == 1:
        return first, position
    return Listing(tuple(parts), tuple(links), scanner.source(at, position)), position


def _is_only_unread(noun: Noun) -> bool:
    return isinstance(noun, Said) and isinstance(noun.condition, Unread)


def read_noun(scanner: Scanner, at: int, *, depth: int) -> tuple[Noun | None, int]:
    """One noun with what belongs to it; (None, at) if there is none."""
    if scanner.key(at) == "no" and scanner.find(at, "tag") is None:
        inner, end = read_noun(scanner, at + 1, depth=depth)
        return (None, at) if inner is None else (Absent(inner, scanner.source(at, end)), end)
    special = _special(scanner, at, depth=depth)
    if special is not None:
        return _with_cancer(scanner, special, at)
    if scanner.key(at) in ("one", "either"):
        return _counted(scanner, at, depth=depth)
    if scanner.key(at) == "both":
        noun, end = read_segment(scanner, at + 1)
        if isinstance(noun, Cancers | Genes) and noun.link in ("and", "or"):
            return replace(noun, link="both"), end
    determiner = scanner.find(at, "determiner")
    start = at
    while determiner is not None:
        start += determiner[0]
        determiner = scanner.find(start, "determiner")
    if start > at and (again := _special(scanner, start, depth=depth)) is not None:
        return _with_cancer(scanner, again, start)
    noun, end = read_segment(scanner, start)
    if noun is None:
        return None, at
    if isinstance(noun, Genes):
        return read_after_gene(scanner, noun, start, end)
    if isinstance(noun, Cancers) and (after := in_family(scanner, end)) is not None:
        return History(("family",), "", scanner.source(at, after), noun), after
    return noun, end


def _counted(scanner: Scanner, at: int, *, depth: int) -> tuple[Noun | None, int]:
    """ "One ovary", "either breast" are fewer than what is named; of a mutation one is enough."""
    if depth >= DEEPEST:
        return None, at
    noun, end = read_noun(scanner, at + 1, depth=depth + 1)
    named = isinstance(noun, Cancers) and noun.link == "or"
    of_two = scanner.key(at) == "either" and (named or scanner.link(end)[0] == "or")
    return (noun, end) if isinstance(noun, Genes) or of_two else (None, at)


def _with_cancer(scanner: Scanner, special: tuple[Noun, int], at: int) -> tuple[Noun, int]:
    """ "high-risk early breast cancer": the risk is of the cancer, and cannot be read."""
    noun, end = special
    if not (isinstance(noun, Said) and isinstance(noun.condition, Unread)):
        return special
    cancers, after = read_segment(scanner, end)
    if not isinstance(cancers, Cancers):
        return special
    sites = tuple(replace(s, asked=(*s.asked, noun.condition)) for s in cancers.sites)
    return replace(cancers, sites=sites, words=scanner.source(at, after)), after


def _special(scanner: Scanner, at: int, *, depth: int) -> tuple[Noun, int] | None:
    return (
        _read_history(scanner, at, depth=depth)
        or _read_relative(scanner, at, depth=depth)
        or _read_risk(scanner, at, depth=depth)
    )


def _read_history(scanner: Scanner, at: int, *, depth: int) -> tuple[Noun, int] | None:
    """ "a personal or family history of breast cancer"."""
    position, kinds, link, extra = at, list[str](), "", ""
    while scanner.key(position) in HISTORY_WORDS and position < at + WINDOW:
        key = scanner.key(position)
        if key in ("personal", "family", "familial"):
            kinds.append("personal" if key == "personal" else "family")
        elif key in ("or", "and"):
            link = key
        elif key in ("strong", "significant"):
            extra = scanner.source(position, position + 1)
        position += 1
    if scanner.key(position) != "history" or depth >= DEEPEST:
        return None
    of, end = None, position + 1
    if scanner.key(end) == "of":
        named, after = read_listing(scanner, end + 1, depth=depth + 1, alike=True)
        of, end = (named, after) if named is not None else (None, end)
    after_family = in_family(scanner, end)
    if after_family is not None:
        kinds, end = ["family"], after_family
    words = scanner.source(at, end)
    return History(tuple(kinds) or ("personal",), link, words, of, extra), end


def _read_relative(scanner: Scanner, at: int, *, depth: int) -> tuple[Noun, int] | None:
    """ "a close relative with a BRCA mutation"."""
    determiner = scanner.find(at, "determiner")
    start = at + determiner[0] if determiner else _past_count(scanner, at)
    position, extra = _relatives(scanner, start)
    extra = scanner.source(at, start) if start > at and determiner is None else extra
    if position == start or depth >= DEEPEST:
        return None
    begun = position
    while scanner.key(position) in HAS and position < begun + WINDOW:
        position += 1
    if position == begun:
        return None
    if scanner.keys(position, "positive", "for"):
        position += 2
    of, end = read_noun(scanner, position, depth=depth + 1)
    return None if of is None else (Relative(of, scanner.source(at, end), extra), end)


def _past_count(scanner: Scanner, at: int) -> int:
    """Past "two or more"."""
    number = read_number(scanner, at)
    if number is None:
        return at
    return number[1] + 2 if scanner.keys(number[1], "or", "more") else number[1]


def _relatives(scanner: Scanner, at: int) -> tuple[int, str]:
    """Past "a mother or sister", with the words that are narrower than "a relative"."""
    start, position, narrower = at, at, False
    while position < start + WINDOW:
        near = scanner.find(position, "near_relative")
        found = scanner.find(position, "relative") or near
        if found is None:
            break
        narrower = narrower or (near is not None and near[0] == found[0])
        at = position + found[0]
        link, position = scanner.link(at)
        determiner = scanner.find(position, "determiner")
        position += determiner[0] if determiner else 0
        if link not in ("or", "and", ","):
            break
    return at, scanner.source(start, at) if narrower else ""


def _read_risk(scanner: Scanner, at: int, *, depth: int) -> tuple[Noun, int] | None:
    """ "a high risk of breast cancer", "increased breast cancer risk"."""
    start = at
    while scanner.key(start) in ("at", "a", "an") and start < at + 2:
        start += 1
    start -= int(scanner.keys(start - 1, "at", "risk"))
    level = LEVELS.get(scanner.key(start)) or ("at" if scanner.key(start) == "at" else None)
    if level is None or depth >= DEEPEST:
        return None
    if scanner.key(start + 1) == "risk":
        return _read_plain_risk(scanner, at, start + 2, level, depth=depth)
    noun, end = read_segment(scanner, start + 1)
    if isinstance(noun, Cancers) and noun.risk:
        return Risk(level, scanner.source(at, end), noun), end
    return None


def _read_plain_risk(
    scanner: Scanner, at: int, after: int, level: str, *, depth: int
) -> tuple[Noun, int]:
    """A risk of a person; before a cancer ("high-risk breast cancer") it is none of a person."""
    if scanner.key(after) in ("of", "for"):
        return read_risk_of(scanner, at, after, level, depth=depth)
    words = scanner.source(at, after)
    if is_boundary(scanner, after) or scanner.link(after)[0]:
        return Risk(level, words, None), after
    return Said(Unread(words), words), after


def read_risk_of(
    scanner: Scanner, at: int, after: int, level: str, *, depth: int = 0
) -> tuple[Noun, int]:
    """The cancers after "risk"; without any the risk names none."""
    if scanner.key(after) in ("of", "for"):
        position = after + 1
        while scanner.key(position) in DEVELOPING and position < after + WINDOW:
            position += 1
        of, end = read_listing(scanner, position, depth=depth + 1, alike=True)
        cancers = isinstance(of, Cancers) or (
            isinstance(of, Listing) and isinstance(of.parts[0], Cancers)
        )
        if cancers:
            return Risk(level, scanner.source(at, after), of), end
        words = scanner.source(at, max(end, position))
        return Said(Unread(words), words), max(end, position)
    return Risk(level, scanner.source(at, after), None), after
