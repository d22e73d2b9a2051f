"""Zones: the time zones that a page offers, by region, in the visitor's language; and a guess."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from babel.core import get_global
from babel.dates import get_timezone_location
from flask import request

from matcher.services.visits import Visit
from matcher.web.language import language

REGIONS = (
    "America",
    "Europe",
    "Africa",
    "Asia",
    "Australia",
    "Pacific",
    "Atlantic",
    "Indian",
    "Arctic",
)
LIKELY, ELSEWHERE = "likely", "other"
MOST_PEOPLE = {
    "en": (
        "America/New_York",
        "America/Chicago",
        "America/Denver",
        "America/Los_Angeles",
        "America/Anchorage",
        "Pacific/Honolulu",
        "America/Toronto",
        "Europe/London",
    ),
    "es": (
        "America/Mexico_City",
        "America/Guatemala",
        "America/Bogota",
        "America/Lima",
        "America/Caracas",
        "America/Santiago",
        "America/Argentina/Buenos_Aires",
        "America/Puerto_Rico",
        "America/New_York",
        "America/Los_Angeles",
        "Europe/Madrid",
    ),
}
BY_LANGUAGE = {"en": "America/New_York", "es": "America/Mexico_City"}
# Where a country has several, the zone in which most of its people live.
BUSIEST = {
    "AR": "America/Argentina/Buenos_Aires",
    "AU": "Australia/Sydney",
    "BR": "America/Sao_Paulo",
    "CA": "America/Toronto",
    "CD": "Africa/Kinshasa",
    "CL": "America/Santiago",
    "CN": "Asia/Shanghai",
    "CY": "Asia/Nicosia",
    "DE": "Europe/Berlin",
    "EC": "America/Guayaquil",
    "ES": "Europe/Madrid",
    "FM": "Pacific/Pohnpei",
    "GL": "America/Nuuk",
    "ID": "Asia/Jakarta",
    "KI": "Pacific/Tarawa",
    "KZ": "Asia/Almaty",
    "MH": "Pacific/Majuro",
    "MN": "Asia/Ulaanbaatar",
    "MX": "America/Mexico_City",
    "MY": "Asia/Kuala_Lumpur",
    "NZ": "Pacific/Auckland",
    "PF": "Pacific/Tahiti",
    "PG": "Pacific/Port_Moresby",
    "PS": "Asia/Gaza",
    "PT": "Europe/Lisbon",
    "RU": "Europe/Moscow",
    "UA": "Europe/Kyiv",
    "US": "America/New_York",
    "UZ": "Asia/Tashkent",
    "VN": "Asia/Ho_Chi_Minh",
}


@dataclass(frozen=True)
class Zone:
    """A zone as a page names it: by its city."""

    name: str
    city: str


@cache
def offered_zones() -> frozenset[str]:
    """The names of the zones that can be chosen; each is one that clocks can be read in."""
    known = available_timezones().intersection(get_global("zone_territories"))
    return frozenset(name for name in known if name.partition("/")[0] in REGIONS)


def zone_groups(*, chosen: str) -> list[tuple[str, tuple[Zone, ...]]]:
    """The zones by region (one of `REGIONS`), their cities in the visitor's language.

    The chosen one and those that most people with this language live in stand first, under
    `LIKELY`, and not in their regions. A chosen zone that is not offered, as an import may bring,
    stands last, under `ELSEWHERE`.
    """
    names = dict.fromkeys((chosen, *MOST_PEOPLE[language()]))
    likely = tuple(Zone(n, _city(n, language())) for n in names if n in offered_zones())
    groups = [(LIKELY, likely)]
    for region, zones in _groups(language()).items():
        groups.append((region, tuple(zone for zone in zones if zone.name not in names)))
    if chosen and chosen not in offered_zones():
        groups.append((ELSEWHERE, (Zone(chosen, chosen),)))
    return groups


def guessed_zone(visit: Visit | None) -> str:
    """A zone to begin with: by the country that was answered, the browser's, or the language."""
    answered = visit.answers.get("country") if visit else None
    for country in (answered, *_browsers_countries()):
        if isinstance(country, str) and (zone := _of_country(country)):
            return zone
    return BY_LANGUAGE[language()]


def _browsers_countries() -> list[str]:
    tags = [tag for tag, _ in request.accept_languages]
    return [tag.rpartition("-")[2].upper() for tag in tags if "-" in tag]


def _of_country(country: str) -> str | None:
    zones: Mapping[str, list[str]] = get_global("territory_zones")
    named = [BUSIEST.get(country, ""), *zones.get(country, [])]
    return next((name for name in named if name in offered_zones()), None)


@cache
def _groups(language: str) -> Mapping[str, tuple[Zone, ...]]:
    found: dict[str, list[Zone]] = {region: [] for region in REGIONS}
    for name in offered_zones():
        found[name.partition("/")[0]].append(Zone(name, _city(name, language)))
    return {
        region: tuple(sorted(zones, key=lambda zone: (_plain(zone.city), zone.name)))
        for region, zones in found.items()
    }


def _city(name: str, language: str) -> str:
    place = get_timezone_location(ZoneInfo(name), locale=language, return_city=True)
    return place.rpartition("/")[2]


def _plain(text: str) -> str:
    """A text as it is sorted: accents count for nothing."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if c.isalnum()).casefold()
