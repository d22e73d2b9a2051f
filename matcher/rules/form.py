"""Form: checks the shape of a rules file by its schema, before anything is read from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from matcher.yaml_text import Document, Fault

MOST_FAULTS = 200
_LONGEST = 120
_MENDS = {
    "additionalProperties": "Remove it, or correct its spelling",
    "required": "Add what is missing",
    "enum": "Use one of the words that are allowed",
    "pattern": "Use letters, digits and _ only, with a letter first",
    "minLength": "Write at least one character",
    "minItems": "Write at least one",
    "minProperties": "Write at least one",
    "maxItems": "Write fewer, or split the list",
    "minimum": "Use a number that is allowed",
    "maximum": "Use a number that is allowed",
    "oneOf": "Give either 'if' and 'then', or 'at_most'",
}
_KINDS = {
    "object": "lines of the form 'key: value'",
    "array": "a list, one item a line after '- '",
    "string": "a text (in quotes if it looks like a number)",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false, without quotes",
}


def form_faults(document: Document, kind: str, *, schemas: Path) -> list[Fault]:
    """What is wrong with the shape of a file of this `kind`; of very many faults the first ones."""
    errors = _validator(schemas / f"{kind}.json").iter_errors(document.value)
    return list(islice(_faults(document, errors), MOST_FAULTS))


@cache
def _validator(schema: Path) -> Draft202012Validator:
    rules: dict[str, Any] = json.loads(schema.read_text(encoding="utf-8"))
    return Draft202012Validator(rules)


def _faults(document: Document, errors: Iterator[ValidationError]) -> Iterator[Fault]:
    for error in errors:
        path = tuple(error.absolute_path)
        schema = error.schema if isinstance(error.schema, dict) else {}
        mend = schema.get("description") or _mend(error)
        if error.validator == "additionalProperties" and isinstance(error.instance, dict):
            for key in [k for k in error.instance if k not in schema.get("properties", {})]:
                line = document.line((*path, key))
                what = f"{_place(path)}: there is no key '{key[:_LONGEST]}' here"
                yield Fault(document.file, line, what, f"{mend}.")
        else:
            what = f"{_place(path)}: {_what(error)}"
            yield Fault(document.file, document.line(path), what, f"{mend}.")


def _place(path: tuple[str | int, ...]) -> str:
    return "/".join(str(step) for step in path)[:_LONGEST] or "the file"


def _what(error: ValidationError) -> str:
    if error.validator in ("oneOf", "anyOf"):
        return "this has not the right form"
    if error.validator == "maxItems":
        return f"more than {error.validator_value} stand here"
    if error.validator == "type" and isinstance(error.instance, dict | list):
        return f"this must be {_KINDS.get(str(error.validator_value), error.validator_value)}"
    text = str(error.message)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _mend(error: ValidationError) -> str:
    if error.validator == "type":
        return f"Write {_KINDS.get(str(error.validator_value), error.validator_value)}"
    return _MENDS.get(str(error.validator), "See rules/README.md for the form of this file")
