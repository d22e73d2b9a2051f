"""Shaping: building, negating, scoping and tidying the conditions that a label was read as."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from matcher.core.conditions import AllOf, AnyOf, Condition, Not, Tag, Unread, canonical, tags_in
from matcher.reading.labels.lexicon import ANY, Lexicon


def all_of(parts: Iterable[Condition | None]) -> Condition | None:
    """The "and" of what is there; None of nothing."""
    return _joined(AllOf, parts)


def any_of(parts: Iterable[Condition | None]) -> Condition | None:
    """The "or" of what is there; None of nothing."""
    return _joined(AnyOf, parts)


def unread(words: str) -> Condition | None:
    """An always-unknown condition for these words; None if there are none."""
    return Unread(words) if words.strip() else None


def doubtful(narrow: Condition, wide: Condition, words: str) -> Condition:
    """Yes only if `narrow` is, no only if `wide` is: for words that can be meant in two ways."""
    if narrow == wide:
        return narrow
    return AnyOf((narrow, AllOf((wide, Unread(words)))))


def either_or_both(parts: tuple[Condition, ...], words: str) -> Condition:
    """ "A and B" of which nobody can say whether one of them is enough."""
    if len(parts) == 1:
        return parts[0]
    return doubtful(AllOf(parts), AnyOf(parts), words)


def join(parts: list[Condition], links: list[str], is_list: Callable[[int], bool]) -> Condition:
    """An "and" of "or"-groups: "or" binds the nearer parts, which is the narrower way to take it.

    `links[k]` stands before `parts[k + 1]`. Of "a, b or c" all three are alternatives if
    `is_list(2)`; otherwise that is open, and the condition is yes only if both ways are.
    """
    groups: list[list[Condition]] = [[parts[0]]]
    chained = 0
    for place, (link, part) in enumerate(zip(links, parts[1:], strict=True), start=1):
        if link not in ("or", ", or", "/"):
            groups.append([part])
            chained = chained + 1 if link == "," else 0
            continue
        groups[-1].append(part)
        if chained:
            wide = [inner for group in groups[-1 - chained :] for inner in group]
            narrow = all_of(any_of(group) for group in groups[-1 - chained :])
            merged = any_of(wide) or part
            if not is_list(place) and narrow is not None:
                merged = doubtful(narrow, merged, "or")
            groups[-1 - chained :] = [[merged]]
            chained = 0
    return all_of(any_of(group) for group in groups) or parts[0]


def negate(condition: Condition, lexicon: Lexicon) -> Condition:
    """The opposite; a tag's own opposite where the rules name one."""
    match condition:
        case Tag(key):
            rule = lexicon.book.tag(key)
            if rule.opposite is None:
                return Not(condition)
            return Tag(f"{rule.opposite}:{rule.site}" if rule.site else rule.opposite)
        case AllOf(parts):
            return AnyOf(tuple(negate(part, lexicon) for part in parts))
        case AnyOf(parts):
            return AllOf(tuple(negate(part, lexicon) for part in parts))
        case Not(part):
            return part
        case Unread():
            return condition


def is_plain(condition: Condition) -> bool:
    """Whether a condition is one thing, or alternatives that are each one thing."""
    if isinstance(condition, AnyOf):
        return all(is_plain(part) for part in condition.parts)
    return not isinstance(condition, AllOf)


def scope(condition: Condition, sites: tuple[str, ...], lexicon: Lexicon) -> Condition:
    """Every fact about the main cancer tied to the named sites (any of them if several)."""
    match condition:
        case Tag(key):
            if not sites or not is_unscoped(key, lexicon):
                return condition
            tied = tuple(Tag(f"{key}:{site}") for site in sites)
            return tied[0] if len(tied) == 1 else AnyOf(tied)
        case Not(part):
            return Not(scope(part, sites, lexicon))
        case AllOf(parts) | AnyOf(parts):
            return type(condition)(tuple(scope(part, sites, lexicon) for part in parts))
        case Unread():
            return condition


def is_unscoped(key: str, lexicon: Lexicon) -> bool:
    """Whether a tag is about the main cancer and no site was named yet."""
    rule = lexicon.book.tag(key)
    return rule.scoped and rule.site is None


def require_cancer(condition: Condition, sites: tuple[str, ...], lexicon: Lexicon) -> Condition:
    """Without-conditions on a cancer of one's own ask for that cancer too (not had ≠ no cancer)."""
    match condition:
        case Not(Tag(key)):
            needed = _cancers_needed(key, sites, lexicon)
            return AllOf((condition, *needed)) if needed else condition
        case AllOf(parts):
            if any(_says_own_cancer(part, lexicon) for part in parts):
                return condition
            return AllOf(tuple(require_cancer(p, sites, lexicon) for p in parts))
        case AnyOf(parts):
            return AnyOf(tuple(require_cancer(p, sites, lexicon) for p in parts))
        case _:
            return condition


def _says_own_cancer(part: Condition, lexicon: Lexicon) -> bool:
    """Whether a cancer is asked for already, or surgery that people without cancer have too."""
    keys = [part.key] if isinstance(part, Tag) else list(tags_in(part))
    if any(lexicon.book.tag(key).role == "reduced" for key in keys):
        return True
    return isinstance(part, Tag) and "main_cancer" in lexicon.about(part.key)


def _cancers_needed(key: str, sites: tuple[str, ...], lexicon: Lexicon) -> tuple[Condition, ...]:
    about = lexicon.about(key)
    own = [site for site in about if lexicon.tag_for("diagnosed", site)]
    if not own and "main_cancer" in about and not sites:
        own = [ANY]
    keys = [lexicon.tag_for("diagnosed", site) for site in sorted(own)]
    return tuple(Tag(tag) for tag in keys if tag is not None and tag != key)


def diagnosed_sites(condition: Condition | None, lexicon: Lexicon) -> tuple[str, ...]:
    """The cancers that a condition says the person has or had."""
    names = {
        key: concept for (role, concept), key in lexicon.by_role.items() if role == "diagnosed"
    }
    found = [names[key] for key in _positive(condition) if names.get(key) in lexicon.book.sites]
    return tuple(dict.fromkeys(found))


def _positive(condition: Condition | None) -> Iterable[str]:
    if isinstance(condition, Tag):
        yield condition.key
    elif isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from _positive(part)


def only_inherited(condition: Condition, lexicon: Lexicon) -> Condition:
    """ "No BRCA mutation" in a label of no cancer: nothing of a tumor is meant."""
    pairs: dict[Condition, Condition] = {
        Not(Tag(key)): negate(Tag(own), lexicon)
        for (role, concept), key in lexicon.by_role.items()
        if role == "tumor" and (own := lexicon.tag_for("inherited", concept))
    }
    match condition:
        case AllOf(parts):
            kept = [part for part in parts if pairs.get(part) not in parts]
            return all_of(only_inherited(part, lexicon) for part in kept) or condition
        case AnyOf(parts):
            return AnyOf(tuple(only_inherited(part, lexicon) for part in parts))
        case _:
            return condition


def with_two_meanings(condition: Condition, lexicon: Lexicon) -> Condition:
    """ "Hormone therapy" without a cancer may be the one for menopause: nobody can tell."""
    keys = set(tags_in(condition))
    double = keys & set(lexicon.two_meanings)
    own = any(_is_of_own_cancer(key, lexicon) for key in keys - double)
    return condition if own or not double else _doubled(condition, lexicon)


def _is_of_own_cancer(key: str, lexicon: Lexicon) -> bool:
    names = {
        concept
        for (role, concept), tag in lexicon.by_role.items()
        if role == "diagnosed" and tag == key
    }
    return bool(names) or bool(lexicon.about(key) - {"person"})


def _doubled(condition: Condition, lexicon: Lexicon) -> Condition:
    match condition:
        case Tag(key) if key in lexicon.two_meanings:
            daily, words = lexicon.two_meanings[key]
            return AllOf((AnyOf((condition, Tag(daily))), Unread(words)))
        case Not(part):
            return Not(_doubled(part, lexicon))
        case AllOf(parts) | AnyOf(parts):
            return type(condition)(tuple(_doubled(part, lexicon) for part in parts))
        case _:
            return condition


def tidy(condition: Condition, lexicon: Lexicon) -> Condition:
    """The same condition without nesting, repeats and parts that add nothing."""
    if isinstance(condition, Not):
        return Not(tidy(condition.part, lexicon))
    if not isinstance(condition, AllOf | AnyOf):
        return condition
    kind = type(condition)
    flat: list[Condition] = []
    for part in (tidy(part, lexicon) for part in condition.parts):
        flat.extend(part.parts if isinstance(part, kind) else [part])
    kept = _absorbed(flat, kind)
    kept = _without_implied(kept, lexicon) if kind is AllOf else _grouped(kept, lexicon)
    return kept[0] if len(kept) == 1 else kind(tuple(kept))


def _absorbed(parts: list[Condition], kind: type[AllOf] | type[AnyOf]) -> list[Condition]:
    """ "A or (A and B)" is A, "A and (A or B)" is A, also in three-valued logic."""
    other = AnyOf if kind is AllOf else AllOf
    kept: list[tuple[frozenset[Condition], Condition]] = []
    for part in parts:
        inner = part.parts if isinstance(part, other) else (part,)
        asked = frozenset(map(canonical, inner))
        if any(present <= asked for present, _ in kept):
            continue
        kept = [(present, whole) for present, whole in kept if not asked <= present]
        kept.append((asked, part))
    return [part for _, part in kept]


def _grouped(parts: list[Condition], lexicon: Lexicon) -> list[Condition]:
    """ "BRCA1 or BRCA2" as one: who does not remember which of the two has it all the same."""
    for members, group in lexicon.grouped_tags:
        for site in ("", *(f":{site}" for site in lexicon.book.sites)):
            wanted = [Tag(key + site) for key in members]
            if all(tag in parts for tag in wanted):
                place = parts.index(wanted[0])
                parts = [part for part in parts if part not in wanted]
                parts.insert(place, Tag(group + site))
    return parts


def _without_implied(parts: list[Condition], lexicon: Lexicon) -> list[Condition]:
    """ "Cancer" need not be asked beside a named cancer or a receptor of one."""
    any_cancer = Tag(lexicon.tag_for("diagnosed", ANY) or "")
    others = [part for part in parts if part != any_cancer]
    return others if any(_names_cancer(part, lexicon) for part in others) else parts


def _names_cancer(condition: Condition, lexicon: Lexicon) -> bool:
    """Whether nobody fulfils this without having had a certain cancer."""
    match condition:
        case Tag(key):
            one_cancer = bool(lexicon.about(key) & {"breast", "prostate"})
            return one_cancer or bool(diagnosed_sites(condition, lexicon))
        case AllOf(parts):
            return any(_names_cancer(part, lexicon) for part in parts)
        case AnyOf(parts):
            return all(_names_cancer(part, lexicon) for part in parts)
        case _:
            return False


def _joined(kind: type[AllOf] | type[AnyOf], parts: Iterable[Condition | None]) -> Condition | None:
    there = tuple(part for part in parts if part is not None)
    if len(there) < 2:
        return there[0] if there else None
    return kind(there)
