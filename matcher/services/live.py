"""Live: one matcher shared by all requests, made anew when the catalogue changes."""

from __future__ import annotations

from threading import Lock

import sqlalchemy as sa

from matcher.core.finder import FactFinder
from matcher.core.rulebook import Rulebook
from matcher.services.catalogue import catalogue_version, open_catalogue
from matcher.services.matching import Matcher


class LiveMatcher:
    """Gives the matcher over the newest catalogue. Safe to share between threads."""

    def __init__(self, engine: sa.Engine, book: Rulebook) -> None:
        self.engine = engine
        self.book = book
        self._finder = FactFinder(book)
        self._lock = Lock()
        self._version: str | None = None
        self._matcher: Matcher | None = None

    def __call__(self) -> Matcher:
        """The matcher; compiled again only if studies changed since. Raises `StoreError`."""
        version = catalogue_version(self.engine)
        with self._lock:
            if self._matcher is None or version != self._version:
                opened = open_catalogue(self.engine, self.book, fill=False)
                self._matcher = Matcher(self.book, opened.studies, finder=self._finder)
                self._version = version
            return self._matcher
