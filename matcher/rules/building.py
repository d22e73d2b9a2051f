"""Building: turns checked rules files into attributes, tags, implications and scoring."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from matcher.core.rulebook import (
    Attribute,
    Clause,
    Default,
    Implication,
    NeverNo,
    Option,
    Scoring,
    TagFamily,
    TagRule,
    Unsure,
)
from matcher.core.text import Text
from matcher.rules.chapters import build_groups
from matcher.rules.clauses import read_clause
from matcher.rules.source import Source


def build_attributes(entries: Iterable[Source]) -> dict[str, Attribute]:
    """All attributes by key, in form order. Two entries with one key or order are faults."""
    found: dict[str, tuple[Source, Attribute]] = {}
    orders: dict[int, str] = {}
    for entry in entries:
        attribute = _build_attribute(entry)
        if attribute.key in found:
            entry.fault(f"the attribute '{attribute.key}' stands twice", "Keep one of the two.")
        if attribute.order in orders:
            what = f"order {attribute.order} is taken by '{orders[attribute.order]}'"
            entry["order"].fault(what, "Choose another number.")
        orders[attribute.order] = attribute.key
        found[attribute.key] = (entry, attribute)
    plain = {key: attribute for key, (_, attribute) in found.items()}
    asked = {
        key: read_clause(entry["asked_when"], plain)
        for key, (entry, _) in found.items()
        if "asked_when" in entry
    }
    in_order = sorted(plain.values(), key=lambda attribute: attribute.order)
    return {a.key: _with(a, asked_when=asked.get(a.key)) for a in in_order}


def _with(attribute: Attribute, *, asked_when: Clause | None) -> Attribute:
    values = {name: getattr(attribute, name) for name in attribute.__dataclass_fields__}
    return Attribute(**{**values, "asked_when": asked_when})


def _build_attribute(entry: Source) -> Attribute:
    options = tuple(map(_build_option, entry["options"].each())) if "options" in entry else ()
    values = [option.value for option in options]
    for value in {v for v in values if values.count(v) > 1}:
        entry["options"].fault(f"the value '{value}' stands twice", "Keep one of the two.")
    for option in options:
        for other in (option.wider, *option.one_of):
            if other is not None and other not in values:
                entry["options"].fault(f"there is no value '{other}'", "Name one of the options.")
    needs_options = entry.get("kind") in ("one", "many", "results")
    if needs_options != bool(options):
        entry.fault("the options do not go with the kind", "one, many and results need options.")
    for name, kind in (("share", "yes_no"), ("usual", "integer")):
        if name in entry and entry.get("kind") != kind:
            entry[name].fault(f"'{name}' does not go with the kind", f"It belongs to {kind} only.")
    return Attribute(
        key=entry.get("key"),
        order=entry.get("order"),
        kind=entry.get("kind"),
        about=entry.get("about"),
        name=entry.text("name"),
        question=entry.text("question"),
        question_other=entry.text("question_other"),
        help=entry.text("help"),
        doctor=entry.text("doctor"),
        doctor_other=entry.maybe_text("doctor_other"),
        why=entry.maybe_text("why"),
        tender=entry.get("tender", False),
        self_told=entry.get("self_told", False),
        chapter=entry.get("chapter"),
        groups=build_groups(entry),
        options=options,
        min=entry.get("min", 0),
        max=entry.get("max", 0),
        unit=entry.maybe_text("unit"),
        unit_one=entry.maybe_text("unit_one"),
        merged_from=entry.get("merged_from"),
        share=entry.get("share"),
        usual=tuple(entry.get("usual")) if "usual" in entry else None,
        check_again=entry.get("check_again"),
        codes=_codes(entry),
    )


def _build_option(entry: Source) -> Option:
    return Option(
        value=entry.get("value"),
        label=entry.text("label"),
        hint=entry.maybe_text("hint"),
        synonyms=tuple(entry.get("synonyms", ())),
        share=entry.get("share"),
        wider=entry.get("wider"),
        fine=entry.get("fine", False),
        exclusive=entry.get("exclusive", False),
        codes=_codes(entry),
        acquired=entry.get("acquired", False),
        check_again=entry.get("check_again"),
        signature=entry.get("signature", False),
        one_of=tuple(entry.get("one_of", ())),
        panel=entry.get("panel", False),
        group=entry.get("group"),
    )


def _codes(entry: Source) -> Mapping[str, tuple[str, ...]]:
    return {system: tuple(codes) for system, codes in entry.get("codes", {}).items()}


class TagBuilder:
    """Builds tags, tags for every option of an attribute, and tags with a number."""

    def __init__(self, attributes: Mapping[str, Attribute]) -> None:
        self.attributes = attributes
        self.tags: dict[str, TagRule] = {}
        self.families: dict[str, TagFamily] = {}
        self.entries: dict[str, Source] = {}

    def add(self, entry: Source) -> None:
        """Add what one entry stands for; faults are noted at the entry."""
        alone = [name for name in ("except", "weights") if name in entry]
        if "for_each" in entry:
            self._add_for_each(entry)
        elif alone:
            entry[alone[0]].fault("this goes with 'for_each' only", "Remove it, or add for_each.")
        elif "parameter" in entry:
            self._add_family(entry)
        elif set(entry.get("key")) & set("{}:"):
            entry["key"].fault("the key of a tag is one word", "Use letters, digits and _ only.")
        else:
            self._store(entry, self._tag(entry, fill={}))

    def _add_for_each(self, entry: Source) -> None:
        attribute = self.attributes.get(entry.get("for_each"))
        if attribute is None or not attribute.options:
            what = "there is no attribute with options of this name"
            entry["for_each"].fault(what, "Use a key of rules/attributes/.")
            return
        if entry.get("key").count("{value}") != 1 or "parameter" in entry:
            entry["key"].fault("the key must hold {value} once", "Write for example had_{value}.")
            return
        left_out = entry.get("except", ())
        for name in ("except", "weights"):
            for value in entry.get(name, ()):
                if attribute.option(value) is None:
                    what = f"'{attribute.key}' has no value '{value}'"
                    entry[name].fault(what, "Use one of its values.")
        for option in attribute.options:
            if not option.exclusive and option.value not in left_out:
                fill = {
                    "{value}": Text(option.value, option.value),
                    "{option}": option.label,
                    "{lower}": Text(_small(option.label.en), _small(option.label.es)),
                }
                self._store(entry, self._tag(entry, fill=fill, option=option))

    def _add_family(self, entry: Source) -> None:
        key, ending, rest = str(entry.get("key")).partition(":{n}")
        if not ending or rest or set(key) & set("{}:"):
            what = "the key of a tag with a number ends in ':{n}'"
            entry["key"].fault(what, "Write for example age_at_least:{n}.")
            return

        def build(number: int) -> TagRule:
            return self._tag(entry, fill={"{n}": Text(str(number), str(number))}, number=number)

        if key in self.entries:
            entry.fault(f"the tag '{key}' stands twice", "Keep one of the two.")
        self.entries[key] = entry
        build(1)  # notes the faults of the entry now, not when a label first needs the tag
        self.families[key] = TagFamily(
            key, build, tuple(entry.get("phrases", ())), entry.get("role")
        )

    def _store(self, entry: Source, tag: TagRule) -> None:
        if tag.key in self.entries:
            entry.fault(f"the tag '{tag.key}' stands twice", "Keep one of the two.")
        self.entries[tag.key] = entry
        self.tags[tag.key] = tag

    def _tag(
        self,
        entry: Source,
        *,
        fill: Mapping[str, Text],
        option: Option | None = None,
        number: int | None = None,
    ) -> TagRule:
        value = option.value if option else ""
        return TagRule(
            key=_fill(entry.get("key"), fill, "en"),
            label=_fill_text(entry.text("label"), fill),
            about=_fill_text(entry.text("about"), fill),
            topic=entry.get("topic"),
            weight=entry.get("weights", {}).get(value, entry.get("weight")),
            when=self._clause(entry, "when", value, number) or Unsure(),
            maybe=self._clause(entry, "maybe", value, number),
            supports=entry.get("supports", True),
            scoped=entry.get("scoped", False),
            tender=entry.get("tender", False),
            opposite=_fill(entry.get("opposite"), fill, "en") if "opposite" in entry else None,
            phrases=tuple(_fill(phrase, fill, "en") for phrase in entry.get("phrases", ())),
            role=entry.get("role"),
            concept=option.value if option else entry.get("concept"),
        )

    def _clause(self, entry: Source, name: str, value: str, number: int | None) -> Clause | None:
        if name not in entry:
            return None
        source = entry[name]
        filled = Source(source.document, source.path, _fill_in(source.value, value), source.faults)
        return read_clause(filled, self.attributes, number=number)


def _small(label: str) -> str:
    """A label as it stands inside a sentence; abbreviations keep their capitals."""
    return label if label[1:2].isupper() else label[:1].lower() + label[1:]


def _fill(template: str, fill: Mapping[str, Text], language: str) -> str:
    for mark, text in fill.items():
        template = template.replace(mark, text.in_(language))
    return template


def _fill_text(template: Text, fill: Mapping[str, Text]) -> Text:
    return Text(_fill(template.en, fill, "en"), _fill(template.es, fill, "es"))


def _fill_in(value: Any, option: str) -> Any:
    if isinstance(value, dict):
        return {k.replace("{value}", option): _fill_in(v, option) for k, v in value.items()}
    if isinstance(value, list):
        return [_fill_in(item, option) for item in value]
    return value.replace("{value}", option) if isinstance(value, str) else value


def build_implication(entry: Source, attributes: Mapping[str, Attribute]) -> Implication:
    """One entry of `implications:`."""
    pair = next(iter(entry.get("at_most", {}).items()), None)
    if pair is not None and any(key not in attributes for key in pair):
        entry["at_most"].fault("there is no such attribute", "Use keys of rules/attributes/.")
        pair = None
    return Implication(
        key=entry.get("key"),
        text=entry.text("text"),
        premise=read_clause(entry["if"], attributes) if "if" in entry else None,
        conclusion=read_clause(entry["then"], attributes) if "then" in entry else None,
        one_way=entry.get("one_way", False),
        at_most=pair,
    )


def build_default(entry: Source, attributes: Mapping[str, Attribute]) -> Default:
    """One entry of `defaults:`."""
    return Default(
        key=entry.get("key"),
        text=entry.text("text"),
        premise=read_clause(entry["if"], attributes),
        conclusion=read_clause(entry["then"], attributes),
        unless=read_clause(entry["unless"], attributes) if "unless" in entry else None,
    )


def build_never_no(entry: Source, attributes: Mapping[str, Attribute]) -> NeverNo:
    """One entry of `never_no:`."""
    values = [(key, value) for key, listed in entry.get("for").items() for value in listed]
    for key, value in values:
        option = attributes[key].option(value) if key in attributes else None
        if option is None or option.exclusive or attributes[key].kind != "many":
            what = f"there is no list '{key}' with a value '{value}'"
            entry["for"].fault(what, "Use a value that the list can hold.")
    return NeverNo(
        key=entry.get("key"),
        text=entry.text("text"),
        premise=read_clause(entry["if"], attributes),
        values=tuple(values),
        unless=read_clause(entry["unless"], attributes) if "unless" in entry else None,
    )


def build_scoring(source: Source) -> Scoring:
    """The numbers of rules/scoring.yaml."""
    plain = {k: v for k, v in source.value.items() if k != "recency"}
    steps = tuple((step["months"], step["points"]) for step in source.get("recency"))
    return Scoring(recency=steps, **plain)
