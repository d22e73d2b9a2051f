"""Tables: how matches look on a terminal, and what else commands print alike."""

from __future__ import annotations

import json
import sys
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text as RichText

from matcher.core.matching import Match, Outcome
from matcher.core.truth import Truth

MARKS = {Truth.YES: ("✓", "green"), Truth.UNKNOWN: ("?", "yellow"), Truth.NO: ("✗", "red")}
NOT_ADVICE = "This is information, not medical advice. Points only set the order."


def print_json(document: Any) -> None:
    """One JSON document on stdout, and nothing else."""
    click.echo(json.dumps(document, ensure_ascii=False, indent=2))


def console() -> Console:
    """A console on stdout that keeps to the terminal's width and colours."""
    return Console(file=sys.stdout, highlight=False, soft_wrap=False)


def print_warnings(outcome: Outcome) -> None:
    """What does not go together in the answers, and what was taken for granted and is not so."""
    out = console()
    for _, text in (*outcome.contradictions, *outcome.notes):
        out.print(RichText(f"! {text}", style="yellow"))


def print_outcome(outcome: Outcome, *, limit: int) -> None:
    """Matches as a table, best first, with what is unknown; contradictions before them."""
    print_warnings(outcome)
    out = console()
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


def _chips(match: Match) -> RichText:
    chips = RichText()
    reasons = [r for r in match.reasons if r.strength == "most"] or list(match.reasons)
    for number, reason in enumerate(reasons):
        sign, style = MARKS[reason.verdict]
        chips.append(f"{', ' if number else ''}")
        chips.append(f"{sign} {reason.label}", style=style)
    return chips
