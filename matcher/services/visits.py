"""Visits: one person's answers while they are on the site, sealed, for a day at most.

The token lives in the person's browser alone. What is stored is its hash and the answers under
a key made from the token and a server secret: without the browser nobody can open them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from matcher import crypto
from matcher.store import visits as store

DAY = timedelta(hours=24)
SHARED = timedelta(hours=2)


@dataclass(frozen=True)
class Visit:
    """What a visit holds. `ends` is aware; `answers` are a profile's, as its public JSON.

    `about` is one of `core.lives.LIVES`: whose life the answers are about. `leave_out`: the person
    asked not to be shown reviews on hard topics. `picked` are genes, by attribute, whose results
    the person is about to enter. `subscription` is the public id of the subscriber whose answers
    these are: they alone may be kept for that person's mails. `panel` is the public id of the
    navigator's panel that the answers are entered for; `panel_person` that of the person in it
    whose they are (None for somebody new), `person_version` the version that they were read in.
    `pinned` is the cancer that the last answer made the main one, as the others were about it;
    `set_back` the keys that it set back to not asked, as they were about another main cancer.
    """

    ends: datetime
    about: str = "self"
    shared: bool = False
    leave_out: bool = False
    answers: Mapping[str, Any] = field(default_factory=dict)
    picked: Mapping[str, list[str]] = field(default_factory=dict)
    subscription: str | None = None
    panel: str | None = None
    panel_person: str | None = None
    person_version: int | None = None
    pinned: str | None = None
    set_back: list[str] = field(default_factory=list)

    @property
    def at_desk(self) -> bool:
        """Whether a navigator reads about somebody of a panel; not so what is made for them."""
        return self.panel is not None and self.about == "other"

    def is_same_person(self, about: str) -> bool:
        """Whether answers about this life are about the same person: oneself, after a loss too."""
        return self.panel is None and (self.about == "other") == (about == "other")

    def with_all(self, answers: Mapping[str, Any]) -> Visit:
        """The same visit with these answers in place of all that were given."""
        return replace(self, answers=answers, picked={}, pinned=None, set_back=[])

    def answered(self, key: str, answer: Any) -> Visit:
        """The same visit with one answer given or, at its place, changed; None takes it back."""
        answers = {**self.answers, key: answer}
        return replace(self, answers={k: a for k, a in answers.items() if a is not None})


def begin_visit(
    session: Session,
    secrets: str,
    *,
    about: str,
    shared: bool,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
) -> tuple[str, Visit]:
    """Start a visit; returns the token for the browser and the visit. `now` is aware."""
    visit = Visit(ends_at(now, shared=shared), about=about, shared=shared, answers=answers or {})
    return begin_with(session, secrets, visit, now=now), visit


def ends_at(now: datetime, *, shared: bool) -> datetime:
    """When a visit that starts now ends."""
    return now + (SHARED if shared else DAY)


def begin_with(session: Session, secrets: str, visit: Visit, *, now: datetime) -> str:
    """Start a visit as it is given; returns the token for the browser."""
    token = crypto.new_token()
    _put(session, token, secrets, visit)
    store.purge_visits(session, now=now)
    session.commit()
    return token


def open_visit(session: Session, token: str, secrets: str, *, now: datetime) -> Visit | None:
    """The visit behind a token, None if it ended, was cleared or never was."""
    return _opened(token, secrets, store.get_visit(session, crypto.token_hash(token), now=now))


def _opened(token: str, secrets: str, sealed: bytes | None) -> Visit | None:
    for secret in secrets.split(",") if sealed else ():
        try:
            return _loaded(crypto.unseal(token, secret.strip(), sealed or b""))
        except crypto.SealError:
            continue
    return None


def change_visit(
    session: Session,
    token: str,
    secrets: str,
    change: Callable[[Visit], Visit],
    *,
    now: datetime,
) -> Visit | None:
    """Change a visit as it stands now and keep it; None if it was erased meanwhile: it stays so.

    The session is a writing one. Whoever changes the same visit at the same time waits and then
    gets what `change` made of it here: of two answers sent at once none is lost.
    """
    id_hash = crypto.token_hash(token)
    found = _opened(token, secrets, store.get_visit(session, id_hash, now=now, lock=True))
    if found is None:
        return None
    visit = change(found)
    store.change_visit(session, id_hash, _sealed(token, secrets, visit), expires_at=visit.ends)
    session.commit()
    return visit


def end_visit(session: Session, token: str) -> None:
    """Erase a visit. Erasing what is not there is no error."""
    store.delete_visit(session, crypto.token_hash(token))
    session.commit()


def purge(session: Session, *, now: datetime) -> int:
    """Erase all visits whose time is up; returns how many."""
    count = store.purge_visits(session, now=now)
    session.commit()
    return count


def _sealed(token: str, secrets: str, visit: Visit) -> bytes:
    # The first key seals; older ones after it only unseal.
    first, *_ = secrets.split(",")
    plain = json.dumps({**asdict(visit), "ends": visit.ends.isoformat()}).encode()
    return crypto.seal(token, first.strip(), plain)


def _put(session: Session, token: str, secrets: str, visit: Visit) -> None:
    store.put_visit(
        session,
        crypto.token_hash(token),
        _sealed(token, secrets, visit),
        expires_at=visit.ends,
        subscription=visit.subscription or visit.panel_person,
    )


def _loaded(plain: bytes) -> Visit:
    found = json.loads(plain)
    return Visit(**{**found, "ends": datetime.fromisoformat(found["ends"])})
