"""The recipient of a digest: what the cards of a mail ask of them."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from matcher.core.conditions import AllOf, Tag
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.services.digests.items import Item, Selection
from matcher.services.digests.profile import Profile
from matcher.services.digests.recipient import Recipient
from matcher.services.matching import Matcher
from matcher.words import Speaker, load_words
from tests.services.digests.writing_desk import MORNING

HAS = {"cancer_status": "now", "cancer": ["breast"]}
SPREAD = AllOf((Tag("breast_cancer"), Tag("metastatic:breast")))


def test_what_was_passed_over_on_hard_ground_is_not_asked_by_mail(rulebook: Rulebook) -> None:
    matcher = Matcher(rulebook, [Study(key="one", title="one", most=Audience("one", SPREAD))])
    desk: Any = SimpleNamespace(book=rulebook, matcher=lambda: matcher)
    told = Selection(items=(Item("one", "may_fit", "new", number=1),))
    for answers, count in ((HAS, 1), ({**HAS, "extent": "unknown"}, 0)):
        speaker = Speaker(load_words(), "en")
        card = Recipient(desk, Profile(answers), speaker, MORNING).cards(told)["one"]
        assert card.level == "may_fit"
        assert len(card.questions) == count
