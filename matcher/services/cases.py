"""Cases: runs the worked cases, which are the rules' own tests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from matcher.core.change import smallest_change
from matcher.core.conditions import Condition, from_json
from matcher.core.finder import FactFinder
from matcher.core.matching import Outcome
from matcher.core.reasons import Reason
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.rules.cases import CaseEntry
from matcher.schemas.profiles import ProfileError, read_answers
from matcher.services.matching import Matcher

DEFAULT_TODAY = "2026-11-22"
ReadLabel = Callable[[str], Condition | None]


@dataclass(frozen=True)
class CaseResult:
    """One case that was run: every difference from what it says, none if it holds."""

    entry: CaseEntry
    differences: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether the case holds."""
        return not self.differences


class CaseRunner:
    """Runs worked cases against the sample's studies or a label of their own."""

    def __init__(self, book: Rulebook, studies: Iterable[Study], read: ReadLabel) -> None:
        self.book = book
        self.finder = FactFinder(book)
        self.studies = {study.key: study for study in studies}
        self.read = read

    def run(self, entry: CaseEntry) -> CaseResult:
        """Run one case. A case that cannot be run at all says why as its difference."""
        try:
            return CaseResult(entry, tuple(self._differences(entry.content)))
        except ProfileError as error:
            return CaseResult(entry, (f"the answers cannot be taken: {error}",))
        except (ValueError, KeyError, TypeError) as error:
            return CaseResult(entry, (f"the case cannot be run: {error!r}",))

    def _differences(self, case: Mapping[str, Any]) -> list[str]:
        study = self._study(case)
        answers = read_answers(case.get("answers", {}), self.book)
        today = date.fromisoformat(case.get("today", DEFAULT_TODAY))
        matcher = Matcher(self.book, [study], finder=self.finder)
        outcome = matcher.match(answers, today=today)
        found = outcome.matches[0]
        differences = []
        if found.level.word != case["level"]:
            differences.append(f"level is {found.level.word}, expected {case['level']}")
        for wanted in case.get("reasons", ()):
            if not any(_fits(reason, wanted) for reason in _all(found.reasons)):
                differences.append(f"no reason like {wanted}; {_summary(found.reasons)}")
        differences += _told(case, outcome)
        if "change" in case:
            change = smallest_change(matcher.catalogue, study, answers, today=today)
            steps = [{"key": step.unit, "to": step.to} for step in change or ()]
            shown: object = "none" if change is None else steps
            if shown != case["change"]:
                differences.append(f"change is {shown}, expected {case['change']}")
        return differences

    def _study(self, case: Mapping[str, Any]) -> Study:
        if "study" in case:
            return self.studies[case["study"]]
        label = case.get("audience", {})
        most = self._audience(case.get("most_condition"), label.get("most"))
        also = [self._audience(None, text) for text in label.get("also", ())]
        also += [self._audience(condition, None) for condition in case.get("also_conditions", ())]
        return Study(
            key="case", title="case", most=most, also=tuple(a for a in also if a is not None)
        )

    def _audience(self, condition: Any, text: str | None) -> Audience | None:
        if condition is not None:
            return Audience(text or "", from_json(condition))
        return Audience(text, self.read(text)) if text else None


def _told(case: Mapping[str, Any], outcome: Outcome) -> list[str]:
    differences = []
    if "contradictions" in case:
        found = sorted(sorted(one.units) for one, _ in outcome.contradictions)
        if found != sorted(sorted(units) for units in case["contradictions"]):
            differences.append(f"contradictions are {found}")
    if "notes" in case:
        rules = sorted(note.rule for note, _ in outcome.notes)
        if not set(case["notes"]) <= set(rules):
            differences.append(f"notes are {rules}, expected {case['notes']}")
    return differences


def _all(reasons: Iterable[Reason]) -> Iterable[Reason]:
    for reason in reasons:
        yield reason
        yield from _all(reason.parts)


def _fits(reason: Reason, wanted: Mapping[str, Any]) -> bool:
    actual = {
        "tag": reason.tag,
        "verdict": reason.verdict.word,
        "strength": reason.strength,
        "unread": reason.unread,
        "group": reason.group,
    }
    if "says" in wanted and wanted["says"].lower() not in reason.text.lower():
        return False
    if "answers" in wanted and sorted(wanted["answers"]) != sorted(reason.answers):
        return False
    return all(actual[k] == v for k, v in wanted.items() if k not in ("says", "answers"))


def _summary(reasons: Iterable[Reason]) -> str:
    told = (f"{r.tag or r.unread or r.label}={r.verdict.word} ({r.text})" for r in reasons)
    return "there are: " + "; ".join(told)
