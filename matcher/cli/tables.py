"""Tables: how matches, reasons and studies look on a terminal."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from matcher.core.levels import Level
from matcher.core.matching import Match, Outcome
from matcher.core.reasons import Reason
from matcher.core.truth import Truth

LEVEL_WORDS = {
    Level.FITS: "fits: its label describes people like this",
    Level.MAY_FIT: "may fit: it depends on what is not known yet",
    Level.RELATED: "related: partly about this person",
    Level.OPEN: "open: not enough is known",
    Level.DIFFERENT: "different: about a different situation",
    Level.UNLABELLED: "unlabelled: does not say whom it is for",
}
MARKS = {Truth.YES: ("✓", "green"), Truth.UNKNOWN: ("?", "yellow"), Truth.NO: ("✗", "red")}
NOT_ADVICE = "This is information, not medical advice. Points only set the order."


def print_json(document: Any) -> None:
    """One JSON document on stdout, and nothing else."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def console() -> Console:
    """A console on stdout that keeps to the terminal's width and colours."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=False)


def print_outcome(outcome: Outcome, *, limit: int) -> None:
    """Matches as a table, best first, with what is unknown; contradictions before them."""
    out = console()
    for _, text in (*outcome.contradictions, *outcome.notes):
        out.print(RichText(f"! {text}", style="yellow"))
    table = Table(box=None, pad_edge=False, header_style="bold", expand=False)
    table.add_column("Level")
    table.add_column("Score", justify="right")
    table.add_column("Posted")
    table.add_column("Study", overflow="fold", ratio=3)
    table.add_column("Why", overflow="fold", ratio=2)
    for one in outcome.matches[:limit]:
        posted = one.study.posted.isoformat() if one.study.posted else "no date"
        title = RichText(one.study.title)
        if one.marks:
            title = RichText(f"[{', '.join(one.marks)}] ", style="magenta") + title
        table.add_row(one.level.word, str(one.score), posted, title, _chips(one))
    out.print(table)
    told = ", ".join(f"{count} {word}" for word, count in outcome.counts.items())
    out.print(f"\n{told}. Rules {outcome.rules}, {outcome.today}.")
    out.print(NOT_ADVICE)


def print_match(match: Match) -> None:
    """One study in full: level, arithmetic and every reason."""
    out = console()
    study = match.study
    out.print(RichText(study.title, style="bold"))
    if study.url:
        out.print(RichText(study.url, style="dim"))
    if match.marks:
        out.print(RichText(f"marks: {', '.join(match.marks)}", style="magenta"))
    out.print(f"level: {LEVEL_WORDS[match.level]}")
    sum_of = " + ".join(f"{points} {name}" for name, points in match.points.items())
    out.print(f"score: {match.score} = {sum_of}")
    for audience, name in ((study.most, "most relevant for"), *((a, "also") for a in study.also)):
        if audience is not None:
            out.print(RichText(f"{name}: “{audience.text}”"))
    for reason in match.reasons:
        _print_reason(out, reason, indent=0)


def _chips(match: Match) -> RichText:
    chips = RichText()
    reasons = [r for r in match.reasons if r.strength == "most"] or list(match.reasons)
    for number, reason in enumerate(reasons):
        sign, style = MARKS[reason.verdict]
        chips.append(f"{', ' if number else ''}")
        chips.append(f"{sign} {reason.label}", style=style)
    return chips


def _print_reason(out: Console, reason: Reason, *, indent: int) -> None:
    sign, style = MARKS[reason.verdict]
    space = "  " * (indent + 1)
    line = RichText(f"{space}{sign} ", style=style)
    line.append(f"{reason.label} ", style="bold")
    line.append(f"({reason.strength}) ", style="dim")
    line.append(reason.text)
    out.print(line)
    for part in reason.parts:
        _print_reason(out, part, indent=indent + 1)
