"""Needs: on which single answers it rests that a study concerns somebody."""

from __future__ import annotations

from collections.abc import Iterator

from matcher.core.catalogue import Catalogue
from matcher.core.conditions import AllOf, AnyOf, Condition, Not, Tag, groups_of
from matcher.core.facts import Facts
from matcher.core.finding.closure import Closure
from matcher.core.levels import Level
from matcher.core.logic import evaluate, grounds
from matcher.core.planning.population import Member
from matcher.core.study import Study
from matcher.core.truth import Truth

Group = tuple[Condition, ...]


class Known:
    """What is known of a member beside the person's answers, and which of both it rests on."""

    def __init__(self, closure: Closure, facts: Facts, member: Member) -> None:
        self.size = closure.size
        self.before = facts.known & ~closure.negated(member.known)
        self.value = Facts(member.known | self.before, self.size, ()).value
        self.member = member

    def source(self, atom: int, value: Truth) -> str | None:
        """The member's answer that says so; None if it was known before, or needs several."""
        literal = 1 << (atom if value == Truth.YES else self.size + atom)
        if literal & self.before:
            return None
        return next(
            (
                one.unit
                for said in self.member.said.values()
                for one in said
                if one.brings & literal
            ),
            None,
        )


class Needs:
    """Finds what the levels of studies rest on; the studies' conditions are prepared once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._groups: dict[tuple[str, bool], list[Group]] = {}

    def units(self, study: Study, level: Level, known: Known) -> frozenset[str]:
        """The member's answers on which the criteria that hold rest.

        Of several alternatives, for the one that needs fewest. Empty if nothing that holds rests
        on them.
        """
        least = Truth.UNKNOWN if level == Level.MAY_FIT else Truth.YES
        needed = []
        for group in self._groups_of(study, also=level == Level.RELATED):
            truths = [self._truth(condition, known) for condition in group]
            if min(truths) >= least:
                holding = (c for c, t in zip(group, truths, strict=True) if t == Truth.YES)
                units = (unit for c in holding for unit in self._units(c, known, Truth.YES))
                needed.append(frozenset(units))
        return min(needed, key=lambda units: (len(units), sorted(units)), default=frozenset())

    def _groups_of(self, study: Study, *, also: bool) -> list[Group]:
        name = (study.key, also)
        if name not in self._groups:
            audiences = self.catalogue.also_of(study) if also else (study.most,)
            self._groups[name] = [
                group
                for audience in audiences
                if audience is not None and audience.condition is not None
                for group in groups_of(self.catalogue.known_condition(audience.condition))
            ]
        return self._groups[name]

    def _units(self, condition: Condition, known: Known, truth: Truth) -> Iterator[str]:
        match condition:
            case Tag(key):
                for atom, value in grounds(
                    self.catalogue.expressions[key], known.value, value=truth
                ):
                    unit = known.source(atom, value) if value != Truth.UNKNOWN else None
                    if unit is not None:
                        yield unit
            case Not(part):
                yield from self._units(part, known, Truth(Truth.YES - truth))
            case AllOf(parts) | AnyOf(parts):
                alike = [part for part in parts if self._truth(part, known) == truth]
                decides = Truth.NO if isinstance(condition, AllOf) else Truth.YES
                for part in alike[:1] if truth == decides else alike:
                    yield from self._units(part, known, truth)
            case _:
                return

    def _truth(self, condition: Condition, known: Known) -> Truth:
        match condition:
            case Tag(key):
                return evaluate(self.catalogue.expressions[key], known.value)
            case Not(part):
                return Truth(Truth.YES - self._truth(part, known))
            case AllOf(parts):
                return min(self._truth(part, known) for part in parts)
            case AnyOf(parts):
                return max(self._truth(part, known) for part in parts)
            case _:
                return Truth.UNKNOWN
