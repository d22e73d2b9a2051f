"""Doctor: what a person can ask their doctor to find out what is not known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matcher.core.answers import Answers
from matcher.core.rulebook import Attribute, Rulebook
from matcher.words import Speaker

MOST_GENES = 5
PANEL, NOT_TESTED = "any", "not_tested"


def doctor_questions(
    units: Iterable[str], book: Rulebook, speaker: Speaker, *, answers: Answers | None = None
) -> tuple[str, ...]:
    """The questions to a doctor that would find these answers out, each once.

    Genes are named together, the first `MOST_GENES` in the order of the form. Of a test that was
    not done by the `answers` it is not asked what it found, but whether to have it.
    """
    genes: dict[str, set[str]] = {}
    for unit in units:
        key, _, gene = unit.partition(".")
        genes.setdefault(key, set()).add(gene)
    attributes = (book.attributes[key] for key in genes)
    return tuple(
        _doctor_question(attribute, genes[attribute.key], speaker, answers)
        for attribute in attributes
        if not attribute.self_told
    )


def _doctor_question(
    attribute: Attribute, genes: set[str], speaker: Speaker, answers: Answers | None
) -> str:
    if answers is not None and _was_not_done(attribute, genes, answers):
        text = str(speaker.say("results.ask_test", name=speaker.shown(attribute.name)).unescape())
    else:
        text = speaker.shown((speaker.cared_for and attribute.doctor_other) or attribute.doctor)
    named = (one for one in attribute.options if one.value in genes and one.is_single)
    labels = [speaker.shown(one.label) for one in named][:MOST_GENES]
    return f"{text} ({speaker.listed(labels)})" if labels else text


def _was_not_done(attribute: Attribute, genes: set[str], answers: Answers) -> bool:
    results = answers.given.get(attribute.key)
    if attribute.kind != "results" or not isinstance(results, Mapping):
        return False
    told = [results.get(gene, results.get(PANEL)) for gene in genes - {""} or {PANEL}]
    return all(one is not None and one.result == NOT_TESTED for one in told)
