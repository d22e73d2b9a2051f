"""Conditions and tags over facts, by plain recursion. 2 is yes, 1 unknown, 0 no."""

from __future__ import annotations

from typing import Any

from tests.referee.facts import NEVER, ONE_CANCER, Atom, Facts
from tests.referee.reading import FOUND, Rules

YES, UNKNOWN, NO = 2, 1, 0
ANYWHERE = "anywhere"


def truth(rules: Rules, facts: Facts, condition: Any, site: str | None = None) -> int:
    """A rule's condition; `site` is the label's cancer (or `ANYWHERE`) inside a scoped tag."""
    if condition == "unsure":
        return UNKNOWN
    if len(condition) > 1:
        return min(truth(rules, facts, {key: part}, site) for key, part in condition.items())
    ((key, value),) = condition.items()
    if key == "all":
        return min(truth(rules, facts, part, site) for part in value)
    if key == "any":
        return max(truth(rules, facts, part, site) for part in value)
    if key == "not":
        return YES - truth(rules, facts, value, site)
    if key == "surely":
        return YES if truth(rules, facts, value, site) == YES else NO
    if key == "tag":
        return tag_truth(rules, facts, value, site)
    if isinstance(value, dict) and "not" in value:
        return YES - truth(rules, facts, {key: value["not"]}, site)
    return _scoped(rules, facts, key, value, site)


def tag_truth(rules: Rules, facts: Facts, key: str, outer: str | None = None) -> int:
    """A tag by its key; a key that the rules do not know is unknown."""
    found = rules.tag(key)
    if found is None:
        return UNKNOWN
    rule, named = found
    site = (named or outer or ANYWHERE) if rule.get("scoped") else None
    when = truth(rules, facts, rule["when"], site)
    maybe = truth(rules, facts, rule["maybe"], site) if "maybe" in rule else NO
    has = _known(facts, ("cancer", named)) if named else YES
    return min(has, max(when, min(maybe, UNKNOWN)))


def _scoped(rules: Rules, facts: Facts, key: str, value: Any, site: str | None) -> int:
    """A leaf about the main cancer counts only for the cancer that the label names."""
    leaf = _leaf(rules, facts, key, value)
    whole_person = key == "cancer_status" and value in (["now", "past"], ["past", "now"], "never")
    if site is None or rules.attributes[key]["about"] != "main_cancer" or whole_person:
        return leaf
    if site == ANYWHERE:
        return NO if leaf == NO and _known(facts, ONE_CANCER) == YES else max(leaf, UNKNOWN)
    is_main = _known(facts, ("main_cancer", site)) == YES
    if leaf == YES and is_main:
        return YES
    if _known(facts, ("cancer", site)) == NO or (leaf == NO and is_main):
        return NO
    return UNKNOWN


def _leaf(rules: Rules, facts: Facts, key: str, value: Any) -> int:
    kind = rules.attributes[key]["kind"]
    if kind == "integer":
        parts = []
        if "min" in value:
            surely = value["min"] <= rules.attributes[key]["min"]
            has = _has_cancer(rules, facts, key) if surely else YES
            parts.append(min(has, _known(facts, (key, value["min"]))))
        if "max" in value:
            parts.append(_absent(rules, facts, key, (key, value["max"] + 1)))
        return min(parts)
    if kind == "results":
        return min(_result(rules, facts, key, gene, word) for gene, word in value.items())
    choices = [value] if isinstance(value, str) else value
    if key == "cancer_status" and set(choices) == {"now", "past"}:
        return YES - _known(facts, NEVER)
    if kind == "yes_no":
        return max(
            _known(facts, (key, "yes"))
            if choice == "yes"
            else _absent(rules, facts, key, (key, "yes"))
            for choice in choices
        )
    return max(_known(facts, (key, choice)) for choice in choices)


def _known(facts: Facts, atom: Atom) -> int:
    known = facts.get(atom)
    return UNKNOWN if known is None else YES if known else NO


def _result(rules: Rules, facts: Facts, key: str, gene: str, word: str) -> int:
    if word == "named":  # some gene was named after all
        options = rules.attributes[key]["options"]
        genes = [o["value"] for o in options if not o.get("panel") and not o.get("signature")]
        return max(_known(facts, (key, gene)) for gene in genes)
    if word in FOUND:
        return _known(facts, (key, gene))
    return _absent(rules, facts, key, (key, gene))


def _absent(rules: Rules, facts: Facts, key: str, atom: Atom) -> int:
    """Not so, of somebody who has the cancer that the attribute is about."""
    return min(_has_cancer(rules, facts, key), YES - _known(facts, atom))


def _has_cancer(rules: Rules, facts: Facts, key: str) -> int:
    about = rules.attributes[key]["about"]
    if about == "main_cancer":
        return YES - _known(facts, NEVER)
    return YES if about == "person" else _known(facts, ("cancer", about))
