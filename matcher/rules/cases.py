"""Cases: reads the worked cases and the canary profiles that stand beside the rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.yaml_text import Document, Fault, parse

CASE_KEYS = frozenset(
    [
        "case",
        "who",
        "answers",
        "today",
        "study",
        "audience",
        "level",
        "reasons",
        "contradictions",
        "notes",
        "change",
        "most_condition",
        "also_conditions",
    ]
)


@dataclass(frozen=True)
class CaseEntry:
    """One entry of a cases or canaries file, as written, with the place where it stands."""

    file: str
    line: int
    name: str
    content: dict[str, Any]

    def fault(self, what: str, mend: str) -> Fault:
        """Something that is wrong in this entry."""
        return Fault(self.file, self.line, f"{self.name}: {what}", mend)


def read_cases(folder: Path) -> tuple[list[CaseEntry], list[Fault]]:
    """All worked cases of a rules folder, and what is wrong with the files."""
    return _read(sorted(folder.glob("cases/*.yaml")), "cases", "case", CASE_KEYS)


def read_canaries(folder: Path) -> tuple[list[CaseEntry], list[Fault]]:
    """The canary profiles of a rules folder, and what is wrong with the file."""
    files = [folder / "canaries.yaml"] if (folder / "canaries.yaml").is_file() else []
    return _read(files, "canaries", "canary", frozenset({"canary", "who", "answers"}))


def _read(
    files: list[Path], section: str, name: str, allowed: frozenset[str]
) -> tuple[list[CaseEntry], list[Fault]]:
    entries: list[CaseEntry] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for file in files:
        document, found = _parse(file)
        faults += found
        for entry in _entries(document, section, name, faults if not found else []):
            unknown = sorted(set(entry.content) - allowed)
            if unknown:
                mend = f"Use only: {', '.join(sorted(allowed))}."
                faults.append(entry.fault(f"there is no key '{unknown[0]}' here", mend))
            if entry.name in seen:
                faults.append(entry.fault("this name stands twice", "Give each its own name."))
            seen.add(entry.name)
            entries.append(entry)
    return entries, faults


def _parse(file: Path) -> tuple[Document, list[Fault]]:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        mend = "Save the file as UTF-8 text and make it readable."
        return Document(str(file), None), [Fault(str(file), 1, str(error), mend)]
    return parse(text, file=str(file))


def _entries(
    document: Document, section: str, name: str, faults: list[Fault]
) -> Iterator[CaseEntry]:
    value = document.value
    listed = value.get(section) if isinstance(value, dict) else None
    if not isinstance(listed, list):
        what = f"the file holds no list '{section}:'"
        faults.append(Fault(document.file, 1, what, "See rules/README.md."))
        return
    for number, content in enumerate(listed):
        line = document.line((section, number))
        if isinstance(content, dict) and isinstance(content.get(name), str):
            yield CaseEntry(document.file, line, content[name], content)
        else:
            what = f"an entry has no '{name}:'"
            faults.append(Fault(document.file, line, what, "Give it a name of its own."))
