"""Clauses: what is said of the people a label has named, one clause after the other."""

from __future__ import annotations

from dataclasses import replace

from matcher.core.conditions import Tag
from matcher.reading.labels import cues
from matcher.reading.labels.boundaries import is_head, is_short_form
from matcher.reading.labels.meaning import meaning
from matcher.reading.labels.modifiers import read_modifier
from matcher.reading.labels.naming import read_listing, read_noun
from matcher.reading.labels.nouns import Cancers, Risk
from matcher.reading.labels.numbers import read_ages
from matcher.reading.labels.roles import Frame
from matcher.reading.labels.scanner import WINDOW, Scanner
from matcher.reading.labels.shaping import all_of, negate, unread
from matcher.reading.labels.spans import Clause, unread_clause
from matcher.reading.labels.verbs import age_condition, read_descent, read_framed
from matcher.reading.labels.words import key_set


def read_clause(scanner: Scanner, at: int, *, of_tumor: bool = False) -> Clause:
    """The clause that begins here; whatever cannot be understood becomes an unread condition."""
    return (
        _skipped(scanner, at)
        or _in_brackets(scanner, at)
        or _whose(scanner, at)
        or _where(scanner, at)
        or _exception(scanner, at)
        or _aged(scanner, at)
        or _plain(scanner, at)
        or _diagnosed_at(scanner, at)
        or read_descent(scanner, at)
        or read_framed(scanner, at, of_tumor=of_tumor)
        or _at_risk(scanner, at)
        or _absent(scanner, at)
        or unread_clause(scanner, at)
    )


def _skipped(scanner: Scanner, at: int) -> Clause | None:
    """Words that restrict nothing: "of any age", "with or without ESR1 mutations"."""
    nothing = scanner.find(at, "says_nothing")
    if nothing is not None:
        listing, end = read_listing(scanner, at + nothing[0])
        if listing is None:
            return unread_clause(scanner, at)
        return Clause(None, end + 1 if scanner.key(end) == "status" else end)
    skipped = scanner.find(at, "skipped")
    if skipped is not None and scanner.find(at, "frame", "tag") is None:
        return Clause(None, at + skipped[0])
    return None


def _in_brackets(scanner: Scanner, at: int) -> Clause | None:
    """Words in brackets say the same again or more; what is not understood stays unread."""
    if scanner.key(at) != "(":
        return None
    close = at + 1
    while scanner.key(close) not in (")", ""):
        close += 1
    end = min(close + 1, scanner.end)
    listing, after = read_listing(scanner, at + 1)
    said = meaning(listing, Frame(cues.HAVE), scanner.lexicon) if listing is not None else None
    if said is None or after != close:
        if is_short_form(scanner, at, close):
            return Clause(None, end)
        return Clause(unread(scanner.source(at + 1, close)), end)
    return Clause(said, end)


def _whose(scanner: Scanner, at: int) -> Clause | None:
    """ "whose cancer is …", "whose tumors have …", "whose mother had …"."""
    if scanner.key(at) != "whose":
        return None
    relative = scanner.find(at + 1, "relative", "near_relative")
    if relative is not None:
        listing, end = read_listing(scanner, at + 1)
        said = meaning(listing, Frame(cues.HAVE), scanner.lexicon) if listing is not None else None
        return Clause(said, end) if said is not None else unread_clause(scanner, at)
    subject, after = read_listing(scanner, at + 1)
    if not isinstance(subject, Cancers):
        return unread_clause(scanner, at)
    owner = meaning(subject, Frame(cues.DIAGNOSED), scanner.lexicon)
    clause = _plain(scanner, after) or _diagnosed_at(scanner, after)
    clause = clause or read_framed(scanner, after, of_tumor=True)
    if clause is None:
        return unread_clause(scanner, at)
    return Clause(all_of((owner, clause.condition)), clause.end)


def _where(scanner: Scanner, at: int) -> Clause | None:
    """ "where no mutation has been found": a tag's phrase, or nothing that can be read."""
    if scanner.key(at) not in ("where", "in") or (scanner.key(at) == "in") != (
        scanner.key(at + 1) in ("whom", "which")
    ):
        return None
    return _plain(scanner, at + (1 if scanner.key(at) == "where" else 2))


def _exception(scanner: Scanner, at: int) -> Clause | None:
    """ "except people with diabetes", "other than breast cancer"."""
    found = scanner.find(at, "except")
    if found is None:
        return None
    start = at + found[0]
    head = scanner.find(start, "head")
    person = scanner.find(start, "tag") if is_head(scanner, start) else None
    if person is not None:
        end = start + person[0]
        if scanner.link(end)[1] < scanner.end and not scanner.link(end)[0]:
            return unread_clause(scanner, at)
        return Clause(negate(Tag(person[1].value), scanner.lexicon), end)
    if head is not None:
        clause = read_framed(scanner, start + head[0], of_tumor=False)
        said, end = (clause.condition, clause.end) if clause else (None, start)
    else:
        listing, end = read_listing(scanner, start)
        frame = Frame(cues.HAVE, negative=True)
        said = meaning(listing, frame, scanner.lexicon) if listing is not None else None
        return Clause(said, end) if said is not None else unread_clause(scanner, at)
    if said is None:
        return unread_clause(scanner, at)
    return Clause(negate(said, scanner.lexicon), end)


def _plain(scanner: Scanner, at: int) -> Clause | None:
    """A tag's phrase as it stands ("in their childbearing years", "has spread to …")."""
    if scanner.key(at) in ("not", "non") or is_head(scanner, at):
        return None
    modifier = read_modifier(scanner, at)
    framed = scanner.find(at, "frame")
    if modifier is None or (framed is not None and at + framed[0] >= modifier.end):
        return None
    listing, end = read_listing(scanner, at)
    if listing is None or end < modifier.end:
        return Clause(modifier.condition, modifier.end)
    said = meaning(listing, Frame(cues.HAVE), scanner.lexicon)
    return Clause(said, end) if said is not None else Clause(modifier.condition, modifier.end)


def _aged(scanner: Scanner, at: int) -> Clause | None:
    ages = read_ages(scanner, at)
    if ages is None or (scanner.key(at) in ("before", "after") and not ages.at_diagnosis):
        return None
    return Clause(age_condition(scanner, ages), ages.end)


def _diagnosed_at(scanner: Scanner, at: int) -> Clause | None:
    """ "diagnosed before age 50 with breast cancer"."""
    position = at
    while scanner.key(position) in _WERE and position < at + WINDOW:
        position += 1
    if scanner.key(position) != "diagnosed" or scanner.key(position + 1) in ("with", "as"):
        return None
    modifier = read_modifier(scanner, position + 1)
    ages = read_ages(scanner, position + 1)
    if ages is not None:
        said, end = age_condition(scanner, replace(ages, at_diagnosis=True)), ages.end
    elif modifier is not None and scanner.key(position + 1) in ("at", "when"):
        said, end = modifier.condition, modifier.end
    else:
        return None
    noun, after = read_listing(scanner, end + 1) if scanner.key(end) == "with" else (None, end)
    of = meaning(noun, Frame(cues.DIAGNOSED), scanner.lexicon) if noun is not None else None
    return Clause(all_of((of, said)), after if of is not None else end)


_WERE = key_set("who that were was are is have has had been")


def _at_risk(scanner: Scanner, at: int) -> Clause | None:
    """ "at high risk" that names no cancer, "at increased breast cancer risk"."""
    if scanner.key(at) != "at":
        return None
    noun, end = read_noun(scanner, at if scanner.key(at + 1) == "risk" else at + 1, depth=0)
    if not isinstance(noun, Risk):
        return None
    return Clause(meaning(noun, Frame(cues.HAVE), scanner.lexicon), end)


def _absent(scanner: Scanner, at: int) -> Clause | None:
    """ "but no family history": a noun that is denied, without a verb."""
    listing, end = read_listing(scanner, at) if scanner.key(at) == "no" else (None, at)
    said = meaning(listing, Frame(cues.HAVE), scanner.lexicon) if listing is not None else None
    return Clause(said, end) if said is not None else None
