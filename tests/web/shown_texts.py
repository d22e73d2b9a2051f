"""Shown texts: every text that a person can be shown, with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from matcher.core.catalogue import Catalogue
from matcher.core.glossary import Finder
from matcher.core.matching import match
from matcher.core.rulebook import Option, Rulebook
from matcher.core.text import LANGUAGES, Text
from matcher.rules import shipped_rules
from matcher.rules.cases import read_canaries
from matcher.schemas.profiles import read_answers
from matcher.services.catalogue import sample_studies
from matcher.words import Words

TODAY = date(2026, 11, 24)
IT = {"en": "it", "es": "eso"}
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|\{\w+\}")
# Names of countries and peoples are what they are.
NAMES_ONLY = ("country", "race_ethnicity")


def plain(text: str, *, language: str, finder: Finder) -> str:
    """A text as it is counted: a plain word for what it quotes, fills in or explains."""
    return finder.pattern.sub(IT[language], QUOTED.sub(IT[language], text))


def rule_texts(book: Rulebook) -> Iterator[tuple[str, Text]]:
    """All texts of the rules but the frames of reasons, as ("attribute er", text)."""
    for key, attribute in book.attributes.items():
        parts = (attribute.question, attribute.question_other, attribute.help, attribute.doctor)
        for part in (*parts, attribute.doctor_other, attribute.why):
            if part is not None:
                yield f"attribute {key}", part
        if key in NAMES_ONLY:
            continue
        names = [word for option in attribute.options for word in option.synonyms]
        for option in attribute.options:
            yield f"attribute {key}", option.label
            if option.hint is not None:
                yield f"attribute {key}", without_names(option, names)
    for rule in (*book.implications, *book.defaults, *book.never_no):
        yield f"rule {rule.key}", rule.text
    for term in book.glossary:
        yield f"term {term.key}", term.meaning


def without_names(option: Option, names: list[str]) -> Text:
    """A hint with a plain word for medicines and other things that it gives as examples."""
    assert option.hint is not None
    longest = sorted(map(re.escape, names), key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(longest)})\b", re.IGNORECASE)
    return Text(**{name: pattern.sub(IT[name], option.hint.in_(name)) for name in LANGUAGES})


def page_texts(words: Words) -> Iterator[tuple[str, Text]]:
    """All texts of the pages, as ("page check", text)."""
    together = {"level": "results", "verdict": "results", "mark": "results", "kind": "results"}
    together |= {"rating": "results", "stage": "results", "results_of": "question"}
    for key, text in words.texts.items():
        place = key.partition(".")[0]
        yield f"page {together.get(place, place)}", text


def sample_texts(book: Rulebook) -> Iterator[tuple[str, Text]]:
    """The sample's own short summaries and events."""
    for study in sample_studies(book):
        if study.summary:
            yield f"study {study.key}", study.summary
        for event in study.events:
            yield f"study {study.key}", event.text


def told_reasons(book: Rulebook, *, language: str) -> Iterator[tuple[str, str]]:
    """Every sentence that the sample, the notes and the contradictions tell the canaries."""
    entries, faults = read_canaries(shipped_rules())
    assert not faults
    catalogue = Catalogue.compile(book, sample_studies(book))
    names = [
        option.label.in_(language) for key in NAMES_ONLY for option in book.attributes[key].options
    ]
    peoples = re.compile("|".join(map(re.escape, names)), re.IGNORECASE)
    for entry in entries:
        answers = read_answers(entry.content["answers"], book)
        outcome = match(catalogue, answers, today=TODAY, language=language)
        for found in outcome.matches:
            for reason in found.reasons:
                yield f"canary {entry.name}", peoples.sub(IT[language], reason.text)
        for _, text in (*outcome.notes, *outcome.contradictions):
            yield f"canary {entry.name}", text
