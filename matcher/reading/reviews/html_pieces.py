"""HTML pieces: a document cut into tags, text and what is neither, in one pass.

Nothing is looked for twice: once a closing sign is known to be missing, it is never sought
again, so that no markup, however broken, makes the work grow faster than the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

RAW = ("script", "style", "textarea", "title")
MARKUP = re.compile(r"</?[A-Za-z]|<[!?]")
UNQUOTED = re.compile(r"[^>=]*=?\s*")


@dataclass(frozen=True)
class Piece:
    """A part of a document. `kind`: ``tag``, ``text``, ``name`` (the window title), ``other``."""

    kind: str
    text: str


def pieces(document: str) -> Iterator[Piece]:
    """The document's pieces in order; their texts joined are the document."""
    yield from _Cutter(document).run()


@dataclass
class _Cutter:
    document: str
    missing: set[str] = field(default_factory=set)

    def run(self) -> Iterator[Piece]:
        at, size = 0, len(self.document)
        while at < size:
            kind, end = self._next(at)
            piece = Piece(kind, self.document[at:end])
            yield piece
            at = end
            if kind == "tag" and (name := _raw_name(piece.text)):
                end = self._end_of_raw(name, at)
                if end > at:
                    kind = {"title": "name", "textarea": "text"}.get(name, "other")
                    yield Piece(kind, self.document[at:end])
                at = end

    def _next(self, at: int) -> tuple[str, int]:
        if self.document[at] != "<":
            return "text", self._find("<", at, otherwise=len(self.document))
        if not MARKUP.match(self.document, at):
            return "text", at + 1
        if self.document.startswith("<!--", at):
            end = self._find("-->", at + 4, otherwise=at + 1)
            return "other", end + 3 if end > at + 1 else at + 4
        if self._find(">", at, otherwise=-1) < 0:
            # The page was cut off within a tag.
            return "other", self._find("<", at + 1, otherwise=len(self.document))
        if self.document[at + 1] in "!?":
            return "other", self.document.index(">", at) + 1
        return "tag", self._end_of_tag(at)

    def _end_of_tag(self, at: int) -> int:
        """Past the ``>`` that is not inside a quoted value; the end if there is none."""
        while at < len(self.document):
            step = UNQUOTED.match(self.document, at)
            at = step.end() if step else at
            sign = self.document[at : at + 1]
            if sign == ">":
                return at + 1
            if sign in ("'", '"') and self.document[at - 1] in "= \t\r\n":
                at = self._find(sign, at + 1, otherwise=at)
            at += 1
        return len(self.document)

    def _end_of_raw(self, name: str, at: int) -> int:
        if name in self.missing:
            return at
        found = re.compile(f"</{name}", re.IGNORECASE).search(self.document, at)
        if found is None:
            self.missing.add(name)
        # Unclosed code runs to the end of the document, unclosed text does not.
        rest = len(self.document) if name in ("script", "style") else at
        return found.start() if found else rest

    def _find(self, sign: str, at: int, *, otherwise: int) -> int:
        if sign in self.missing:
            return otherwise
        found = self.document.find(sign, at)
        if found < 0:
            self.missing.add(sign)
        return otherwise if found < 0 else found


def _raw_name(tag: str) -> str | None:
    named = re.match(r"<([A-Za-z]+)(?=[\s/>])", tag)
    name = named[1].lower() if named else ""
    return name if name in RAW else None
