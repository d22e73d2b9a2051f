"""Importing: many people of a panel from a file, looked at first, then taken.

What was read waits between the two steps as a visit does, for an hour at most: sealed with a key
that is made from a token in the page's form alone, in no backup. A file need not be sent twice, and
what is taken is what was shown.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session

from matcher import crypto
from matcher.records.draft import Clash, Draft, Refusal, Unused
from matcher.records.person_code import code_fault
from matcher.schemas.profiles import ProfileError, profile_json, profile_schema, read_answers
from matcher.services.digests.desk import Desk
from matcher.services.panels.comparing import Difference, differences
from matcher.services.panels.profile import open_person
from matcher.services.panels.trail import Of, note
from matcher.services.panels.walls import OpenPanel, still_kept_up
from matcher.store import panel_people
from matcher.store import visits as store
from matcher.store.panel_people import ACTIVE, STANDINGS, PanelPerson

HOUR = timedelta(hours=1)
NEW, KNOWN, CODELESS = "new", "known", "codeless"
AGAIN, BAD_CODE = "again", "bad_code"
MOST_PEOPLE = 5000


class PreviewGoneError(LookupError):
    """What was read from the file waits no more: it was taken, or its hour is over."""


class TooManyPeopleError(ValueError):
    """The file names more than `MOST_PEOPLE`."""


@dataclass(frozen=True)
class PreviewRow:
    """One person of a file. `kind`: ``new``; ``known`` (with `differences`, none if the file says
    nothing new); ``archived`` or ``died``, who are not changed; ``codeless`` (a code can be given
    when it is taken); ``again`` (the same code as a row before); ``bad_code``.

    `version` is that of a known person, None otherwise.
    """

    draft: Draft = field(repr=False)
    answers: Mapping[str, Any] = field(repr=False)
    kind: str
    differences: tuple[Difference, ...] = ()
    version: int | None = None

    @property
    def can_be_taken(self) -> bool:
        """Whether there is anything to take."""
        return self.kind in (NEW, CODELESS) or (self.kind == KNOWN and bool(self.differences))


@dataclass(frozen=True)
class Preview:
    """What a file says, row by row in its order, and what of it cannot be read."""

    rows: tuple[PreviewRow, ...]
    refused: tuple[Refusal, ...]


def preview(
    session: Session,
    desk: Desk,
    panel: OpenPanel,
    found: Iterable[Draft | Refusal],
    *,
    now: datetime,
) -> tuple[str, Preview]:
    """Look at what was read from a file: a token for the form that takes it, and what it says.

    Nothing of anybody is changed. Wants a session that is writing. Raises `PanelArchivedError`,
    `TooManyPeopleError`.
    """
    still_kept_up(session, panel)
    drafts, refused = _sorted(found)
    checked, faulty = _checked(desk, drafts)
    made = Preview(tuple(_rows(session, desk, panel, checked)), (*refused, *faulty))
    token = crypto.new_token()
    sealed = crypto.seal(token, _first_secret(desk), _packed(panel, made))
    store.put_visit(session, _hash(token), sealed, expires_at=now + HOUR)
    store.purge_visits(session, now=now)
    note(session, panel, "file_previewed", now=now, of=Of(count=len(made.rows)))
    session.commit()
    return token, made


def open_preview(
    session: Session, desk: Desk, panel: OpenPanel, token: str, *, now: datetime
) -> Preview:
    """What waits behind a token, compared with what is known now; raises `PreviewGoneError`."""
    return opened(session, desk, panel, (token, store.get_visit(session, _hash(token), now=now)))


def take_preview(
    session: Session, desk: Desk, panel: OpenPanel, token: str, *, now: datetime
) -> Preview:
    """The same for one caller only: with the commit it is gone. Raises `PreviewGoneError`."""
    return opened(session, desk, panel, (token, store.take_visit(session, _hash(token), now=now)))


def opened(
    session: Session, desk: Desk, panel: OpenPanel, waits: tuple[str, bytes | None]
) -> Preview:
    """A token and what was sealed with it, as a preview of the same panel."""
    token, sealed = waits
    for secret in desk.settings.data_key.split(",") if sealed else ():
        try:
            told = json.loads(crypto.unseal(token, secret.strip(), sealed or b""))
        except crypto.SealError:
            continue
        if told["panel"] != panel.panel.public_id:
            break
        versions = [one["version"] for one in told["rows"]]
        checked = [(_draft(one["draft"]), one["answers"]) for one in told["rows"]]
        rows = _rows(session, desk, panel, checked, versions=versions)
        return Preview(tuple(rows), tuple(Refusal(**one) for one in told["refused"]))
    raise PreviewGoneError


def _sorted(found: Iterable[Draft | Refusal]) -> tuple[list[Draft], list[Refusal]]:
    drafts: list[Draft] = []
    refused: list[Refusal] = []
    for one in found:
        if isinstance(one, Refusal):
            refused.append(one)
        elif len(drafts) == MOST_PEOPLE:
            raise TooManyPeopleError
        else:
            drafts.append(one)
    return drafts, refused


def _checked(
    desk: Desk, drafts: Sequence[Draft]
) -> tuple[list[tuple[Draft, Mapping[str, Any]]], list[Refusal]]:
    """The drafts with their answers as a profile has them; what no profile can have is refused."""
    schema = profile_schema(desk.book)()
    good: list[tuple[Draft, Mapping[str, Any]]] = []
    refused: list[Refusal] = []
    for draft in drafts:
        try:
            answers = read_answers(dict(draft.answers), desk.book, schema=schema)
        except ProfileError as error:
            refused += [
                Refusal(draft.source, fault.path, fault.value, fault.problem)
                for fault in error.faults
            ]
        else:
            good.append((draft, profile_json(answers)["answers"]))
    return good, refused


def _rows(
    session: Session,
    desk: Desk,
    panel: OpenPanel,
    checked: Sequence[tuple[Draft, Mapping[str, Any]]],
    *,
    versions: Sequence[int | None] = (),
) -> list[PreviewRow]:
    """The rows as they stand to the panel now. With `versions` those are said of the known: the
    ones that were shown."""
    known = {
        row.code_key: row for row in panel_people.people(session, panel.id, standings=STANDINGS)
    }
    shown = versions or [None] * len(checked)
    seen: set[str] = set()
    rows = []
    for (draft, answers), version in zip(checked, shown, strict=True):
        code = panel_people.code_key(draft.code or "")
        there = known.get(code) if code else None
        if code in seen:
            rows.append(PreviewRow(draft, answers, AGAIN))
        elif there is None:
            rows.append(PreviewRow(draft, answers, _kind_of_new(draft), version=version))
        else:
            # Who came into the panel since was shown as somebody new: no version fits them.
            before = there.version if not versions else version or 0
            rows.append(_known(desk, there, draft, answers, before))
        seen |= {code} - {""}
    return rows


def _kind_of_new(draft: Draft) -> str:
    if not draft.code:
        return CODELESS
    return NEW if code_fault(draft.code) is None else BAD_CODE


def _known(
    desk: Desk, row: PanelPerson, draft: Draft, answers: Mapping[str, Any], version: int
) -> PreviewRow:
    if row.standing != ACTIVE:
        return PreviewRow(draft, answers, row.standing)
    profile = open_person(desk.safe, row.profile, of=row.public_id)
    found = differences(profile, answers, draft, desk.book)
    return PreviewRow(draft, answers, KNOWN, tuple(found), version)


def _packed(panel: OpenPanel, made: Preview) -> bytes:
    rows = [
        {
            "draft": {**asdict(row.draft), "used": (), "marks": {}},
            "answers": row.answers,
            "version": row.version,
        }
        for row in made.rows
    ]
    refused = [asdict(one) for one in made.refused]
    told = {"panel": panel.panel.public_id, "rows": rows, "refused": refused}
    return json.dumps(told, ensure_ascii=True, default=str).encode()


def _draft(told: Mapping[str, Any]) -> Draft:
    unused = tuple(Unused(**one) for one in told["unused"])
    clashes = tuple(
        Clash(one["key"], tuple(one["values"]), tuple(one["dates"])) for one in told["clashes"]
    )
    return Draft(**{**told, "used": (), "unused": unused, "clashes": clashes})


def _hash(token: str) -> str:
    # Not the hash of a visit: neither token opens what the other one does.
    return crypto.token_hash(f"panel file {token}")


def _first_secret(desk: Desk) -> str:
    return desk.settings.data_key.split(",")[0].strip()
