"""Site: what the application was made with, within reach of every page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

import sqlalchemy as sa
from flask import current_app

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.services.digests.desk import Desk
from matcher.services.matching import Matcher
from matcher.web.assets import Assets
from matcher.words import Words

EXTENSION = "matcher"


@dataclass(frozen=True)
class Site:
    """Everything that pages and API need.

    `matcher` gives the newest catalogue, made ready; `clock` an aware time.
    """

    settings: Settings
    rulebook: Rulebook
    engine: sa.Engine
    matcher: Callable[[], Matcher]
    clock: Callable[[], datetime]
    words: Words
    assets: Assets

    @property
    def today(self) -> date:
        """The local date."""
        return self.clock().astimezone().date()

    @cached_property
    def desk(self) -> Desk:
        """What those who look after subscriptions need at hand."""
        return Desk(self.engine, self.rulebook, self.matcher, self.settings)

    @property
    def sends_mail(self) -> bool:
        """Whether this site can mail people: else it offers no mails."""
        return self.settings.sends_mail


def site() -> Site:
    """The site that serves the current request."""
    found = current_app.extensions[EXTENSION]
    assert isinstance(found, Site)
    return found
