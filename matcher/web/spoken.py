"""Spoken: answers in words, for the check page and beside the results."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.rulebook import Attribute, Rulebook
from matcher.schemas.spoken import AnswerWords
from matcher.services.visits import Visit
from matcher.web.language import language
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
    return [
        said(attribute, visit.answers[key], book)
        for key, attribute in book.attributes.items()
        if visit.answers.get(key) not in (None, DECLINED)
    ]


def said(attribute: Attribute, answer: Any, book: Rulebook) -> Said:
    """One answer in words."""
    words = answer_words(book)
    told = tuple(words.words(attribute.key, answer))
    return Said(attribute.key, words.name(attribute.key), told, known=answer != UNKNOWN)


def answer_words(book: Rulebook) -> AnswerWords:
    """How answers are said in the visitor's language."""
    return AnswerWords(book, site().words.texts, language())
