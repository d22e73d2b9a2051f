"""Records file: what a file of somebody's own records says, in the words of the check page."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from matcher.core.answers import UNKNOWN
from matcher.crypto import SealError
from matcher.records.draft import Clash, Draft, Refusal, Unused
from matcher.records.person_code import code_fault
from matcher.records.spreadsheets.writing import CODE
from matcher.services.own_records import Other, is_about_another, joined, others
from matcher.services.visits import Visit
from matcher.web.answers_file import FileError
from matcher.web.language import listed, say, shown
from matcher.web.site import site
from matcher.web.spoken import Said, answer_words, said
from matcher.web.units import unit_name, unit_words
from matcher.web.way import by_chapter, outcome_of

SHOWN_FAULTS = 10


@dataclass(frozen=True)
class SaidOther:
    """A fact that the file has otherwise, in words: what was answered, and the file's."""

    unit: str
    name: str
    before: str
    after: str


@dataclass(frozen=True)
class Preview:
    """What was found in a file. `sealed` carries the answers to the page that takes them.

    `others` are answers of the file that are other than the person's; `about_another`: the file is
    about another cancer, and what it tells about that one is not taken.
    """

    chapters: list[tuple[str, list[Said]]]
    others: list[SaidOther]
    about_another: bool
    clashes: list[str]
    contradictions: list[str]
    unused: list[str]
    sealed: str


def preview(draft: Draft, visit: Visit, *, table: bool) -> Preview:
    """What a draft of a table or of a health record would bring into a visit; nothing is kept."""
    book = site().rulebook
    answers = known_answers(draft.answers)
    told = [
        said(book.attributes[key], answers[key], book) for key in book.attributes if key in answers
    ]
    merged = replace(visit, answers=joined(visit.answers, answers, book))
    return Preview(
        chapters=by_chapter(told),
        others=[_other(one) for one in others(visit.answers, answers, book)],
        about_another=is_about_another(visit.answers, answers, book),
        clashes=[_clash(one) for one in draft.clashes],
        contradictions=[text for _, text in outcome_of(merged).contradictions],
        unused=[_unused(one, table=table) for one in draft.unused],
        sealed=_sealed(answers, visit),
    )


def known_answers(answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that say something."""
    return {key: answer for key, answer in answers.items() if answer not in (None, UNKNOWN, {}, [])}


def _other(one: Other) -> SaidOther:
    before, after = (unit_words(one.unit, value) for value in (one.before, one.after))
    return SaidOther(one.unit, unit_name(one.unit), before, after)


def _sealed(answers: Mapping[str, Any], visit: Visit) -> str:
    """The answers as a form can carry them: for this visit alone, and nobody can read them."""
    plain = json.dumps({"visit": visit.ends.isoformat(), "answers": dict(answers)})
    return site().desk.safe.seal(plain.encode()).decode()


def unsealed(sealed: str, visit: Visit) -> dict[str, Any] | None:
    """The answers that a form carried; None if it was changed or is of another visit."""
    try:
        found = json.loads(site().desk.safe.open(sealed.encode("utf-8", "replace")))
    except SealError:
        return None
    return dict(found["answers"]) if found["visit"] == visit.ends.isoformat() else None


def _clash(clash: Clash) -> str:
    """Two parts of the file that cannot both be true, with their dates."""
    key, _, gene = clash.key.partition(".")
    words = answer_words(site().rulebook)
    told = []
    for value, on in zip(clash.values, clash.dates, strict=True):
        spoken = ", ".join(words.words(key, {gene: value} if gene else value))
        told.append(f"{spoken} ({on})" if on else spoken)
    return str(say("records.clash", name=words.name(key), answers=listed(told)).unescape())


def _unused(unused: Unused, *, table: bool) -> str:
    """What was not used and why, in the visitor's language, as readers of records tell it."""
    if not table:
        return f"{unused.what}: {unused.why}"
    what = unused.what.removeprefix("column ")
    return str(say("records.unused_column", what=what).unescape())


def refused(refusals: Sequence[Refusal], *, table: bool) -> FileError:
    """Why nothing of a file can be taken."""
    texts = [_refusal(one, table=table) for one in refusals[:SHOWN_FAULTS]]
    return FileError(list(dict.fromkeys(texts)))


def rows_of(refusals: Sequence[Refusal]) -> set[str]:
    """What was refused, by its place: the rows of a table, or the file."""
    return {one.source for one in refusals}


def _refusal(refusal: Refusal, *, table: bool) -> str:
    attribute = site().rulebook.attributes.get(refusal.path)
    if refusal.path == CODE:
        fault = code_fault(str(refusal.value)) or "signs"
        return str(say(f"person_code.{fault}").unescape())
    if attribute is not None:
        where = f"{shown(attribute.name)} – {refusal.path}"
        return str(say("answers_file.wrong", where=where, value=refusal.value).unescape())
    if table:
        return str(say("records.no_table").unescape())
    return ": ".join(filter(None, (refusal.source, refusal.path, refusal.problem)))
