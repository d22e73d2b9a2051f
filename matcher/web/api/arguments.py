"""Arguments: how the API reads bodies and query strings, and refuses what it does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request
from flask_smorest import Blueprint  # type: ignore[import-untyped]
from webargs.flaskparser import FlaskParser

from matcher.web.api.json_body import read_json
from matcher.web.problems import Fault, Problem


class StrictParser(FlaskParser):
    """Reads bodies strictly, refuses unknown names everywhere, and reports in one shape."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 (the base class declares it so)
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
        "json": ma.RAISE,
    }

    def load_json(self, req: Request, schema: ma.Schema) -> Any:  # noqa: ARG002
        """The body, an object."""
        value = read_json(req)
        if not isinstance(value, dict):
            raise Problem(422, "The body is not an object.", [Fault("", "is not an object")])
        return value

    def handle_error(
        self,
        error: ma.ValidationError,
        req: Request,  # noqa: ARG002
        schema: ma.Schema,
        *,
        error_status_code: int | None,  # noqa: ARG002
        error_headers: Mapping[str, str] | None,  # noqa: ARG002
    ) -> NoReturn:
        """Refuse with every fault."""
        (messages,) = error.messages_dict.values()
        faults = list(_faults(messages, error.data, path=""))
        known = tuple(sorted(schema.fields))
        listed = [
            Fault(f.path, f.problem, f.value, known) if f.problem == UNKNOWN else f for f in faults
        ]
        raise Problem(422, "The request has faults; each is named under errors.", listed)


UNKNOWN = str(ma.Schema.error_messages.get("unknown", "Unknown field."))


def _faults(messages: Any, sent: Any, *, path: str) -> Iterator[Fault]:
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            below = sent.get(name) if isinstance(sent, Mapping) else None
            yield from _faults(inner, below, path=f"{path}.{name}" if path else str(name))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        yield Fault(path, str(message), sent)


class ApiBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest ships no types
    """A flask-smorest blueprint that reads with `StrictParser`."""

    ARGUMENTS_PARSER = StrictParser()
