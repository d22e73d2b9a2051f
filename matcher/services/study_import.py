"""Study import: drafts taken into the catalogue, each known again by its own link or its title."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from matcher.core.conditions import tags_in
from matcher.core.rulebook import Rulebook
from matcher.core.study import Study
from matcher.reading.labels.gaps import lost_words
from matcher.reading.reviews.drafts import Draft, Refused, Unused, cut
from matcher.services.labels import LabelReader, UnreadLabel, unread_labels
from matcher.services.merging import audiences, merge, without_readings
from matcher.store import studies as store
from matcher.store.identity import own_link, same_title, slug
from matcher.store.studies import StudyRow


@dataclass(frozen=True)
class Imported:
    """What became of one study. `status`: ``added``, ``unchanged``, ``updated``, ``refused``.

    `source` names the file and line; `why` is given for refused ones, whose `key` is None.
    """

    key: str | None
    status: str
    source: str
    unused: tuple[Unused, ...] = ()
    unread: tuple[UnreadLabel, ...] = ()
    why: str | None = None


@dataclass(frozen=True)
class Importer:
    """Takes drafts into the catalogue of one session; the caller commits."""

    session: Session
    rulebook: Rulebook
    labels: LabelReader
    now: datetime

    def take(self, draft: Draft | Refused, source: str) -> Imported:
        """Add a study, or update the one that it is known to be."""
        place = f"{source}:{draft.line}"
        if isinstance(draft, Refused):
            return _refused(place, draft)
        if fault := self._fault(draft):
            return _refused(place, Refused(draft.line, cut(draft.study.title), fault))
        row = self._known(draft.study)
        known = row.body if row else Study(key=self._new_key(draft), title=draft.study.title)
        study = self.labels.read(merge(known, draft))
        return Imported(
            key=study.key,
            status=self._write(row, study),
            source=place,
            unused=(*draft.unused, *self._doubts(draft, study, row)),
            unread=unread_labels(study),
        )

    def _write(self, row: StudyRow | None, study: Study) -> str:
        version = self.rulebook.version
        if row is None:
            store.add(self.session, study, rules_version=version, now=self.now)
            return "added"
        if without_readings(study) == without_readings(row.body):
            store.reread(self.session, row, study, rules_version=version)
            return "unchanged"
        store.change(self.session, row, study, rules_version=version, now=self.now)
        return "updated"

    def _known(self, study: Study) -> StudyRow | None:
        link = own_link(study.url)
        if link and (row := store.row_by_link(self.session, link)):
            return row
        same = store.rows_by_slug(self.session, slug(study.title))
        return next((row for row in same if same_title(row.title, study.title)), None)

    def _new_key(self, draft: Draft) -> str:
        """The key that the source gives, if it is free, else the title's slug, numbered."""
        given, plain = draft.study.key, slug(draft.study.title)
        if given and store.row_by_key(self.session, given) is None:
            return given
        key, number = plain, 1
        while store.row_by_key(self.session, key) is not None:
            number += 1
            key = f"{plain}-{number}"
        return key

    def _fault(self, draft: Draft) -> str | None:
        if not slug(draft.study.title):
            return "the title has no letter and no digit"
        for audience in audiences(draft.study):
            for tag in tags_in(audience.condition) if audience.condition else ():
                try:
                    self.rulebook.tag(tag)
                except KeyError:
                    return f"the condition of {cut(audience.text)!r} has a tag {tag!r}: no such tag"
        return None

    def _doubts(self, draft: Draft, study: Study, row: StudyRow | None) -> list[Unused]:
        found = []
        for audience in audiences(study):
            line, text = draft.lines.get(audience.text), cut(audience.text)
            for words in lost_words(audience.text):
                why = f"a word seems to be missing at {words!r}: it was not guessed"
                found.append(Unused(line, text, why))
            if not audience.counts:
                found.append(Unused(line, text, "names no audience that is known; kept as printed"))
        if study.posted and study.posted > (self.now + timedelta(days=1)).date():
            found.append(Unused(None, study.posted.isoformat(), "this day is still to come"))
        if row and row.withdrawn_at:
            why = f"withdrawn on {row.withdrawn_at.date()}, and stays so: {row.withdrawn_reason}"
            found.append(Unused(None, cut(study.title), why))
        return found


def _refused(place: str, refused: Refused) -> Imported:
    unused = (Unused(refused.line, refused.text, refused.why),)
    return Imported(None, "refused", place, unused=unused, why=refused.why)


def refuse_file(source: str, why: str) -> Imported:
    """A whole file that could not be read."""
    return Imported(None, "refused", source, why=why)
