"""Records file: what a file of somebody's own records says, in the words of the check page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from matcher.core.answers import UNKNOWN
from matcher.crypto import SealError
from matcher.records.draft import Draft, Refusal, Unused
from matcher.records.person_code import code_fault
from matcher.records.spreadsheets.writing import CODE
from matcher.services.own_records import Other, is_about_another, joined, others
from matcher.services.visits import Visit
from matcher.web.answers_file import FileError, wrong_answer
from matcher.web.clashes import Side, clash_words, sides_of
from matcher.web.file_faults import file_fault
from matcher.web.language import say
from matcher.web.not_used import OWN_WORDS, part_of, why_not_used
from matcher.web.site import site
from matcher.web.spoken import Said, said
from matcher.web.units import unit_name, unit_words
from matcher.web.way import by_chapter, outcome_of

SHOWN_FAULTS = 10
PURPOSE = "records"
MOST_UNUSED, MOST_ALIKE = 50, 10
"""So many parts that were not used are shown, and so many of them for one reason."""


@dataclass(frozen=True)
class NotUsed:
    """Parts of a file that were not used for one reason: the first of them, of `count`.

    `reason` and `fills` as `records.draft.Unused` has them, `why` where no text has that key.
    """

    reason: str
    fills: Mapping[str, str]
    why: str
    parts: tuple[str, ...]
    count: int

    @property
    def more(self) -> int:
        """How many are not shown."""
        return self.count - len(self.parts)


@dataclass(frozen=True)
class Found:
    """What was found in a file, in no language, as the page carries it from one look to the next.

    `clashes` are (key, sides, how many more sides there are).
    """

    answers: Mapping[str, Any]
    clashes: tuple[tuple[str, tuple[Side, ...], int], ...]
    unused: tuple[NotUsed, ...]


@dataclass(frozen=True)
class SaidOther:
    """A fact that the file has otherwise, in words: what was answered, and the file's."""

    unit: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class SaidUnused:
    """Parts of a file and why they were not used, in words; `more` are not shown."""

    why: str
    parts: tuple[str, ...]
    more: int


@dataclass(frozen=True)
class Preview:
    """What was found in a file. `sealed` carries it to the page that takes it, or shows it again.

    `others` are answers of the file that are other than the person's; `about_another`: the file is
    about another cancer, and what it tells about that one is not taken.
    """

    chapters: list[tuple[str, list[Said]]]
    others: list[SaidOther]
    about_another: bool
    clashes: list[str]
    contradictions: list[str]
    unused: list[SaidUnused]
    unused_count: int
    sealed: str


def found_in(draft: Draft) -> Found:
    """What a draft of a table or of a health record says, with few words of what was not used."""
    clashes = []
    for clash in draft.clashes:
        sides, more = sides_of(clash)
        clashes.append((clash.key, tuple(sides), more))
    answers = {
        key: answer
        for key, answer in draft.answers.items()
        if answer not in (None, UNKNOWN, {}, [])
    }
    return Found(answers, tuple(clashes), tuple(_not_used(draft.unused)))


def preview(found: Found, visit: Visit) -> Preview:
    """What a file would bring into a visit, in words; nothing is kept."""
    book = site().rulebook
    answers = found.answers
    told = [
        said(book.attributes[key], answers[key], book) for key in book.attributes if key in answers
    ]
    merged = replace(visit, answers=joined(visit.answers, answers, book))
    return Preview(
        chapters=by_chapter(told),
        others=[_other(one) for one in others(visit.answers, answers, book)],
        about_another=is_about_another(visit.answers, answers, book),
        clashes=[_clash(*one) for one in found.clashes],
        contradictions=[text for _, text in outcome_of(merged).contradictions],
        unused=[
            SaidUnused(why_not_used(one.reason, one.fills, one.why), one.parts, one.more)
            for one in found.unused
        ],
        unused_count=sum(one.count for one in found.unused),
        sealed=_sealed(found, visit),
    )


def _other(one: Other) -> SaidOther:
    before, after = (unit_words(one.unit, value) for value in (one.before, one.after))
    return SaidOther(one.unit, unit_name(one.unit), before, after)


def _sealed(found: Found, visit: Visit) -> str:
    """What was found as a form can carry it: for this visit alone, and nobody can read it."""
    told = {"for": PURPOSE, "visit": visit.ends.isoformat(), "found": asdict(found)}
    plain = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return site().desk.safe.seal(plain.encode("utf-8", "replace")).decode()


def unsealed(sealed: str, visit: Visit) -> Found | None:
    """What a form carried; None if it was changed or is of another visit."""
    try:
        told = json.loads(site().desk.safe.open(sealed.encode("utf-8", "replace")))
    except (SealError, ValueError):
        return None
    # Other things are sealed with the same key.
    if not isinstance(told, dict) or told.get("for") != PURPOSE:
        return None
    if told["visit"] != visit.ends.isoformat():
        return None
    found = told["found"]
    return Found(
        found["answers"],
        tuple((key, tuple(map(_side, sides)), more) for key, sides, more in found["clashes"]),
        tuple(NotUsed(**{**one, "parts": tuple(one["parts"])}) for one in found["unused"]),
    )


def _side(told: Mapping[str, Any]) -> Side:
    return Side(told["value"], tuple(told["dates"]), told["count"])


def _clash(key: str, sides: Sequence[Side], more: int) -> str:
    """Parts of the file that cannot both be true, with their dates."""
    words = clash_words(key, list(sides), more)
    return str(say("records.clash", name=unit_name(key), answers=words).unescape())


def _not_used(unused: Sequence[Unused]) -> list[NotUsed]:
    """What was not used by reasons, the first of each, so that the page stays short."""
    alike: dict[tuple[str, str], list[Unused]] = {}
    for one in unused:
        alike.setdefault((one.reason, "" if one.reason in OWN_WORDS else one.why), []).append(one)
    room, told = MOST_UNUSED, []
    for listed in alike.values():
        first, names = listed[0], dict.fromkeys(part_of(one) for one in listed)
        parts = tuple(names)[: min(room, MOST_ALIKE)]
        room -= len(parts)
        fills = {} if first.reason in OWN_WORDS else dict(first.fills)
        told.append(NotUsed(first.reason, fills, first.why, parts, len(listed)))
    return told


def refused(refusals: Sequence[Refusal]) -> FileError:
    """Why nothing of a file can be taken."""
    texts = [_refusal(one) for one in refusals[:SHOWN_FAULTS]]
    return FileError(list(dict.fromkeys(texts)))


def rows_of(refusals: Sequence[Refusal]) -> set[str]:
    """What was refused, by its place: the rows of a table, or the file."""
    return {one.source for one in refusals}


def _refusal(refusal: Refusal) -> str:
    if refusal.path == CODE:
        fault = code_fault(str(refusal.value)) or "signs"
        return str(say(f"person_code.{fault}").unescape())
    if refusal.path.partition("@")[0].partition(".")[0] in site().rulebook.attributes:
        return wrong_answer(refusal.path, refusal.value)
    return file_fault(refusal) or str(say("file_fault.no_table").unescape())
