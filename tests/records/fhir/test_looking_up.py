"""Looking up: codes and words are found as if every meaning were tried, in a time of their own."""

from __future__ import annotations

import pytest

from matcher.core.rulebook import Rulebook
from matcher.records.draft import Draft
from matcher.records.fhir import coded as looked_up
from matcher.records.fhir.coded import Codebook, Coded, loose, plain
from tests.records.fhir.bundles import bundle, observation, patient, read_all

BESIDE = ("", "history of ", "no ", "left ")


def test_every_word_of_the_rules_is_found_as_if_all_were_tried(rulebook: Rulebook) -> None:
    words = Codebook(rulebook)
    for group, concepts in rulebook.records.groups.items():
        told = {text for one in concepts for text in one.words}
        told |= {" ".join(parts) for one in concepts for parts in one.parts}
        for text in (f"{before}{one}" for one in sorted(told) for before in BESIDE):
            tried = [
                one.key
                for one in concepts
                if plain(text) in map(plain, one.words)
                or (
                    any(all(loose(part) in loose(text) for part in parts) for parts in one.parts)
                    and not any(loose(never) in loose(text) for never in one.never)
                )
            ]
            assert words.all_in_words(group, Coded(texts=(text,))) == tried, (group, text)


def test_every_code_of_the_rules_is_found(rulebook: Rulebook) -> None:
    words, systems = Codebook(rulebook), rulebook.records.systems
    count = 0
    for group, concepts in rulebook.records.groups.items():
        for concept_ in concepts:
            for system, codes in concept_.codes.items():
                for code in codes:
                    coded = Coded(codes=((systems[system][0], code),))
                    tried = [one.key for one in concepts if _has(one.codes, system, code)]
                    assert words.find(group, coded) == tried[0], (group, system, code)
                    count += 1
    assert count > 200


def _has(codes: object, system: str, code: str) -> bool:
    assert isinstance(codes, dict)
    listed = codes.get(system, ())
    return any(code.startswith(one) for one in listed) if system == "icd10" else code in listed


def test_many_results_are_not_each_held_against_every_meaning(
    rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0
    says = looked_up._Meaning.says

    def counted(meaning: looked_up._Meaning, text: str, words: str) -> bool:
        nonlocal tries
        tries += 1
        return says(meaning, text, words)

    monkeypatch.setattr(looked_up._Meaning, "says", counted)
    results = [
        observation(f"{n}-7", {"valueQuantity": {"value": 12}}, display=f"Hemoglobin {n}")
        for n in range(400)
    ]
    (draft,) = read_all(rulebook, bundle(patient(), *results))
    assert isinstance(draft, Draft)
    assert len(draft.unused) >= len(results)
    assert tries < 10 * len(results)
