"""Consistency: faults that show only when the rules are seen together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from matcher.core.facts import FactFinder
from matcher.core.rulebook import (
    All,
    Clause,
    Opposite,
    Rulebook,
    Some,
    Surely,
    TagIs,
    TagRule,
)
from matcher.core.wording import NEEDED_TEXTS
from matcher.rules.source import Source
from matcher.yaml_text import Fault


def check_consistency(book: Rulebook, sources: Mapping[str, list[Source]]) -> list[Fault]:
    """All faults of a rulebook that was built without faults so far."""
    faults: list[Fault] = []
    for entry in _entries(sources["tags"], "tags"):
        _check_tag_entry(book, entry, faults)
    for attribute in _entries(sources["attributes"], "attributes"):
        _check_attribute(book, attribute, faults)
    _check_texts(book, sources["texts"][0], faults)
    _check_keys(sources["implications"][0], faults)
    if not faults:
        _check_compiles(book, sources["implications"][0], faults)
    return faults


def _entries(sources: Iterable[Source], name: str) -> Iterator[Source]:
    for source in sources:
        for entry in source[name].each():
            yield Source(entry.document, entry.path, entry.value, [])


def _note(entry: Source, faults: list[Fault], what: str, mend: str) -> None:
    line = entry.document.line(entry.path)
    faults.append(Fault(entry.document.file, line, what, mend))


def _check_tag_entry(book: Rulebook, entry: Source, faults: list[Fault]) -> None:
    tags = [tag for tag in book.tags.values() if tag.key == entry.get("key")]
    for tag in tags:
        if tag.opposite is not None and tag.opposite not in book.tags:
            _note(entry, faults, f"there is no tag '{tag.opposite}'", "Name an existing opposite.")
        unknown = [key for key in _tags_of(tag) if not book.knows(key)]
        for key in unknown:
            _note(entry, faults, f"there is no tag '{key}'", "Name an existing tag.")
        if not unknown and _is_cyclic(book, tag):
            what = f"the tag '{tag.key}' leads back to itself"
            _note(entry, faults, what, "Write its condition over answers.")


def _tags_of(tag: TagRule) -> Iterator[str]:
    yield from _tags_in(tag.when)
    if tag.maybe is not None:
        yield from _tags_in(tag.maybe)


def _tags_in(clause: Clause) -> Iterator[str]:
    match clause:
        case TagIs(key):
            yield key
        case All(parts) | Some(parts):
            for part in parts:
                yield from _tags_in(part)
        case Opposite(part) | Surely(part):
            yield from _tags_in(part)
        case _:
            return


def _is_cyclic(book: Rulebook, tag: TagRule) -> bool:
    seen: set[str] = set()
    waiting = list(_tags_of(tag))
    while waiting:
        key = waiting.pop()
        if key == tag.key:
            return True
        if key not in seen and book.knows(key):
            seen.add(key)
            waiting.extend(_tags_of(book.tag(key)))
    return False


def _check_attribute(book: Rulebook, entry: Source, faults: list[Fault]) -> None:
    attribute = book.attributes[entry.get("key")]
    if attribute.merged_from and attribute.merged_from not in book.attributes:
        what = f"there is no attribute '{attribute.merged_from}'"
        _note(entry, faults, what, "Name an existing attribute in merged_from.")
    if attribute.tender and attribute.why is None:
        _note(entry, faults, "a tender question says why it is asked", "Add 'why:'.")
    if attribute.kind == "integer" and attribute.min >= attribute.max:
        _note(entry, faults, "a number needs bounds", "Set min and max.")
    for option in attribute.options:
        if option.value in attribute.wider_than(option.value):
            what = f"'{option.value}' is wider than itself"
            _note(entry, faults, what, "Break the circle of 'wider:'.")


def _check_texts(book: Rulebook, source: Source, faults: list[Fault]) -> None:
    for key in sorted(NEEDED_TEXTS - set(book.texts)):
        _note(source, faults, f"the text '{key}' is missing", "Add it in English and Spanish.")


def _check_keys(source: Source, faults: list[Fault]) -> None:
    seen: set[str] = set()
    for section in source.value:
        for entry in source[section].each():
            if entry.get("key") in seen:
                _note(entry, faults, f"the key '{entry.get('key')}' stands twice", "Rename one.")
            seen.add(entry.get("key"))


def _check_compiles(book: Rulebook, source: Source, faults: list[Fault]) -> None:
    """The implications must be sayable as facts, and no single fact may contradict itself."""
    try:
        finder = FactFinder(book)
    except (ValueError, IndexError) as error:
        _note(source, faults, f"an implication cannot be used: {error}", "Simplify it.")
        return
    names = list(finder.vocabulary.index)
    for literal, follows in finder.closure.reach.items():
        if finder.closure.conflict(follows) and literal <= finder.closure.all_atoms:
            name = names[literal.bit_length() - 1]
            _note(source, faults, f"'{name}' contradicts itself", "Follow its implications.")
