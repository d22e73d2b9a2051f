"""Complaints: known errors told on stderr as what, where and how to mend."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import click

from matcher.config import ConfigError
from matcher.crypto import SealError
from matcher.rules import RulesError
from matcher.schemas.profiles import AnswerFault, ProfileError
from matcher.services.accounts.errors import AccountError
from matcher.services.matching import UnknownStudyError
from matcher.services.studies import StudyError
from matcher.store.errors import StoreError

LONGEST_LIST = 12


class InputError(Exception):
    """Input of a command that cannot be used: `what`, `where`, `mend`."""

    def __init__(self, what: str, where: str, mend: str) -> None:
        super().__init__(what)
        self.what, self.where, self.mend = what, where, mend


def complain(error: Exception) -> int:
    """Tell a known error and give its exit code (2); unknown ones are raised again for us to see.

    With MATCHER_DEBUG set, every error is raised again.
    """
    if os.environ.get("MATCHER_DEBUG"):
        raise error
    match error:
        case InputError() | ConfigError() | StoreError() | StudyError() | AccountError():
            say(error.what, error.where, error.mend)
        case RulesError():
            tell_faults(error.faults)
        case ProfileError():
            tell_answers(error.faults)
        case SealError():
            mend = "Add the key that it was sealed with to the data keys; see matcher keys check."
            say("no data key opens what is stored of the subscribers", "MATCHER_DATA_KEY", mend)
        case UnknownStudyError():
            mend = "See `matcher study list` for all keys."
            say(f"there is no study with the key {error.args[0]!r}", "the catalogue", mend)
        case OSError():
            mend = "Check the path and its permissions."
            say(str(error.strerror or error), str(error.filename or "the system"), mend)
        case _:
            raise error
    return 2


def say(what: str, where: str, mend: str) -> None:
    """One error in three lines on stderr."""
    click.echo(f"Error: {what}\n  where: {where}\n  mend:  {mend}", err=True)


def tell_faults(faults: Iterable[Any]) -> None:
    """Faults of rules files, one a line."""
    listed = list(faults)
    for fault in listed:
        click.echo(str(fault), err=True)
    word = "fault" if len(listed) == 1 else "faults"
    click.echo(f"Error: the rules have {len(listed)} {word} (see above).", err=True)


def tell_answers(faults: Iterable[AnswerFault]) -> None:
    """Answers that cannot be taken."""
    for fault in faults:
        given = "" if fault.value is None else f" (given: {fault.value!r})"
        say(f"{fault.problem}{given}", fault.path or "the profile", _allowed(fault.allowed))


def _allowed(allowed: tuple[str, ...]) -> str:
    if not allowed:
        return 'A profile looks like {"answers": {"cancer": ["breast"], "er": "positive"}}.'
    shown = ", ".join(allowed[:LONGEST_LIST])
    more = len(allowed) - LONGEST_LIST
    return f"Allowed: {shown}" + (f" and {more} more." if more > 0 else ".")
