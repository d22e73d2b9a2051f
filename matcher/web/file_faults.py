"""File faults: why nothing of a file of records can be taken, in the visitor's words.

The command line tells the same as what is wrong, where, and how it is mended.
"""

from __future__ import annotations

from matcher.records.draft import FILE_FAULTS, Refusal
from matcher.web.language import say


def file_fault(refusal: Refusal) -> str:
    """Why a whole file is refused; empty where only a row or a cell of it is."""
    if refusal.reason not in FILE_FAULTS:
        return ""
    return str(say(f"file_fault.{refusal.reason}").unescape())
