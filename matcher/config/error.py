"""Error: a setting that stops the start, with what is needed to mend it."""

from __future__ import annotations


class ConfigError(Exception):
    """A setting that cannot be used: `what` is wrong, `where` it stands, how to `mend` it."""

    def __init__(self, what: str, where: str, mend: str) -> None:
        super().__init__(f"{what} ({where}). {mend}")
        self.what, self.where, self.mend = what, where, mend
