"""Alongside: whether what stands beside a cancer or a gene in a text is said of it alone.

Only known words may stand there: "stage 2" next to "hypertension" is not that of the cancer.
"""

from __future__ import annotations

import re

from matcher.records.fhir.coded import Codebook, Coded, loose, plain
from matcher.records.fhir.findings import Findings, Place

UNCERTAIN, HARMLESS, MUTATION = "uncertain", "harmless", "mutation"
STAGE = re.compile(r"\bstage\s+(?P<stage>0|[1-4]|iv|i{1,3})\s?[a-d]?\d?\b")
_STAGES = re.compile(
    rf"{STAGE.pattern}\s*(?:/|-|,|to\b|or\b|and\b|vs\b)\s*(?:stage\s*)?(?:[0-4]|iv|i{{1,3}})[a-d]?\b"
)
_RECURRENCE = re.compile(r"\b(?:recurrent|recurrence(?: (?:of|in|at))?|relapsed)\b")
_CLAUSES = re.compile(r"[,;:()\[\]]| - |\bwith\b|\band\b")
_TAG = re.compile(r"\s*\((?:cms/)?hcc\)$")
_SPREAD = re.compile(
    r"\b(?:metastatic|metastasi[sz]ed|metastas[ei]s|mets) (?:to|in)(?: [a-z]+){1,3}(?=$|[,;(])"
    r"|\bwith (?:[a-z]+ ){0,3}(?:metastas[ei]s|mets)(?=$|[,;(])"
)
_CATEGORY = re.compile(r"(?:[cpyra]{0,2}[tnm](?:is|[0-4x])(?:mi|[a-d])?)+|g[1-3]")
_GRADE = re.compile(r"\bgrade (?:[1-3]|i{1,3})\b")


def stages_named(coded: Coded, words: Codebook) -> set[str]:
    """The stages of the cancer that its name tells, in the words of the source."""
    return {
        match["stage"]
        for text in coded.texts
        if not _STAGES.search(plain(text))
        for match in _said_of_cancer(text, STAGE, "plain_stage", words)
    }


def read_recurrence(
    place: Place, coded: Coded, words: Codebook, found: Findings, *, sure: bool
) -> None:
    """Read whether a cancer came back: `sure` by its standing, or by its name."""
    listed = "plain_recurrence"
    if sure or any(_said_of_cancer(text, _RECURRENCE, listed, words) for text in coded.texts):
        found.use(place, "recurrent", "yes")
        found.put("recurrent", "yes")
    elif any(_RECURRENCE.search(plain(text)) for text in coded.texts):
        found.skip(place, "value_not_read")


def gene_said(coded: Coded, symbols: set[str], words: Codebook) -> str | None:
    """What texts that name a gene by its symbol say of it; None if they are no plain statement."""
    kinds = {_gene_in(text, symbols, words) for text in coded.texts}
    for kind in (HARMLESS, None, UNCERTAIN):
        if kind in kinds:
            return kind
    return MUTATION


def _said_of_cancer(
    text: str, pattern: re.Pattern[str], beside: str, words: Codebook
) -> list[re.Match[str]]:
    """Where a pattern stands right beside the cancer's words, or alone in a text about it."""
    told = _SPREAD.sub(" ", _GRADE.sub(" ", _TAG.sub("", plain(text))))
    clauses = [one.strip() for one in _CLAUSES.split(told)]
    known, near = _listed("plain_cancer", words), _listed(beside, words)
    nouns = _listed("cancer_nouns", words)
    rest = [set(_tokens(pattern.sub(" ", one))) for one in clauses]
    about = any(others & nouns for others in rest)
    alone = about and all(others <= known | near for others in rest)
    return [
        match
        for clause, others in zip(clauses, rest, strict=True)
        for match in pattern.finditer(clause)
        if (others & nouns and others <= known | near) or (others <= near and alone)
    ]


def _gene_in(text: str, symbols: set[str], words: Codebook) -> str | None:
    told = set(_tokens(STAGE.sub(" ", _TAG.sub("", plain(text))))) - {
        one.casefold() for one in symbols
    }
    kind = words.find("gene_harms", Coded(texts=(text,)))
    if kind == HARMLESS:
        return kind
    sure = told & _listed("harmful_words", words)
    known = _listed("plain_cancer", words) | _listed("plain_gene", words)
    if kind == UNCERTAIN:
        unsure = told <= known | _listed("uncertain_words", words)
        return kind if unsure and not sure else None
    unproven = told & _listed("unproven_words", words) and not sure
    return MUTATION if told <= known and not unproven else None


def _tokens(text: str) -> list[str]:
    told = (one.rstrip("+") for one in loose(text).split())
    return [one for one in told if one and not _CATEGORY.fullmatch(one)]


def _listed(name: str, words: Codebook) -> frozenset[str]:
    return frozenset(words.records.lists.get(name, ()))
