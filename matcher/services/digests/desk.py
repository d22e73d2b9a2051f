"""Desk: what everybody who works on the digests needs at hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.crypto import KeyedHashes, Safe
from matcher.services.matching import Matcher


@dataclass(frozen=True)
class Desk:
    """The database, the rules, the newest catalogue made ready, the settings and their keys."""

    engine: sa.Engine
    book: Rulebook
    matcher: Callable[[], Matcher]
    settings: Settings

    @cached_property
    def safe(self) -> Safe:
        """Opens and seals what is stored about a person."""
        return Safe(self.settings.data_key)

    @cached_property
    def hashes(self) -> KeyedHashes:
        """Makes the hashes that an address is found by, and signs tokens."""
        return KeyedHashes(self.settings.lookup_key)
