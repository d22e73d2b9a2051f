"""Later: a group that imports a command when it is called, not before."""

from __future__ import annotations

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any, NamedTuple

import click


class Later(NamedTuple):
    """A command that is not imported yet: `where` is "module:attribute", `short` its first line."""

    where: str
    short: str


class LaterGroup(click.Group):
    """Lists its commands without importing any; imports the one that is called."""

    def __init__(self, *args: Any, later: Mapping[str, Later], **more: Any) -> None:
        super().__init__(*args, **more)
        self.later = later

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names, sorted."""
        return sorted(self.later)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command itself, or None where there is none of this name."""
        if cmd_name not in self.later:
            return None
        command: click.Command = resolve_name(self.later[cmd_name].where)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the names with their first lines."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, self.later[name].short) for name in sorted(self.later)])
