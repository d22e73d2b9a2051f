"""Modifiers: words that say more of a person or a cancer (ER-positive, stage II, pregnant)."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.core.conditions import AllOf, AnyOf, Condition, Tag, Unread
from matcher.reading.labels.lexicon import STATES
from matcher.reading.labels.scanner import Scanner
from matcher.reading.labels.shaping import any_of, negate, unread
from matcher.reading.labels.words import ROMAN

STAGES = {str(number): number for number in range(5)} | ROMAN
RANGE = ("-", "to", "through", "thru")
HIGHER = ("higher", "above", "later", "up", "over", "beyond", "greater")
EVERY_STAGE = {1, 2, 3}


@dataclass(frozen=True)
class Modifier:
    """What a modifier says, and whether its state was written as a suspended hyphen may be."""

    condition: Condition
    end: int


def read_modifier(scanner: Scanner, at: int) -> Modifier | None:
    """The modifier here, or None: a tag's phrase, a list of receptors, stages, "not" with one."""
    if scanner.key(at) in ("not", "non") and scanner.find(at, "tag") is None:
        inner = read_modifier(scanner, at + 1)
        if inner is None:
            return None
        if isinstance(inner.condition, Unread):
            return Modifier(Unread(scanner.source(at, inner.end)), inner.end)
        return Modifier(negate(inner.condition, scanner.lexicon), inner.end)
    if scanner.key(at) == "stage":
        stages = _read_stages(scanner, at + 1)
        if stages is not None:
            return stages
    found = scanner.find(at, "tag")
    receptors = _read_receptors(scanner, at)
    if receptors is not None and (found is None or at + found[0] < receptors.end):
        return receptors
    return _read_tag(scanner, at)


def _read_tag(scanner: Scanner, at: int) -> Modifier | None:
    found = scanner.find(at, "tag")
    if found is None:
        return None
    end = at + found[0]
    if scanner.key(end - 1) == "spread" and scanner.key(end) == "to":
        return None
    if _is_suspended(scanner, end):
        words = unread(scanner.source(at, end))
        return Modifier(words, end) if words else None
    return _early_stages(scanner, at, end) or Modifier(Tag(found[1].value), end)


def _is_suspended(scanner: Scanner, end: int) -> bool:
    """Whether "ER-" may be a hyphen that waits for its word ("ER- and PR-positive")."""
    if not scanner.is_sign(end - 1) or scanner.key(end - 1) != "negative":
        return False
    link, after = scanner.link(end)
    if link not in ("and", "or", "/"):
        return False
    name = scanner.find(after, "receptor")
    state = after + name[0] if name else after
    return name is not None and scanner.key(state) != "negative" and not scanner.is_sign(state)


def _early_stages(scanner: Scanner, at: int, end: int) -> Modifier | None:
    """ "early-stage (I-III)", in whatever way the stages are written."""
    if scanner.key(at) != "early" or scanner.key(end) != "(":
        return None
    start = end + 2 if scanner.key(end + 1) == "stage" else end + 1
    numbers, after = _stage_numbers(scanner, start)
    key = scanner.lexicon.phrase_tag("early", "stage", "(", "1", "-", "3", ")")
    if {n for n, _ in numbers} == EVERY_STAGE and scanner.key(after) == ")" and key:
        return Modifier(Tag(key), after + 1)
    return None


def _read_stages(scanner: Scanner, at: int) -> Modifier | None:
    numbers, end = _stage_numbers(scanner, at)
    parts: list[Condition | None] = []
    for number, words in numbers:
        key = scanner.lexicon.phrase_tag("stage", str(number))
        if key is None:
            return None
        rest = unread(words)
        parts.append(AllOf((Tag(key), rest)) if rest else Tag(key))
    condition = any_of(dict.fromkeys(parts))
    return Modifier(condition, end) if condition else None


def _stage_numbers(scanner: Scanner, at: int) -> tuple[list[tuple[int, str]], int]:
    """Stages listed from here, each with the words of a finer stage ("IIIB"), and the end."""
    found: list[tuple[int, str]] = []
    while True:
        here = _stage_number(scanner, at)
        if here is None:
            return found, at
        found.append(here)
        at += 1
        if scanner.key(at) in RANGE and (last := _stage_number(scanner, at + 1)):
            found += [(number, "") for number in range(here[0] + 1, last[0])] + [last]
            at += 2
        elif "-" in scanner.source(at - 1, at + 1) and (last := _stage_number(scanner, at)):
            found += [(number, "") for number in range(here[0] + 1, last[0])] + [last]
            at += 1
        upward = _and_higher(scanner, at)
        if upward > at:
            return found + [(number, "") for number in range(found[-1][0] + 1, 5)], upward
        link, after = scanner.link(at)
        after = after + 1 if scanner.key(after) == "stage" else after
        if not link or _stage_number(scanner, after) is None:
            return found, at
        at = after


def _and_higher(scanner: Scanner, at: int) -> int:
    """Past "+", "and higher", "or above" after a stage."""
    if scanner.key(at) == "+":
        return at + 1
    beyond = scanner.key(at) in ("and", "or") and scanner.key(at + 1) in HIGHER
    return at + 2 if beyond else at


def _stage_number(scanner: Scanner, at: int) -> tuple[int, str] | None:
    key = scanner.key(at)
    if key in STAGES:
        return STAGES[key], ""
    if key[:-1] in STAGES and key[-1:] in ("a", "b", "c", "d"):
        return STAGES[key[:-1]], scanner.source(at, at + 1)
    return None


def _read_receptors(scanner: Scanner, at: int) -> Modifier | None:
    """ "ER, PR and HER2 negative": bare names that share the state of the last one."""
    names: list[str] = []
    link, position = "", at
    while True:
        name = scanner.find(position, "receptor")
        if name is None:
            return None
        names.append(name[1].value)
        position = _after_short_name(scanner, position + name[0])
        state = scanner.key(position)
        if state in STATES:
            break
        joined, after = scanner.link(position)
        if not joined:
            return None
        link = joined if joined in ("or", "and", "/") else link
        position = after
    keys = [scanner.lexicon.phrase_tag(*name.split(), state) for name in names]
    tags = tuple(Tag(key) for key in keys if key is not None)
    if len(tags) < len(keys):
        return None
    enough = link == "or" or (link == "/" and state == "positive")
    joined_tags: Condition = AnyOf(tags) if enough else AllOf(tags)
    return Modifier(tags[0] if len(tags) == 1 else joined_tags, position + 1)


def _after_short_name(scanner: Scanner, at: int) -> int:
    """Past "(HR)" in "hormone receptor (HR)-positive"."""
    short = scanner.find(at + 1, "receptor") if scanner.key(at) == "(" else None
    if short is not None and scanner.key(at + 1 + short[0]) == ")":
        return at + 2 + short[0]
    return at
