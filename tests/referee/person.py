"""A person: answers turned into facts, contradictions found, silence and defaults applied."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.referee.conditions import truth
from tests.referee.facts import ONE_CANCER, Atom, ClashError, Closer, Facts, Literal, ways
from tests.referee.reading import CLEAR, FOUND, read_units

YES = 2


class Person:
    """Facts of one profile; `contradictions` are its minimal sets of answers that cannot all be."""

    def __init__(self, closer: Closer, answers: dict[str, Any], today: date) -> None:
        self.rules, self.closer, self.today = closer.rules, closer, today
        told = read_units(self.rules, answers)
        self.contradictions = self._minimal_clashes(told)
        aside = set().union(*self.contradictions)
        self.units = {unit: answer for unit, answer in told.items() if unit not in aside}
        self.facts = self._hard(self.units)
        self._take_defaults()
        self._fall_silent()

    # Contradictions

    def _minimal_clashes(self, units: dict[str, Any]) -> list[frozenset[str]]:
        """All minimal sets of answers that cannot all be so.

        One is found by leaving answers out while the rest still clashes; every other minimal set
        lacks at least one of its answers, so the search goes on without each of them in turn.
        """
        found: set[frozenset[str]] = set()
        seen: set[frozenset[str]] = set()
        left = [frozenset(units)]
        while left:
            chosen = left.pop()
            if chosen in seen:
                continue
            seen.add(chosen)
            if self.agrees({unit: units[unit] for unit in chosen}):
                continue
            core = chosen
            for unit in sorted(chosen):
                if not self.agrees({u: units[u] for u in core - {unit}}):
                    core = core - {unit}
            found.add(core)
            left += [chosen - {unit} for unit in core]
        return sorted(found, key=sorted)

    def agrees(self, units: dict[str, Any]) -> bool:
        """Whether these single answers can all be so."""
        try:
            self._hard(units)
        except ClashError:
            return False
        return True

    # Answers as facts

    def _hard(self, units: dict[str, Any]) -> Facts:
        """Facts that follow from these answers without any default or soft silence."""
        facts = Facts(self.rules)
        for unit, answer in units.items():
            for atom, so in self._literals(unit, answer, units):
                facts.learn(atom, so)
        self.closer.close(facts)
        return facts

    def _literals(self, unit: str, answer: Any, units: dict[str, Any]) -> list[Literal]:
        key, _, gene = unit.partition(".")
        attribute = self.rules.attributes[key]
        if gene:
            return self._result_literals(key, gene, answer, units)
        if attribute["kind"] == "one":
            narrower = self.rules.narrower(key, answer)
            wider = self.rules.wider(key, answer)
            others = set(self.rules.values(key)) - narrower - wider - {answer}
            yes = [((key, value), True) for value in {answer} | wider]
            return [*yes, *(((key, value), False) for value in others)]
        if attribute["kind"] == "yes_no":
            return [((key, "yes"), answer == "yes")]
        if attribute["kind"] == "integer":
            return [((key, answer), True), ((key, answer + 1), False)]
        listed = set(answer) - {"unknown"} - set(self.rules.flagged(key, "exclusive"))
        found: list[Literal] = [((key, value), True) for value in listed]
        if not self._gives_way(key):
            found += [((key, value), False) for value in self._silence(key, answer, listed)]
        if key == "cancer" and "unknown" not in answer:
            if len(listed) == 1:
                found.append((("main_cancer", min(listed)), True))
            found.append((ONE_CANCER, len(listed) == 1))
        return found

    def _gives_way(self, key: str) -> bool:
        return key == "high_risk" or "merged_from" in self.rules.attributes[key]

    def _silence(self, key: str, answer: list[str], listed: set[str]) -> list[str]:
        """What is not so because the list does not name it."""
        if "unknown" in answer:
            return []
        fine = set(self.rules.flagged(key, "fine"))
        silent = []
        for value in set(self.rules.values(key)) - set(self.rules.flagged(key, "exclusive")):
            narrower = self.rules.narrower(key, value)
            coarse = any(
                wide in listed and not self.rules.narrower(key, wide) & listed
                for wide in self.rules.wider(key, value)
            )
            too_fine = value in fine and not fine & listed
            if not (value in listed or narrower & listed or coarse or too_fine):
                silent.append(value)
        return silent

    # Results

    def _result_literals(
        self, key: str, gene: str, answer: Any, units: dict[str, Any]
    ) -> list[Literal]:
        result, on = answer
        option = self._option(key, gene)
        members = option.get("one_of", [])
        if option.get("panel"):
            return [((key, gene), True)] if result in FOUND else []
        if members:
            all_clear = all(self._clear(f"{key}.{member}", units) for member in members)
            return [((key, gene), True)] if result in FOUND and not all_clear else []
        if result in FOUND:
            return [((key, gene), True)]
        if result in CLEAR and not (option.get("acquired") and self._is_old(on)):
            return [((key, gene), False)]
        return []

    def _clear(self, unit: str, units: dict[str, Any]) -> bool:
        return unit in units and units[unit][0] in CLEAR

    def _is_old(self, on: tuple[int, int] | None) -> bool:
        if on is None:
            return False
        months = (self.today.year - on[0]) * 12 + self.today.month - on[1]
        return months > int(self.rules.scoring["old_test_months"])

    # Silence

    def _fall_silent(self) -> None:
        """What complete lists and clear panels do not name is not so, where nothing else is known.

        An old panel says nothing of genes that can change later.
        """
        never_no = self._never_no()
        for unit, answer in self.units.items():
            for atom in self._silent_atoms(unit, answer):
                if atom not in never_no and self.facts.get(atom) is None:
                    self.facts.learn(atom, False)
        self.closer.close(self.facts)

    def _silent_atoms(self, unit: str, answer: Any) -> list[Atom]:
        key, _, gene = unit.partition(".")
        if gene:
            return self._panel_atoms(key, gene, answer)
        if not self._gives_way(key):
            return []
        other = self.rules.attributes[key].get("merged_from", "")
        listed = {*answer, *self.units.get(other, [])} - {"unknown"}
        return [(key, value) for value in self._silence(key, answer, listed)]

    def _panel_atoms(self, key: str, gene: str, answer: Any) -> list[Atom]:
        """The genes that a clear panel (or "neither of the two") settles: those not named."""
        option = self._option(key, gene)
        if answer[0] not in CLEAR or not (option.get("panel") or option.get("one_of")):
            return []
        groups = [o["value"] for o in self._genes(key) if o.get("one_of")]
        covered = option.get("one_of") or [
            o["value"] for o in self._genes(key) if not o.get("one_of")
        ]
        settled = [g for g in covered if self._settles(key, g, answer[1])]
        clear = [g for g in covered if g in settled or self._named_clear(key, g)]
        doubt = option.get("panel") and any(self._in_doubt(f"{key}.{g}") for g in groups)
        whole = [(key, gene)] if clear == covered and not doubt else []
        return [(key, g) for g in settled] + whole

    def _genes(self, key: str) -> list[dict[str, Any]]:
        options: list[dict[str, Any]] = self.rules.attributes[key]["options"]
        return [o for o in options if not o.get("signature") and not o.get("panel")]

    def _in_doubt(self, unit: str) -> bool:
        return unit in self.units and self.units[unit][0] not in CLEAR

    def _settles(self, key: str, gene: str, on: tuple[int, int] | None) -> bool:
        groups = [f"{key}.{o['value']}" for o in self._genes(key) if gene in o.get("one_of", [])]
        in_doubt = any(map(self._in_doubt, groups))
        too_old = self._option(key, gene).get("acquired") and self._is_old(on)
        return f"{key}.{gene}" not in self.units and not in_doubt and not too_old

    def _named_clear(self, key: str, gene: str) -> bool:
        unit = f"{key}.{gene}"
        too_old = self._option(key, gene).get("acquired") and self._is_old(
            self.units.get(unit, ("", None))[1]
        )
        return self._clear(unit, self.units) and not too_old

    def _option(self, key: str, value: str) -> dict[str, Any]:
        options: list[dict[str, Any]] = self.rules.attributes[key]["options"]
        return next(option for option in options if option["value"] == value)

    # Defaults

    def _never_no(self) -> set[Atom]:
        return {
            (key, value)
            for rule in self.rules.never_no
            if self._fires(rule)
            for key, values in rule["for"].items()
            for value in values
        }

    def _fires(self, rule: dict[str, Any]) -> bool:
        if truth(self.rules, self.facts, rule["if"]) != YES:
            return False
        return "unless" not in rule or truth(self.rules, self.facts, rule["unless"]) != YES

    def _take_defaults(self) -> None:
        """Take every default that fires, and those that fire because of them, and so on."""
        dropped: set[str] = set()
        while True:
            firing = [
                rule
                for rule in self.rules.defaults
                if rule["key"] not in dropped and self._fires(rule) and self._open(rule)
            ]
            good = [rule for rule in firing if self._try([rule]) is not None]
            dropped |= {rule["key"] for rule in firing} - {rule["key"] for rule in good}
            while good and self._try(good) is None:
                dropped.add(good.pop()["key"])
            if not good:
                return
            self.facts = self._try(good) or self.facts

    def _open(self, rule: dict[str, Any]) -> bool:
        return any(self.facts.get(atom) is None for atom, _ in self._target(rule))

    def _target(self, rule: dict[str, Any]) -> list[Literal]:
        (way,) = ways(self.rules, rule["then"])
        return way

    def _try(self, defaults: list[dict[str, Any]]) -> Facts | None:
        facts = self.facts.copy()
        try:
            for rule in defaults:
                for atom, so in self._target(rule):
                    if facts.get(atom) is None:
                        facts.learn(atom, so)
            self.closer.close(facts)
        except ClashError:
            return None
        return facts
