"""Breaking: ways to break a copy of the small rules, each with the fault that must be told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

SMALL = Path(__file__).parent / "small"
FILES: Mapping[str, str] = {
    path.relative_to(SMALL).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted(SMALL.rglob("*.yaml"))
}
CANCER, GENES = "attributes/cancer.yaml", "attributes/genes.yaml"
PERSON, RECEPTORS = "attributes/person.yaml", "attributes/receptors.yaml"
TAGS, GENE_TAGS = "tags/cancers.yaml", "tags/genes.yaml"
PEOPLE_TAGS, RECEPTOR_TAGS = "tags/people.yaml", "tags/receptors.yaml"
IMPLICATIONS, SCORING, TEXTS = "implications.yaml", "scoring.yaml", "texts.yaml"


@dataclass(frozen=True)
class Variant:
    """A copy of the rules with one thing wrong: new contents of files (None: the file is gone),
    and the file, the line and some words of the fault that must be told."""

    name: str
    contents: Mapping[str, bytes | None]
    file: str
    line: int
    says: str

    def __str__(self) -> str:
        return self.name


def swap(
    name: str,
    file: str,
    old: str,
    new: str,
    *,
    says: str,
    at: str | None = None,
    elsewhere: tuple[str, str] | None = None,
) -> Variant:
    """The first place of `old` replaced by `new`. The fault's line is that of `at` from there on
    (or before), else that of the first character that changed; or `elsewhere` (file, words)."""
    text = FILES[file]
    start = text.index(old)
    broken = text[:start] + new + text[start + len(old) :]
    if elsewhere is not None:
        other, words = elsewhere
        told = broken if other == file else FILES[other]
        line = told.count("\n", 0, told.index(words)) + 1
        return Variant(name, {file: broken.encode()}, other, line, says)
    if at is None:
        place = start + _same_at_start(old, new)
    elif at in broken[start:]:
        place = broken.index(at, start)
    else:
        place = broken.rindex(at, 0, start)
    line = broken.count("\n", 0, place) + 1
    return Variant(name, {file: broken.encode()}, file, line, says)


def added(name: str, file: str, new: str, *, says: str, at: str | None = None) -> Variant:
    """Lines put at the end of a file; the fault's line is that of `at`, else the first new one."""
    broken = FILES[file] + new
    place = broken.index(at, len(FILES[file])) if at else len(FILES[file])
    return Variant(name, {file: broken.encode()}, file, broken.count("\n", 0, place) + 1, says)


def inside(name: str, section: str, entry: str, *, says: str, at: str | None = None) -> Variant:
    """An entry put first in a section of the implications."""
    start = f"{section}:\n"
    return swap(
        name,
        IMPLICATIONS,
        start,
        start + entry,
        says=says,
        at=at or entry.split("\n", maxsplit=1)[0],
    )


def _same_at_start(old: str, new: str) -> int:
    count = 0
    while count < min(len(old), len(new)) and old[count] == new[count]:
        count += 1
    return count


def tag(key: str, when: str, *more: str) -> str:
    """The lines of a tag; `more` are further lines ("opposite: men")."""
    shown = f'"{key}"' if "{" in key else key
    lines = [
        f"  - key: {shown}",
        "    label: {en: new, es: nuevo}",
        "    about: {en: new things, es: cosas nuevas}",
        "    topic: people",
        "    weight: 2",
        f"    when: {when}",
        *(f"    {line}" for line in more),
    ]
    return "\n".join(lines) + "\n"


def attribute(key: str, order: int, kind: str, *more: str, about: str = "person") -> str:
    """The lines of an attribute."""
    lines = [
        f"  - key: {key}",
        f"    order: {order}",
        f"    kind: {kind}",
        f"    about: {about}",
        *(f"    {name}: {{en: new, es: nuevo}}" for name in _TEXTS),
        *(f"    {line}" for line in more),
    ]
    return "\n".join(lines) + "\n"


_TEXTS = ("name", "question", "question_other", "help", "doctor")


def rule(key: str, *lines: str) -> str:
    """The lines of an implication, default or never-no."""
    shown = [f"  - key: {key}", *(f"    {line}" for line in lines)]
    return "\n".join(shown) + "\n    text: {en: So it is., es: Así es.}\n"
