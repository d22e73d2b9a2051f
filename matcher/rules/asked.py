"""Asked: checks what the questions say about one another, so that facts can be made from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from matcher.core.chapters import Chapter
from matcher.core.rulebook import Attribute, Option
from matcher.core.vocabulary import CANCER, HAD_CANCER, MAIN, NEVER, STATUS
from matcher.rules.source import Source

MOST_FACTS = 5000
MOST_WIDER = 8
_NEEDED = {STATUS: "one", CANCER: "many", MAIN: "one"}
_FLAGS: Mapping[str, tuple[str, ...]] = {
    "wider": ("one", "many"),
    "fine": ("many",),
    "exclusive": ("many",),
    "acquired": ("results",),
    "signature": ("results",),
    "one_of": ("results",),
    "panel": ("results",),
    "group": ("results",),
}


def check_attributes(
    attributes: Mapping[str, Attribute],
    entries: list[Source],
    place: Source,
    *,
    chapters: Mapping[str, Chapter],
) -> None:
    """Note at each entry what is wrong with it; at `place` what is missing altogether."""
    for entry in entries:
        attribute = attributes[entry.get("key")]
        _check_kind(entry, attribute)
        _check_options(entry, attribute)
        _check_groups(entry, attribute)
        _check_merged(entry, attribute, attributes)
        if attribute.chapter is not None and attribute.chapter not in chapters:
            what = f"there is no chapter '{attribute.chapter}'"
            known = ", ".join(chapters) or "there is none yet"
            entry["chapter"].fault(what, f"Name one of rules/chapters.yaml ({known}), or add it.")
        if attribute.tender and attribute.why is None:
            entry.fault("a tender question says why it is asked", "Add 'why:'.")
    _check_needed(attributes, place)
    if sum(map(_facts_of, attributes.values())) > MOST_FACTS:
        what = f"the questions make more than {MOST_FACTS} facts"
        place.fault(what, "Ask less, or set narrower bounds for numbers.")


def _check_kind(entry: Source, attribute: Attribute) -> None:
    if attribute.kind == "integer":
        if attribute.min >= attribute.max:
            entry.fault("a number needs bounds", "Set min and max, the smaller first.")
    elif any(name in entry for name in ("min", "max", "unit", "unit_one")):
        entry.fault("min, max and unit go with numbers only", "Remove them, or use kind: integer.")


def _check_options(entry: Source, attribute: Attribute) -> None:
    if "options" not in entry:
        return
    for option, source in zip(attribute.options, entry["options"].each(), strict=True):
        if option.check_again and attribute.kind != "results":
            what = f"'check_again' of an option does not go with kind {attribute.kind}"
            source["check_again"].fault(what, "Give it to the whole question.")
        for name, kinds in _FLAGS.items():
            if getattr(option, name) and attribute.kind not in kinds:
                what = f"'{name}' does not go with kind {attribute.kind}"
                source.fault(what, f"It goes with {' and '.join(kinds)} only.")
        if option.value in attribute.wider_than(option.value):
            what = f"'{option.value}' is wider than itself"
            source.fault(what, "Break the circle of 'wider:'.")
        elif len(attribute.wider_than(option.value)) > MOST_WIDER:
            what = f"'{option.value}' is narrower than more than {MOST_WIDER} others"
            source.fault(what, "Let 'wider:' lead to the widest in fewer steps.")
        for gene in map(attribute.option, option.one_of):
            if gene is not None and (gene.one_of or gene.panel or gene.signature):
                source.fault(f"'{gene.value}' is no single gene", "Name single genes in one_of.")
        if option.value in ("unknown", "declined"):
            source.fault(f"'{option.value}' is always allowed", "Use another word.")
    for name, flag in _ONLY_ONE.items():
        if len([option for option in attribute.options if flag(option)]) > 1:
            entry["options"].fault(f"two options are marked '{name}'", "Mark one of them only.")
    _check_synonyms(entry, attribute)


def _check_groups(entry: Source, attribute: Attribute) -> None:
    keys = [group.key for group in attribute.groups]
    if keys and attribute.kind != "results":
        entry["groups"].fault("'groups' go with results only", "Remove them.")
    for key in {key for key in keys if keys.count(key) > 1}:
        entry["groups"].fault(f"the group '{key}' stands twice", "Keep one of the two.")
    for option, source in zip(
        attribute.options, entry["options"].each() if attribute.options else (), strict=True
    ):
        if option.group is not None and option.group not in keys:
            source["group"].fault(f"there is no group '{option.group}'", "Name one of 'groups:'.")


_ONLY_ONE: Mapping[str, Callable[[Option], bool]] = {
    "exclusive": lambda option: option.exclusive,
    "panel": lambda option: option.panel,
}


def _check_synonyms(entry: Source, attribute: Attribute) -> None:
    said_by: dict[str, str] = {}
    for option, source in zip(attribute.options, entry["options"].each(), strict=True):
        for word in (option.value, *option.synonyms):
            other = said_by.setdefault(word.casefold(), option.value)
            if other != option.value:
                what = f"'{word}' is a word for '{other}' too"
                source.fault(what, "Keep it with one of the two.")


def _check_merged(entry: Source, attribute: Attribute, attributes: Mapping[str, Attribute]) -> None:
    if attribute.merged_from is None:
        return
    other = attributes.get(attribute.merged_from)
    source = entry["merged_from"]
    if other is None or other is attribute:
        what = f"there is no other attribute '{attribute.merged_from}'"
        source.fault(what, "Name an attribute of rules/attributes/.")
    elif attribute.kind != "many" or other.kind != "many":
        source.fault("only lists can be merged", "Use merged_from between two of kind: many.")
    elif _listed(attribute) != _listed(other):
        what = f"'{attribute.key}' and '{other.key}' have different options"
        source.fault(what, "Give both the same options.")


def _listed(attribute: Attribute) -> set[str]:
    return {option.value for option in attribute.options if not option.exclusive}


def _check_needed(attributes: Mapping[str, Attribute], place: Source) -> None:
    for key, kind in _NEEDED.items():
        if key not in attributes or attributes[key].kind != kind:
            place.fault(f"the attribute '{key}' (kind {kind}) is missing", "Add it again.")
            return
    values = {option.value for option in attributes[STATUS].options}
    if values != {*HAD_CANCER, NEVER}:
        place.fault(f"'{STATUS}' must have the values now, past and never", "Restore them.")
    sites = {option.value for option in attributes[CANCER].options}
    if {option.value for option in attributes[MAIN].options} != sites:
        what = f"'{MAIN}' and '{CANCER}' have different options"
        place.fault(what, "Give both the same options.")
    for about in {a.about for a in attributes.values()} - {"person", MAIN} - sites:
        place.fault(f"'{CANCER}' has no value '{about}'", "Add it: questions are about it.")


def _facts_of(attribute: Attribute) -> int:
    number = attribute.kind == "integer"
    return attribute.max - attribute.min if number else max(len(attribute.options), 1)
