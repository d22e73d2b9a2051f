"""Cases: reads the worked cases and the canary profiles that stand beside the rules."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matcher.rules.form import form_faults
from matcher.rules.loading import shipped_rules
from matcher.yaml_text import Document, Fault, parse


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
    return _read(sorted(folder.glob("cases/*.yaml")), "cases", "case")


def read_canaries(folder: Path) -> tuple[list[CaseEntry], list[Fault]]:
    """The canary profiles of a rules folder, and what is wrong with the file."""
    files = [folder / "canaries.yaml"] if (folder / "canaries.yaml").is_file() else []
    return _read(files, "canaries", "canary")


def _read(files: list[Path], section: str, name: str) -> tuple[list[CaseEntry], list[Fault]]:
    entries: list[CaseEntry] = []
    faults: list[Fault] = []
    seen: set[str] = set()
    for file in files:
        document, found = _parse(file)
        found = found or form_faults(document, section, schemas=shipped_rules() / "schema")
        faults += found
        for number, content in enumerate([] if found else document.value[section]):
            line = document.line((section, number))
            entry = CaseEntry(document.file, line, content[name], content)
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
