"""Spoken: answers in words, for the check page and beside the results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.rulebook import Attribute, Rulebook
from matcher.services.visits import Visit
from matcher.web.language import language, say, shown


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
    words = tuple(_words(attribute, answer, book))
    return Said(attribute.key, shown(attribute.name), words, known=answer != UNKNOWN)


def _words(attribute: Attribute, answer: Any, book: Rulebook) -> list[str]:
    if answer == UNKNOWN:
        return [say("frame.unknown").unescape()]
    if isinstance(answer, Mapping):
        return [
            f"{_label(attribute, gene, book)}: {_result(result, book)}"
            for gene, result in answer.items()
            if _plain_result(result) != DECLINED
        ]
    if isinstance(answer, list):
        return [_label(attribute, value, book) for value in answer]
    if attribute.kind == "integer":
        return [f"{answer} {shown(attribute.unit)}".strip()]
    return [_label(attribute, str(answer), book)]


def _label(attribute: Attribute, value: str, book: Rulebook) -> str:
    option = attribute.option(value)
    if option is not None:
        return shown(option.label)
    return book.texts[f"answer_{value}"].in_(language())


def _plain_result(result: Any) -> str:
    return str(result["result"] if isinstance(result, Mapping) else result)


def _result(result: Any, book: Rulebook) -> str:
    if _plain_result(result) == UNKNOWN:
        return say("frame.unknown").unescape()
    words = book.texts[f"result_{_plain_result(result)}"].in_(language())
    if isinstance(result, Mapping) and result.get("on"):
        return f"{words} ({result['on']})"
    return words
