"""YAML as text first: the only place that parses YAML, with every surprise of the format refused.

Scalars stay text unless they are plain whole numbers, plain decimals or ``true``/``false``. What
other readers of YAML would turn into something else by accident (``no``, ``off``, ``1:20`` …),
aliases, tags and duplicate keys are faults, each with its line and how to mend it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import yaml

MAX_BYTES = 2_000_000
MAX_DEPTH = 30
MAX_VALUES = 100_000
Path: TypeAlias = tuple[str | int, ...]

_ACCIDENTS = re.compile(r"(?i:y|n|yes|no|on|off|null)|~|[0-9]+(:[0-5]?[0-9])+|0[xob]?[0-9a-fA-F]+")
_INTEGER = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_CONTROL = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a file: where, what, and how to mend it."""

    file: str
    line: int
    what: str
    mend: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.what}. {self.mend}"


@dataclass
class Document:
    """A parsed file: its value, and the line (from 1) of everything in it by path."""

    file: str
    value: Any
    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Iterable[str | int]) -> int:
        """The line of `path`, or of the nearest thing around it."""
        here = tuple(path)
        while here and here not in self.lines:
            here = here[:-1]
        return self.lines.get(here, 1)


def parse(text: str, *, file: str) -> tuple[Document, list[Fault]]:
    """Parse `text`; never raises for bad input, whatever is wrong comes back as faults."""
    document = Document(file=file, value=None)
    if len(text) > MAX_BYTES:
        return document, [Fault(file, 1, "the file is too large", f"Keep it under {MAX_BYTES:,}.")]
    faults: list[Fault] = []
    try:
        faults.extend(_find_surprises(text, file=file))
        node = None if faults else yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        return document, [_syntax_fault(file, text, error)]
    except UnicodeEncodeError as error:
        what = "half of a character (a lone surrogate) stands here"
        return document, [Fault(file, _line_at(text, error.start), what, "Remove it.")]
    if node is not None:
        document.value = _Converter(document, faults).convert(node, path=())
    return document, faults


def _find_surprises(text: str, *, file: str) -> Iterator[Fault]:
    """Anchors, aliases and tags; and the one place where a file grows too deep or too long."""
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_LOADER)):
        line = event.start_mark.line + 1 if event.start_mark else 1
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            yield Fault(file, line, "the file is nested too deep", "Flatten it.")
            return
        if count > MAX_VALUES:
            yield Fault(file, line, "the file holds too many values", "Split it into several.")
            return
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            what = "anchors and aliases (& and *) are not allowed"
            yield Fault(file, line, what, "Write the text out in both places.")
        tag = getattr(event, "tag", None)
        if tag:
            yield Fault(file, line, f"the tag {tag} is not allowed", "Remove it.")


def _syntax_fault(file: str, text: str, error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or "this is not readable YAML"
    line = int(mark.line) + 1 if mark else 1
    control = _CONTROL.search(text)
    if mark is None and control:
        what = f"the invisible character number {ord(control[0])} stands here"
        return Fault(file, _line_at(text, control.start()), what, "Remove it.")
    return Fault(file, line, str(what), "Check the indentation and the quotes around this line.")


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


class _Converter:
    """Turns YAML nodes into plain values and notes lines and faults on the way."""

    def __init__(self, document: Document, faults: list[Fault]) -> None:
        self.document = document
        self.faults = faults

    def convert(self, node: yaml.Node, *, path: Path) -> Any:
        self.document.lines[path] = node.start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.convert(item, path=(*path, i)) for i, item in enumerate(node.value)]
        assert isinstance(node, yaml.ScalarNode)
        return self._scalar(node)

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                self._fault(key_node, "a key must be a word", "Write a word before the colon.")
                continue
            key = str(key_node.value)
            if key in result:
                self._fault(key_node, f"the key '{key}' stands twice", "Keep one of the two.")
                continue
            if not key_node.style and _ACCIDENTS.fullmatch(key):
                self._accident(key_node)
            result[key] = self.convert(value_node, path=(*path, key))
            self.document.lines[(*path, key)] = key_node.start_mark.line + 1
        return result

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        value = str(node.value)
        if node.style:
            return value
        if value in ("true", "false"):
            return value == "true"
        if value == "" or (_ACCIDENTS.fullmatch(value) and not _INTEGER.fullmatch(value)):
            self._accident(node)
            return value
        if _INTEGER.fullmatch(value) and len(value) < 10:
            return int(value)
        return float(value) if _DECIMAL.fullmatch(value) else value

    def _accident(self, node: yaml.ScalarNode) -> None:
        if node.value == "":
            self._fault(node, "there is nothing after the colon", "Write a value or remove it.")
            return
        what = f"{node.value} without quotes is read in different ways by different programs"
        self._fault(node, what, f'Write it in quotes: "{node.value}".')

    def _fault(self, node: yaml.Node, what: str, mend: str) -> None:
        self.faults.append(Fault(self.document.file, node.start_mark.line + 1, what, mend))
