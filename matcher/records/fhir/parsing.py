"""Parsing: the bytes of a file into resources, with every bomb refused before it unfolds.

The entries of a bundle are cut out and parsed one by one; of kinds that are not read only the
kind is kept. So a large record costs little more memory than its file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from matcher.records.draft import BROKEN, LARGE, OTHER
from matcher.records.fhir.nodes import Node, short, word
from matcher.records.fhir.within import taken_out

LARGEST = 20_000_000
DEEPEST = 60
MOST_ENTRIES = 20_000
MOST_NODES = 400_000
"""Objects, lists and values of all entries that are read: 50 MB in memory at most."""
MOST_BRACKETS = 1_000_000
MOST_QUOTES = 6_000_000
LARGEST_ENTRY = 1_000_000
KINDS = frozenset(
    [
        "Patient",
        "Condition",
        "Observation",
        "Procedure",
        "MedicationStatement",
        "MedicationRequest",
        "Medication",
        "MedicationAdministration",
        "MedicationDispense",
        "FamilyMemberHistory",
        "DiagnosticReport",
    ]
)
LIGHT = ("resourceType", "id", "subject", "patient", "code", "type")
# The last alternative is a quote that nothing closes.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{}]|"', re.DOTALL)


class BundleError(ValueError):
    """A file that cannot be read as a record: `path`, `value` and `problem` say why.

    `reason` says it in one word (`records.draft.FILE_FAULTS`).
    """

    def __init__(self, path: str, value: Any, problem: str, reason: str = BROKEN) -> None:
        super().__init__(problem)
        self.path, self.value, self.problem, self.reason = path, value, problem, reason


def parse_bundle(content: bytes) -> list[tuple[str, Node]]:
    """Every resource with its full address ("" if none). Raises `BundleError`."""
    content = _checked(content)
    lines = list(_lines(content))
    entries = list(_entries(content))
    if len(lines) > 1:
        return _resources(content, lines, alone=True)
    if not entries:
        return _single(content)
    head_bytes = content[: entries[0][0]] + content[entries[-1][1] :]
    if len(head_bytes) > LARGEST_ENTRY:
        raise BundleError("", None, "more than 1 MB stands beside the entries", LARGE)
    head = _parse(head_bytes, "the file")
    if not isinstance(head, dict) or word(head, "resourceType") != "Bundle":
        found = head.get("resourceType") if isinstance(head, dict) else None
        raise BundleError("resourceType", _shown(found), "is not a FHIR Bundle", OTHER)
    return _resources(content, entries)


def _checked(content: bytes) -> bytes:
    if len(content) > LARGEST:
        raise BundleError("", None, "the file is larger than 20 MB", LARGE)
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise BundleError("", None, "the file is not UTF-8 text; save it as UTF-8")
    content = content.removeprefix(b"\xef\xbb\xbf")
    brackets = content.count(b"{") + content.count(b"[")
    if brackets > MOST_BRACKETS or content.count(b'"') > MOST_QUOTES:
        raise BundleError("", None, "the file has too many parts", LARGE)
    if not content.strip():
        raise BundleError("", None, "the file is empty")
    if content.lstrip()[:1] == b"<":
        told = "is XML or a web page; save the record as FHIR JSON"
        raise BundleError("", None, told, OTHER)
    return content


def _entries(content: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each entry of a bundle. Refuses what is nested too deep."""
    depth, key, inside, start, count = 0, b"", False, 0, 0
    for found in _TOKEN.finditer(content):
        token = found[0]
        if token == b'"':
            raise BundleError("", None, "is not JSON: a text in it has no closing quote")
        if token[0] == 0x22:
            if depth == 1:
                key = token
            continue
        if token in b"{[":
            depth += 1
            if depth > DEEPEST:
                raise BundleError("", None, f"the file is nested deeper than {DEEPEST} levels")
            if depth == 2:
                inside = token == b"[" and key == b'"entry"'
            elif depth == 3 and inside:
                start = found.start()
            continue
        if depth == 3 and inside:
            count += 1
            if count > MOST_ENTRIES:
                told = f"more than {MOST_ENTRIES} entries stand here"
                raise BundleError("entry", count, told, LARGE)
            yield start, found.end()
        depth -= 1


def _lines(content: bytes) -> Iterator[tuple[int, int]]:
    """Start and end of each line where every line is an object: resources one below the other.

    Nothing of a file that is no such file.
    """
    start = len(content) - len(content.lstrip())
    ends = len(content.rstrip())
    first = content[start : content.find(b"\n", start)].rstrip()
    if not (first.startswith(b"{") and first.endswith(b"}")):
        return
    if content.count(b"\n", start, ends) > MOST_ENTRIES:
        raise BundleError("", None, f"more than {MOST_ENTRIES} lines stand here", LARGE)
    spans: list[tuple[int, int]] = []
    for line in content[start:ends].split(b"\n"):
        told = line.strip()
        if told and not (told.startswith(b"{") and told.endswith(b"}")):
            return
        if told:
            spans.append((start, start + len(line)))
        start += len(line) + 1
    yield from spans


def _resources(
    content: bytes, entries: list[tuple[int, int]], *, alone: bool = False
) -> list[tuple[str, Node]]:
    """The resources of some parts of a file: each an entry of a bundle, or one `alone`."""
    read: list[tuple[str, Node]] = []
    weight = 0
    for number, (start, end) in enumerate(entries):
        if end - start > LARGEST_ENTRY:
            read.append(("", {"resourceType": f"entry {number + 1}", "_large": True}))
            continue
        part = _parse(content[start:end], f"{'line' if alone else 'entry'}[{number}]")
        if alone and not (isinstance(part, dict) and word(part, "resourceType")):
            raise BundleError(f"line[{number}]", None, "is not a FHIR resource", OTHER)
        for entry in _unfolded({"resource": part} if alone else part):
            resource = entry.get("resource") if isinstance(entry, dict) else None
            if not isinstance(resource, dict):
                read.append(("", {"resourceType": f"entry {number + 1}"}))
                continue
            kept = _kept(resource)
            weight += _weight(kept)
            if weight > MOST_NODES:
                problem = "the record has too many parts to be read at once"
                raise BundleError("entry", number, problem, LARGE)
            holder, *results = taken_out(kept, number)
            read.append((word(entry, "fullUrl"), holder))
            read.extend(("", one) for one in results)
    return read


def _unfolded(entry: Any) -> Iterator[Any]:
    """The entry, or those of the Bundle in it: an answer to several questions is such a one."""
    resource = entry.get("resource") if isinstance(entry, dict) else None
    listed = resource.get("entry") if isinstance(resource, dict) else None
    if isinstance(listed, list) and resource and word(resource, "resourceType") == "Bundle":
        for inner in listed:
            yield from _unfolded(inner)
    else:
        yield entry


def _single(content: bytes) -> list[tuple[str, Node]]:
    if len(content) > LARGEST_ENTRY:
        told = "this is one piece of more than 1 MB, not a FHIR Bundle"
        raise BundleError("", None, told, LARGE)
    whole = _parse(content, "the file")
    if isinstance(whole, list):
        mend = "is a list; put the resources into a FHIR Bundle"
        raise BundleError("", None, mend, OTHER)
    if not isinstance(whole, dict) or not word(whole, "resourceType"):
        told = "is missing, so this is not a FHIR Bundle"
        raise BundleError("resourceType", None, told, OTHER)
    if word(whole, "resourceType") == "Bundle":
        if whole.get("entry") not in (None, []):
            raise BundleError("entry", None, "is not a list of entries", OTHER)
        return []
    kept = _kept(whole)
    if _weight(kept) > MOST_NODES:
        raise BundleError("", None, "the record has too many parts to be read at once", LARGE)
    return [("", one) for one in taken_out(kept, 0)]


def _kept(resource: Node) -> Node:
    if word(resource, "resourceType") in KINDS:
        return {key: value for key, value in resource.items() if key != "text"}
    return {key: resource[key] for key in LIGHT if key in resource}


def _weight(value: Any) -> int:
    """Objects, lists and values of a resource: how much memory it takes."""
    count, waiting = 0, [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            count += 2
            waiting.extend(part.values())
        elif isinstance(part, list):
            count += 1
            waiting.extend(part)
        else:
            count += 1
    return count


def _parse(content: bytes, where: str) -> Any:
    try:
        return json.loads(
            content.decode("utf-8"), object_pairs_hook=_without_repeats, parse_constant=_no_number
        )
    except UnicodeDecodeError:
        raise BundleError(where, None, "is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        if error.msg.startswith("Extra data"):
            problem = "holds more than one JSON document; put all into one FHIR Bundle"
            raise BundleError(where, None, problem, OTHER) from None
        raise BundleError(where, None, f"is not JSON: {error.msg}") from None
    except BundleError:
        raise
    except (ValueError, RecursionError):
        raise BundleError(where, None, "is not JSON that can be read") from None


def _without_repeats(pairs: list[tuple[str, Any]]) -> Node:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise BundleError("", None, "has a key that stands twice in one object")
    return found


def _no_number(text: str) -> Any:
    raise BundleError("", short(text), "is not a number that JSON allows")


def _shown(value: Any) -> Any:
    return short(value) if isinstance(value, str) else None
