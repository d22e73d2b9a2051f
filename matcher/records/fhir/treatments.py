"""Treatments: medicines and procedures, had for the main cancer or being taken now."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from matcher.records.fhir.cancers import Cancers
from matcher.records.fhir.coded import Codebook, Coded, read_coded
from matcher.records.fhir.drugs import Drugs
from matcher.records.fhir.findings import Findings, Place
from matcher.records.fhir.known_words import is_told_as_done
from matcher.records.fhir.nodes import Node, has_profile, node, nodes, word
from matcher.records.fhir.reasons import named_reasons, reasons_in_words
from matcher.records.fhir.record import Record, place_of, read_date

MEDICINES = ("MedicationStatement", "MedicationRequest", "MedicationAdministration")
FOR_CANCER = (
    "mcode-cancer-related",
    "onco-core-Medication",
    "mcode-radiotherapy",
    "mcode-teleradiotherapy",
    "mcode-brachytherapy",
)
ORDERS = ("order", "original-order", "instance-order", "filler-order", "reflex-order", "")
NOW, HAD, NOT, OPEN = "now", "had", "not", "open"
STANDINGS = {
    "MedicationStatement": {
        "active": NOW, "completed": HAD, "stopped": HAD, "on-hold": HAD,
        "intended": NOT, "not-taken": NOT, "recorded": OPEN, "unknown": OPEN,
    },
    "MedicationRequest": {
        "active": NOW, "completed": HAD, "stopped": HAD, "on-hold": OPEN,
        "cancelled": NOT, "draft": NOT, "ended": HAD, "unknown": OPEN,
    },
    "MedicationAdministration": {
        "in-progress": NOW, "completed": HAD, "stopped": HAD, "on-hold": HAD,
        "not-done": NOT, "unknown": OPEN,
    },
    "Procedure": {
        "completed": HAD, "in-progress": NOW, "not-done": NOT, "preparation": NOT,
        "suspended": OPEN, "aborted": NOT, "stopped": OPEN, "on-hold": OPEN, "unknown": OPEN,
    },
}  # fmt: skip
NARROWER = {"mastectomy": ["lumpectomy"], "reconstruction": ["implant_reconstruction"]}
"""Words that stand within the words for something narrower, such as "partial mastectomy"."""
SURGERY = ("mastectomy", "lumpectomy", "reconstruction", "implant_reconstruction", "surgery")
YEAR = timedelta(days=365)
LONGEST = 10 * YEAR
"""How long a treatment of a cancer goes on at most without a new word of it."""


@dataclass(frozen=True)
class Given:
    """One treatment on record: its resource, and whether it is `NOW`, `HAD`, `NOT` or `OPEN`."""

    number: int
    resource: Node
    place: Place
    standing: str
    status: str


def read_treatments(record: Record, words: Codebook, found: Findings, cancers: Cancers) -> None:
    """Read what was taken and done."""
    drugs = Drugs(words)
    for given in _given(record, words, found, MEDICINES):
        _read_medicine(record, given, drugs, found, cancers)
    for given in _given(record, words, found, ("Procedure",)):
        _read_procedure(record, given, words, found, cancers)


def _given(
    record: Record, words: Codebook, found: Findings, kinds: tuple[str, ...]
) -> Iterator[Given]:
    for number, resource in record.of(*kinds):
        kind = word(resource, "resourceType")
        status = word(resource, "status").casefold()
        standing = STANDINGS[kind].get(status, OPEN)
        done = kind == "Procedure"
        name = read_coded(resource, "code") if done else _medicine(record, resource, words)
        on = _date(record, resource)
        said = ", ".join(part for part in (name.shown, status, on or "") if part)
        place = Place(number, f"{kind}: {said}")
        if status == "entered-in-error":
            found.skip(place, "error")
        else:
            yield Given(number, resource, place, standing, status)


def _date(record: Record, resource: Node) -> str | None:
    keys = (
        "effectivePeriod", "effectiveDateTime", "performedPeriod", "performedDateTime",
        "occurrencePeriod", "occurrenceDateTime", "occurenceDateTime", "authoredOn", "dateAsserted",
    )  # fmt: skip
    return record.on(resource, *keys)


def _told_on(record: Record, given: Given) -> str | None:
    """When it was said to be so: on the day of the statement, else when it is said to have been."""
    return record.on(given.resource, "dateAsserted") or _date(record, given.resource)


def _medicine(record: Record, resource: Node, words: Codebook) -> Coded:
    """The medicine as told; where only codes are told, with the names of their ingredients."""
    coded = read_coded(resource, "medicationCodeableConcept")
    reference = node(resource, "medicationReference")
    if not coded and "medication" in resource:
        coded = read_coded(node(resource, "medication"), "concept")
        reference = reference or node(node(resource, "medication"), "reference")
    entry = record.find(reference, resource) if reference else None
    if entry is not None:
        inner = [read_coded(entry[1], "code")]
        for one in nodes(entry[1], "ingredient"):
            inner.append(read_coded(one, "itemCodeableConcept"))
        coded = Coded(
            coded.codes + sum((one.codes for one in inner), ()),
            coded.texts + sum((one.texts for one in inner), ()),
        )
    if not coded and word(reference, "display"):
        coded = Coded(texts=(word(reference, "display"),))
    return coded if coded.texts else words.named("ingredients", coded)


def _read_medicine(
    record: Record, given: Given, drugs: Drugs, found: Findings, cancers: Cancers
) -> None:
    words = drugs.words
    resource, place = given.resource, given.place
    coded = _medicine(record, resource, words)
    entry = record.find(node(resource, "medicationReference"), resource)
    if entry is not None and entry[0] >= 0 and entry[0] not in found.touched:
        found.skip(place_of(*entry), "medicine_told")
    if not coded.texts:
        found.skip(place, "drug_not_read")
        return
    classes, doubtful = drugs.classes(coded.texts)
    standing = _standing(given)
    if words.doubts(coded) or (not classes and drugs.is_taken_back(coded.texts)):
        found.skip(place, "doubtful_care")
    elif not classes:
        found.skip(place, "drug_not_asked")
    elif standing in (NOT, OPEN):
        reason = "not_taken" if standing == NOT else "taken_open"
        found.skip(place, reason, status=given.status[:30] or "–")
    elif (tie := _tie(record, given, words, cancers)) != "":
        found.skip(place, tie)
    elif doubtful and not _is_for_cancer(record, given, cancers):
        found.skip(place, "drug_other_use")
    else:
        now = standing == NOW and _is_now(record, given)
        if standing == NOW and not now:
            found.skip(place, "not_now")
        for one in classes:
            _add(place, _for_main(one, found, cancers), found, now=now, on=_told_on(record, given))


def _standing(given: Given) -> str:
    resource = given.resource
    if resource.get("doNotPerform") is True or resource.get("wasNotTaken") is True:
        return NOT
    taken = word(resource, "taken").casefold()
    if taken in ("n", "unk", "na"):
        return NOT if taken == "n" else OPEN
    if word(resource, "resourceType") == "MedicationRequest":
        intent = word(resource, "intent").casefold()
        if intent not in ORDERS:
            return NOT
    return given.standing


def _is_now(record: Record, given: Given) -> bool:
    """A statement says that it is so, for `LONGEST`; an order or one dose for a year at most."""
    resource, today = given.resource, record.today.isoformat()
    period = node(resource, "effectivePeriod") or node(resource, "performedPeriod")
    end, start = read_date(period.get("end")), read_date(period.get("start"))
    for dose in nodes(resource, "dosageInstruction"):
        bounds = node(node(node(dose, "timing"), "repeat"), "boundsPeriod")
        end = end or read_date(bounds.get("end"))
    end = end or read_date(node(node(resource, "dispenseRequest"), "validityPeriod").get("end"))
    if (end is not None and end < today[: len(end)]) or (start is not None and start > today):
        return False
    if word(resource, "resourceType") == "MedicationStatement":
        told = (resource.get("effectiveDateTime"), start, resource.get("dateAsserted"))
        days = [_last_day(on) for one in told if (on := read_date(one)) is not None]
        return not days or max(days) >= record.today - LONGEST
    on = _date(record, resource)
    return on is not None and _last_day(on) >= record.today - YEAR


def _last_day(on: str) -> date:
    """The first day that a date surely reaches: of a month or year its first."""
    return date.fromisoformat(f"{on}-01-01"[:10] if len(on) < 10 else on)


def _tie(record: Record, given: Given, words: Codebook, cancers: Cancers) -> str:
    """Why a treatment is not one of the main cancer; "" if it is."""
    if not cancers.listed:
        return "no_cancer"
    if cancers.main is None:
        return "several_cancers"
    reasons = named_reasons(record, given.resource)
    told = reasons_in_words(record, given.resource)
    if any(not _is_main_in_words(one, words, cancers) for one in told):
        return "not_for_cancer"
    if reasons:
        return "" if cancers.is_main(record, given.resource, reasons) else "not_for_cancer"
    return "" if len(cancers.listed) == 1 else "several_cancers"


def _is_main_in_words(reason: Coded, words: Codebook, cancers: Cancers) -> bool:
    """Whether a reason is the main cancer itself, not its risk, its prevention or a relative's."""
    if words.doubts(reason) or words.find("diagnoses", Coded(texts=reason.texts)) == "not_cancer":
        return False
    if words.find("diagnoses", reason) == "secondary" and not words.only("cancers", reason):
        # Its spread, whose words do not name where it comes from.
        return len(cancers.listed) == 1
    return words.only("cancers", reason) == cancers.main


def _is_for_cancer(record: Record, given: Given, cancers: Cancers) -> bool:
    reasons = named_reasons(record, given.resource)
    tied = bool(reasons) and cancers.is_main(record, given.resource, reasons)
    # What a reason in words names was already compared with the main cancer.
    tied = tied or bool(reasons_in_words(record, given.resource))
    return tied or has_profile(given.resource, *FOR_CANCER)


def _for_main(one: str, found: Findings, cancers: Cancers) -> str:
    """Shots that stop the ovaries are just hormone therapy for those without ovaries."""
    sex = found.answers.get("sex_at_birth")
    male = sex == "male" or (sex is None and found.answers.get("gender") == "man")
    if one == "ovarian_suppression" and (cancers.main == "prostate" or male):
        return "hormone_therapy"
    return one


def _add(place: Place, value: str, found: Findings, *, now: bool, on: str | None) -> None:
    found.use(place, "treatments_now" if now else "treatments", value)
    found.add("treatments", value)
    if now:
        found.add("treatments_now", value)
        if on is not None:
            # The oldest counts for the whole list: what is old may be over, and wants a look.
            found.dates["treatments_now"] = min(found.dates.get("treatments_now", on), on)


def _read_procedure(
    record: Record, given: Given, words: Codebook, found: Findings, cancers: Cancers
) -> None:
    place = given.place
    coded = read_coded(given.resource, "code")
    kind = words.find("procedures", coded)
    cancerous = _is_for_cancer(record, given, cancers)
    sure = set(words.all_meanings("procedures", Coded(coded.codes)))
    if has_profile(given.resource, "mcode-radiotherapy", "radiation-procedure"):
        kind = kind or "radiation"
        sure.add("radiation")
    if kind is None and has_profile(given.resource, "mcode-cancer-related-surgical-procedure"):
        kind = "surgery"
    by_words = words.find("procedures", Coded(texts=coded.texts))
    if words.doubts(coded):
        found.skip(place, "doubtful_care")
    elif words.disagrees("procedures", coded):
        found.skip(place, "codes_disagree")
    elif kind is None or "nothing" in (kind, by_words):
        found.skip(place, "procedure_not_asked")
    elif given.standing in (NOT, OPEN):
        reason = "not_done" if given.standing == NOT else "taken_open"
        found.skip(place, reason, status=given.status[:30] or "–")
    elif (tie := _tie(record, given, words, cancers)) != "":
        found.skip(place, tie)
    else:
        for one in _kinds(str(kind), coded, words):
            done = one in sure or is_told_as_done(one, coded, words)
            if (
                not done
                or (one == "oophorectomy" and not cancerous)
                or _is_elsewhere(one, coded, words, cancers)
            ):
                found.skip(place, "not_for_cancer" if done else "doubtful_care")
                continue
            now = given.standing == NOW and _is_now(record, given) and one not in SURGERY
            _add(place, one, found, now=now, on=_told_on(record, given))


def _kinds(first: str, coded: Coded, words: Codebook) -> list[str]:
    """The treatments that a text names together: "mastectomy with reconstruction"."""
    told = dict.fromkeys([first, *words.all_in_words("procedures", coded)])
    return [one for one in told if not set(told) & set(NARROWER.get(one, ()))]


def _is_elsewhere(kind: str, coded: Coded, words: Codebook, cancers: Cancers) -> bool:
    """Whether it treats another cancer, as an operation on the breast does for all but one."""
    named = set(words.all_in_words("cancers", coded))
    if kind == "radiation":
        named |= set(words.all_in_words("places", coded))
    return bool(named - {cancers.main}) or (kind in SURGERY[:-1] and cancers.main != "breast")
