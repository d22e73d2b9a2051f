"""Reading: the rules' files and a profile as plain dicts, for the referee alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SHIPPED = Path(__file__).parents[2] / "rules"
NOT_KNOWN: tuple[Any, ...] = (None, "", [], {}, "unknown", "declined", ["declined"], ["unknown"])
FOUND = ("mutation", "positive")
CLEAR = ("none", "negative")


@dataclass(frozen=True)
class Rules:
    """Everything that rules/ says, as it stands in the files."""

    attributes: dict[str, dict[str, Any]]
    tags: dict[str, dict[str, Any]]
    families: dict[str, dict[str, Any]]
    implications: list[dict[str, Any]]
    defaults: list[dict[str, Any]]
    never_no: list[dict[str, Any]]
    scoring: dict[str, Any]

    def values(self, attribute: str) -> list[str]:
        """The values (or genes) that an attribute can have."""
        return [option["value"] for option in self.attributes[attribute].get("options") or []]

    def flagged(self, attribute: str, flag: str) -> list[str]:
        """The values that carry a flag."""
        options = self.attributes[attribute].get("options") or []
        return [option["value"] for option in options if option.get(flag)]

    def wider(self, attribute: str, value: str) -> set[str]:
        """All values that are wider than this one."""
        direct = {
            o["value"]: o["wider"] for o in self.attributes[attribute]["options"] if "wider" in o
        }
        found: set[str] = set()
        while value in direct and direct[value] not in found:
            value = direct[value]
            found.add(value)
        return found

    def narrower(self, attribute: str, value: str) -> set[str]:
        """All values that are narrower than this one."""
        return {v for v in self.values(attribute) if value in self.wider(attribute, v)}

    def tag(self, key: str) -> tuple[dict[str, Any], str | None] | None:
        """The rule of a tag's key and the site that the key names, or None for an unknown key."""
        if key in self.tags:
            return self.tags[key], None
        base, _, last = key.rpartition(":")
        if last in self.values("cancer"):
            found = self.tag(base)
            scoped = found is not None and found[1] is None and found[0].get("scoped", False)
            return (found[0], last) if found and scoped else None
        if base in self.families and last.isascii() and last.isdigit():
            return _filled(self.families[base], {"n": str(min(int(last), 999))}), None
        return None


def read_rules(folder: Path = SHIPPED) -> Rules:
    """Read a rules folder that is known to be sound."""
    attributes = {a["key"]: a for a in _all(folder / "attributes", "attributes")}
    tags: dict[str, dict[str, Any]] = {}
    families: dict[str, dict[str, Any]] = {}
    for tag in _all(folder / "tags", "tags"):
        if "parameter" in tag:
            families[tag["key"].removesuffix(":{n}")] = tag
        elif "for_each" in tag:
            for option in attributes[tag["for_each"]]["options"]:
                if not option.get("exclusive") and option["value"] not in tag.get("except", []):
                    one = _filled(tag, {"value": option["value"]})
                    one["weight"] = tag.get("weights", {}).get(option["value"], tag["weight"])
                    tags[one["key"]] = one
        else:
            tags[tag["key"]] = tag
    follows = _load(folder / "implications.yaml")
    return Rules(
        attributes=attributes,
        tags=tags,
        families=families,
        implications=follows["implications"],
        defaults=follows.get("defaults", []),
        never_no=follows.get("never_no", []),
        scoring=_load(folder / "scoring.yaml"),
    )


def read_units(rules: Rules, answers: dict[str, Any]) -> dict[str, Any]:
    """The single answers of a profile that say something: by key, results by ``key.gene``.

    A result is a pair (result, (year, month) or None).
    """
    units: dict[str, Any] = {}
    for key, answer in answers.items():
        if answer in NOT_KNOWN:
            continue
        if rules.attributes[key]["kind"] != "results":
            units[key] = answer
            continue
        for gene, result in answer.items():
            word = result.get("result") if isinstance(result, dict) else result
            if word in NOT_KNOWN:
                continue
            on = result.get("on") if isinstance(result, dict) else None
            units[f"{key}.{gene}"] = (word, on and (int(on[:4]), int(on[5:7] or 1)))
    return units


def _all(folder: Path, name: str) -> list[dict[str, Any]]:
    return [item for path in sorted(folder.glob("*.yaml")) for item in _load(path)[name]]


def _load(path: Path) -> Any:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def _filled(rule: Any, words: dict[str, str]) -> Any:
    """A rule with ``{n}`` or ``{value}`` replaced; a number in a condition becomes a number."""
    if isinstance(rule, dict):
        return {_filled(key, words): _filled(value, words) for key, value in rule.items()}
    if isinstance(rule, list):
        return [_filled(value, words) for value in rule]
    if not isinstance(rule, str):
        return rule
    for name, word in words.items():
        if rule == f"{{{name}}}" and name == "n":
            return int(word)
        rule = rule.replace(f"{{{name}}}", word)
    return rule
