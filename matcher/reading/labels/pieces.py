"""Pieces: how the modifiers, sites and genes of one run are put together into a noun."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matcher.core.conditions import AllOf, AnyOf, Condition, Not, Tag, Unread, tags_in
from matcher.reading.labels.lexicon import ANY, Lexicon, Sense
from matcher.reading.labels.nouns import Cancers, Genes, Noun, Said, Site
from matcher.reading.labels.scanner import Scanner
from matcher.reading.labels.shaping import all_of, any_of, doubtful, negate, unread
from matcher.reading.labels.words import key_set

TESTS = key_set("test testing result")


@dataclass(frozen=True)
class Piece:
    """A part of a run: tag, site, gene, inherited, tumor_word, gene_adjective, receptor, unread.

    `link` is the connector before it (``""`` if it simply follows).
    """

    kind: str
    link: str
    start: int
    end: int
    sense: Sense | None = None
    condition: Condition | None = None


def cancers_of(
    scanner: Scanner, pieces: list[Piece], start: int, end: int, noun: str, *, risk: bool = False
) -> Noun:
    """The cancers that a run names, each with what must hold of it."""
    runs = _conjuncts(pieces)
    places = [number for number, run in enumerate(runs) if _has_site(run)]
    words = scanner.source(start, end)
    if not places:
        asked = combine(scanner, [piece for run in runs for piece in run])
        told = scanner.source(pieces[0].start, pieces[-1].end) if pieces else ""
        site = Site(None, words, asked=asked, asked_words=told)
        return Cancers((site,), "", words, noun, risk)
    first = _first_site(runs, places[0])
    if first and runs[first][0].link in ("or", "and", "/") and runs[first][0].kind == "site":
        return Said(Unread(words), words)  # "metastatic or breast cancer": a word was lost
    lead = [piece for run in runs[:first] for piece in run]
    lead += [p for p in runs[first] if p.kind != "site" and _has_site(runs[first])]
    sites, links = _sites_of(scanner, runs[first:], lead)
    link = "or" if "or" in links or "/" in links else ("and" if links else "")
    return Cancers(sites, link, words, noun, risk)


def _first_site(runs: list[list[Piece]], place: int) -> int:
    """Unknown words before "or breast cancer" stand for a cancer that nobody can read."""
    before = runs[:place]
    joined = runs[place][0].link in ("or", "and", "/") and runs[place][0].kind == "site"
    unknown = all(piece.kind == "unread" for run in before for piece in run)
    return 0 if joined and unknown else place


def _sites_of(
    scanner: Scanner, runs: list[list[Piece]], lead: list[Piece]
) -> tuple[tuple[Site, ...], list[str]]:
    """The sites; what stands before the first asks it of all unless later ones ask their own."""
    own = [[piece for piece in run if piece.kind != "site"] for run in runs[1:]]
    shared = all(not extra or not _has_site(run) for run, extra in zip(runs[1:], own, strict=True))
    for run, extra in zip(runs[1:], own, strict=True):
        if not _has_site(run) and any(piece.kind == "tag" for piece in run):
            lead += extra
    sites = [_site(scanner, runs[0], lead)]
    for run, extra in zip(runs[1:], own, strict=True):
        if _has_site(run) or all(piece.kind != "tag" for piece in run):
            sites.append(_site(scanner, run, [*lead, *extra] if shared else extra))
    return tuple(sites), [run[0].link for run in runs[1:]]


def _site(scanner: Scanner, run: list[Piece], asked: list[Piece]) -> Site:
    if not _has_site(run):
        words = scanner.source(run[0].start, run[-1].end)
        return Site(None, words, exact=False)
    piece = next(piece for piece in run if piece.kind == "site")
    sense = piece.sense or Sense("site", ANY)
    words = scanner.source(piece.start, piece.end)
    told = scanner.source(asked[0].start, asked[-1].end) if asked else ""
    conditions = combine(scanner, asked, site=sense.value)
    return Site(sense.value, words, sense.exact, conditions, told)


def _has_site(run: list[Piece]) -> bool:
    return any(piece.kind == "site" for piece in run)


def _conjuncts(pieces: list[Piece]) -> list[list[Piece]]:
    """The pieces split where a connector stands."""
    runs: list[list[Piece]] = []
    for piece in pieces:
        if piece.kind == "skip":
            continue
        if not runs or piece.link:
            runs.append([])
        runs[-1].append(piece)
    return runs


def combine(
    scanner: Scanner, pieces: list[Piece], *, site: str | None = None
) -> tuple[Condition, ...]:
    """What modifiers ask together: an "and" of groups, where "or" joins what it stands between.

    Before "or", things of one kind that only a comma parts belong to the same group
    ("stage I, II or III"); of different kinds the comma means "and".
    """
    groups: list[list[Condition]] = []
    commas: list[bool] = []
    for piece in _unread_together(pieces):
        condition = _condition(scanner, piece, site)
        if condition is None:
            continue
        if groups and piece.link in ("or", "/") and not _both_signed(scanner, groups[-1], piece):
            while len(groups) > 1 and commas[-1] and _alike(scanner, groups[-2][0], condition):
                _merge_last(groups, commas)
            groups[-1].append(condition)
        elif groups and piece.link == "and":
            _add_with_and(scanner, groups, commas, condition)
        else:
            groups.append([condition])
            commas.append(piece.link == ",")
    return tuple(part for group in groups if (part := any_of(dict.fromkeys(group))) is not None)


def _unread_together(pieces: list[Piece]) -> list[Piece]:
    """Unknown words that follow each other as one piece."""
    kept: list[Piece] = []
    for piece in pieces:
        last = kept[-1] if kept else None
        adjoins = last is not None and not piece.link and last.end == piece.start
        if last is not None and adjoins and last.kind == piece.kind == "unread":
            kept[-1] = replace(last, end=piece.end)
        else:
            kept.append(piece)
    return kept


def _add_with_and(
    scanner: Scanner, groups: list[list[Condition]], commas: list[bool], condition: Condition
) -> None:
    """ "A and B" of one person, unless the two cannot both hold: then either is meant."""
    last = groups[-1][-1]
    if _exclusive(scanner.lexicon, last, condition):
        while (
            len(groups) > 1 and commas[-1] and _exclusive(scanner.lexicon, groups[-2][0], condition)
        ):
            _merge_last(groups, commas)
        groups[-1].append(condition)
    elif _overlaps(scanner.lexicon, last, condition):
        narrow, wide = AllOf((last, condition)), AnyOf((last, condition))
        groups[-1][-1] = doubtful(narrow, wide, "and")
    else:
        groups.append([condition])
        commas.append(False)


def _merge_last(groups: list[list[Condition]], commas: list[bool]) -> None:
    last = groups.pop()
    commas.pop()
    groups[-1] += last


def _both_signed(scanner: Scanner, group: list[Condition], piece: Piece) -> bool:
    """ "HR+/HER2-": a stroke between two results means both."""
    if piece.link != "/" or piece.condition is None:
        return False
    topics = {_topic(scanner.lexicon, condition) for condition in (*group, piece.condition)}
    return topics == {"receptors"}


def _alike(scanner: Scanner, one: Condition, other: Condition) -> bool:
    lexicon = scanner.lexicon
    both_stages = _is_spread(lexicon, one) and _is_spread(lexicon, other)
    return both_stages or _leaves(lexicon, one) == _leaves(lexicon, other) != frozenset()


def _is_spread(lexicon: Lexicon, condition: Condition) -> bool:
    """Whether a tag names one of the ways a cancer can have gone (early, spread, came back)."""
    if not isinstance(condition, Tag):
        return False
    rule = lexicon.book.tag(condition.key)
    return rule.topic == "stage" and rule.scoped and rule.supports


def _exclusive(lexicon: Lexicon, one: Condition, other: Condition) -> bool:
    if not (isinstance(one, Tag) and isinstance(other, Tag)):
        return False
    leaves = _leaves(lexicon, one)
    if leaves != _leaves(lexicon, other) or len(leaves) != 1:
        return _topic(lexicon, one) == _topic(lexicon, other) == "stage" and _overlaps(
            lexicon, one, other
        )
    kinds = {lexicon.book.attributes[key].kind for key in leaves}
    values = lexicon.values(one.key), lexicon.values(other.key)
    if lexicon.book.tag(one.key).topic == "receptors":
        return False
    apart = bool(values[0]) and bool(values[1]) and not values[0] & values[1]
    return apart and ("one" in kinds or lexicon.book.tag(one.key).topic == "people")


def _overlaps(lexicon: Lexicon, one: Condition, other: Condition) -> bool:
    return bool(_leaves(lexicon, one) & _leaves(lexicon, other))


def _leaves(lexicon: Lexicon, condition: Condition) -> frozenset[str]:
    return lexicon.leaves(condition.key) if isinstance(condition, Tag) else frozenset()


def _topic(lexicon: Lexicon, condition: Condition) -> str:
    match condition:
        case Tag(key):
            return lexicon.book.tag(key).topic
        case AllOf(parts) | AnyOf(parts):
            topics = {_topic(lexicon, part) for part in parts}
            return topics.pop() if len(topics) == 1 else ""
        case _:
            return ""


def _condition(scanner: Scanner, piece: Piece, site: str | None) -> Condition | None:
    """What a piece asks; a result that only another cancer can have is not read."""
    if piece.condition is not None:
        about = {place for key in tags_in(piece.condition) for place in scanner.lexicon.about(key)}
        if site is not None and about & set(scanner.lexicon.book.sites) - {site}:
            return unread(scanner.source(piece.start, piece.end))
        return piece.condition
    return None if piece.kind == "skip" else unread(scanner.source(piece.start, piece.end))


def said_of(scanner: Scanner, pieces: list[Piece], start: int, end: int) -> Noun | None:
    """What modifiers without a noun say of a person."""
    condition = all_of(combine(scanner, pieces))
    return Said(condition, scanner.source(start, end)) if condition is not None else None


def genes_of(scanner: Scanner, pieces: list[Piece], start: int, end: int) -> Noun:
    """The mutations that a run names."""
    names = tuple(p.sense.value for p in pieces if p.kind == "gene" and p.sense)
    links = {p.link for p in pieces if p.kind in ("gene", "skip") and p.link}
    each = any(p.kind == "skip" and p.link == "and" for p in pieces)  # "a BRCA1 and a BRCA2 …"
    origins = {"inherited" if p.kind == "inherited" else "tumor" for p in pieces if is_origin(p)}
    asked = combine(scanner, [p for p in pieces if p.kind in ("tag", "unread")])
    plain = not origins and not names and not any(p.kind == "gene_adjective" for p in pieces)
    words = scanner.source(start, end)
    if any(p.kind == "unread" and scanner.key(p.end - 1) in TESTS for p in pieces):
        return Said(Unread(words), words)  # "a negative BRCA test"
    joined = "or" if links & {"or", "/"} else ("plural" if links else "")
    link = "and" if each else joined
    return Genes(names, link, words, frozenset(origins), asked, plain)


def is_origin(piece: Piece) -> bool:
    """Whether a piece says that a mutation is inherited or of the tumor."""
    return piece.kind in ("inherited", "tumor_word")


def gene_condition(
    scanner: Scanner,
    gene: str,
    start: int,
    end: int,
    *,
    in_tumor: bool = False,
    negative: bool = False,
) -> Condition:
    """A gene as an adjective: inherited unless it changes only in the tumor or that is named."""
    lexicon = scanner.lexicon
    inherited, tumor = (lexicon.tag_for(role, gene) for role in ("inherited", "tumor"))
    key = tumor if in_tumor or inherited is None else inherited
    if key is None:
        return Unread(scanner.source(start, end))
    if not negative:
        return Tag(key)
    both = key == inherited and tumor is not None
    return all_of((negate(Tag(key), lexicon), Not(Tag(tumor)) if both and tumor else None)) or Tag(
        key
    )
