"""Loading: finds the rules files, checks their shape and meaning, and builds the rulebook."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from matcher.core.rulebook import Rulebook
from matcher.core.text import Text
from matcher.rules.building import (
    TagBuilder,
    build_attributes,
    build_default,
    build_implication,
    build_never_no,
    build_scoring,
)
from matcher.rules.chapters import build_chapters
from matcher.rules.consistency import check_consistency
from matcher.rules.form import form_faults
from matcher.rules.glossary import build_glossary
from matcher.rules.record_words import build_record_words
from matcher.rules.source import Source
from matcher.yaml_text import MAX_BYTES, Document, Fault, parse

VERSION_LENGTH = 12


class RulesError(Exception):
    """The rules cannot be used; `faults` says where, what and how to mend."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = sorted(faults, key=lambda fault: (fault.file, fault.line, fault.what))
        super().__init__("\n".join(map(str, self.faults)))


def shipped_rules() -> Path:
    """The rules that came with the program: of the checkout, else of the installed package."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "_rules"
    return inside if inside.is_dir() else package.parent / "rules"


def load_rules(folder: Path) -> Rulebook:
    """Read a rules folder. Raises `RulesError` with every fault that was found."""
    faults: list[Fault] = []
    files = _Files(folder, faults)
    sources = {kind: list(files.read(kind)) for kind in _PLACES}
    if faults:
        raise RulesError(faults)
    book, tags = _build(files.version(), sources)
    if not faults:
        check_consistency(book, sources, tags)
    if faults:
        raise RulesError(faults)
    return book


def _build(version: str, sources: dict[str, list[Source]]) -> tuple[Rulebook, Mapping[str, Source]]:
    attributes = build_attributes(_entries(sources["attributes"], "attributes"))
    builder = TagBuilder(attributes)
    for entry in _entries(sources["tags"], "tags"):
        builder.add(entry)
    rules = sources["implications"]
    book = Rulebook(
        version=version,
        attributes=attributes,
        tags=builder.tags,
        families=builder.families,
        implications=tuple(
            build_implication(entry, attributes) for entry in _entries(rules, "implications")
        ),
        defaults=tuple(build_default(entry, attributes) for entry in _entries(rules, "defaults")),
        never_no=tuple(build_never_no(entry, attributes) for entry in _entries(rules, "never_no")),
        scoring=build_scoring(sources["scoring"][0]),
        texts={
            key: Text(en=value["en"], es=value["es"])
            for source in sources["texts"]
            for key, value in source.value["texts"].items()
        },
        glossary=build_glossary(_entries(sources["glossary"], "terms")),
        chapters=build_chapters(_entries(sources["chapters"], "chapters")),
        records=build_record_words(sources["records"]),
    )
    return book, builder.entries


def _entries(sources: list[Source], name: str) -> Iterator[Source]:
    for source in sources:
        if name in source:
            yield from source[name].each()


_PLACES = {
    "attributes": "attributes/*.yaml",
    "tags": "tags/*.yaml",
    "implications": "implications.yaml",
    "scoring": "scoring.yaml",
    "texts": "texts.yaml",
    "glossary": "glossary.yaml",
    "chapters": "chapters.yaml",
    "records": "records.yaml",
}
# Rules of one's own may leave these out.
_MAY_LACK = ("glossary", "chapters", "records")


class _Files:
    """The files of a rules folder, read once."""

    def __init__(self, folder: Path, faults: list[Fault]) -> None:
        self.folder = folder
        self.faults = faults
        self.digest = hashlib.sha256()

    def version(self) -> str:
        return self.digest.hexdigest()[:VERSION_LENGTH]

    def read(self, kind: str) -> Iterator[Source]:
        paths = sorted(self.folder.glob(_PLACES[kind]))
        for path in sorted(self.folder.glob(_PLACES[kind].replace(".yaml", ".yml"))):
            what = "the name ends in .yml, so the file would be overlooked"
            self.faults.append(Fault(str(path), 1, what, "Let its name end in .yaml."))
        if not paths and kind not in _MAY_LACK:
            place = str(self.folder / _PLACES[kind])
            self.faults.append(Fault(place, 1, "there is no such file", "Check the rules folder."))
        for path in paths:
            document = self._parse(path)
            if document is None:
                continue
            # The shipped schema judges every folder: it cannot loosen the rules of its own form.
            wrong = form_faults(document, kind, schemas=shipped_rules() / "schema")
            self.faults.extend(wrong)
            if not wrong:
                yield Source(document, (), document.value, self.faults)

    def _parse(self, path: Path) -> Document | None:
        name = str(path)
        content = b""
        try:
            with path.open("rb") as file:
                content = file.read(4 * MAX_BYTES + 1)  # a character has four bytes at most
            text = content.decode("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            start = error.start if isinstance(error, UnicodeDecodeError) else 0
            line = content.count(b"\n", 0, start) + 1
            mend = "Save the file as UTF-8 text and make it readable."
            self.faults.append(Fault(name, line, f"the file cannot be read ({error})", mend))
            return None
        relative = path.relative_to(self.folder).as_posix()
        self.digest.update(f"{relative}\0{hashlib.sha256(content).hexdigest()}\0".encode())
        document, faults = parse(text, file=name)
        self.faults.extend(faults)
        return None if faults else document
