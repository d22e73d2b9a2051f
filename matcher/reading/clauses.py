"""Clauses: what is said of the people a label has named, one clause after the other."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matcher.core.conditions import Condition, Tag, Unread
from matcher.reading import cues
from matcher.reading.frames import RELATIVE, Frames, read_frames
from matcher.reading.lexicon import ANY
from matcher.reading.meaning import Frame, join, meaning
from matcher.reading.modifiers import read_modifier
from matcher.reading.naming import WINDOW, read_listing, read_noun
from matcher.reading.nouns import Cancers, Noun, Risk, Thing
from matcher.reading.numbers import Ages, read_ages, read_lines, read_number
from matcher.reading.scanner import Scanner
from matcher.reading.segments import is_head, is_short_form
from matcher.reading.shaping import all_of, either_or_both, negate, unread
from matcher.reading.words import key_set

UNITS = key_set("year month week cycle course dose round")
WORRY = key_set("their the your his her own a an risk of for about developing getting having")
DESCENT = key_set("descent ancestry heritage origin background ethnicity race")
HARD_STOPS = key_set(" , ; . and or but who whose with ( )") | {""}
GIVEN = {cues.HAVE, cues.HAVING, cues.HAD, cues.DONE, cues.NOW}
DIAGNOSED = (cues.DIAGNOSED, *("treated", "treated_now", "treated_before"))


@dataclass(frozen=True)
class Clause:
    """What one clause says (None if nothing), and the position after it.

    `about_tumor`: it named a tumor, so that "that have …" goes on about the tumor.
    `read`: whether it was understood at least in part.
    """

    condition: Condition | None
    end: int
    about_tumor: bool = False
    read: bool = True


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
        or _of_descent(scanner, at)
        or _framed(scanner, at, of_tumor=of_tumor)
        or _at_risk(scanner, at)
        or _absent(scanner, at)
        or unread_clause(scanner, at)
    )


def unread_clause(scanner: Scanner, at: int) -> Clause:
    """Words up to the next place where something new can begin."""
    end, others = at + 1, is_head(scanner, at)
    while True:
        while not _stops(scanner, end, others=others):
            others = others or is_head(scanner, end)
            end += 1
        link, after = scanner.link(end)
        if link not in ("and", "or", "/") or not _belongs(scanner, after):
            break
        end = after
    return Clause(unread(_without_edges(scanner, at, end)), end, read=False)


def _stops(scanner: Scanner, at: int, *, others: bool) -> bool:
    """Whether something new begins; after other people are named, what follows is theirs."""
    if others:
        return scanner.key(at) in ("", ",", ";", ".", "(", ")")
    return scanner.key(at) in HARD_STOPS or _begins_diagnosis(scanner, at)


def _begins_diagnosis(scanner: Scanner, at: int) -> bool:
    found = scanner.find(at, "frame")
    return found is not None and found[1].value in DIAGNOSED and found[0] > 1


def _belongs(scanner: Scanner, at: int) -> bool:
    """Whether what follows "and" or "or" still hangs on words that were not understood."""
    if scanner.key(at) in HARD_STOPS or scanner.key(at) in RELATIVE or is_head(scanner, at):
        return False
    return not _begins_diagnosis(scanner, at) and scanner.find(at, "determiner") is None


def _without_edges(scanner: Scanner, start: int, end: int) -> str:
    """The words, unless they are function words only."""
    content = [at for at in range(start, end) if scanner.key(at) not in FUNCTION_WORDS]
    return scanner.source(start, end) if content else ""


FUNCTION_WORDS = key_set(
    "a an the of for in to at on by from as is are was were be been being and or but , . : ; also"
    " their his her its who that which this these those"
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
        return Clause(unread(scanner.source(at + 1, close)), end, read=False)
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
    clause = _plain(scanner, after) or _framed(scanner, after, of_tumor=True)
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
        said, end = Tag(person[1].value), start + person[0]
        if scanner.link(end)[1] < scanner.end and not scanner.link(end)[0]:
            return unread_clause(scanner, at)
        return Clause(negate(said, scanner.lexicon), end)
    if head is not None:
        clause = _framed(scanner, start + head[0], of_tumor=False)
        said, end = (clause.condition, clause.end) if clause else (None, start)
    else:
        listing, end = read_listing(scanner, start)
        frame = Frame(cues.HAVE)
        said = meaning(listing, frame, scanner.lexicon) if listing is not None else None
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


def age_condition(scanner: Scanner, ages: Ages) -> Condition | None:
    """The tags of an age now, or of an age at diagnosis."""
    prefix = "diagnosed" if ages.at_diagnosis else "age"
    low, high = (scanner.lexicon.family(f"{prefix}_at_{side}") for side in ("least", "most"))
    return all_of(
        (
            Tag(f"{low}:{ages.low}") if ages.low is not None else None,
            Tag(f"{high}:{ages.high}") if ages.high is not None else None,
        )
    )


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


def _of_descent(scanner: Scanner, at: int) -> Clause | None:
    """ "of Nigerian or Bahamian descent"."""
    if scanner.key(at) not in ("of", "with"):
        return None
    listing, end = read_listing(scanner, at + 1)
    said = meaning(listing, Frame(cues.BE), scanner.lexicon) if listing is not None else None
    ends_here = scanner.key(end - 1) in DESCENT
    if said is None or not (ends_here or scanner.key(end) in DESCENT):
        return None
    return Clause(said, end if ends_here else end + 1)


def _framed(scanner: Scanner, at: int, *, of_tumor: bool) -> Clause | None:
    """A verb with what it names; None if no verb stands here."""
    about_tumor = of_tumor and scanner.key(at) in ("that", "which", "with", "have", "has")
    frames = read_frames(scanner, at, of_tumor=about_tumor)
    if frames is None:
        return None
    if len(frames.frames) == 1 and (special := _special_object(scanner, frames)) is not None:
        return special
    start, extra = _object_start(scanner, frames)
    listing, end = read_listing(scanner, start)
    if listing is None:
        return _unread_from(scanner, at, end=max(start, frames.end))
    said = _joined(scanner, listing, frames)
    if said is None or isinstance(said, Unread):
        return _unread_from(scanner, at, end=end)
    more, end = _after_object(scanner, frames, end)
    condition = all_of((said, unread(extra), more))
    return Clause(condition, end, about_tumor=_is_tumor(listing))


def _absent(scanner: Scanner, at: int) -> Clause | None:
    """ "but no family history": a noun that is denied, without a verb."""
    listing, end = read_listing(scanner, at) if scanner.key(at) == "no" else (None, at)
    said = meaning(listing, Frame(cues.HAVE), scanner.lexicon) if listing is not None else None
    return Clause(said, end) if said is not None else None


def _unread_from(scanner: Scanner, at: int, *, end: int) -> Clause:
    clause = unread_clause(scanner, at)
    if clause.end >= end:
        return clause
    return Clause(unread(_without_edges(scanner, at, end)), end, read=False)


def _is_tumor(listing: Noun) -> bool:
    return isinstance(listing, Cancers) and listing.noun in ("tumor", "cancer", "disease")


def _joined(scanner: Scanner, listing: Noun, frames: Frames) -> Condition | None:
    said: list[Condition] = []
    for frame in frames.frames:
        condition = meaning(listing, frame, scanner.lexicon)
        if condition is None:
            return None
        said.append(all_of((condition, unread(frame.extra))) or condition)
    if "and" in frames.links and not any(frame.negative for frame in frames.frames):
        return either_or_both(tuple(said), "and")
    if any(frame.negative for frame in frames.frames):
        return all_of(said)
    return join(said, list(frames.links), lambda _: True)


def _special_object(scanner: Scanner, frames: Frames) -> Clause | None:
    """Objects that are not nouns: ages, people, treatment lines, risks without a cancer."""
    frame, at = frames.frames[0], frames.end
    said: tuple[Condition | None, int] | None = None
    if frame.key == cues.BE:
        said = _being(scanner, at)
    elif frame.key in (cues.HAVE, cues.HAD, cues.NOW):
        lines = read_lines(scanner, at)
        if lines is not None:
            said = meaning(lines[0], frame, scanner.lexicon), lines[1]
            frame = Frame(frame.key, extra=frame.extra)
    if said is None or said[0] is None:
        return None
    condition = negate(said[0], scanner.lexicon) if frame.negative else said[0]
    return Clause(all_of((condition, unread(frame.extra))), said[1])


def _being(scanner: Scanner, at: int) -> tuple[Condition | None, int] | None:
    ages = read_ages(scanner, at)
    if ages is not None:
        return age_condition(scanner, ages), ages.end
    descent = _of_descent(scanner, at)
    if descent is not None:
        return descent.condition, descent.end
    listing, end = read_listing(scanner, at)
    if isinstance(listing, Risk):
        return meaning(listing, Frame(cues.BE), scanner.lexicon), end
    if listing is None:
        end = at + 1 if scanner.key(at) in ("a", "an") else at
    said = meaning(listing, Frame(cues.BE), scanner.lexicon) if listing is not None else None
    head = scanner.find(end, "survivor", "carrier") or scanner.find(end, "head")
    person = scanner.find(end, "tag") if is_head(scanner, end) else None
    if head is not None:
        kind = "diagnosed" if head[1].kind == "survivor" else ""
        key = scanner.lexicon.tag_for(kind, ANY) if kind else None
        return all_of((said, Tag(key) if key else None)), end + head[0]
    if person is not None:
        return all_of((said, Tag(person[1].value))), end + person[0]
    return None


def _object_start(scanner: Scanner, frames: Frames) -> tuple[int, str]:
    """Where the noun begins after words such as "taking" or "their risk of", and a measure."""
    at, key = frames.end, frames.frames[-1].key
    if key == cues.CONSIDER:
        while scanner.find(at, "thing") is None and at < frames.end + WINDOW:
            starting = scanner.find(at, "starting")
            if starting is None:
                break
            at += starting[0]
    elif key == cues.CONCERN:
        while scanner.key(at) in WORRY and at < frames.end + WINDOW:
            at += 1
    number = read_number(scanner, at)
    if (
        number is not None
        and scanner.key(number[1]) in UNITS
        and scanner.key(number[1] + 1) == "of"
    ):
        return number[1] + 2, scanner.source(at, number[1] + 1)
    return at, ""


def _after_object(scanner: Scanner, frames: Frames, at: int) -> tuple[Condition | None, int]:
    """What ends a clause: the age at diagnosis; going flat after a mastectomy."""
    keys = {frame.key for frame in frames.frames}
    if keys & set(DIAGNOSED):
        ages = read_ages(scanner, at)
        if ages is not None:
            return age_condition(scanner, replace(ages, at_diagnosis=True)), ages.end
    if keys <= GIVEN and scanner.key(at) == "for":
        return _treated_for(scanner, at)
    thing = scanner.find(at, "thing")
    if cues.CONSIDER in keys and thing is not None and scanner.key(at) in ("without", "no"):
        senses = scanner.all_senses(at, thing[0], "thing")
        noun = Thing(senses, scanner.source(at, at + thing[0]))
        return meaning(noun, Frame(cues.CONSIDER), scanner.lexicon), at + thing[0]
    return None, at


def _treated_for(scanner: Scanner, at: int) -> tuple[Condition | None, int]:
    """ "chemotherapy for breast cancer", "for cancer treatment"."""
    noun, end = read_listing(scanner, at + 1)
    if isinstance(noun, Cancers):
        return meaning(noun, Frame(cues.DIAGNOSED), scanner.lexicon), end
    if scanner.keys(at + 1, "cancer", "treatment"):
        key = scanner.lexicon.tag_for("diagnosed", ANY)
        return (Tag(key) if key else None), at + 3
    return None, at
