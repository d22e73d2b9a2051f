"""Kept: what never changes and takes long to make, made once for all tests of a process."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import CodeType

from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from matcher.core.rulebook import Rulebook
from matcher.rules import load_rules, shipped_rules
from matcher.services.labels import LabelReader


@cache
def shipped_book() -> Rulebook:
    """The shipped rules; frozen, so that no test can change them for another."""
    return load_rules(shipped_rules())


@cache
def shipped_reader() -> LabelReader:
    """What reads labels by the shipped rules."""
    return LabelReader(shipped_book())


def rules_of(folder: Path) -> Rulebook:
    """The rules of a folder; the shipped ones are not read anew."""
    return shipped_book() if folder == shipped_rules() else load_rules(folder)


def reader_of(book: Rulebook) -> LabelReader:
    """What reads labels by these rules."""
    return shipped_reader() if book is shipped_book() else LabelReader(book)


class KeptTemplates(BytecodeCache):
    """Compiled templates in memory: an application of its own need not compile them again."""

    def __init__(self) -> None:
        self.held: dict[str, tuple[CodeType | None, str]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Fill in what was compiled from the same text."""
        code, checksum = self.held.get(bucket.key, (None, ""))
        if checksum == bucket.checksum:
            bucket.code = code

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.held[bucket.key] = bucket.code, bucket.checksum
