"""Frames: how a label ties people to what it names ("who have not had", "or at high risk of")."""

from __future__ import annotations

from dataclasses import dataclass, replace

from matcher.reading.labels import cues
from matcher.reading.labels.naming import DEVELOPING, LEVELS
from matcher.reading.labels.roles import RISK_FRAMES, Frame
from matcher.reading.labels.scanner import WINDOW, Scanner
from matcher.reading.labels.words import key_set

RELATIVE = key_set("who that which")
IS = key_set("are is were was be been being")
HAS = key_set("have has had")
NOT = key_set("not never")
QUIET = key_set("also do does did themselves both either")
"""Words that change nothing of what is said."""
AT_PRESENT = key_set("currently now still")
IN_THE_PAST = key_set("already ever previously formerly once")
PAST_FRAMES = frozenset({cues.DIAGNOSED, cues.TREATED, cues.TREATED_BEFORE, cues.HAD, cues.DONE})
UNUSED = key_set("newly recently just first initially originally")


AUXILIARY = IS | HAS | QUIET | AT_PRESENT | IN_THE_PAST


@dataclass(frozen=True)
class Frames:
    """One or several ways joined by `links`, all about the noun that starts at `end`."""

    frames: tuple[Frame, ...]
    links: tuple[str, ...]
    end: int


def read_frames(
    scanner: Scanner, at: int, *, of_tumor: bool = False, by_tumor: bool = False
) -> Frames | None:
    """The frame here, with others that share its noun ("with, or at high risk for")."""
    first = _read_frame(scanner, at)
    if first is None:
        return None
    frames, links, position = [first[0]], list[str](), first[1]
    while len(frames) < WINDOW:
        link, after = scanner.link(position)
        following = _read_frame(scanner, after) if link in ("or", "and", "/") else None
        if following is None or following[0].key == cues.BE:
            break
        if frames[-1].negative and not following[0].negative and scanner.key(after) not in RELATIVE:
            following = (replace(following[0], negative=True), following[1])
        frames.append(following[0])
        links.append(link)
        position = following[1]
    if len(frames) > 1 and scanner.key(position) == ",":
        position += 1
    frames = [replace(frame, of_tumor=of_tumor, by_tumor=by_tumor) for frame in frames]
    return Frames(tuple(frames), tuple(links), position)


def _read_frame(scanner: Scanner, at: int) -> tuple[Frame, int] | None:
    """One frame: auxiliaries, "not", then a cue; or "have", "are" alone."""
    position, negative, seen = at, False, set[str]()
    extra = ""
    while position < at + WINDOW:
        cue = _read_cue(scanner, position)
        if cue is not None:
            if negative and (cue[0].negative or "both" in seen):
                return None
            frame = replace(cue[0], negative=negative or cue[0].negative, extra=extra)
            return _in_time(scanner, at, position, frame, seen), cue[1]
        key = scanner.key(position)
        if key in UNUSED:
            extra = f"{extra} {scanner.source(position, position + 1)}".strip()
        elif key in NOT and not negative:
            negative = True
        elif key not in AUXILIARY and not (key in RELATIVE and position == at):
            break
        seen.add(key)
        position += 1
    if negative and "both" in seen:
        return None  # "have not had both A and B": one of them they may have had
    found = _auxiliary(scanner, seen, position, negative=negative, extra=extra)
    return found and (_in_time(scanner, at, position, found[0], seen), found[1])


def _in_time(scanner: Scanner, start: int, end: int, frame: Frame, seen: set[str]) -> Frame:
    """Words of time: "currently" asks for now; "previously" only suits what is said of the past."""
    is_past = frame.key in PAST_FRAMES or (frame.key == cues.HAVE and "had" in seen)
    if seen & IN_THE_PAST and not is_past:
        words = [at for at in range(start, end) if scanner.key(at) in IN_THE_PAST]
        extra = " ".join([frame.extra, *(scanner.source(at, at + 1) for at in words)])
        frame = replace(frame, extra=extra.strip())
    return replace(frame, at_present=bool(seen & AT_PRESENT))


def _auxiliary(
    scanner: Scanner, seen: set[str], position: int, *, negative: bool, extra: str
) -> tuple[Frame, int] | None:
    position -= int(scanner.key(position - 1) == "either")
    if seen & HAS and not seen & IS:
        present = "had" not in seen
        return Frame(cues.HAVE, negative=negative, present=present, extra=extra), position
    if seen & IS:
        ever = "been" in seen and bool(seen & HAS)
        return Frame(cues.BE, negative=negative, ever=ever, extra=extra), position
    return None


def _read_cue(scanner: Scanner, at: int) -> tuple[Frame, int] | None:
    risk = _read_risk(scanner, at)
    if risk is not None:
        return risk
    if scanner.key(at) == "without":
        return Frame(cues.HAVE, negative=True), at + 1
    if scanner.key(at) == "having":
        return Frame(cues.HAVING), at + 1
    negative = scanner.find(at, "test_negative")
    if negative is not None:
        return Frame(cues.CARRY, negative=True), at + negative[0]
    found = scanner.find(at, "frame")
    if found is None:
        return None
    longer = scanner.find(at, "tag", "thing", "says_nothing", "skipped")
    if longer is not None and longer[0] > found[0]:
        return None
    return Frame(found[1].value), at + found[0]


def _read_risk(scanner: Scanner, at: int) -> tuple[Frame, int] | None:
    """ "at high risk of", "at risk for developing": only with "of" or "for" after it."""
    if scanner.key(at) != "at":
        return None
    position = at + 2 if scanner.key(at + 1) in ("a", "an") else at + 1
    level = LEVELS.get(scanner.key(position))
    position = position + 1 if level else position
    if scanner.key(position) != "risk" or scanner.key(position + 1) not in ("of", "for"):
        return None
    position += 2
    start = position
    while scanner.key(position) in DEVELOPING and position < start + WINDOW:
        position += 1
    return Frame(RISK_FRAMES[level or "at"]), position
