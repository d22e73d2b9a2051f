"""Standings: what a diagnosis says of itself: confirmed or not, active or over, and since when."""

from __future__ import annotations

from matcher.records.fhir.coded import loose, read_coded
from matcher.records.fhir.nodes import Node, extensions, node
from matcher.records.fhir.record import read_date

ACTIVE = ("active", "recurrence", "relapse")
OVER = ("inactive", "remission", "resolved")
RECURRED = ("recurrence", "relapse")
UNSURE = ("entered-in-error", "refuted", "unconfirmed", "provisional", "differential")


def verification_of(resource: Node) -> str:
    """``confirmed``, one of `UNSURE`, ``unread``, or "" if nothing is said."""
    return _status(resource, "verificationStatus", (*UNSURE, "confirmed"))


def standing_of(resource: Node) -> str:
    """The clinical status; "" too where it is called active though an end is told."""
    standing = _status(resource, "clinicalStatus", (*OVER, *RECURRED, "active"))
    ended = any(key.startswith("abatement") and resource[key] for key in resource)
    return "" if standing == "unread" or (standing == "active" and ended) else standing


def diagnosed_on(resource: Node) -> str | None:
    """When the cancer was found, as far as the diagnosis tells it."""
    names = ("assertedDate", "diagnosisDate", "dateOfDiagnosis")
    for one in (found for name in names for found in extensions(resource, name)):
        day = read_date(one.get("valueDateTime") or one.get("valueDate"))
        if day is not None:
            return day
    told = read_date(resource.get("assertedDate")) or read_date(resource.get("onsetDateTime"))
    return told or read_date(node(resource, "onsetPeriod").get("start"))


def _status(resource: Node, key: str, known: tuple[str, ...]) -> str:
    """The one of the known words that the element says, in any coding or in its text.

    Of several the first; "" if the element is missing, ``unread`` if it says none of them.
    """
    told = resource.get(key)
    if not told:
        return ""
    coded = read_coded(resource, key)
    said = {loose(text).strip() for text in (*(code for _, code in coded.codes), *coded.texts)}
    return next((word_ for word_ in known if loose(word_).strip() in said), "unread")
