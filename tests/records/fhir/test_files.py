"""Files: several people, other forms, and bombs that are refused before they unfold."""

from __future__ import annotations

import json
import time
import tracemalloc
from collections.abc import Callable

import pytest

from matcher.core.rulebook import Rulebook
from matcher.records.draft import Draft, Refusal
from tests.records.fhir.bundles import (
    NEGATIVE,
    POSITIVE,
    bundle,
    condition,
    observation,
    patient,
    read,
    read_all,
)

MILLION = 1_000_000
START = b'{"resourceType":"Bundle","entry":['
PATIENT_WITH = b'{"resource":{"resourceType":"Patient","x":'
ENTRY = b'{"resource":{"resourceType":"Observation"}}'


def test_two_people_are_two_drafts(rulebook: Rulebook) -> None:
    other = patient(id="p2", gender="male", birthDate="1970-01-01")
    theirs = condition(
        "399068003", "Malignant tumor of prostate", id="c2", subject={"reference": "Patient/p2"}
    )
    drafts = read_all(rulebook, bundle(patient(), condition(), other, theirs))
    assert [one.answers["cancer"] for one in drafts if isinstance(one, Draft)] == [
        ["breast", "unknown"],
        ["prostate", "unknown"],
    ]
    assert [one.source for one in drafts] == ["file.json, person 1", "file.json, person 2"]


def test_what_is_about_somebody_else_is_not_used(rulebook: Rulebook) -> None:
    stranger = observation("40556-3", POSITIVE, subject={"reference": "Patient/p9"})
    draft = read(rulebook, patient(), condition(), stranger)
    assert "er" not in draft.answers
    assert any("somebody else" in one.why for one in draft.unused)


@pytest.mark.parametrize("kind", ["collection", "transaction", "searchset", "document"])
def test_every_type_of_bundle(kind: str, rulebook: Rulebook) -> None:
    (draft,) = read_all(rulebook, bundle(patient(), condition(), kind=kind))
    assert isinstance(draft, Draft)
    assert draft.answers["cancer"] == ["breast", "unknown"]


def test_references_by_urn_and_by_address(rulebook: Rulebook) -> None:
    for subject in ("urn:uuid:p1", "http://hospital.example/fhir/Patient/p1"):
        draft = read(rulebook, patient(), condition(subject={"reference": subject}))
        assert draft.answers["cancer"] == ["breast", "unknown"]


ELSEWHERE = "https://elsewhere.example/fhir/Patient/p1"


@pytest.mark.parametrize(
    "subject",
    [
        {"display": "Mother of patient"},
        {"identifier": {"system": "urn:mrn", "value": "B"}},
        {"identifier": {"system": "urn:other", "value": "A"}},
        {"reference": ELSEWHERE},
        {"reference": "RelatedPerson/p1"},
    ],
)
def test_what_may_be_about_somebody_else_is_not_used(
    subject: dict[str, object], rulebook: Rulebook
) -> None:
    me = patient(identifier=[{"system": "urn:mrn", "value": "A"}])
    doubtful = observation("40556-3", POSITIVE, subject=subject)
    draft = read(rulebook, me, condition(), doubtful)
    assert "er" not in draft.answers
    assert any("40556-3" in one.what for one in draft.unused)


def test_a_person_is_known_by_identifier_and_by_the_address_of_the_bundle(
    rulebook: Rulebook,
) -> None:
    me = patient(identifier=[{"system": "urn:mrn", "value": "A"}])
    mine = condition(subject={"identifier": {"system": "urn:mrn", "value": "A"}})
    assert read(rulebook, me, mine).answers["cancer"] == ["breast", "unknown"]
    here = bundle(patient(), condition(subject={"reference": ELSEWHERE}), condition(id="c2"))
    here = here.replace(b"urn:uuid:p1", ELSEWHERE.encode())
    (draft,) = read_all(rulebook, here)
    assert isinstance(draft, Draft)
    assert [one.key for one in draft.used].count("cancer") == 2


def test_a_result_of_tomorrow_in_another_zone_keeps_its_date(rulebook: Rulebook) -> None:
    old = observation("40556-3", POSITIVE, on="2020-01-10")
    new = observation("40556-3", NEGATIVE, on="2026-12-02T00:30:00+09:00")
    draft = read(rulebook, patient(), condition(), old, new)
    assert draft.answers["er"] == "negative"


def test_a_medicine_may_stand_elsewhere(rulebook: Rulebook) -> None:
    drug = {"resourceType": "Medication", "id": "d1", "code": {"text": "palbociclib"}}
    taken = {"resourceType": "MedicationStatement", "id": "m1", "status": "active"}
    here = {**taken, "medicationReference": {"reference": "Medication/d1"}}
    inside = {
        **taken,
        "contained": [drug],
        "medicationReference": {"reference": "#d1"},
    }
    assert read(rulebook, condition(subject={}), here, drug).answers["treatments_now"]
    assert read(rulebook, condition(subject={}), inside).answers["treatments_now"]


def test_the_same_part_twice_is_read_once(rulebook: Rulebook) -> None:
    draft = read(rulebook, patient(), patient(), condition())
    assert draft.answers["age"] == 67
    assert any("twice" in one.why for one in draft.unused)


def test_bundles_in_a_bundle_are_read_as_one(rulebook: Rulebook) -> None:
    answers = [json.loads(bundle(one, kind="searchset")) for one in (patient(), condition())]
    whole = json.dumps(
        {
            "resourceType": "Bundle",
            "type": "batch-response",
            "entry": [{"resource": one, "response": {"status": "200"}} for one in answers],
        }
    )
    (draft,) = read_all(rulebook, whole.encode())
    assert isinstance(draft, Draft)
    assert draft.answers["age"] == 67
    assert draft.answers["cancer"] == ["breast", "unknown"]


@pytest.mark.parametrize("between", ["\n", "\r\n", "\n\n"])
def test_resources_one_a_line_are_read_as_one_record(between: str, rulebook: Rulebook) -> None:
    whole = json.loads(bundle(observation("40556-3", POSITIVE)))
    lines = between.join(json.dumps(one) for one in (patient(), condition(), whole))
    for end in ("", between):
        (draft,) = read_all(rulebook, (lines + end).encode())
        assert isinstance(draft, Draft)
        assert draft.answers["age"] == 67
        assert draft.answers["er"] == "positive"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"versionId": "2"}, {"versionId": "10"}),
        ({"lastUpdated": "2026-01-01T10:00:00Z"}, {"lastUpdated": "2026-01-01T08:00:00-05:00"}),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_of_two_states_of_a_resource_the_newer_counts(
    old: dict[str, str], new: dict[str, str], turned: bool, rulebook: Rulebook
) -> None:
    states = [
        patient(meta=old),
        patient(meta=new, birthDate="1960-01-01"),
        observation("40556-3", POSITIVE, meta=old),
        observation("40556-3", NEGATIVE, meta=new),
    ]
    draft = read(rulebook, condition(), *(reversed(states) if turned else states))
    assert draft.answers["age"] == 66
    assert draft.answers["er"] == "negative"
    assert sum("newer" in one.why for one in draft.unused) == 2


def test_states_that_do_not_say_which_is_newer_are_both_read(rulebook: Rulebook) -> None:
    states = [observation("40556-3", POSITIVE), observation("40556-3", NEGATIVE)]
    draft = read(rulebook, patient(), condition(), *states)
    assert "er" not in draft.answers
    assert [one.key for one in draft.clashes] == ["er"]


def test_a_single_resource_is_read(rulebook: Rulebook) -> None:
    (draft,) = read_all(rulebook, json.dumps(patient()).encode())
    assert isinstance(draft, Draft)
    assert draft.answers["age"] == 67


REFUSED = {
    "empty file": b"",
    "no resources": b'{"resourceType": "Bundle", "type": "collection"}',
    "empty entries": START + b"]}",
    "entries that are none": b'{"resourceType": "Bundle", "entry": {"a": 1}}',
    "not JSON": b"er;pr;her2\n",
    "cut off": bundle(patient())[:-9],
    "a list": json.dumps([patient()]).encode(),
    "two documents": json.dumps(patient(), indent=1).encode() + b"\n{}",
    "lines of something else": b'{"answers": {}}\n{"answers": {}}\n',
    "a broken line": json.dumps(patient()).encode() + b'\n{"resourceType": }',
    "no kind": b'{"answers": {}}',
    "a number": b"1",
    "null": b"null",
    "key twice": b'{"resourceType": "Patient", "id": "1", "id": "2"}',
    "not a number": START + b'{"resource":{"resourceType":"Patient","x":NaN}}]}',
    "long number": START + b'{"resource":{"resourceType":"Patient","x":%s}}]}' % (b"9" * 9000),
    "not UTF-8": START + b'{"resource":{"resourceType":"Patient","x":"\xff"}}]}',
    "XML": b'<?xml version="1.0"?>\n<Bundle xmlns="http://hl7.org/fhir"/>',
    "UTF-16": bundle(patient()).decode().encode("utf-16"),
}


@pytest.mark.parametrize("content", REFUSED.values(), ids=REFUSED)
def test_refused_with_a_reason(content: bytes, rulebook: Rulebook) -> None:
    (refusal,) = read_all(rulebook, content)
    assert isinstance(refusal, Refusal)
    assert refusal.problem


ODD = [
    {"resourceType": 7},
    {"resourceType": "Observation", "code": [[]], "component": "x", "status": []},
    {"resourceType": "Condition", "code": {"coding": [None, 1, {"code": 1}]}, "stage": {"a": 1}},
    {"resourceType": "Patient", "extension": [{"url": 3}], "birthDate": [], "address": "x"},
    {"resourceType": "Observation", "status": "final", "valueQuantity": {"value": 1e999}},
    {"resourceType": "MedicationRequest", "status": "active", "medication": [], "text": "\ud800"},
    {"resourceType": "Observation\ud800\n\u202e", "subject": {"reference": "#\ud800"}},
    {"resourceType": "FamilyMemberHistory", "status": "completed", "condition": [{}]},
    {"resourceType": "DiagnosticReport", "result": [{"reference": "#x"}, 1], "code": {}},
]


@pytest.mark.parametrize("odd", ODD)
def test_odd_parts_do_no_harm(odd: dict[str, object], rulebook: Rulebook) -> None:
    content = bundle(patient(), odd).replace(b"Infinity", b"1e999")
    for draft in read_all(rulebook, content):
        assert isinstance(draft, Draft)
        for one in (*draft.used, *draft.unused):
            one.what.encode("utf-8")
            assert "\n" not in one.what


BOMBS = {
    "brackets": lambda: b"[" * (20 * MILLION),
    "objects": lambda: b'{"a":' * (4 * MILLION),
    "deep": lambda: START + b'{"resource":' + b"[" * 200_000 + b"]" * 200_000 + b"}]}",
    "quotes": lambda: b'""' * (10 * MILLION),
    "entries": lambda: START + b",".join([ENTRY] * 400_000) + b"]}",
    "values": lambda: (
        START + b'{"resource":{"resourceType":"Patient","x":[' + b"0," * 480_000 + b"0]}}]}"
    ),
    "beside": lambda: b'{"x":[' + b"0," * (9 * MILLION) + b"0]," + START[1:] + ENTRY + b"]}",
    "too large": lambda: b" " * (20 * MILLION + 1),
    "blank": lambda: b" " * (20 * MILLION),
    "blank lines": lambda: b"{}" + b"\n" * (19 * MILLION) + b"{}",
    "lines": lambda: b'{"resourceType":"Basic"}\n' * 400_000,
    "a blank line": lambda: b'{"a":1}\n' + b" " * (19 * MILLION) + b"\n{}",
    "unclosed": lambda: START + b'{"a":"' + b'\\"' * (5 * MILLION),
    "unclosed after a backslash": lambda: START + b'{"a":"' + b"\\a" * (9 * MILLION),
    "people": lambda: (
        START
        + b",".join(b'{"resource":{"resourceType":"Patient","id":"%d"}}' % n for n in range(3_000))
        + b"]}"
    ),
}


@pytest.mark.parametrize("make", BOMBS.values(), ids=BOMBS)
def test_bombs_are_refused_at_once(make: Callable[[], bytes], rulebook: Rulebook) -> None:
    content = make()
    tracemalloc.start()
    try:
        began = time.process_time()
        (refusal,) = read_all(rulebook, content)
        took = time.process_time() - began
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert isinstance(refusal, Refusal)
    # Tracing makes it three times slower: a third of it without.
    assert took < 3
    assert peak < 50 * MILLION


@pytest.mark.parametrize("text", ["a" + " " * 4_000 + "x", "a " * 2_000, "5" + " " * 4_000 + "x"])
def test_a_value_of_blanks_is_read_at_once(text: str, rulebook: Rulebook) -> None:
    began = time.process_time()
    draft = read(rulebook, patient(), condition(), observation("85329-1", text))
    assert "er" not in draft.answers
    assert time.process_time() - began < 1


def test_a_large_part_is_named_and_the_rest_is_read(rulebook: Rulebook) -> None:
    scan = {"resourceType": "DocumentReference", "content": "a" * (2 * MILLION)}
    draft = read(rulebook, patient(), scan)
    assert draft.answers["age"] == 67
    assert any("too large" in one.why for one in draft.unused)
