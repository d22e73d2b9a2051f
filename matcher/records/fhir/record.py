"""Record: the resources of one person, found by reference; people of a bundle told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from matcher.records.fhir.coded import read_coded
from matcher.records.fhir.findings import Place
from matcher.records.fhir.nodes import Node, node, nodes, short, word

MOST_PEOPLE = 500
_DATE = re.compile(r"((?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?)(?:T.*)?")
_NAMES = ("code", "type", "medicationCodeableConcept", "medication", "relationship")


@dataclass(frozen=True)
class Record:
    """One person: the patient's resource if there is one, and (number, resource) of the rest."""

    patient: tuple[int, Node] | None
    resources: tuple[tuple[int, Node], ...]
    by_reference: dict[str, int] = field(default_factory=dict)
    today: date = date.min
    medicines: Mapping[int, Node] = field(default_factory=dict)

    def of(self, *kinds: str) -> Iterator[tuple[int, Node]]:
        """The resources of these kinds with their numbers."""
        return ((n, one) for n, one in self.resources if word(one, "resourceType") in kinds)

    def find(self, reference: Node, owner: Node) -> tuple[int, Node] | None:
        """What a Reference points to, within the record or contained in `owner`."""
        target = word(reference, "reference")
        if target.startswith("#"):
            for one in nodes(owner, "contained"):
                if word(one, "id") == target[1:]:
                    return -1, one
            return None
        number = self.by_reference.get(reference_key(target))
        resource = None if number is None else self._by_number.get(number)
        if resource is None and number is not None:
            # Medicines belong to nobody: several people's records may share them.
            resource = self.medicines.get(number)
        return None if number is None or resource is None else (number, resource)

    def is_patient(self, reference: Node) -> bool:
        """Whether a Reference points to the person of this record."""
        target = word(reference, "reference")
        number = self.by_reference.get(reference_key(target)) if target else None
        return self.patient is not None and number == self.patient[0]

    @cached_property
    def _by_number(self) -> Mapping[int, Node]:
        return dict(self.resources)

    def on(self, resource: Node, *keys: str) -> str | None:
        """The first date of the resource under these keys, as YYYY-MM-DD or shorter.

        None without one, and for a date still to come.
        """
        for key in keys:
            found = resource.get(key)
            text = word(found, "end") or word(found, "start") if isinstance(found, dict) else found
            told = read_date(text)
            if told is not None:
                # Where the clock is ahead of ours, it is tomorrow already.
                latest = self.today + timedelta(days=1)
                return told if told <= latest.isoformat() else None
        return None


def read_date(text: object) -> str | None:
    """A FHIR date or time as its day, month or year; None if it is none."""
    found = _DATE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        return None
    day = found[1]
    if len(day) == 10:
        try:
            date.fromisoformat(day)
        except ValueError:
            return None
    return day


def reference_key(target: str) -> str:
    """A reference in one form: kind and id, a whole address without its scheme, or a urn."""
    if target.startswith("urn:"):
        return target
    parts = target.split("/_history/", maxsplit=1)[0]
    _, is_address, address = parts.partition("://")
    return address.rstrip("/") if is_address else "/".join(parts.split("/")[-2:])


def place_of(number: int, resource: Node, *, said: str = "") -> Place:
    """How a resource is called in the report: its kind and its own words."""
    kind = short(word(resource, "resourceType")) or "?"
    named = next((coded.shown for key in _NAMES if (coded := read_coded(resource, key))), "")
    parts = [part for part in (named, short(said)) if part]
    return Place(number, f"{kind}: {' = '.join(parts)}" if parts else kind)


def people_of(resources: list[tuple[str, Node]], *, today: date) -> tuple[list[Record], list[int]]:
    """The people of a bundle; and the numbers of the resources that are about none of them."""
    index = _index(resources)
    numbered = list(enumerate(one for _, one in resources))
    patients = [(n, one) for n, one in numbered if word(one, "resourceType") == "Patient"]
    names = _names_of(patients)
    owners = {n: _owner(one, index, names) for n, one in numbered}
    if not patients:
        return _without_patient(numbered, owners, index, today)
    shared = {n: one for n, one in numbered if word(one, "resourceType") == "Medication"}
    ids = [n for n, _ in patients]
    alone = ids[0] if len(ids) == 1 else None
    groups: dict[int, list[tuple[int, Node]]] = {n: [] for n in ids}
    strangers: list[int] = []
    for n, one in numbered:
        if n in groups:
            continue
        owner = owners[n]
        whose = alone if owner is None else owner if owner in groups else None
        if isinstance(whose, int):
            groups[whose].append((n, one))
        else:
            strangers.append(n)
    return [
        Record((n, one), tuple(groups[n]), index, today, shared) for n, one in patients
    ], strangers


def _without_patient(
    numbered: list[tuple[int, Node]],
    owners: dict[int, int | str | None],
    index: dict[str, int],
    today: date,
) -> tuple[list[Record], list[int]]:
    named = {owner for owner in owners.values() if owner is not None}
    if len(named) > 1:
        groups: dict[int | str, list[tuple[int, Node]]] = {owner: [] for owner in named}
        strangers: list[int] = []
        for n, one in numbered:
            owner = owners[n]
            if owner is None:
                strangers.append(n)
            else:
                groups[owner].append((n, one))
        told = sorted(groups.items(), key=lambda group: group[1][0][0])
        return [Record(None, tuple(group), index, today) for _, group in told], strangers
    return ([Record(None, tuple(numbered), index, today)] if numbered else []), []


def _index(resources: list[tuple[str, Node]]) -> dict[str, int]:
    index: dict[str, int] = {}
    doubtful: set[str] = set()
    base = _only_base([one for _, one in resources])
    for number, (address, one) in enumerate(resources):
        names = {reference_key(address)} if address else set()
        kind, name = word(one, "resourceType"), word(one, "id")
        if name:
            names |= {f"{kind}/{name}", f"urn:uuid:{name}"}
        if name and base and "://" not in address:
            names.add(f"{base}/{kind}/{name}")
        for key in names:
            if index.setdefault(key, number) != number:
                doubtful.add(key)
    return {key: number for key, number in index.items() if key not in doubtful}


def _only_base(resources: list[Node]) -> str:
    """The server whose addresses all subjects are told by; "" if there are several, or none."""
    told = {target for one in resources if (target := word(_subject(one), "reference"))}
    keys = {reference_key(target) for target in told if "://" in target}
    bases = {key.rsplit("/", maxsplit=2)[0] for key in keys}
    alone = len(bases) == 1 and all("://" in target for target in told)
    return bases.pop() if alone else ""


def names_person(resource: Node) -> bool:
    """Whether a resource says whom it is about."""
    subject = _subject(resource)
    return bool(word(subject, "reference") or node(subject, "identifier"))


def _subject(resource: Node) -> Node:
    return node(resource, "subject") or node(resource, "patient")


def _names_of(patients: list[tuple[int, Node]]) -> dict[str, int]:
    """The patients by their identifiers, as far as one belongs to one of them alone."""
    told = [(_identifier(one), n) for n, person in patients for one in nodes(person, "identifier")]
    owners: dict[str, set[int]] = {}
    for name, n in told:
        owners.setdefault(name, set()).add(n)
    return {name: numbers.pop() for name, numbers in owners.items() if name and len(numbers) == 1}


def _identifier(told: Node) -> str:
    value = word(told, "value")
    return f"identifier {word(told, 'system')} {value}" if value else ""


def _owner(resource: Node, index: dict[str, int], names: dict[str, int]) -> int | str | None:
    """The number of the patient it is about, else the reference itself; None if none is named.

    A subject that is named in words alone may be anybody, such as the person's mother.
    """
    subject = _subject(resource)
    target = word(subject, "reference")
    if target:
        key = reference_key(target)
        return index.get(key, key)
    name = _identifier(node(subject, "identifier"))
    if name:
        return names.get(name, name)
    return f"words {word(subject, 'display')}" if subject else None
