"""Record words: builds rules/records.yaml and checks that a code means one thing in its group."""

from __future__ import annotations

from collections.abc import Iterable

from matcher.core.record_words import Concept, RecordWords
from matcher.core.text import Text
from matcher.rules.source import Source

JOINED_BY = " + "


def build_record_words(sources: Iterable[Source]) -> RecordWords:
    """The words of records; none where rules of one's own have no such file."""
    for source in sources:
        entry = source["records"]
        return RecordWords(
            systems={name: tuple(urls) for name, urls in entry.get("systems").items()},
            groups={name: _group(entry, name) for name in entry.get("groups")},
            lists={name: tuple(words) for name, words in entry.get("lists").items()},
            reasons={
                key: Text(en=value["en"], es=value["es"])
                for key, value in entry.get("reasons").items()
            },
        )
    return RecordWords()


def _group(entry: Source, name: str) -> tuple[Concept, ...]:
    owners: dict[tuple[str, str], str] = {}
    return tuple(_concept(entry, one, owners) for one in entry["groups"][name].each())


def _concept(entry: Source, one: Source, owners: dict[tuple[str, str], str]) -> Concept:
    key = one.get("key")
    codes = {system: tuple(listed) for system, listed in one.get("codes", {}).items()}
    for system, listed in codes.items():
        if system not in entry.get("systems"):
            one.fault(f"there is no code system '{system}'", "Name one under 'systems'.")
        for code in listed:
            other = owners.setdefault((system, code), key)
            if other != key:
                what = f"the code {code} already means '{other}'"
                one["codes"].fault(what, "Leave it in one place.")
    return Concept(
        key=key,
        codes=codes,
        words=tuple(one.get("words", ())),
        parts=tuple(tuple(part.split(JOINED_BY)) for part in one.get("parts", ())),
        never=tuple(one.get("never", ())),
    )
