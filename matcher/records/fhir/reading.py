"""Reading: one file with a FHIR bundle into a draft for each person in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from matcher.core.rulebook import Rulebook
from matcher.records.draft import CROWD, NOBODY, Draft, Refusal
from matcher.records.fhir.cancers import finish_cancers, read_cancers
from matcher.records.fhir.coded import Codebook
from matcher.records.fhir.findings import Findings
from matcher.records.fhir.observations import read_tests
from matcher.records.fhir.others import (
    note_the_rest,
    read_disease_status,
    read_family,
    read_states,
)
from matcher.records.fhir.parsing import BundleError, parse_bundle
from matcher.records.fhir.patient import read_patient
from matcher.records.fhir.receptors import read_receptors
from matcher.records.fhir.recognising import marks_of
from matcher.records.fhir.record import MOST_PEOPLE, Record, names_person, people_of, place_of
from matcher.records.fhir.secondaries import read_secondaries
from matcher.records.fhir.staging import read_staging
from matcher.records.fhir.treatments import read_treatments
from matcher.records.fhir.variants import read_variants
from matcher.records.fhir.versions import without_repeats


def read_bundle(
    content: bytes, book: Rulebook, *, source: str, today: date, language: str = "en"
) -> Iterator[Draft | Refusal]:
    """The drafts of a bundle's people, or a refusal of the whole file; never raises for bad input.

    `language` is that of the reasons in the report.
    """
    try:
        resources = parse_bundle(content)
    except BundleError as error:
        yield Refusal(source, error.path, error.value, error.problem, error.reason)
        return
    resources, repeated = without_repeats(resources)
    people, strangers = people_of(resources, today=today)
    if not people:
        yield Refusal(source, "entry", None, "nobody is in this bundle", NOBODY)
        return
    if len(people) > MOST_PEOPLE:
        problem = f"more than {MOST_PEOPLE} people are in this bundle"
        yield Refusal(source, "entry", len(people), problem, CROWD)
        return
    words = Codebook(book)
    for count, record in enumerate(people, start=1):
        found = _read(record, words, language)
        if count == 1:
            for number in strangers:
                stranger = resources[number][1]
                reason = "other_person" if names_person(stranger) else "no_person"
                found.skip(place_of(number, stranger), reason)
            for number, (resource, reason) in enumerate(repeated, start=len(resources)):
                found.skip(place_of(number, resource), reason)
        draft = found.draft(source if len(people) == 1 else f"{source}, person {count}")
        yield replace(draft, marks=marks_of(record))


def _read(record: Record, words: Codebook, language: str) -> Findings:
    found = Findings(words.book, language=language)
    read_patient(record, words, found)
    cancers = read_cancers(record, words, found)
    read_secondaries(record, words, found, cancers)
    tests = read_tests(record, words, found)
    read_receptors(record, tests, words, found, cancers)
    read_variants(record, tests, words, found, cancers)
    read_staging(record, tests, words, found, cancers)
    finish_cancers(found, cancers, clear=read_disease_status(tests, words, found))
    read_treatments(record, words, found, cancers)
    read_family(record, words, found)
    read_states(record, tests, words, found, cancers)
    note_the_rest(record, found)
    return found
