"""Reasons: what was decided about each criterion, in plain words made from the rules' texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from matcher.core.answers import UNKNOWN, Answers, Result
from matcher.core.catalogue import Catalogue
from matcher.core.conditions import AllOf, AnyOf, Condition, Not, Tag, Unread, groups_of
from matcher.core.facts import Facts, Note
from matcher.core.finding.contradictions import Contradiction
from matcher.core.logic import evaluate, grounds
from matcher.core.rulebook import TagRule
from matcher.core.study import Study
from matcher.core.text import joined
from matcher.core.truth import Truth, every, opposite, some
from matcher.core.wording import Wording


@dataclass(frozen=True)
class Reason:
    """One criterion of a study, decided. `answers` are the single answers it rests on.

    `strength` is ``most`` or ``also``; `group` the alternative within "most", or the number of the
    "also" audience. A compound has no `tag`, but `parts`; unread words stand in `unread`.
    `settle` names what to ask to settle an unknown (attribute keys or ``key.gene``); where it is
    unknown only for what was declined, `declined` says so: then there is nothing to settle.
    """

    strength: str
    group: int
    tag: str | None
    label: str
    verdict: Truth
    text: str
    answers: tuple[str, ...]
    supports: bool
    unread: str | None = None
    parts: tuple[Reason, ...] = ()
    settle: tuple[str, ...] = ()
    tender: bool = False
    topic: str | None = None
    declined: bool = False


class _Decided(NamedTuple):
    """What came of one tag; the same for all studies that name it."""

    verdict: Truth
    text: str
    units: tuple[str, ...] = ()
    settle: tuple[str, ...] = ()
    declined: bool = False


class Explainer:
    """Explains one person's verdicts in one language; `cared_for`: to who answered for them,
    `at_desk`: as their work."""

    def __init__(
        self,
        catalogue: Catalogue,
        facts: Facts,
        answers: Answers,
        *,
        today: date,
        language: str,
        cared_for: bool = False,
        at_desk: bool = False,
    ) -> None:
        self.catalogue = catalogue
        self.book = catalogue.book
        self.facts = facts
        self.answers = answers
        self.today = today
        self.words = Wording(
            catalogue.book, answers, language=language, cared_for=cared_for, at_desk=at_desk
        )
        self._cache: dict[str, _Decided] = {}

    def reasons(self, study: Study) -> tuple[Reason, ...]:
        """A reason for every criterion of "most" and for every "also" audience."""
        found: list[Reason] = []
        if study.most is not None and self.catalogue.counts(study.most):
            assert study.most.condition is not None
            groups = groups_of(self.catalogue.known_condition(study.most.condition))
            for number, group in enumerate(groups):
                found += [self._reason(part, "most", number) for part in group]
        for number, audience in enumerate(self.catalogue.also_of(study)):
            assert audience.condition is not None
            condition = self.catalogue.known_condition(audience.condition)
            found.append(self._reason(condition, "also", number))
        return tuple(found)

    def contradictions(self) -> tuple[tuple[Contradiction, str], ...]:
        """Each contradiction with its sentence."""
        return tuple((one, self.words.contradiction(one)) for one in self.facts.contradictions)

    def notes(self) -> tuple[tuple[Note, str], ...]:
        """Each note with its sentence."""
        return tuple((note, self.words.note(note)) for note in self.facts.notes)

    def _reason(self, condition: Condition, strength: str, group: int) -> Reason:
        match condition:
            case Tag(key):
                return self._tag_reason(key, strength, group)
            case Unread(words):
                text = self.words.say("reason_unread", unread=words)
                return Reason(
                    strength, group, None, words, Truth.UNKNOWN, text, (), False, unread=words
                )
            case AllOf(parts) | AnyOf(parts):
                inner = tuple(self._reason(part, strength, group) for part in parts)
                return self._compound(condition, inner, strength, group)
            case Not(part):
                inner = (self._reason(part, strength, group),)
                whole = self._compound(condition, inner, strength, group)
                if isinstance(part, Tag):
                    told = self._decide_tag(self.catalogue.tags[part.key], holds=False)
                    return replace(whole, text=told.text)
                return whole

    def _compound(
        self, condition: Condition, parts: tuple[Reason, ...], strength: str, group: int
    ) -> Reason:
        language = self.words.language
        verdicts = [part.verdict for part in parts]
        labels = [part.label for part in parts]
        match condition:
            case AllOf():
                verdict, frame, joiner = every(verdicts), "reason_all", "label_and"
                supports = any(part.supports for part in parts)
            case AnyOf():
                verdict, frame, joiner = some(verdicts), "reason_any", "label_or"
                supports = all(part.supports for part in parts)
            case _:
                verdict, frame, joiner = opposite(verdicts[0]), "reason_not", "label_and"
                supports = False
                labels = [self.words.say("label_not", label=labels[0])]
        return Reason(
            strength,
            group,
            None,
            joined(tuple(dict.fromkeys(labels)), self.words.text(joiner), language=language),
            verdict,
            self._tell_parts(frame, parts, verdict),
            tuple(dict.fromkeys(unit for part in parts for unit in part.answers)),
            supports,
            parts=parts,
            settle=tuple(dict.fromkeys(unit for part in parts for unit in part.settle)),
            tender=any(part.tender for part in parts),
            declined=verdict == Truth.UNKNOWN
            and all(part.declined for part in parts if part.verdict == Truth.UNKNOWN),
        )

    def _tell_parts(self, frame: str, parts: tuple[Reason, ...], verdict: Truth) -> str:
        """The parts' sentences; of an "or" that holds, or an "and" that does not, what decides."""
        decides = {"reason_any": Truth.YES, "reason_all": Truth.NO}.get(frame)
        if verdict == decides:
            return next(part.text for part in parts if part.verdict == verdict)
        return self.words.say(frame, parts=" ".join(dict.fromkeys(part.text for part in parts)))

    def _tag_reason(self, key: str, strength: str, group: int) -> Reason:
        tag = self.catalogue.tags[key]
        if key not in self._cache:
            self._cache[key] = self._decide_tag(tag)
        told = self._cache[key]
        return Reason(
            strength,
            group,
            key,
            self.words.label(tag),
            told.verdict,
            told.text,
            told.units,
            tag.supports,
            settle=told.settle,
            tender=tag.tender,
            topic=tag.topic,
            declined=told.declined,
        )

    def verdict(self, key: str) -> Truth:
        """The verdict of one tag of the catalogue."""
        expression = self.catalogue.expressions[key]
        return evaluate(expression, self.facts.value)

    def _decide_tag(self, tag: TagRule, *, holds: bool = True) -> _Decided:
        """What came of a tag, told as of a label that asks that it holds, or does not."""
        expression = self.catalogue.expressions[tag.key]
        verdict, about = self.verdict(tag.key), self.words.about(tag, holds=holds)
        ground = list(grounds(expression, self.facts.value, value=verdict))
        if verdict == Truth.UNKNOWN:
            return self._tell_unknown(ground, about)
        units = self._units(ground)
        frame = "reason_yes" if (verdict == Truth.YES) == holds else "reason_no"
        if not units:
            text = self.words.say(f"{frame}_without_answer", about=about)
            return _Decided(verdict, text)
        text = self.words.say(frame, about=about, said=self.words.said_all(units))
        return _Decided(verdict, text, units)

    def _units(self, ground: Iterable[tuple[int, Truth]]) -> tuple[str, ...]:
        units = dict.fromkeys(
            unit for atom, value in ground for unit in self.facts.support(atom, value)
        )
        order = {key: number for number, key in enumerate(self.book.attributes)}
        return tuple(sorted(units, key=lambda unit: order[unit.partition(".")[0]]))

    def _tell_unknown(self, ground: list[tuple[int, Truth]], about: str) -> _Decided:
        names = self.catalogue.finder.vocabulary.names
        owners = self.catalogue.finder.vocabulary.owner
        wanted = dict.fromkeys(
            self._wanted(owners[atom], names[atom])
            for atom, value in ground
            if value == Truth.UNKNOWN
        )
        wanted = {unit: None for unit in wanted if unit.partition(".")[0] in self.book.attributes}
        known = self._units((a, v) for a, v in ground if v != Truth.UNKNOWN)
        touched = tuple(dict.fromkeys((*known, *filter(self._answered, wanted))))
        frame = self._unknown_frame(tuple(wanted), touched)
        said = tuple(unit for unit in touched if frame != "reason_unknown_contradiction")
        text = self.words.say(frame, about=about, said=self.words.said_all(said))
        settle = tuple(unit for unit in wanted if self._is_open(unit))
        declined = bool(wanted) and all(map(self._is_declined, wanted))
        return _Decided(Truth.UNKNOWN, text, touched, settle, declined)

    def _wanted(self, key: str, name: str) -> str:
        attribute = self.book.attributes.get(key)
        if attribute is not None and attribute.kind == "results":
            return f"{key}.{name.partition('=')[2]}"
        return key

    def _answered(self, unit: str) -> bool:
        return unit in self.answers.units()

    def _is_open(self, unit: str) -> bool:
        """Whether asking could settle it: not answered, not declined, not uncertain."""
        key, _, gene = unit.partition(".")
        if key in self.answers.declined or unit in self.answers.declined:
            return False
        result = self.answers.results(key).get(gene) if gene else None
        if result is not None:
            return result.result == "not_tested" or result.clear
        value = self.answers.given.get(key)
        return value is None or bool(gene) or (isinstance(value, tuple) and UNKNOWN in value)

    def _unknown_frame(self, wanted: tuple[str, ...], touched: tuple[str, ...]) -> str:
        if self.facts.set_aside.intersection(wanted):
            return "reason_unknown_contradiction"
        if touched:
            return self._answered_frame(touched)
        if any(self._is_declined(unit) for unit in wanted):
            return "reason_unknown_declined"
        return "reason_unknown"

    def _answered_frame(self, touched: tuple[str, ...]) -> str:
        results = [self._result(unit) for unit in touched]
        words = {result.result for result in results if result is not None}
        if "uncertain" in words:
            return "reason_unknown_uncertain"
        if "not_tested" in words:
            return "reason_unknown_not_tested"
        months = self.book.scoring.old_test_months
        if any(r and r.clear and r.is_older_than(months, today=self.today) for r in results):
            return "reason_unknown_old_test"
        return "reason_unknown_said"

    def _is_declined(self, unit: str) -> bool:
        return unit in self.answers.declined or unit.partition(".")[0] in self.answers.declined

    def _result(self, unit: str) -> Result | None:
        key, _, gene = unit.partition(".")
        return self.answers.results(key).get(gene)
