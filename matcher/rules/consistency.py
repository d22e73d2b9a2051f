"""Consistency: faults that show only when the rules are seen together."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from matcher.core.rulebook import (
    Clause,
    Rulebook,
    Scoring,
    TagIs,
    TagRule,
    within,
)
from matcher.core.text import LANGUAGES
from matcher.core.wording import NEEDED_TEXTS
from matcher.rules.asked import check_attributes
from matcher.rules.follows import Rule, check_rules
from matcher.rules.source import Source

LARGEST_TAG = 100
_BRACES = re.compile(r"\{(\w+)\}")


def check_consistency(
    book: Rulebook, sources: Mapping[str, list[Source]], tags: Mapping[str, Source]
) -> None:
    """Note all faults of a rulebook that was built without faults so far.

    `tags` names the entry that each tag (a numbered one by its key without the number) came from.
    """
    attributes = [
        entry for source in sources["attributes"] for entry in source["attributes"].each()
    ]
    place = sources["attributes"][0]
    check_attributes(book.attributes, attributes, place, chapters=book.chapters)
    rules = list(_rules(book, sources["implications"][0]))
    for entry in attributes:
        asked_when = book.attributes[entry.get("key")].asked_when
        if asked_when is not None:
            _check_named(book, entry["asked_when"], [asked_when])
    for entry, rule in rules:
        clauses = (getattr(rule, name, None) for name in ("premise", "conclusion", "unless"))
        _check_named(book, entry, [clause for clause in clauses if clause is not None])
    _check_tags(book, tags)
    _check_texts(book, sources["texts"][0])
    _check_scoring(book.scoring, sources["scoring"][0])
    place = sources["implications"][0]
    if not place.faults:
        check_rules(book, rules, place)


def _rules(book: Rulebook, place: Source) -> Iterator[tuple[Source, Rule]]:
    built: Mapping[str, tuple[Rule, ...]] = {
        "implications": book.implications,
        "defaults": book.defaults,
        "never_no": book.never_no,
    }
    for section, rules in built.items():
        if section in place:
            yield from zip(place[section].each(), rules, strict=True)


def _check_named(book: Rulebook, entry: Source, clauses: Iterable[Clause]) -> bool:
    unknown = [key for clause in clauses for key in _tags_in(clause) if not book.knows(key)]
    for key in unknown:
        entry.fault(f"there is no tag '{key}'", "Name a tag of rules/tags/.")
    return not unknown


def _check_tags(book: Rulebook, origins: Mapping[str, Source]) -> None:
    plain_phrases: dict[str, str] = {}
    tags = {
        key: book.families[key].build(1) if key in book.families else book.tags[key]
        for key in origins
    }
    for key, entry in origins.items():
        tag = tags[key]
        if tag.opposite == tag.key or (tag.opposite is not None and not book.knows(tag.opposite)):
            what = f"there is no other tag '{tag.opposite}'"
            entry["opposite"].fault(what, "Name an existing opposite, or none.")
        _check_named(book, entry, _clauses_of(tag))
        if any("{" in text.in_(name) for text in (tag.label, tag.about) for name in LANGUAGES):
            what = "a word in braces stands for nothing here"
            entry["label"].fault(what, "Use {option} and {lower} with for_each, {n} with numbers.")
        for phrase in tag.phrases if tag.role is None else ():
            other = plain_phrases.setdefault(phrase.casefold(), key)
            if other != key:
                what = f"the phrase '{phrase}' names '{other}' too"
                entry["phrases"].fault(what, "Keep it with one of the two.")
    named = {key: [k for k in _names_of(tag) if k in tags] for key, tag in tags.items()}
    sizes = _sizes(named)
    in_circle = set(named) - set(sizes) - set(_sizes(_turned(named)))
    for key in in_circle:
        what = f"the tag '{key}' leads back to itself"
        origins[key].fault(what, "Write its condition over answers.")
    for key, size in sizes.items():
        if size > LARGEST_TAG:
            origins[key].fault(f"the tag '{key}' is far too large", "Name fewer tags in it.")


def _names_of(tag: TagRule) -> Iterator[str]:
    """The keys of the tags that a tag names, without sites and numbers."""
    for clause in _clauses_of(tag):
        for key in _tags_in(clause):
            yield key.partition(":")[0]


def _sizes(named: Mapping[str, list[str]]) -> dict[str, int]:
    """How many tags each one comes to, written out; one that leads into a circle is left out."""
    users = _turned(named)
    missing = {key: len(keys) for key, keys in named.items()}
    ready = [key for key, count in missing.items() if count == 0]
    sizes: dict[str, int] = {}
    for key in ready:
        sizes[key] = 1 + sum(sizes[other] for other in named[key])
        for user in users[key]:
            missing[user] -= 1
            if missing[user] == 0:
                ready.append(user)
    return sizes


def _turned(named: Mapping[str, list[str]]) -> dict[str, list[str]]:
    users: dict[str, list[str]] = {key: [] for key in named}
    for key, others in named.items():
        for other in others:
            users[other].append(key)
    return users


def _clauses_of(tag: TagRule) -> list[Clause]:
    return [tag.when] if tag.maybe is None else [tag.when, tag.maybe]


def _tags_in(clause: Clause) -> Iterator[str]:
    return (part.key for part in within(clause) if isinstance(part, TagIs))


def _check_texts(book: Rulebook, source: Source) -> None:
    for key in sorted(set(NEEDED_TEXTS) - set(book.texts)):
        source.fault(f"the text '{key}' is missing", "Add it in English and Spanish.")
    for key, text in book.texts.items():
        english, spanish = (set(_BRACES.findall(text.in_(name))) for name in LANGUAGES)
        for word in sorted(NEEDED_TEXTS.get(key, frozenset()) - english | english ^ spanish):
            what = f"the text '{key}' does not hold {{{word}}} in both languages"
            source["texts"][key].fault(what, "Keep the words in braces, in both languages.")


def _check_scoring(scoring: Scoring, source: Source) -> None:
    """No points can lift a study over one of a higher level, and none brings it over 100."""
    evidence = sum(max([*words.values(), scoring.neutral]) for words in _ratings(scoring))
    brought = evidence + max((points for _, points in scoring.recency), default=0)
    most = {
        "fits": scoring.fit,
        "may_fit": scoring.fit,
        "related": scoring.related_fit + scoring.related_count,
        "open": 0,
    }
    ceiling = 101
    for level, fit in most.items():
        if scoring.floors[level] + fit + brought >= ceiling:
            what = f"the points of '{level}' can reach the level above"
            source["floors"][level].fault(what, "Lower its floor, or raise the ones above.")
        ceiling = scoring.floors[level]
    months = [limit for limit, _ in scoring.recency]
    if months != sorted(set(months)):
        source["recency"].fault("the months must rise from line to line", "Sort the lines.")


def _ratings(scoring: Scoring) -> tuple[Mapping[str, int], Mapping[str, int]]:
    return scoring.relevance, scoring.strength
