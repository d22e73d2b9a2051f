"""Studies: import, list, show, export and withdraw."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from matcher.core.rulebook import Rulebook
from matcher.core.study import Study
from matcher.reading.reviews.drafts import Draft, SourceError
from matcher.reading.reviews.review_facts import facts_of
from matcher.reading.reviews.sources import MAX_BYTES, read_source
from matcher.services.labels import LabelReader
from matcher.services.study_import import Imported, Importer, refuse_file
from matcher.store import studies as store
from matcher.store.database import session as open_session

MAX_REASON = 500


class StudyError(Exception):
    """A study that is not there, or a request about it that makes no sense."""

    def __init__(self, what: str, where: str, mend: str) -> None:
        super().__init__(f"{what} ({where}). {mend}")
        self.what, self.where, self.mend = what, where, mend


@dataclass(frozen=True)
class FoundStudy:
    """A study with what the catalogue knows about its entry. Times are aware."""

    study: Study
    version: int
    added_at: datetime
    updated_at: datetime
    withdrawn_at: datetime | None
    withdrawn_reason: str | None


def import_files(
    engine: sa.Engine,
    rulebook: Rulebook,
    paths: Iterable[Path],
    *,
    format: str = "auto",
    url: str | None = None,
    now: datetime | None = None,
) -> list[Imported]:
    """Take the studies of each file into the catalogue, one transaction a file.

    What cannot be read is `refused`; the rest is kept. Raises `StoreError` if the database
    cannot be used; files before that one are then kept, and can be imported again without harm.
    """
    labels, moment = LabelReader(rulebook), now or datetime.now(UTC)
    results: list[Imported] = []
    for path in paths:
        try:
            drafts = list(read_source(_bytes(path), format=format, url=url))
        except SourceError as error:
            results.append(refuse_file(str(path), str(error)))
            continue
        for draft in drafts:
            # Read before the database is asked for its lock: the transaction is short then.
            if isinstance(draft, Draft):
                labels.read(draft.study)
        with open_session(engine, writing=True) as session:
            store.lock_catalogue(session)
            importer = Importer(session, rulebook, labels, moment)
            taken = [importer.take(draft, str(path)) for draft in drafts]
            session.commit()
        results += taken
    return results


def import_report(results: Iterable[Imported]) -> dict[str, Any]:
    """The public JSON of an import."""
    return {"studies": [_reported(imported) for imported in results]}


def list_studies(session: Session) -> Sequence[Study]:
    """All studies of the catalogue, by key; withdrawn ones are not in it."""
    return [row.body for row in store.rows(session)]


def find_study(session: Session, key: str) -> FoundStudy:
    """One study, withdrawn or not. Raises `StudyError` if there is none with this key."""
    row = _row(session, key)
    return FoundStudy(
        row.body, row.version, row.added_at, row.updated_at, row.withdrawn_at, row.withdrawn_reason
    )


def earlier_versions(session: Session, key: str) -> Sequence[Study]:
    """What a study was before each of its changes, oldest first."""
    return [version.body for version in store.versions(session, _row(session, key))]


def export_studies(session: Session) -> Iterator[str]:
    """The catalogue as JSON lines, which import again to the same studies."""
    for study in list_studies(session):
        yield json.dumps(facts_of(study), ensure_ascii=False)


def withdraw_study(
    session: Session, key: str, *, reason: str, now: datetime | None = None
) -> FoundStudy:
    """Take a study out of the catalogue, and keep why. Raises `StudyError`."""
    store.lock_catalogue(session)
    row, plain = _row(session, key), " ".join(reason.split())
    if not plain or len(plain) > MAX_REASON:
        raise StudyError(
            "a reason is needed", key, f"Say in at most {MAX_REASON} characters why it goes."
        )
    if row.withdrawn_at is not None:
        raise StudyError(
            f"it was withdrawn on {row.withdrawn_at.date()}", key, "Nothing needs to be done."
        )
    store.withdraw(session, row, reason=plain, now=now or datetime.now(UTC))
    session.commit()
    return find_study(session, key)


def _row(session: Session, key: str) -> store.StudyRow:
    if row := store.row_by_key(session, key):
        return row
    shown = key[:200].encode("utf-8", "backslashreplace").decode()
    near = get_close_matches(shown, [study.key for study in list_studies(session)], n=1)
    hint = f"Did you mean {near[0]}?" if near else "See the keys with: matcher study list."
    raise StudyError("there is no study with this key", shown, hint)


def _bytes(path: Path) -> bytes:
    try:
        if path.exists() and not path.is_file():
            raise SourceError("this is not a file", "", "Name the files themselves.")
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise SourceError(f"the file cannot be read: {why}", "", "Check its name.") from None
    except ValueError:
        raise SourceError("this is no name of a file", "", "Check its name.") from None


def _reported(imported: Imported) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "study": imported.key,
        "status": imported.status,
        "source": imported.source,
        "unused": [asdict(unused) for unused in imported.unused],
        "unread": [
            {"audience": label.audience, "words": list(label.words)} for label in imported.unread
        ],
    }
    return shape | ({"why": imported.why} if imported.why else {})
