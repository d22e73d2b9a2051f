"""Spoken: answers in words, for the check page and beside the results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.rulebook import Attribute, Rulebook
from matcher.schemas.spoken import AnswerWords
from matcher.services.visits import Visit
from matcher.web.gene_results import plain_result
from matcher.web.language import language, say
from matcher.web.site import site


@dataclass(frozen=True)
class Said:
    """One answer in words: the attribute's key and short name, and what was answered."""

    key: str
    name: str
    words: tuple[str, ...]
    known: bool


def said_answers(visit: Visit, book: Rulebook) -> list[Said]:
    """All answers of a visit in the order of the form. What was declined is left out."""
    told = (
        said(attribute, visit.answers[key], book)
        for key, attribute in book.attributes.items()
        if visit.answers.get(key) is not None
    )
    return [one for one in told if one.words]


def declined_answers(visit: Visit, book: Rulebook) -> list[Said]:
    """What somebody would rather not say, in the order of the form; it can be changed too."""
    words = str(say("check.declined"))
    return [
        replace(one, words=(words,))
        for key, attribute in book.attributes.items()
        if visit.answers.get(key) is not None
        and not (one := said(attribute, visit.answers[key], book)).words
    ]


def said(attribute: Attribute, answer: Any, book: Rulebook) -> Said:
    """One answer in words."""
    words = answer_words(book)
    told = tuple(words.words(attribute.key, answer))
    return Said(attribute.key, words.name(attribute.key), told, known=_is_known(answer))


def _is_known(answer: Any) -> bool:
    """Whether an answer tells something; of test results one is enough."""
    parts = answer.values() if isinstance(answer, Mapping) else [answer]
    return any(plain_result(part) not in (UNKNOWN, DECLINED) for part in parts)


def answer_words(book: Rulebook) -> AnswerWords:
    """How answers are said in the visitor's language."""
    return AnswerWords(book, site().words.texts, language())
