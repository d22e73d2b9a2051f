"""Explanation: one study for one profile on a terminal, and what would make it fit."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text as RichText

from matcher.cli.tables import MARKS, console
from matcher.core.answers import Value
from matcher.core.change import MOST_STEPS, Step
from matcher.core.changes.search import MOST_EXACT
from matcher.core.given_change import MOST_GIVEN, GivenChange, Turn
from matcher.core.matching import Match
from matcher.core.reasons import Reason
from matcher.schemas.spoken import AnswerWords


def print_match(match: Match, words: AnswerWords) -> None:
    """One study in full: level, arithmetic and every reason."""
    out = console()
    study = match.study
    out.print(RichText(study.title, style="bold"))
    if study.url:
        out.print(RichText(study.url, style="dim"))
    if match.marks:
        marks = ", ".join(words.say(f"mark.{mark}") for mark in match.marks)
        out.print(RichText(words.say("explain.marks", list=marks), style="magenta"))
    what = words.say(f"explain.level_{match.level.word}")
    out.print(RichText(words.say("explain.level", what=what)))
    points = match.points.items()
    total = " + ".join(words.say(f"explain.points_{name}", n=n) for name, n in points)
    out.print(RichText(words.say("explain.score", score=match.score, sum=total)))
    for audience, name in ((study.most, "most"), *((one, "also") for one in study.also)):
        if audience is not None:
            out.print(RichText(words.say(f"explain.audience_{name}", text=audience.text)))
    for reason in match.reasons:
        _print_reason(out, reason, words, indent=0)


def print_changes(change: tuple[Step, ...] | None, given: GivenChange, words: AnswerWords) -> None:
    """What would make the study fit, or that nothing was found that would."""
    out = console()
    for line in _changes(change, given, words):
        out.print(RichText(line))


def _changes(
    change: tuple[Step, ...] | None, given: GivenChange, words: AnswerWords
) -> Iterator[str]:
    if change:
        missing = words.missing(change)
        pieces = [
            words.say("explain.piece", name=one.name, answer=one.answer, key=one.unit)
            for one in missing
        ]
        yield words.say("explain.if_known", list="; ".join(pieces))
    if given.turns:
        pieces = [_turned(turn, words) for turn in given.turns]
        yield words.say("explain.if_other", list="; ".join(pieces))
        if not given.complete:
            yield words.say("explain.given_stopped_found")
        return
    told = []
    if change is None:
        told.append(words.say("explain.none_known", exact=MOST_EXACT, most=MOST_STEPS))
    if not given.complete:
        told.append(words.say("explain.given_stopped"))
    elif change is None:
        told.append(words.say("explain.none_given", given=MOST_GIVEN, exact=MOST_EXACT))
    if told:
        yield " ".join(told)


def _turned(turn: Turn, words: AnswerWords) -> str:
    """An answer that would have to be another."""
    key = turn.unit.partition(".")[0]
    return words.say(
        "explain.piece_now",
        name=words.name(key),
        answer=_told(turn.unit, turn.after, words),
        now=_told(turn.unit, turn.before, words),
        key=turn.unit,
    )


def _told(unit: str, value: Value | None, words: AnswerWords) -> str:
    if value is None:
        return words.say("verdict.unknown")
    key, _, gene = unit.partition(".")
    return ", ".join(words.words(key, {gene: value} if gene else value))


def _print_reason(out: Console, reason: Reason, words: AnswerWords, *, indent: int) -> None:
    sign, style = MARKS[reason.verdict]
    space = "  " * (indent + 1)
    line = RichText(f"{space}{sign} ", style=style)
    line.append(f"{reason.label} ", style="bold")
    line.append(f"({words.say(f'explain.strength_{reason.strength}')}) ", style="dim")
    line.append(reason.text)
    out.print(line)
    for part in reason.parts:
        _print_reason(out, part, words, indent=indent + 1)
