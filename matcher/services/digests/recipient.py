"""Recipient: the person that one digest is for, and how today's studies stand to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property

from matcher.core.levels import Level
from matcher.core.matching import FIRST, Match, Outcome
from matcher.schemas.stored_answers import answers_from_stored
from matcher.services.askable import passed_over
from matcher.services.cards import Card
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Gone, Selection
from matcher.services.digests.profile import Profile
from matcher.services.hard_topics import is_hard
from matcher.services.matching import Matcher
from matcher.words import Speaker

TOLD_LEVELS = (Level.FITS, Level.MAY_FIT, Level.RELATED)


@dataclass(frozen=True)
class Recipient:
    """A subscriber's profile, who speaks to them, and the moment that all is told of."""

    desk: Desk
    profile: Profile
    speaker: Speaker
    now: datetime

    def cards(self, selection: Selection) -> Mapping[str, Card]:
        """The card of each chosen study that is still at a level which is told, by its key."""
        wanted = {item.study for item in selection.items}
        passed = passed_over(self.profile.answers, self.desk.book)
        return {
            key: Card(match, self.desk.book, self.speaker, passed)
            for key, match in self._matches(wanted).items()
            if match.level in TOLD_LEVELS
        }

    def wants(self, selection: Selection) -> Selection:
        """The selection without what was muted or left out since."""
        return replace(
            selection,
            items=tuple(
                item
                for item in selection.items
                if item.study not in self.profile.muted
                and not (item.tender and self.profile.leave_out)
            ),
        )

    def is_hard(self, gone: Gone) -> bool:
        """Whether a study that is gone has a title on hard ground that is new to them."""
        return is_hard(
            self._matcher,
            self._outcome,
            key=gone.study,
            title=gone.title,
            after_loss=self.profile.about == "loss",
        )

    @cached_property
    def _matcher(self) -> Matcher:
        return self.desk.matcher()

    @cached_property
    def _outcome(self) -> Outcome:
        return self._matcher.match(
            answers_from_stored(self.profile.answers, self.desk.book),
            today=self.now.astimezone(UTC).date(),
            language=self.speaker.language,
            cared_for=self.speaker.cared_for,
        )

    def _matches(self, wanted: set[str]) -> dict[str, Match]:
        """The matches of some studies. They nearly always stand among the first, which are found
        at once; to look through the rest takes longer."""
        ranking = self._outcome.matches
        found = {m.study.key: m for m in ranking[:FIRST] if m.study.key in wanted}
        if len(found) < len(wanted):
            rest = range(FIRST, max(FIRST, ranking.places(TOLD_LEVELS[-1]).stop))
            for place, study in zip(rest, ranking.studies(rest), strict=True):
                if study.key in wanted:
                    found[study.key] = ranking[place]
        return found
