"""Spans: a clause as read, and how far words reach that nobody could read."""

from __future__ import annotations

from dataclasses import dataclass

from matcher.core.conditions import Condition
from matcher.reading.labels import cues
from matcher.reading.labels.boundaries import is_head
from matcher.reading.labels.frames import RELATIVE
from matcher.reading.labels.people import read_head
from matcher.reading.labels.scanner import Scanner
from matcher.reading.labels.shaping import unread
from matcher.reading.labels.words import key_set

HARD_STOPS = key_set(" , ; . and or but who whose with ( )") | {""}
DIAGNOSED_FRAMES = (cues.DIAGNOSED, cues.TREATED, cues.TREATED_NOW, cues.TREATED_BEFORE)
FUNCTION_WORDS = key_set(
    "a an the of for in to on by from as is are was were be been being and or but , . : ; also"
    " their his her its who that which this these those with"
)


@dataclass(frozen=True)
class Clause:
    """What one clause says (None if nothing), and the position after it.

    `about_tumor`: it named a tumor, so that "that have …" goes on about the tumor.
    """

    condition: Condition | None
    end: int
    about_tumor: bool = False


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
    return Clause(unread(_content(scanner, at, end)), end)


def _stops(scanner: Scanner, at: int, *, others: bool) -> bool:
    """Whether something new begins; after other people are named, what follows is theirs."""
    if others:
        return scanner.key(at) in ("", ",", ";", ".", "(", ")")
    return scanner.key(at) in HARD_STOPS or _begins_diagnosis(scanner, at)


def _begins_diagnosis(scanner: Scanner, at: int) -> bool:
    found = scanner.find(at, "frame")
    return found is not None and found[1].value in DIAGNOSED_FRAMES and found[0] > 1


def _belongs(scanner: Scanner, at: int) -> bool:
    """Whether what follows "and" or "or" still hangs on words that were not understood."""
    if scanner.key(at) in HARD_STOPS or scanner.key(at) in RELATIVE or is_head(scanner, at):
        return False
    if _begins_diagnosis(scanner, at) or scanner.find(at, "determiner") is not None:
        return False
    head = read_head(scanner, at)
    return head is None or head.foreign


def _content(scanner: Scanner, start: int, end: int) -> str:
    """The words without function words at their edges; empty if there are no others."""
    content = [at for at in range(start, end) if scanner.key(at) not in FUNCTION_WORDS]
    return scanner.source(content[0], content[-1] + 1) if content else ""


def unread_from(scanner: Scanner, at: int, *, end: int) -> Clause:
    """An unread clause that reaches at least to `end`."""
    clause = unread_clause(scanner, at)
    if clause.end >= end:
        return clause
    return Clause(unread(_content(scanner, at, end)), end)
