"""Patient: age, gender, sex at birth, background and country, each only from its own field."""

from __future__ import annotations

from datetime import date

from matcher.records.fhir.coded import Codebook, Coded, read_coded
from matcher.records.fhir.findings import Findings, Place
from matcher.records.fhir.nodes import Node, extensions, nodes, word
from matcher.records.fhir.record import Record, read_date

GENDERS = {"female": "woman", "male": "man"}
SEXES = {"F": "female", "M": "male", "female": "female", "male": "male"}
ELDEST = 120


def read_patient(record: Record, words: Codebook, found: Findings) -> None:
    """Read what the patient's own resource tells."""
    if record.patient is None:
        return
    number, patient = record.patient
    found.skip(Place(number, "Patient"), "identity")
    _read_age(number, patient, record.today, found)
    _read_gender(number, patient, words, found)
    _read_sex(number, patient, found)
    _read_origins(number, patient, words, found)
    _read_country(number, patient, words, found)


def age_on(birth: str, day: str) -> int | None:
    """Whole years from one date to another, if both are complete enough to tell; else None."""
    earliest, latest = "01-01", "12-31"
    ages = {
        _age(birth, first, day, last) for first in (earliest, latest) for last in (earliest, latest)
    }
    return ages.pop() if len(ages) == 1 else None


def _age(birth: str, birth_rest: str, day: str, day_rest: str) -> int:
    born, then = _filled(birth, birth_rest), _filled(day, day_rest)
    return int(then[:4]) - int(born[:4]) - (then[5:] < born[5:])


def _filled(text: str, rest: str) -> str:
    return text if len(text) == 10 else f"{text}-{rest[3:] if len(text) == 7 else rest}"


def _read_age(number: int, patient: Node, today: date, found: Findings) -> None:
    place = Place(number, "Patient: birthDate")
    if patient.get("deceasedBoolean") is True or patient.get("deceasedDateTime"):
        found.skip(Place(number, "Patient: deceased"), "died")
        return
    if not patient.get("birthDate"):
        found.skip(place, "no_birth_date")
        return
    birth = read_date(patient.get("birthDate"))
    if birth is None or birth > today.isoformat():
        found.skip(place, "birth_date_wrong")
        return
    age = age_on(birth, today.isoformat())
    if age is None:
        found.skip(place, "birth_date_short")
    elif age > ELDEST:
        found.skip(place, "birth_date_wrong")
    else:
        found.use(place, "age", age)
        found.put("age", age)


def _read_gender(number: int, patient: Node, words: Codebook, found: Findings) -> None:
    told = word(patient, "gender")
    identities = extensions(patient, "genderIdentity")
    if not told or told == "unknown":
        if told or identities:
            found.skip(Place(number, "Patient: gender"), "gender_open")
        return
    place = Place(number, f"Patient: gender = {told[:20]}")
    gender = GENDERS.get(told)
    if gender is None or not all(_is_same(one, told, words) for one in identities):
        found.skip(place, "gender_open")
        return
    found.use(place, "gender", gender)
    found.put("gender", gender)


def _is_same(identity: Node, told: str, words: Codebook) -> bool:
    inner = next(
        (one for one in nodes(identity, "extension") if word(one, "url") == "value"), identity
    )
    coded = read_coded(inner, "valueCodeableConcept") or read_coded(inner, "valueCoding")
    return words.only("gender_identities", coded) == told


def _read_sex(number: int, patient: Node, found: Findings) -> None:
    told = {word(one, "valueCode") for one in extensions(patient, "us-core-birthsex")}
    if not told:
        return
    place = Place(number, "Patient: birth sex")
    sexes = {SEXES.get(one) for one in told}
    sex = sexes.pop()
    if sexes or sex is None:
        found.skip(place, "sex_open")
        return
    found.use(place, "sex_at_birth", sex)
    found.put("sex_at_birth", sex)


def _read_origins(number: int, patient: Node, words: Codebook, found: Findings) -> None:
    for name in ("us-core-race", "us-core-ethnicity"):
        for group in extensions(patient, name):
            parts = nodes(group, "extension")
            told = [one for one in parts if word(one, "url") != "text"]
            for one in told or nodes(group, "valueCodeableConcept") or parts:
                coded = (
                    read_coded(one, "valueCoding")
                    or read_coded(one, "valueString")
                    or read_coded({"c": one}, "c")
                )
                place = Place(number, f"Patient: {coded.shown or name}")
                origin = words.only("races", Coded(coded.codes))
                if not coded.codes:
                    origin = words.answer("race_ethnicity", coded)
                if origin is None:
                    found.skip(place, "origin_open")
                else:
                    found.use(place, "race_ethnicity", origin)
                    found.add("race_ethnicity", origin)


def _read_country(number: int, patient: Node, words: Codebook, found: Findings) -> None:
    current = [
        one
        for one in nodes(patient, "address")
        if word(one, "use") not in ("old", "temp", "billing", "work") and word(one, "country")
    ]
    told = {words.answer("country", Coded(texts=(word(one, "country"),))) for one in current}
    country = told.pop() if len(told) == 1 else None
    if country is not None and "country" in words.book.attributes:
        found.use(Place(number, "Patient: country"), "country", country)
        found.put("country", country)
