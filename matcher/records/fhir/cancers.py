"""Cancers: which the person has or had, which is the main one, and how far it has spread."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from matcher.records.fhir.age_found import read_age_found
from matcher.records.fhir.alongside import read_recurrence
from matcher.records.fhir.coded import Codebook, Coded, plain, read_coded
from matcher.records.fhir.findings import Findings, Place
from matcher.records.fhir.known_words import names_first, names_spread
from matcher.records.fhir.nodes import Node, extensions, has_profile
from matcher.records.fhir.record import Record, place_of
from matcher.records.fhir.standings import (
    ACTIVE,
    OVER,
    RECURRED,
    standing_of,
    verification_of,
)

_SPREAD_FROM = re.compile(
    r"(.+?),? (?:with (?:[\w-]+ ){0,4}?(?:metastas[ei]s|mets)\b"
    r"|(?:metastatic|metastasi[sz]ed|mets) to )"
)
PRIMARY = ("primary-cancer-condition", "onco-core-PrimaryCancerCondition")
SECONDARY = ("secondary-cancer-condition", "onco-core-SecondaryCancerCondition")


@dataclass(frozen=True)
class Primary:
    """One diagnosis of a primary cancer; `standing` is the clinical status, "" if not told."""

    number: int
    resource: Node
    place: Place
    cancer: str
    standing: str
    coded: Coded


@dataclass
class Cancers:
    """The cancers of one record. `main` is None while it is not clear which it is."""

    primaries: list[Primary] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)
    main: str | None = None
    secondary: list[tuple[int, Node, Coded]] = field(default_factory=list)
    spread: bool = False
    unclear_spread: bool = False
    in_situ: Place | None = None
    advanced: Place | None = None
    receptors: list[tuple[int, Node, Coded]] = field(default_factory=list)
    genes: list[tuple[int, Node, Coded]] = field(default_factory=list)
    menopause: list[tuple[int, Node, Coded]] = field(default_factory=list)

    @property
    def mains(self) -> list[Primary]:
        """The diagnoses of the main cancer."""
        return [one for one in self.primaries if one.cancer == self.main]

    @property
    def earlier(self) -> set[int]:
        """The numbers of the diagnoses of the main cancer that are over, beside one that is not."""
        over = {one.number for one in self.mains if one.standing in OVER}
        return over if len(over) < len({one.number for one in self.mains}) else set()

    def is_main(self, record: Record, owner: Node, references: list[Node]) -> bool:
        """Whether what these references name is the main cancer; without any, if it is the only."""
        if self.main is None:
            return False
        if not references:
            return len(self.listed) == 1
        numbers = {one.number for one in self.mains} | {number for number, _, _ in self.secondary}
        found = [record.find(reference, owner) for reference in references]
        return all(one is not None and one[0] in numbers for one in found)

    def why_not(self) -> str:
        """The reason for what is_main refuses."""
        if not self.listed:
            return "no_cancer"
        return "several_cancers" if len(self.listed) > 1 else "focus_open"


def read_cancers(record: Record, words: Codebook, found: Findings) -> Cancers:
    """Read the diagnoses; staging may still tell of more spread."""
    cancers = Cancers()
    for number, resource in record.of("Condition"):
        _sort(number, resource, words, found, cancers)
    for number, resource, coded in () if cancers.primaries else cancers.secondary:
        origin = _spread_from(coded, words)
        if origin is not None:
            place, told = place_of(number, resource), (origin, Coded())
            _add(place, (number, resource), told, "primary", words, found, cancers)
    for primary in cancers.primaries:
        found.use(primary.place, "cancer", primary.cancer)
    for cancer in cancers.listed:
        found.add("cancer", cancer)
    cancers.main = _main(cancers)
    if cancers.main is not None:
        found.put("main_cancer", cancers.main)
        _read_main(record, words, found, cancers)
    return cancers


def finish_cancers(found: Findings, cancers: Cancers, *, clear: bool) -> None:
    """Whether the person has cancer now, and how far it went, when all has been read.

    `clear`: some look found no cancer; then a diagnosis that is still "active" says little.
    """
    if cancers.spread and cancers.main is not None:
        found.put("extent", "metastatic")
        found.put("cancer_status", "now")
    for told, value in ((cancers.in_situ, "in_situ"), (cancers.advanced, "locally_advanced")):
        if told is None:
            continue
        place = Place(told.number, f"{told.what} ({value.replace('_', ' ')})")
        if cancers.spread or cancers.unclear_spread:
            found.skip(place, "spread_since")
        else:
            found.use(place, "extent", value)
            found.put("extent", value)
    standings = {one.standing for one in cancers.mains}
    if "cancer_status" not in found.answers and standings:
        if any(standing in ACTIVE for standing in standings):
            if not clear:
                found.put("cancer_status", "now")
        elif all(standing in OVER for standing in standings) and not cancers.secondary:
            found.put("cancer_status", "past")
    for primary in cancers.mains:
        if primary.standing and "cancer_status" in found.answers:
            what = Place(primary.number, f"{primary.place.what} ({primary.standing})")
            found.use(what, "cancer_status", found.answers["cancer_status"])


def _sort(number: int, resource: Node, words: Codebook, found: Findings, cancers: Cancers) -> None:
    place = place_of(number, resource)
    verified = verification_of(resource)
    if verified not in ("", "confirmed"):
        reasons = {"entered-in-error": "error", "refuted": "refuted"}
        found.skip(place, reasons.get(verified, "unconfirmed"))
        return
    coded = read_coded(resource, "code")
    site = read_coded(resource, "bodySite")
    sort = words.find("diagnoses", coded)
    if has_profile(resource, *SECONDARY) or words.find("secondary_places", Coded(coded.codes)):
        sort = "secondary"
    elif (sort != "secondary" and has_profile(resource, *PRIMARY) and sort != "not_cancer") or (
        sort is None and words.find("cancers", Coded(coded.codes))
    ):
        sort = "primary"
    by_words = words.find("diagnoses", Coded(texts=coded.texts))
    if words.doubts(coded):
        found.skip(place, "doubtful")
    elif words.disagrees("cancers", coded) or words.disagrees("diagnoses", coded):
        found.skip(place, "codes_disagree")
    elif by_words == "open_in_situ" and not words.find("cancers", Coded(coded.codes)):
        found.skip(place, "cancer_not_read")
    elif by_words == "not_cancer" and not names_first(coded, words):
        _leave(place, resource, coded, words, found, cancers)
    elif sort == "secondary":
        cancers.secondary.append((number, resource, coded))
    elif sort in ("primary", "past_cancer"):
        known = len(cancers.primaries)
        _add(place, (number, resource), (coded, site), sort, words, found, cancers)
        if by_words == "secondary" and len(cancers.primaries) > known:
            # "Breast cancer with bone metastases" names both.
            cancers.secondary.append((number, resource, coded))
    else:
        _leave(place, resource, coded, words, found, cancers)


def _leave(
    place: Place,
    resource: Node,
    coded: Coded,
    words: Codebook,
    found: Findings,
    cancers: Cancers,
) -> None:
    """Note what is no diagnosis of a cancer, though it may tell of receptors or of a spread."""
    if any(words.find(f"named_{key}", coded) for key in ("er", "pr", "her2")):
        cancers.receptors.append((place.number, resource, coded))
        return
    genes = any(
        words.all_meanings(name, coded) for name in ("gene_findings", "hereditary_syndromes")
    )
    if genes or words.find("menopause_answers", coded) == "post":
        kept = cancers.genes if genes else cancers.menopause
        kept.append((place.number, resource, coded))
        return
    known = coded.texts or words.all_meanings("diagnoses", coded)
    found.skip(place, "not_a_cancer" if known else "diagnosis_not_read")
    cancers.unclear_spread |= words.find("spread_hints", coded) is not None


def _add(
    place: Place,
    entry: tuple[int, Node],
    told: tuple[Coded, Coded],
    sort: str,
    words: Codebook,
    found: Findings,
    cancers: Cancers,
) -> None:
    coded, site = told
    cancer = words.only("cancers", coded)
    at = words.only("places", site)
    if cancer is None and words.find("cancers", coded) is None:
        cancer = at or words.only("places", Coded(texts=coded.texts))
        if cancer is None and (site or _names_place(coded)):
            cancer = "other"
    elif cancer is not None and at is not None and at != cancer:
        found.skip(place, "codes_disagree")
        return
    if cancer is None:
        found.skip(place, "cancer_not_read")
        return
    if cancer == "other" and words.find("in_situ", coded):
        found.skip(place, "not_a_cancer")
        return
    standing = "resolved" if sort == "past_cancer" else standing_of(entry[1])
    if words.find("diagnoses", Coded(texts=coded.texts)) == "past_cancer" and standing not in OVER:
        # Its code names the cancer, its words a history of it: maybe it is over.
        standing = ""
    if cancer not in cancers.listed:
        cancers.listed.append(cancer)
    cancers.primaries.append(Primary(*entry, place, cancer, standing, coded))


def _names_place(coded: Coded) -> bool:
    return any(
        f" {word_} " in f" {text.casefold()} " for text in coded.texts for word_ in ("of", "in")
    )


def _main(cancers: Cancers) -> str | None:
    if len(cancers.listed) <= 1:
        return cancers.listed[0] if cancers.listed else None
    active = {one.cancer for one in cancers.primaries if one.standing in ACTIVE}
    rest = [one for one in cancers.primaries if one.cancer not in active]
    if len(active) == 1 and all(one.standing in OVER for one in rest):
        return active.pop()
    return None


def _read_main(record: Record, words: Codebook, found: Findings, cancers: Cancers) -> None:
    types: set[str] = set()
    for primary in cancers.mains:
        histology = [
            read_coded(one, "valueCodeableConcept")
            for one in extensions(primary.resource, "histology-morphology-behavior")
        ]
        told = Coded(
            primary.coded.codes + sum((one.codes for one in histology), ()),
            primary.coded.texts + sum((one.texts for one in histology), ()),
        )
        sure = primary.standing in RECURRED
        read_recurrence(primary.place, primary.coded, words, found, sure=sure)
        if cancers.main == "breast":
            kinds = [words.only("breast_types", one) for one in (primary.coded, *histology)]
            types |= {kind for kind in kinds if kind is not None}
        _read_spread(primary, words, found, cancers)
        if words.find("locally_advanced", primary.coded):
            cancers.advanced = primary.place
        if words.find("in_situ", told) and len(cancers.mains) == 1:
            if words.find("invasive", Coded(told.codes)):
                found.skip(primary.place, "codes_disagree")
            else:
                cancers.in_situ = primary.place
    if len(types) == 1:
        kind = types.pop()
        found.use(cancers.mains[0].place, "breast_type", kind)
        found.put("breast_type", kind)
    read_age_found(record, [(one.place, one.resource) for one in cancers.mains], found)


def _read_spread(primary: Primary, words: Codebook, found: Findings, cancers: Cancers) -> None:
    """What the main cancer's own name says of a spread."""
    if names_spread(primary.coded, primary.cancer, words):
        found.use(primary.place, "extent", "metastatic")
        cancers.spread = True
    elif words.find("spread_hints", primary.coded) and primary.number not in [
        number for number, _, _ in cancers.secondary
    ]:
        found.skip(primary.place, "site_open")
        cancers.unclear_spread = True


def _spread_from(coded: Coded, words: Codebook) -> Coded | None:
    """The primary cancer that the name of a spread tells first: "breast cancer metastatic to"."""
    named = [found[1] for text in coded.texts if (found := _SPREAD_FROM.match(plain(text)))]
    primaries = [one for one in (Coded(texts=(text,)) for text in named) if one]
    if len(primaries) != 1 or words.find("diagnoses", primaries[0]) != "primary":
        return None
    return primaries[0] if words.only("cancers", primaries[0]) else None
