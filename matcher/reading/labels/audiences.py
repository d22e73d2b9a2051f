"""Audiences: what the phrase of a label says of the people whom a study is for.

The reader never guesses. Words that it could not use stand in the condition where they stood in
the phrase, as an always-unknown part, and are listed as unread.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from matcher.core.conditions import AllOf, Condition, Tag, Unread, tags_in, unread_in
from matcher.core.rulebook import Rulebook
from matcher.reading.labels.clauses import read_clause
from matcher.reading.labels.gaps import lost_words
from matcher.reading.labels.lexicon import ANY, Lexicon
from matcher.reading.labels.meaning import meaning
from matcher.reading.labels.naming import read_listing
from matcher.reading.labels.people import Head, read_head
from matcher.reading.labels.roles import Frame
from matcher.reading.labels.scanner import Scanner
from matcher.reading.labels.shaping import (
    all_of,
    any_of,
    diagnosed_sites,
    only_inherited,
    require_cancer,
    scope,
    tidy,
    unread,
    with_two_meanings,
)
from matcher.reading.labels.sharing import Audience, share_before, share_clauses
from matcher.reading.labels.spans import FUNCTION_WORDS
from matcher.reading.labels.words import clean

LONGEST_PHRASE = 5_000


@dataclass(frozen=True)
class Reading:
    """What was made of a phrase. `steps` counts the work done, for the tests of its linearity."""

    condition: Condition | None
    unread: tuple[str, ...]
    steps: int = field(default=0, compare=False)


class Reader:
    """Reads audience phrases by the words of a rulebook. Holds no state between phrases."""

    def __init__(self, book: Rulebook) -> None:
        self.lexicon = Lexicon(book)

    def read(self, phrase: str) -> Reading:
        """The condition of a phrase and the words that were not used.

        Raises `ValueError` if the phrase is longer than `LONGEST_PHRASE` characters.
        """
        if len(phrase) > LONGEST_PHRASE:
            raise ValueError(
                f"an audience phrase may have {LONGEST_PHRASE} characters at most;"
                f" this one has {len(phrase)}"
            )
        scanner = Scanner(phrase, self.lexicon)
        condition = _read_label(scanner)
        if condition is None or next(tags_in(condition), None) is None:
            words = _all_words(scanner) if condition is None else tuple(unread_in(condition))
            return Reading(None, words, scanner.steps)
        condition = _with_gaps(condition, phrase)
        words = tuple(dict.fromkeys(unread_in(condition)))
        return Reading(condition, words, scanner.steps)


def _with_gaps(condition: Condition, phrase: str) -> Condition:
    """Where a word is missing, what was read is at most unknown: nobody guesses the word."""
    gaps = lost_words(" ".join(clean(phrase).split()))
    if not gaps or any(unread_in(condition)):
        return condition
    return AllOf((condition, *map(Unread, gaps)))


def _all_words(scanner: Scanner) -> tuple[str, ...]:
    words = [w.key for w in scanner.words if w.key not in FUNCTION_WORDS and w.kind != "mark"]
    everyone = all(scanner.find(at, "head", "determiner") for at in range(scanner.end))
    return (scanner.source(0, scanner.end),) if words and not everyone else ()


def _read_label(scanner: Scanner) -> Condition | None:
    audiences: list[Audience] = []
    at, link = int(scanner.key(0) == "for"), ""
    while at < scanner.end:
        head = read_head(scanner, at)
        if head is None:
            break
        audience = _read_audience(scanner, at, head, link)
        audiences.append(audience)
        link, at = scanner.link(audience.end)
        if not link:
            at = audience.end
            break
    if not audiences:
        return _headless(scanner)
    condition = _put_together(scanner, audiences)
    if at < scanner.end:
        condition = all_of((condition, unread(scanner.source(at, scanner.end))))
    return tidy(condition, scanner.lexicon) if condition is not None else None


def _headless(scanner: Scanner) -> Condition | None:
    """A label that names no people ("metastatic breast cancer"): all of it or nothing."""
    listing, end = read_listing(scanner, 0)
    said = meaning(listing, Frame("have"), scanner.lexicon) if listing is not None else None
    if said is None or end < scanner.end or next(unread_in(said), None) is not None:
        return None
    return _finish(scanner, said)


def _read_audience(scanner: Scanner, start: int, head: Head, link: str) -> Audience:
    audience = Audience(link, head, start, head.end)
    if head.foreign:
        audience.end = _end_of_foreign(scanner, head.end)
        return audience
    about_tumor, at = False, head.end
    while at < scanner.end:
        link, after = _clause_link(scanner, at)
        if link and read_head(scanner, after) is not None:
            break
        if after >= scanner.end:
            at = after
            break
        clause = read_clause(scanner, after, of_tumor=about_tumor)
        about_tumor = clause.about_tumor
        audience.add(link, clause.condition, scanner.source(after, clause.end))
        at = max(clause.end, after + 1)
    audience.end = at
    return audience


def _clause_link(scanner: Scanner, at: int) -> tuple[str, int]:
    link, after = scanner.link(at)
    if scanner.key(after) == "but" and scanner.find(after, "except") is None:
        return link or "and", after + 1
    if link == "or" and scanner.key(at) == ",":
        link = ", or"
    return link, after


def _end_of_foreign(scanner: Scanner, at: int) -> int:
    """Doctors or caregivers go on to the end, unless other people follow at once."""
    link, after = scanner.link(at)
    return at if link and read_head(scanner, after) is not None else scanner.end


def _put_together(scanner: Scanner, audiences: list[Audience]) -> Condition | None:
    """The audiences as alternatives; what stands before the first and the clauses of the last
    may be meant for others too."""
    lexicon = scanner.lexicon
    share_before(audiences, lexicon)
    share_clauses(audiences, lexicon)
    arms: list[Condition | None] = []
    for audience in audiences:
        said = None if audience.head.foreign else _said(scanner, audience)
        arms.append(said if said is not None else _nobody(scanner, audience))
    return _factored(arms) if None not in arms else None


def _nobody(scanner: Scanner, audience: Audience) -> Condition | None:
    if audience.head.foreign:
        return Unread(scanner.source(audience.start, audience.end))
    return None


def _factored(arms: list[Condition | None]) -> Condition | None:
    """ "Women or men, with X" instead of "women with X or men with X"."""
    if not all(isinstance(arm, AllOf) for arm in arms):
        return any_of(arms)
    lists = [arm.parts for arm in arms if isinstance(arm, AllOf)]
    common = [part for part in lists[0] if all(part in parts for parts in lists)]
    rests = [all_of(part for part in parts if part not in common) for parts in lists]
    return all_of((None if None in rests else any_of(rests), *common))


def _said(scanner: Scanner, audience: Audience) -> Condition | None:
    """Everything that one audience asks."""
    whole = all_of((audience.head.before, audience.head.person, audience.said()))
    return _finish(scanner, whole) if whole is not None else None


def _finish(scanner: Scanner, condition: Condition) -> Condition:
    lexicon = scanner.lexicon
    sites = diagnosed_sites(condition, lexicon)
    if not _of_cancer(condition, sites, lexicon):
        condition = only_inherited(condition, lexicon)
    known = with_two_meanings(condition, lexicon)
    tied = require_cancer(scope(known, sites, lexicon), sites, lexicon)
    return tidy(_with_named_risk(tied, lexicon), lexicon)


def _of_cancer(condition: Condition, sites: tuple[str, ...], lexicon: Lexicon) -> bool:
    """Whether people have or had a cancer, named or not."""
    some = {lexicon.tag_for("diagnosed", concept) for concept in (ANY, "now")}
    return bool(sites) or any(key in some for key in tags_in(condition))


def _is_bare_risk(part: Condition, risk: Tag) -> bool:
    """Whether only the words "high risk" themselves were left open."""
    if not isinstance(part, AllOf) or len(part.parts) != 2 or part.parts[0] != risk:
        return False
    return isinstance(part.parts[1], Unread) and part.parts[1].words.casefold().endswith("risk")


def _with_named_risk(condition: Condition, lexicon: Lexicon) -> Condition:
    """ "High risk women with a BRCA mutation": the mutation says what the risk is of."""
    risk = Tag(lexicon.tag_for("high_risk", ANY) or "")
    genes = {
        key
        for (role, _), key in lexicon.by_role.items()
        if role in ("inherited", "family_mutation")
    }
    if not genes & set(tags_in(condition)) or not isinstance(condition, AllOf):
        return condition
    parts = tuple(risk if _is_bare_risk(part, risk) else part for part in condition.parts)
    return AllOf(parts)
