"""Staging: stage groups, categories of spread and of nodes, and the number of nodes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from matcher.records.fhir.alongside import STAGE, stages_named
from matcher.records.fhir.cancers import Cancers
from matcher.records.fhir.coded import Codebook, Coded, plain, read_coded
from matcher.records.fhir.findings import Findings, Place, Seen
from matcher.records.fhir.named import seen_in_name
from matcher.records.fhir.nodes import Node, nodes
from matcher.records.fhir.observations import Test, references
from matcher.records.fhir.receptors import is_breast
from matcher.records.fhir.record import Record

MOST_NODES = 60
DISTANT, IN_SITU = "4", "0"
_CATEGORY = (
    r"(?:[cpyar]{0,2}(?:t(?:is|[0-4x])|n[0-3x]|m[01x])(?:mi|[a-d])?\d?(?:\((?:[if]|sn|i[+-])\))?|"
    r"g[1-4x]|(?:er|pr|her-?2)\s?:?\s?(?:[+-]|pos(?:itive)?|neg(?:ative)?))"
)
_STAGE = re.compile(
    r"(?:(?:clinical|pathologic(?:al)?)\s+stage\s+from\s+[\d/-]+:\s*)?"
    r"(?:(?:[cpy]{0,2}ajcc|american joint committee on cancer|uicc|tnm|figo|clinical|"
    r"pathologic(?:al)?|anatomic|prognostic|[5-9](?:th)? ed(?:ition|\.)?|[cpy]{1,2}),?:?\s+)*"
    r"(?:[cpy]{0,2}stage(?:\s+group)?\s*:?\s*)?"
    r"(?P<stage>0|is|[1-4]|iv|i{1,3})\s?[a-d]?\d?(?:\s+(?:clinical|pathologic(?:al)?))?"
    rf"(?:\s*\((?P<categories>{_CATEGORY}(?:[,;\s]+{_CATEGORY})*)\))?"
)
_IS_SPREAD = re.compile(r"m1")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "is": "0"}
_BEFORE = (
    r"(?:(?:ajcc|american joint committee on cancer|uicc|tnm|tumou?r stage|stage|category)\s+)*"
    r"(?:c|p|r|a|yc|yp)?"
)
_AFTER = r"(?:\s+(?:category|stage))?"
_SPREAD = re.compile(
    rf"{_BEFORE}m(?P<m>[01])(?:[a-d](?:\(\d\))?|\(i\+\))?{_AFTER}"
    r"(?:[\s:(,-]+distant metastas[ei]s(?: present)?\)?)?"
)
_NODES = re.compile(
    rf"{_BEFORE.replace('(?:c|p|r|a|yc|yp)', '(?P<how>c|p|yc|yp)')}"
    rf"n(?P<n>[0-3])(?:[a-d]|mi|\s?\((?:i[+-]|sn|mol[+-])\))*{_AFTER}"
    r"(?:\s*\((?P<positive>\d+)/\d+\))?"
    r"(?P<free>[\s:(,-]+no regional lymph node metastas[ei]s\)?)?"
)
# A category somewhere in a text: with more words around it the text says something of its own.
_SOME = re.compile(r"(?:^|\W)[a-z]{0,2}[mn][0-3x]\w*")


def read_staging(
    record: Record, tests: Iterable[Test], words: Codebook, found: Findings, cancers: Cancers
) -> None:
    """Read stage, spread and nodes; the stage is left out where it would deny an unclear spread."""
    told = list(tests)
    staged = _staged_by(record, cancers)
    _read_spread(record, told, words, found, cancers, staged)
    _read_stage(record, told, words, found, cancers, staged)
    _read_nodes(record, told, words, found, cancers)


def stage_of(coded: Coded, words: Codebook) -> str | None:
    """The stage that a concept names, as "0" to "4"; None if none or more than one."""
    if words.doubts(coded):
        return None
    codes = words.answer("stage", Coded(coded.codes))
    stagings = [code for address, code in coded.codes if words.is_in("staging", address)]
    texts = [*coded.texts, *stagings]
    if coded.codes and not codes and not stagings:
        # In a code of one's own a bare number may count something else.
        texts = [text for text in texts if not plain(text).isdecimal()]
    by_text = {stage for text in texts if (stage := _stage_in(text)) is not None}
    stages = by_text | ({codes} if codes else set())
    return stages.pop() if len(stages) == 1 else None


def _stage_in(text: str) -> str | None:
    found = _STAGE.fullmatch(plain(text))
    if found is None:
        return None
    stage = _ROMAN.get(found["stage"], found["stage"])
    # A stage II with M1 beside it cannot be right.
    spread = stage != DISTANT and _IS_SPREAD.search(found["categories"] or "")
    return None if spread else stage


def _read_stage(
    record: Record,
    tests: list[Test],
    words: Codebook,
    found: Findings,
    cancers: Cancers,
    staged: Mapping[int, set[int]],
) -> None:
    seen: list[Seen] = []
    for test in tests:
        if test.kind == "stage" and _is_main(record, test, found, cancers, staged):
            stage = stage_of(test.said.coded, words)
            if stage is None:
                found.skip(test.place, "value_not_read")
            else:
                seen.append(Seen(stage, test.on, test.place))
    seen.extend(_from_diagnoses(record, seen, words, found, cancers))
    unclear = cancers.unclear_spread and not cancers.spread
    if unclear and not any(one.value == DISTANT for one in seen):
        for one in seen:
            found.skip(one.place, "stage_aside")
        return
    if cancers.in_situ is not None and any(one.value != IN_SITU for one in seen):
        found.clash("stage", [Seen(IN_SITU, None, cancers.in_situ), *seen])
        cancers.in_situ = None
        return
    chosen = found.choose("stage", seen)
    if chosen is not None and not (unclear and chosen.value != DISTANT):
        found.put("stage", chosen.value, chosen.on)


def _from_diagnoses(
    record: Record, seen: list[Seen], words: Codebook, found: Findings, cancers: Cancers
) -> Iterable[Seen]:
    values = {one.value for one in seen}
    for primary in cancers.primaries:
        told: list[tuple[Coded, str | None, bool]] = [
            (coded, stage_of(coded, words), False)
            for one in nodes(primary.resource, "stage")
            if (coded := read_coded(one, "summary"))
        ]
        named = sorted(stages_named(primary.coded, words))
        told += [(Coded(texts=(f"Stage {one}",)), _ROMAN.get(one, one), True) for one in named]
        texts = primary.coded.texts
        if not named and (unread := [one for one in texts if STAGE.search(plain(one))]):
            told.append((Coded(texts=(unread[0],)), None, True))
        for coded, stage, by_name in told:
            place = Place(primary.number, f"{primary.place.what}: stage = {coded.shown}")
            if primary.cancer != cancers.main or primary.number in cancers.earlier:
                found.skip(place, "several_cancers")
            elif stage is None:
                found.skip(place, "value_not_read")
            elif stage in values:
                # The diagnosis repeats what the staging says: without its date it adds nothing.
                found.use(place, "stage", stage)
            elif by_name:
                yield seen_in_name(record, primary.resource, stage, place)
            else:
                yield Seen(stage, None, place)


def _staged_by(record: Record, cancers: Cancers) -> Mapping[int, set[int]]:
    """The observations that diagnoses of the main cancer name as their staging, with these."""
    staged: dict[int, set[int]] = {}
    for primary in cancers.mains:
        for stage in nodes(primary.resource, "stage"):
            for assessment in nodes(stage, "assessment"):
                entry = record.find(assessment, primary.resource)
                if entry is not None:
                    staged.setdefault(entry[0], set()).add(primary.number)
    return staged


def _is_main(
    record: Record, test: Test, found: Findings, cancers: Cancers, staged: Mapping[int, set[int]]
) -> bool:
    about: list[Node] = references(test.resource)
    named = set(staged.get(test.place.number, ()))
    if not named and not cancers.is_main(record, test.resource, about):
        found.skip(test.place, cancers.why_not())
        return False
    entries = [record.find(one, test.resource) for one in about]
    named |= {entry[0] for entry in entries if entry is not None}
    if cancers.earlier and (not named or named & cancers.earlier):
        # A cancer of the other breast, long over, may be the one that was staged.
        found.skip(test.place, "several_cancers")
        return False
    return True


def _read_spread(
    record: Record,
    tests: list[Test],
    words: Codebook,
    found: Findings,
    cancers: Cancers,
    staged: Mapping[int, set[int]],
) -> None:
    for test in tests:
        if test.kind != "m_category" or not _is_main(record, test, found, cancers, staged):
            continue
        spread = {match["m"] for match in _categories(_SPREAD, test, words)}
        if spread == {"1"}:
            found.use(test.place, "extent", "metastatic")
            cancers.spread = True
        else:
            found.skip(test.place, "no_spread_then" if spread == {"0"} else "value_not_read")


def _categories(pattern: re.Pattern[str], test: Test, words: Codebook) -> list[re.Match[str]]:
    """The categories that the value names; none if a text says more than a category alone."""
    said = test.said.coded
    matches = [pattern.fullmatch(text) for text in _texts(test)]
    rest = [text for text in map(plain, said.texts) if pattern.fullmatch(text) is None]
    if words.doubts(Coded(texts=tuple(rest))) or any(map(_SOME.search, rest)):
        return []
    return [match for match in matches if match is not None]


def _texts(test: Test) -> list[str]:
    coded = test.said.coded
    known = {"1229901006": "cm0", "30893008": "m0", "55440008": "m1"}
    return [*map(plain, coded.texts), *(known.get(code, plain(code)) for _, code in coded.codes)]


def _read_nodes(
    record: Record, tests: list[Test], words: Codebook, found: Findings, cancers: Cancers
) -> None:
    seen: list[Seen] = []
    counts = [test for test in tests if test.kind == "positive_nodes"]
    _read_count([test for test in counts if is_breast(record, test, found, cancers)], found)
    for test in tests:
        if test.kind.startswith("n_category") and is_breast(record, test, found, cancers):
            status, reason = _node_status(test, words)
            if status is None:
                found.skip(test.place, reason)
            else:
                seen.append(Seen(status, test.on, test.place))
    if "node_status" in found.answers:
        for one in seen:
            repeats = one.value == found.answers["node_status"]
            if repeats:
                found.use(one.place, "node_status", one.value)
            else:
                found.skip(one.place, "older")
        return
    chosen = found.choose("node_status", seen)
    if chosen is not None:
        found.put("node_status", chosen.value, chosen.on)


def _node_status(test: Test, words: Codebook) -> tuple[str | None, str]:
    matches = _categories(_NODES, test, words)
    told = {match.group("how", "n") for match in matches}
    numbers = {number for _, number in told}
    counts = {int(match["positive"]) for match in matches if match["positive"]}
    counts |= {0 for match in matches if match["free"]}
    if len(numbers) != 1 or any((count > 0) != (numbers != {"0"}) for count in counts):
        return None, "value_not_read"
    if numbers != {"0"}:
        return "positive", ""
    in_tissue = test.kind == "n_category_pathologic" or any(how in ("p", "yp") for how, _ in told)
    return ("negative", "") if in_tissue else (None, "nodes_by_touch")


def _read_count(tests: Iterable[Test], found: Findings) -> None:
    seen: list[Seen] = []
    for test in tests:
        span = test.said.span
        whole = span is not None and span.low == span.high == int(span.low)
        if span is None or not whole or not 0 <= span.low <= MOST_NODES:
            found.skip(test.place, "value_not_read")
        else:
            seen.append(Seen(int(span.low), test.on, test.place))
    chosen = found.choose("positive_nodes", seen)
    if chosen is not None:
        found.put("positive_nodes", chosen.value, chosen.on)
