"""Saved: a visit's answers as a file that anybody can keep, and such a file read again.

The file is a profile of the contract, as ``matcher match --profile`` takes it. "Not sure" stays
not sure and "rather not say" stays so. A file comes from anywhere: it is read as strictly as a
body of the API, and what is wrong with it is told in the visitor's words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from matcher.core.answers import UNKNOWN
from matcher.core.rulebook import Rulebook
from matcher.schemas.profiles import AnswerFault, ProfileError, profile_json, read_profile
from matcher.web.api.json_body import read_json_bytes
from matcher.web.language import listed, say, shown
from matcher.web.problems import Problem

FILE_NAME = "my-answers.json"
SHOWN_FAULTS = 10
SHOWN_CHOICES = 12


class FileError(Exception):
    """A file that cannot be taken; `texts` say what is wrong and where."""

    def __init__(self, texts: list[str]) -> None:
        super().__init__("; ".join(texts))
        self.texts = texts


def saved_file(answers: Mapping[str, Any]) -> str:
    """The answers as the text of a file."""
    return json.dumps({"answers": dict(answers)}, ensure_ascii=False, indent=2) + "\n"


def load_file(content: bytes, book: Rulebook) -> dict[str, Any]:
    """The answers of a file, as a visit keeps them. Raises `FileError`; takes all or nothing."""
    try:
        profile = read_json_bytes(content)
    except Problem as problem:
        raise FileError([_broken(problem)]) from None
    try:
        read = profile_json(read_profile(profile, book))["answers"]
    except ProfileError as error:
        texts = [_told(fault, book) for fault in error.faults[:SHOWN_FAULTS]]
        raise FileError(list(dict.fromkeys(texts))) from None
    given = profile["answers"] or {}
    kept = {key: _with_unsure(value, read.get(key)) for key, value in given.items()}
    return {key: value for key, value in kept.items() if value not in (None, {})}


def _with_unsure(given: Any, read: Any) -> Any:
    """An answer as it was read, with "not sure" where the person was asked and did not know."""
    if isinstance(given, dict):
        # The order of a file is the order in which the person entered it.
        found = read if isinstance(read, dict) else {}
        plain = {gene: found.get(gene, _unsure(result)) for gene, result in given.items()}
        return {gene: result for gene, result in plain.items() if result is not None}
    return _unsure(given) if read is None else read


def _unsure(given: Any) -> str | None:
    return UNKNOWN if given in (UNKNOWN, [UNKNOWN]) else None


def _broken(problem: Problem) -> str:
    cause = problem.__context__
    if isinstance(cause, json.JSONDecodeError):
        return str(say("answers_file.not_json", line=cause.lineno, column=cause.colno).unescape())
    if isinstance(cause, UnicodeDecodeError):
        return str(say("answers_file.not_text").unescape())
    if problem.faults:
        return str(say("answers_file.twice", where=problem.faults[0].path).unescape())
    return str(say("answers_file.odd").unescape())


def _told(fault: AnswerFault, book: Rulebook) -> str:
    where = _where(fault.path, book)
    if fault.path in ("", "answers"):
        told = say("answers_file.no_answers")
    elif fault.problem == "unknown key" or fault.problem.startswith("is not a known gene"):
        told = say("answers_file.unknown", where=where)
    elif fault.allowed and len(fault.allowed) <= SHOWN_CHOICES:
        choices = listed(list(fault.allowed), style="or")
        told = say("answers_file.wrong_of", where=where, value=fault.value, choices=choices)
    else:
        told = say("answers_file.wrong", where=where, value=fault.value)
    return str(told.unescape())


def _where(path: str, book: Rulebook) -> str:
    place = path.removeprefix("answers.")
    attribute = book.attributes.get(place.partition(".")[0].partition("[")[0])
    return f"{shown(attribute.name)} – {place}" if attribute else place
