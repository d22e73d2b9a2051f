"""Fixtures of the services' tests: a catalogue and files to import into it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from matcher.core.rulebook import Rulebook
from matcher.core.study import Study
from matcher.services.studies import find_study, import_files, list_studies
from matcher.services.study_import import Imported
from matcher.store.database import session
from tests.factories import NOON

Write = Callable[..., Path]


@dataclass
class Desk:
    """A curator's desk: what is written there is imported, and can be looked at."""

    engine: sa.Engine
    rulebook: Rulebook
    folder: Path

    def bring(self, *contents: str | bytes, **how: Any) -> list[Imported]:
        """Import each content as a file of its own."""
        paths = []
        for number, content in enumerate(contents):
            path = self.folder / f"file{number}"
            path.write_bytes(content.encode() if isinstance(content, str) else content)
            paths.append(path)
        return import_files(self.engine, self.rulebook, paths, now=NOON, **how)

    def facts(self, *records: dict[str, Any], **how: Any) -> list[Imported]:
        """Import facts as one file of JSON lines."""
        return self.bring("\n".join(map(json.dumps, records)), **how)

    def study(self, key: str) -> Study:
        """A study of the catalogue."""
        with session(self.engine) as opened:
            return find_study(opened, key).study

    def keys(self) -> list[str]:
        """The keys of the catalogue."""
        with session(self.engine) as opened:
            return [study.key for study in list_studies(opened)]


@pytest.fixture
def desk(store: sa.Engine, rulebook: Rulebook, tmp_path: Path) -> Desk:
    """A desk with an empty catalogue, on each kind of database."""
    return Desk(store, rulebook, tmp_path)
