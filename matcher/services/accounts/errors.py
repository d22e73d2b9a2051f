"""Errors: what cannot be done with an account, and how to mend it."""

from __future__ import annotations


class AccountError(Exception):
    """A wish about an account that cannot be met: `what`, `where`, `mend`; `key` names it."""

    def __init__(self, key: str, what: str, where: str, mend: str) -> None:
        super().__init__(what)
        self.key, self.what, self.where, self.mend = key, what, where, mend
