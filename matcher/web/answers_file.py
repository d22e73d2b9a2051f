"""Saved: a visit's answers as a file that anybody can keep, and such a file read again.

The file is a profile of the contract, as ``matcher match --profile`` takes it. "Not sure" stays
not sure and "rather not say" stays so. A file comes from anywhere: it is read as strictly as a
body of the API, and what is wrong with it is told in the visitor's words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.rulebook import Attribute, Rulebook
from matcher.schemas.profiles import AnswerFault, ProfileError, profile_json, read_profile
from matcher.web.api.json_body import read_json_bytes
from matcher.web.language import listed, say, shown
from matcher.web.posted import FormError
from matcher.web.problems import Problem
from matcher.web.site import site
from matcher.web.uploads import MEGABYTE

FILE_NAME = "my-answers.json"
INPUT = "file"
SHOWN_FAULTS = 10
SHOWN_CHOICES = 12
SAID_ALIKE = ("yes", "no", UNKNOWN, DECLINED)
_KEY = re.compile(r"[.\[]")


class FileError(Exception):
    """A file that cannot be taken; `texts` say what is wrong and where. `elsewhere`: it is a file
    for the other page that takes files."""

    def __init__(self, texts: list[str], *, elsewhere: bool = False) -> None:
        super().__init__("; ".join(texts))
        self.texts, self.elsewhere = texts, elsewhere

    @property
    def faults(self) -> list[FormError]:
        """The same as what is to be mended beside the input of the file."""
        return [FormError(text, INPUT) for text in self.texts]


def saved_file(answers: Mapping[str, Any]) -> str:
    """The answers as the text of a file."""
    return json.dumps({"answers": dict(answers)}, ensure_ascii=False, indent=2) + "\n"


def is_saved(content: bytes) -> bool:
    """Whether a file holds answers as they are saved here."""
    try:
        told = read_json_bytes(content) if len(content) <= MEGABYTE else None
    except Problem:
        return False
    return isinstance(told, dict) and isinstance(told.get("answers"), dict)


def load_file(content: bytes, book: Rulebook) -> dict[str, Any]:
    """The answers of a file, as a visit keeps them. Raises `FileError`; takes all or nothing."""
    try:
        profile = read_json_bytes(content)
    except Problem as problem:
        raise FileError([_broken(problem)]) from None
    if isinstance(profile, dict) and "resourceType" in profile:
        raise FileError([str(say("answers_file.is_record").unescape())], elsewhere=True)
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
    place = fault.path.removeprefix("answers.")
    if fault.path in ("", "answers"):
        return str(say("answers_file.no_answers").unescape())
    if fault.problem == "unknown key" or fault.problem.startswith("is not a known gene"):
        return str(say("answers_file.unknown", where=_where(place, book)).unescape())
    return wrong_answer(place, fault.value, fault.allowed)


def wrong_answer(place: str, value: Any, allowed: Sequence[str] = ()) -> str:
    """What is wrong with one answer of a file, by the names that the questions have on pages.

    `place` is its path: ``cancer[0]``, ``tumor.ESR1``, ``tumor.ESR1.on``.
    """
    book = site().rulebook
    attribute = book.attributes[_KEY.split(place)[0]]
    where = _where(place, book)
    choices = [words for one in allowed if (words := _choice(attribute, one))]
    if choices and len(allowed) <= SHOWN_CHOICES:
        told = listed(choices, style="or")
        text = say("answers_file.wrong_of", where=where, value=value, choices=told)
    else:
        text = say("answers_file.wrong", where=where, value=value)
    return str(text.unescape())


def _where(place: str, book: Rulebook) -> str:
    """The question's name, and that of the gene in it; a key that is none of ours as it stands."""
    key, *parts = _KEY.split(place)
    attribute = book.attributes.get(key)
    if attribute is None:
        return place
    name = shown(attribute.name)
    if attribute.kind != "results" or not parts:
        return name
    option = attribute.option(parts[0])
    return f"{name}: {shown(option.label) if option else parts[0]}"


def _choice(attribute: Attribute, value: str) -> str:
    """An answer by its name on pages; empty for what is no answer."""
    option = attribute.option(value)
    result = site().rulebook.texts.get(f"result_{value}")
    if attribute.kind == "results" and result:
        return shown(result)
    if option and attribute.kind != "results":
        return shown(option.label)
    if value in SAID_ALIKE:
        return str(say(f"frame.{value}").unescape())
    return value if attribute.kind == "integer" else ""
