"""Source: a place in a rules file, which knows its file and line and collects faults."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from matcher.core.text import LANGUAGES, Text
from matcher.yaml_text import Document, Fault, Path


@dataclass(frozen=True)
class Source:
    """A value in a document, with the way back to its line."""

    document: Document
    path: Path
    value: Any
    faults: list[Fault]

    def __getitem__(self, key: str | int) -> Source:
        value = self.value[key]
        return Source(self.document, (*self.path, key), value, self.faults)

    def __contains__(self, key: str) -> bool:
        return isinstance(self.value, dict) and key in self.value

    def each(self) -> Iterator[Source]:
        """The items of a list, one by one."""
        for index in range(len(self.value)):
            yield self[index]

    def get(self, key: str, default: Any = None) -> Any:
        """The plain value under `key`, or `default`."""
        return self.value.get(key, default)

    def fault(self, what: str, mend: str) -> None:
        """Note that something is wrong here."""
        line = self.document.line(self.path)
        self.faults.append(Fault(self.document.file, line, what, mend))

    def text(self, key: str) -> Text:
        """The text under `key` in every language."""
        return Text(**{name: str(self.value[key][name]) for name in LANGUAGES})

    def maybe_text(self, key: str) -> Text | None:
        """The text under `key`, or None if it is not there."""
        return self.text(key) if key in self else None
