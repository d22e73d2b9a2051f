"""Verbs: clauses that tie people to what they have, had, take, think about or are."""

from __future__ import annotations

from dataclasses import replace

from matcher.core.conditions import AllOf, AnyOf, Condition, Tag, Unread, tags_in
from matcher.reading.labels import cues
from matcher.reading.labels.boundaries import is_head
from matcher.reading.labels.frames import Frames, read_frames
from matcher.reading.labels.lexicon import ANY
from matcher.reading.labels.meaning import meaning
from matcher.reading.labels.naming import read_listing
from matcher.reading.labels.nouns import (
    Cancers,
    Genes,
    History,
    Listing,
    Noun,
    Relative,
    Risk,
    Thing,
)
from matcher.reading.labels.numbers import Ages, read_ages, read_number
from matcher.reading.labels.roles import Frame
from matcher.reading.labels.scanner import WINDOW, Scanner
from matcher.reading.labels.shaping import all_of, either_or_both, is_plain, join, negate, unread
from matcher.reading.labels.spans import DIAGNOSED_FRAMES, Clause, unread_from
from matcher.reading.labels.treatment_lines import read_lines
from matcher.reading.labels.words import key_set

UNITS = key_set("year month week cycle course dose round")
WORRY = key_set("their the your his her own a an risk of for about developing getting having")
DESCENT = key_set("descent ancestry heritage origin background ethnicity race")
PREVENTING = key_set("prevent reduce lower decrease")
GIVEN = {cues.HAVE, cues.HAVING, cues.HAD, cues.DONE, cues.NOW}


def read_framed(scanner: Scanner, at: int, *, of_tumor: bool) -> Clause | None:
    """A verb with what it names; None if no verb stands here."""
    about_tumor = of_tumor and scanner.key(at) in ("that", "which", "have", "has")
    by_tumor = of_tumor and scanner.key(at) == "with"
    frames = read_frames(scanner, at, of_tumor=about_tumor, by_tumor=by_tumor)
    if frames is None:
        return None
    if len(frames.frames) == 1 and (special := _special_object(scanner, frames)) is not None:
        return special
    start, extra = _object_start(scanner, frames)
    listing, end = read_listing(scanner, start)
    if listing is None:
        return unread_from(scanner, at, end=max(start, frames.end))
    if scanner.key(end) == "to" and scanner.key(end + 1) in PREVENTING:
        return unread_from(scanner, at, end=end + 2)  # answers tell treatments of a cancer only
    said = _joined(scanner, listing, frames)
    if frames.frames[-1].key == cues.BE and isinstance(listing, Cancers):
        said = None
    if said is None or isinstance(said, Unread):
        return unread_from(scanner, at, end=end)
    more, end = _of_others(scanner, listing, end) or _after_object(scanner, frames, end)
    condition = all_of((said, unread(extra), more))
    return Clause(condition, end, about_tumor=_is_tumor(listing))


def _of_others(scanner: Scanner, listing: Noun, at: int) -> tuple[Condition | None, int] | None:
    """An age after relatives or a family history is the relatives'; after a treatment, its own."""
    last = listing.parts[-1] if isinstance(listing, Listing) else listing
    is_event = isinstance(last, Thing) and scanner.key(at) in ("at", "by")
    ages = read_ages(scanner, at) if is_event or isinstance(last, Relative | History) else None
    return None if ages is None else (unread(scanner.source(at, ages.end)), ages.end)


def _is_tumor(listing: Noun) -> bool:
    return isinstance(listing, Cancers) and listing.noun in ("tumor", "cancer", "disease")


def _joined(scanner: Scanner, listing: Noun, frames: Frames) -> Condition | None:
    said: list[Condition] = []
    for frame in frames.frames:
        condition = meaning(listing, frame, scanner.lexicon)
        if condition is None:
            return None
        if frame.ever:
            condition = _at_any_time(condition, frame)
        said.append(all_of((condition, unread(frame.extra))) or condition)
    if "and" in frames.links and not any(frame.negative for frame in frames.frames):
        return either_or_both(tuple(said), "and")
    if any(frame.negative for frame in frames.frames):
        return all_of(said)
    return join(said, list(frames.links), lambda _: True)


def _at_any_time(condition: Condition, frame: Frame) -> Condition:
    """ "Have been pregnant": who is has been, who is not may have been; answers are of today."""
    if next(tags_in(condition), None) is None:
        return condition
    way = AllOf if frame.negative else AnyOf
    return way((condition, Unread("have been")))


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
    condition = said[0]
    if frame.negative:
        if not is_plain(condition) and read_ages(scanner, at) is None:
            return None  # "not A and B people": what else is denied is open
        condition = negate(condition, scanner.lexicon)
    if frame.ever:
        condition = _at_any_time(condition, frame)
    return Clause(all_of((condition, unread(frame.extra))), said[1])


def _being(scanner: Scanner, at: int) -> tuple[Condition | None, int] | None:
    ages = read_ages(scanner, at)
    if ages is not None:
        return age_condition(scanner, ages), ages.end
    descent = read_descent(scanner, at)
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
    if keys & set(DIAGNOSED_FRAMES):
        ages = read_ages(scanner, at)
        if ages is not None:
            return age_condition(scanner, replace(ages, at_diagnosis=True)), ages.end
    if scanner.key(at) == "for":
        return _what_for(scanner, keys, at)
    thing = scanner.find(at, "thing")
    if cues.CONSIDER in keys and thing is not None and scanner.key(at) in ("without", "no"):
        senses = scanner.all_senses(at, thing[0], "thing")
        noun = Thing(senses, scanner.source(at, at + thing[0]))
        return meaning(noun, Frame(cues.CONSIDER), scanner.lexicon), at + thing[0]
    return None, at


def _what_for(scanner: Scanner, keys: set[str], at: int) -> tuple[Condition | None, int]:
    """ "chemotherapy for breast cancer", "for cancer treatment", "testing for mutations"."""
    noun, end = read_listing(scanner, at + 1)
    if isinstance(noun, Genes) and not noun.names and not noun.asked:
        return None, end
    if not keys <= GIVEN:
        return None, at
    if isinstance(noun, Cancers):
        return meaning(noun, Frame(cues.DIAGNOSED), scanner.lexicon), end
    if scanner.keys(at + 1, "cancer", "treatment"):
        key = scanner.lexicon.tag_for("diagnosed", ANY)
        return (Tag(key) if key else None), at + 3
    return None, at


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


def read_descent(scanner: Scanner, at: int) -> Clause | None:
    """ "of Nigerian or Bahamian descent"."""
    if scanner.key(at) not in ("of", "with"):
        return None
    listing, end = read_listing(scanner, at + 1)
    said = meaning(listing, Frame(cues.BE), scanner.lexicon) if listing is not None else None
    ends_here = scanner.key(end - 1) in DESCENT
    if said is None or not (ends_here or scanner.key(end) in DESCENT):
        return None
    return Clause(said, end if ends_here else end + 1)
