"""Nodes: fields of parsed JSON, whatever stands there; what is not of the kind is not there."""

from __future__ import annotations

from typing import Any, TypeAlias

Node: TypeAlias = dict[str, Any]
LONGEST = 160


def node(parent: Node, key: str) -> Node:
    """The object under `key`; empty if there is none. Of a list the first."""
    found = parent.get(key)
    if isinstance(found, list):
        found = found[0] if found else None
    return found if isinstance(found, dict) else {}


def nodes(parent: Node, key: str) -> list[Node]:
    """The objects under `key`, one or a list of them."""
    found = parent.get(key)
    listed = found if isinstance(found, list) else [found]
    return [one for one in listed if isinstance(one, dict)]


def word(parent: Node, key: str) -> str:
    """The text under `key`; empty if there is none."""
    found = parent.get(key)
    return found.strip() if isinstance(found, str) else ""


def extensions(parent: Node, name: str) -> list[Node]:
    """The extensions whose address ends in `name`, in any spelling of the generations."""
    end = _letters(name)
    return [
        one
        for one in nodes(parent, "extension")
        if _letters(word(one, "url")).removesuffix("extension").endswith(end)
    ]


def _letters(name: str) -> str:
    return name.replace("-", "").casefold()


def has_profile(resource: Node, *names: str) -> bool:
    """Whether the resource says that it follows one of the mCODE profiles, of any generation."""
    listed = node(resource, "meta").get("profile")
    urls = listed if isinstance(listed, list) else [listed]
    return any(isinstance(url, str) and name in url for url in urls for name in names)


def short(text: str) -> str:
    """A text of the source as it may be repeated: printable and short."""
    plain = " ".join(text[: 4 * LONGEST].encode("utf-8", "replace").decode("utf-8").split())
    if not plain.isprintable():
        plain = "".join(char for char in plain if char.isprintable())
    return plain if len(plain) <= LONGEST else f"{plain[:LONGEST]}…"
