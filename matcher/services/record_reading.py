"""Record reading: files of records into checked profiles, with what was not used."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.matching import match
from matcher.core.rulebook import Rulebook
from matcher.records.draft import Clash, Draft, Refusal
from matcher.records.fhir import read_bundle
from matcher.records.spreadsheets.reading import read_rows
from matcher.schemas.profiles import ProfileError, profile_schema, read_answers

FORMATS = ("auto", "mcode", "csv")


@dataclass(frozen=True)
class Disagreement:
    """Answers that cannot all be true, told in a sentence; `values` and `dates` of a record's."""

    answers: tuple[str, ...]
    text: str
    values: tuple[Any, ...] = ()
    dates: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class ReadProfile:
    """One person read from a record: the draft, its answers checked, and what does not fit."""

    draft: Draft
    answers: Answers
    contradictions: tuple[Disagreement, ...] = ()


@dataclass(frozen=True)
class Report:
    """What came out of some files; a file that cannot be used is among the `refused`."""

    profiles: tuple[ReadProfile, ...]
    refused: tuple[Refusal, ...]


def read_records(
    files: Iterable[tuple[str, bytes]],
    book: Rulebook,
    *,
    format: str = "auto",
    today: date,
    language: str = "en",
    most: int | None = None,
) -> Report:
    """Read files of (name, content), each a FHIR bundle or a table of rows (`FORMATS`).

    Never raises for bad input: what cannot be used is refused, the rest is taken. After more than
    `most` people or rows of a file the rest of it is not read.
    """
    profiles: list[ReadProfile] = []
    refused: list[Refusal] = []
    checker = Checker(book, today=today, language=language)
    for name, content in files:
        sources: set[str] = set()
        for read in _read(name, content, book, format, today, language):
            sources.add(read.source)
            checked = checker.check(read) if isinstance(read, Draft) else [read]
            for one in checked:
                if isinstance(one, ReadProfile):
                    profiles.append(one)
                else:
                    refused.append(one)
            if most is not None and len(sources) > most:
                break
    return Report(tuple(profiles), tuple(refused))


class Checker:
    """Checks drafts against the rules and finds what contradicts itself."""

    def __init__(self, book: Rulebook, *, today: date, language: str = "en") -> None:
        self.book = book
        self.today = today
        self.language = language
        self._empty = Catalogue.compile(book, ())
        self._schema = profile_schema(book)()

    def check(self, draft: Draft) -> list[ReadProfile | Refusal]:
        """The profile of a draft, or a refusal for each answer that the rules do not allow."""
        try:
            answers = read_answers(dict(draft.answers), self.book, schema=self._schema)
        except ProfileError as error:
            return [
                Refusal(draft.source, one.path.removeprefix("answers."), one.value, one.problem)
                for one in error.faults
            ]
        found = [self._clash(clash) for clash in draft.clashes]
        if not self._empty.finder.contradicts(answers, today=self.today):
            return [ReadProfile(draft, answers, tuple(found))]
        outcome = match(self._empty, answers, today=self.today, language=self.language)
        found.extend(Disagreement(tuple(one.units), text) for one, text in outcome.contradictions)
        return [ReadProfile(draft, answers, tuple(found))]

    def _clash(self, clash: Clash) -> Disagreement:
        reason = self.book.records.reasons.get("clash")
        values = ", ".join(
            f"{value} ({on or '–'})" for value, on in zip(clash.values, clash.dates, strict=True)
        )
        text = values if reason is None else reason.in_(self.language).format(values=values)
        return Disagreement((clash.key,), text, clash.values, clash.dates)


def report_json(report: Report) -> dict[str, Any]:
    """The document of ``matcher profile import --json`` (docs/interface.md)."""
    return {
        "profiles": [_profile_json(one) for one in report.profiles],
        "refused": [
            {"source": one.source, "path": one.path, "value": one.value, "problem": one.problem}
            for one in report.refused
        ],
    }


def _profile_json(read: ReadProfile) -> dict[str, Any]:
    draft = read.draft
    shaped: dict[str, Any] = {
        "source": draft.source,
        "answers": dict(draft.answers),
        "dates": dict(draft.dates),
        "used": [{"what": one.what, "key": one.key, "value": one.value} for one in draft.used],
        "unused": [{"what": one.what, "why": one.why} for one in draft.unused],
        "contradictions": [_disagreement_json(one) for one in read.contradictions],
    }
    return shaped if draft.code is None else {**shaped, "code": draft.code}


def _disagreement_json(one: Disagreement) -> dict[str, Any]:
    shaped: dict[str, Any] = {"answers": list(one.answers), "text": one.text}
    if one.values:
        shaped |= {"values": list(one.values), "dates": list(one.dates)}
    return shaped


def _read(
    name: str, content: bytes, book: Rulebook, format: str, today: date, language: str
) -> Iterator[Draft | Refusal]:
    if format == "mcode" or (format == "auto" and looks_like_json(name, content)):
        return read_bundle(content, book, source=name, today=today, language=language)
    return read_rows(content, book, name=name, today=today)


def looks_like_json(name: str, content: bytes) -> bool:
    """Whether a file is a record rather than a table; one in XML is, and refused as such."""
    start = content[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return start in (b"{", b"[", b"<") or name.casefold().endswith((".json", ".ndjson"))
