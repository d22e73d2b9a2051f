"""Markers: words that stand for a person's data, and a search for them in whatever form."""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

SEALED = re.compile(rb"gAAAA[A-Za-z0-9_-]{40,}={0,2}")
"""What a sealed text looks like on the disk."""

_SOFT_BREAK = re.compile(rb"=\r?\n")


@dataclass(frozen=True)
class Hit:
    """A marker that was found: which, in which form, where."""

    marker: str
    form: str
    place: str


def forms_of(marker: str) -> dict[str, tuple[bytes, ...]]:
    """The forms in which a marker could lie about, by name; letters' case counts in none that is
    looked for in lower case (`folded`)."""
    raw = marker.encode()
    quoted = quopri.encodestring(raw, quotetabs=True).strip()
    return {
        "raw": (raw,),
        "base64": tuple(_base64(raw)),
        "quoted-printable": (quoted, b"".join(b"=%02X" % byte for byte in raw)),
        "percent": (quote(marker, safe="").encode(), b"".join(b"%%%02X" % byte for byte in raw)),
        "UTF-16": (marker.encode("utf-16-le"), marker.encode("utf-16-be")),
        "hexadecimal": (raw.hex().encode(),),
    }


def find(markers: Iterable[str], places: Mapping[str, bytes]) -> list[Hit]:
    """Every marker in every place, in whatever form, capitals and breaks of lines apart."""
    forms = {marker: forms_of(marker) for marker in markers}
    return [hit for place, content in places.items() for hit in _hits(forms, place, content)]


def _hits(
    forms: Mapping[str, Mapping[str, tuple[bytes, ...]]], place: str, content: bytes
) -> Iterator[Hit]:
    joined = _SOFT_BREAK.sub(b"", content)
    folded = (content.lower(), joined.lower())
    for marker, ways in forms.items():
        for form, shapes in ways.items():
            if form == "base64":
                found = any(shape in where for shape in shapes for where in (content, joined))
            else:
                found = any(shape.lower() in where for shape in shapes for where in folded)
            if found:
                yield Hit(marker, form, place)


def files_in(*folders: Path) -> dict[str, bytes]:
    """The content of every file in some folders, and their names, by path."""
    found: dict[str, bytes] = {}
    for folder in folders:
        for path in folder.rglob("*"):
            if path.is_file():
                found[str(path)] = path.read_bytes() + b"\n" + path.name.encode()
    return found


def _base64(raw: bytes) -> Iterator[bytes]:
    """A text's middle as it looks wherever it stands in what was encoded."""
    for before in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            text = encode(b"\0" * before + raw)
            first = (0, 2, 3)[before]
            last = len(text) - ((0, 3, 2)[(before + len(raw)) % 3])
            yield text[first:last]
