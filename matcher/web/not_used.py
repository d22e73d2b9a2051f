"""Not used: parts of a file that became no answer, and why, in the visitor's words."""

from __future__ import annotations

from collections.abc import Mapping

from matcher.records.draft import Unused
from matcher.web.language import language, say
from matcher.web.site import site

LONGEST_PART = 160
OWN_WORDS = ("no_column", "no_answer", "old_signs", "clash")
"""Reasons with words of their own on the page; the others have theirs in the rules."""


def part_of(unused: Unused) -> str:
    """How the source calls the part."""
    told = unused.fills.get("name", unused.what) if unused.reason == "no_column" else unused.what
    return told if len(told) <= LONGEST_PART else f"{told[:LONGEST_PART]}…"


def why_not_used(reason: str, fills: Mapping[str, str], why: str) -> str:
    """The reason, as `records.draft.Unused` has it; `why` where no text has its key."""
    if reason in OWN_WORDS:
        return str(say(f"records.unused_{reason}").unescape())
    text = site().rulebook.records.reasons.get(reason)
    return why if text is None else text.in_(language()).format(**fills)
