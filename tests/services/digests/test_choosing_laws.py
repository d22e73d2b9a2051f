"""Laws of choosing, over long histories: studies change, people change, mails fail or get lost.

A history is played on one person. Mails are acknowledged, refused, or lost with or without having
arrived; the laws speak of what the person then had.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.core.levels import Level
from matcher.services.digests.choosing import MOST_ITEMS, Shelf, Standing, Wishes, choose
from matcher.services.digests.items import Gone, Selection
from matcher.services.digests.seen import NOTHING, Seen

CURRENT = "current"


@dataclass
class Made:
    """A study of the history; its level follows from label, answers and rules."""

    number: int
    label: int
    version: int = 1
    standing: str = CURRENT

    @property
    def key(self) -> str:
        return f"s{self.number}"


@dataclass
class History:
    """One person, a catalogue, and what was mailed."""

    rng: Random
    studies: dict[int, Made] = field(default_factory=dict)
    answers: int = 0
    rules: int = 0
    muted: set[int] = field(default_factory=set)
    leave_out: bool = False
    seen: Seen = NOTHING
    unacknowledged: Selection | None = None
    mails: int = 0
    had: dict[int, tuple[object, ...]] = field(default_factory=dict)
    """What the world was like for a study when it was last told in an acknowledged mail."""
    unsure: set[int] = field(default_factory=set)
    """Studies that a lost mail told."""
    named: set[int] = field(default_factory=set)
    """Studies that an acknowledged or a lost mail ever told."""
    gone_told: set[int] = field(default_factory=set)
    owed: dict[int, int] = field(default_factory=dict)
    """Studies that a mail held which was not acknowledged, and the mails acknowledged since."""

    # What changes

    def add(self) -> None:
        for _ in range(self.rng.choice([1, 1, 2, 9, 15])):
            number = len(self.studies) + 1
            self.studies[number] = Made(number, self.rng.randrange(1000))

    def correct(self) -> None:
        if study := self._some():
            study.version += 1

    def relabel(self) -> None:
        if study := self._some():
            study.version, study.label = study.version + 1, self.rng.randrange(1000)

    def take_back(self) -> None:
        if study := self._some():
            study.standing = self.rng.choice(["retracted", "superseded", "withdrawn"])

    def let_in_again(self) -> None:
        if study := self._some():
            study.version += study.standing != CURRENT
            study.standing = CURRENT

    def answer(self) -> None:
        self.answers = self.rng.randrange(4)

    def change_rules(self) -> None:
        self.rules = self.rng.randrange(3)

    def mute(self) -> None:
        if study := self._some():
            self.muted ^= {study.number}

    def leave_hard_out(self) -> None:
        self.leave_out = not self.leave_out

    def _some(self) -> Made | None:
        return self.rng.choice(list(self.studies.values())) if self.studies else None

    # How it stands

    def level(self, study: Made) -> Level:
        return Level(
            Random(f"{study.label} {self.answers} {self.rules}").choice([0, 0, 1, 2, 3, 4])
        )

    def is_hard(self, study: Made) -> bool:
        return study.label % 5 == 0

    def is_unwanted(self, study: Made) -> bool:
        return study.number in self.muted or (self.leave_out and self.is_hard(study))

    def is_wanted(self, study: Made) -> bool:
        offered = study.standing == CURRENT and self.level(study) <= Level.RELATED
        return offered and not self.is_unwanted(study)

    def is_news(self, study: Made) -> bool:
        """Whether it is wanted, and is not as it was last told."""
        told = self.seen.told.get(study.number)
        as_told = told and (told.version, told.level) == (study.version, self.level(study))
        return self.is_wanted(study) and (not as_told or study.number in self.unsure)

    def world(self, study: Made) -> tuple[object, ...]:
        return study.version, study.standing, self.answers, self.rules, study.label

    def choose(self) -> Selection:
        listed = [one for one in self.studies.values() if one.standing != "withdrawn"]
        gone = {
            one.number: Gone(one.key, one.key, one.standing)
            for one in self.studies.values()
            if one.standing != CURRENT
        }
        shelf = Shelf(
            rules=str(self.rules),
            numbers=tuple(one.number for one in listed),
            keys=tuple(one.key for one in listed),
            titles=tuple(one.key for one in listed),
            versions=tuple(one.version for one in listed),
            gone=gone,
        )
        levels = bytes(self.level(one) for one in listed)
        offered = [
            row
            for row, one in enumerate(listed)
            if one.standing == CURRENT and levels[row] <= Level.RELATED
        ]
        standing = Standing(
            ranked=sorted(offered, key=lambda row: (levels[row], -row)),
            levels=levels,
            hard={row for row, one in enumerate(listed) if self.is_hard(one)},
        )
        owed = self.unacknowledged.items if self.unacknowledged else ()
        wishes = Wishes(
            stamp=self.answers,
            muted=set(self.muted),
            leave_out=self.leave_out,
            owed={item.number for item in owed},
        )
        return choose(shelf, standing, self.seen, wishes)

    # What is mailed

    def acknowledged(self) -> None:
        self._mail(self._after_acknowledged)

    def refused(self) -> None:
        self._mail(lambda _: None)

    def lost(self) -> None:
        self._mail(self._after_lost)

    def _mail(self, follow: Callable[[Selection], None]) -> None:
        selection = self.choose()
        self.check(selection)
        if not selection.is_due:
            return
        self.unacknowledged = selection
        # What is not wanted for a while begins anew when it is wanted again.
        owed = {n: since for n, since in self.owed.items() if self.is_wanted(self.studies[n])}
        self.owed = {**{item.number: 0 for item in selection.items}, **owed}
        follow(selection)

    def _after_acknowledged(self, selection: Selection) -> None:
        self.unacknowledged = None
        self.seen = self.seen.after(selection.seen_after)
        for item in selection.items:
            self.named.add(item.number)
            self.had[item.number] = self.world(self.studies[item.number])
            self.owed.pop(item.number)
            self.unsure.discard(item.number)
            self.gone_told.discard(item.number)
        self.owed = {number: since + 1 for number, since in self.owed.items()}
        for line in selection.gone:
            number = int(line.study[1:])
            if line.why != "relabelled":
                self.gone_told.add(number)
            # Told that it is no longer theirs: if it is once more, that is a change.
            self.had.pop(number, None)
        self.mails += 1

    def _after_lost(self, selection: Selection) -> None:
        self.seen = self.seen.maybe_after(
            (item.number for item in selection.items), selection.seen_after
        )
        self.unsure |= {item.number for item in selection.items}
        self.named |= self.unsure

    # The laws

    def check(self, selection: Selection) -> None:
        items = {item.number: item for item in selection.items}
        assert len(selection.items) == len(items) <= MOST_ITEMS
        for number, item in items.items():
            study = self.studies[number]
            assert self.is_wanted(study)
            assert item.level == self.level(study).word
            assert item.tender == self.is_hard(study)
            # Never twice unless it changed; and then the mail does not say that it is new.
            assert (item.why == "maybe") == (number in self.unsure)
            if number in self.had and item.why != "maybe":
                assert self.had[number] != self.world(study)
                assert item.why in ("moved", "corrected")
            if item.why == "moved":
                assert item.before not in (None, item.level)
        for line in selection.gone:
            study = self.studies[int(line.study[1:])]
            # Of a withdrawn study nobody knows any more whether it stands on hard ground.
            assert study.number not in self.muted
            assert line.why == "withdrawn" or not self.is_unwanted(study)
            assert study.number in self.named
            if line.why == "relabelled":
                assert study.standing == CURRENT
                assert self.level(study) > Level.RELATED
            else:
                assert study.standing == line.why
                assert study.number not in self.gone_told
        self._check_that_nothing_is_missing(selection, set(items))

    def _check_that_nothing_is_missing(self, selection: Selection, items: set[int]) -> None:
        wanted = {one.number for one in self.studies.values() if self.is_wanted(one)}
        news = wanted - self.seen.told.keys()
        assert len((news | (self.unsure & wanted)) - items) <= selection.more
        assert selection.more == 0 or len(items) == MOST_ITEMS
        told_gone = {line.study for line in selection.gone}
        for number in self.had:
            study = self.studies[number]
            if study.standing != CURRENT and not self.is_unwanted(study):
                assert study.key in told_gone or number in self.gone_told


CHANGES = [
    *[History.add] * 2,
    History.correct,
    History.relabel,
    History.take_back,
    History.let_in_again,
    History.answer,
    History.change_rules,
    History.mute,
    History.leave_hard_out,
]
MAILS = [*[History.acknowledged] * 2, History.refused, History.lost]


@given(st.integers(0, 10**9), st.lists(st.sampled_from([*CHANGES, *MAILS, *MAILS]), max_size=40))
@settings(max_examples=250, deadline=None)
def test_over_any_history_nothing_comes_twice_and_nothing_is_lost(
    seed: int, steps: list[Callable[[History], None]]
) -> None:
    history = History(Random(seed))
    history.add()
    for step in steps:
        step(history)
    # Faults end: what a mail held that was not acknowledged is told within two more.
    owed = set(history.owed)
    history.acknowledged()
    history.acknowledged()
    assert not [n for n in owed & set(history.owed) if history.is_news(history.studies[n])]
    # And in the end there is nothing new.
    for _ in range(len(history.studies) // MOST_ITEMS + 1):
        history.acknowledged()
    assert not history.choose().is_due
