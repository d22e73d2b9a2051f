"""Looks: what stood in a panel when an account last looked, kept to tell what is new since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from sqlmodel import Session

from matcher.crypto import Safe, SealError
from matcher.services.digests.desk import Desk
from matcher.services.panels.trail import note
from matcher.services.panels.walls import OpenPanel, still_open
from matcher.services.screening.changes import DamagedSnapshotError, Snapshot
from matcher.store import panels

END = b"\n"


@dataclass(frozen=True)
class Look:
    """When an account looked (aware), and what stood there."""

    at: datetime
    snapshot: Snapshot

    def levels_of(self, public_id: str) -> dict[str, int]:
        """How each study stood to one person, by key; nothing if they were not there yet."""
        people = list(self.snapshot.people)
        if public_id not in people:
            return {}
        levels = self.snapshot.table[people.index(public_id)]
        return dict(zip(self.snapshot.studies, map(int, levels), strict=True))


def last_look(session: Session, desk: Desk, panel: OpenPanel) -> Look | None:
    """What the account saw last; None before its first look, and if that cannot be read any more:
    what is new is then told from the next look on."""
    row = panels.look(session, panel.id, panel.account_id)
    if row is None:
        return None
    try:
        return Look(row.at, _opened(desk.safe, row.sealed, panel.id, panel.account_id))
    except (SealError, DamagedSnapshotError):
        return None


def keep_look(
    session: Session, desk: Desk, panel: OpenPanel, snapshot: Snapshot, *, now: datetime
) -> None:
    """Keep what the account sees now, in place of what it saw before.

    Raises `NotYoursError`, and `SnapshotTooLargeError` for what could not be opened again.
    """
    still_open(session, panel)
    sealed = _sealed(desk.safe, snapshot, panel.id, panel.account_id)
    panels.put_look(session, panel.id, panel.account_id, sealed=sealed, now=now)
    note(session, panel, "look_kept", now=now)
    session.commit()


def looks_at(session: Session, desk: Desk, panel_id: int) -> list[tuple[int, Look]]:
    """What each account saw last in a panel, by the account's number; what cannot be read is left
    out."""
    found = []
    for row in panels.looks(session, panel_id):
        try:
            seen = _opened(desk.safe, row.sealed, panel_id, row.account_id)
        except (SealError, DamagedSnapshotError):
            continue
        found.append((row.account_id, Look(row.at, seen)))
    return found


def forget(session: Session, desk: Desk, panel_id: int, public_ids: Sequence[str]) -> None:
    """Take people out of what everybody saw last; a look that cannot be read goes whole."""
    for row in panels.looks(session, panel_id):
        try:
            seen = _opened(desk.safe, row.sealed, panel_id, row.account_id)
        except (SealError, DamagedSnapshotError):
            session.delete(row)
            continue
        row.sealed = _sealed(desk.safe, _without(seen, public_ids), panel_id, row.account_id)


def _without(snapshot: Snapshot, public_ids: Sequence[str]) -> Snapshot:
    kept = [public_id not in public_ids for public_id in snapshot.people]
    people = {name: at for name, at in snapshot.people.items() if name not in public_ids}
    levels = snapshot.table[np.array(kept, dtype=bool)]
    return replace(snapshot, people=people, levels=levels.tobytes())


def _sealed(safe: Safe, snapshot: Snapshot, panel_id: int, account_id: int) -> bytes:
    return safe.seal(_name(panel_id, account_id) + snapshot.to_bytes())


def _opened(safe: Safe, sealed: bytes, panel_id: int, account_id: int) -> Snapshot:
    name, plain = _name(panel_id, account_id), safe.open(sealed)
    if not plain.startswith(name):
        raise SealError("this is what somebody else saw")
    return Snapshot.from_bytes(plain.removeprefix(name))


def _name(panel_id: int, account_id: int) -> bytes:
    return f"{panel_id} {account_id}".encode() + END
