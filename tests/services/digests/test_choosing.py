"""Tests of choosing: each rule by itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from matcher.core.levels import Level
from matcher.services.digests.choosing import Shelf, Standing, Wishes, choose
from matcher.services.digests.items import Gone, Item, Selection
from matcher.services.digests.seen import COUNTED, GONE, MAYBE, NOTHING, SENT, Seen, Told

FITS, MAY_FIT, RELATED = Level.FITS, Level.MAY_FIT, Level.RELATED
OPEN, DIFFERENT = Level.OPEN, Level.DIFFERENT


def shelf(count: int, *, rules: str = "r1", **gone: str) -> Shelf:
    """Studies s1, s2, … with those numbers; `gone` says why some are, in the catalogue or not."""
    numbers = tuple(range(1, count + 1))
    return Shelf(
        rules=rules,
        numbers=numbers,
        keys=tuple(f"s{number}" for number in numbers),
        titles=tuple(f"Study {number}" for number in numbers),
        versions=(1,) * count,
        gone={int(key[1:]): Gone(key, f"Study {key[1:]}", why) for key, why in gone.items()},
    )


def standing(*levels: Level, hard: tuple[int, ...] = (), hidden: tuple[int, ...] = ()) -> Standing:
    """The rows at these levels; the order is the levels', then the rows'."""
    rows = [row for row, level in enumerate(levels) if level <= RELATED and row not in hidden]
    return Standing(sorted(rows, key=lambda row: (levels[row], row)), bytes(levels), hard)


def seen(**told: Told) -> Seen:
    return Seen({int(key[1:]): one for key, one in told.items()}, True, "r1", 0)


def names(selection: Selection) -> list[str]:
    return [item.study for item in selection.items]


def test_the_first_digest_holds_the_best_twelve_and_counts_the_rest() -> None:
    levels = [RELATED] * 10 + [FITS] * 4 + [OPEN, DIFFERENT]
    first = choose(shelf(16), standing(*levels), NOTHING, Wishes())
    assert names(first) == ["s11", "s12", "s13", "s14", *(f"s{n}" for n in range(1, 9))]
    assert (first.more, first.first, first.gone) == (2, True, ())
    assert {item.why for item in first.items} == {"new"}
    told = first.seen_after.told
    assert told[11] == Told(1, FITS, SENT)
    assert told[9] == told[10] == Told(1, RELATED, COUNTED)
    assert set(told) == set(range(1, 15))
    # Acknowledged, all of it counts as told.
    again = choose(shelf(16), standing(*levels), NOTHING.after(first.seen_after), Wishes())
    assert not again.is_due
    assert (again.items, again.more, again.first) == ((), 0, False)


def test_later_what_found_no_room_stays_new() -> None:
    levels = [MAY_FIT] * 15
    second = choose(shelf(15), standing(*levels), seen(), Wishes())
    assert (len(second.items), second.more) == (12, 3)
    third = choose(shelf(15), standing(*levels), seen().after(second.seen_after), Wishes())
    assert names(third) == ["s13", "s14", "s15"]
    assert third.more == 0


@pytest.mark.parametrize(
    ("told", "level", "version", "item"),
    [
        (None, FITS, 1, ("new", None)),
        (Told(1, FITS, SENT), FITS, 1, None),
        (Told(1, FITS, COUNTED), FITS, 1, None),
        (Told(1, MAY_FIT, SENT), FITS, 1, ("moved", "may_fit")),
        (Told(1, FITS, SENT), RELATED, 1, ("moved", "fits")),
        (Told(1, DIFFERENT, SENT), RELATED, 1, ("moved", "different")),
        (Told(1, RELATED, COUNTED), FITS, 2, ("moved", "related")),
        (Told(1, FITS, SENT), FITS, 2, ("corrected", None)),
        (Told(1, FITS, MAYBE), FITS, 1, ("maybe", None)),
        (Told(1, MAY_FIT, MAYBE), FITS, 2, ("maybe", None)),
        (Told(1, GONE, SENT), FITS, 2, ("corrected", None)),
        (None, OPEN, 1, None),
        (Told(1, FITS, MAYBE), OPEN, 1, None),
    ],
)
def test_a_study_is_told_when_it_is_new_moved_corrected_or_maybe_had(
    told: Told | None, level: Level, version: int, item: tuple[str, str | None] | None
) -> None:
    books = replace(shelf(1), versions=(version,))
    before = seen() if told is None else seen(s1=told)
    found = choose(books, standing(level), before, Wishes())
    expected = [] if item is None else [Item("s1", level.word, *item, number=1)]
    assert list(found.items) == expected


def test_of_what_is_muted_or_left_out_nothing_is_told_not_even_changes() -> None:
    before = seen(s2=Told(1, RELATED, SENT), s3=Told(1, FITS, SENT), s4=Told(1, FITS, SENT))
    books = shelf(5, s3="retracted", s4="retracted")
    at = standing(FITS, FITS, FITS, FITS, FITS, hard=(0, 3), hidden=(2, 3))
    found = choose(books, at, before, Wishes(muted={2, 3}, leave_out=True))
    assert names(found) == ["s5"]
    assert found.gone == ()
    assert set(found.seen_after.told) == {5}
    assert found.more == 0
    kept = choose(books, at, before, Wishes())
    assert [(item.study, item.tender) for item in kept.items] == [
        ("s1", True),
        ("s2", False),
        ("s5", False),
    ]
    assert [line.study for line in kept.gone] == ["s3", "s4"]


def test_left_out_and_muted_studies_do_not_count_in_the_first_digest() -> None:
    levels = [FITS] * 15
    wishes = Wishes(muted={15}, leave_out=True)
    first = choose(shelf(15), standing(*levels, hard=(0, 13)), NOTHING, wishes)
    assert (len(first.items), first.more) == (12, 0)
    told = NOTHING.after(first.seen_after)
    later = choose(shelf(15), standing(*levels, hard=(0, 13)), told, Wishes())
    assert names(later) == ["s1", "s14", "s15"]


@pytest.mark.parametrize("why", ["retracted", "superseded", "withdrawn"])
def test_what_was_told_and_is_taken_back_gets_one_line_once(why: str) -> None:
    before = seen(s1=Told(1, FITS, SENT), s2=Told(1, FITS, MAYBE), s3=Told(1, FITS, COUNTED))
    books = replace(shelf(4, s1=why, s2=why, s3=why, s4=why))
    at = standing(FITS, FITS, FITS, FITS, hidden=(0, 1, 2, 3))
    found = choose(books, at, before, Wishes())
    assert found.items == ()
    # What was only counted, or never told, is nobody's to hear of.
    assert found.gone == (Gone("s1", "Study 1", why), Gone("s2", "Study 2", why))
    assert found.is_due
    after = before.after(found.seen_after)
    assert not choose(books, at, after, Wishes()).is_due


def test_a_withdrawn_study_is_told_though_the_catalogue_does_not_hold_it() -> None:
    books = shelf(1, s7="withdrawn")
    found = choose(books, standing(DIFFERENT), seen(s7=Told(1, FITS, SENT)), Wishes())
    assert found.gone == (Gone("s7", "Study 7", "withdrawn"),)


@pytest.mark.parametrize(
    ("version", "rules", "stamp", "told"),
    [
        (1, "r1", 0, False),
        (2, "r1", 0, True),
        (1, "r2", 0, True),
        # The person's own answers changed: they know.
        (1, "r1", 7, False),
        # Rules change often; where answers changed too they are the likelier cause.
        (1, "r2", 7, False),
        (2, "r1", 7, True),
    ],
)
def test_what_fell_below_the_told_levels_is_told_if_it_was_relabelled(
    version: int, rules: str, stamp: int, told: bool
) -> None:
    books = replace(shelf(2, rules=rules), versions=(version, 1))
    before = seen(s1=Told(1, FITS, SENT))
    found = choose(books, standing(DIFFERENT, FITS), before, Wishes(stamp=stamp))
    assert names(found) == ["s2"]
    assert found.gone == ((Gone("s1", "Study 1", "relabelled"),) if told else ())
    after = before.after(found.seen_after)
    # It is told once, and not later because the rules changed then.
    newest = replace(books, rules="r3")
    assert not choose(newest, standing(DIFFERENT, FITS), after, Wishes(stamp=stamp)).is_due
    # Back again it has moved; but where only answers led away and back, nothing is new.
    back = choose(newest, standing(FITS, FITS), after, Wishes(stamp=stamp))
    changes = [(item.study, item.why, item.before) for item in back.items]
    assert changes == ([("s1", "moved", "different")] if told else [])


def test_what_answers_led_away_from_and_back_to_is_told_of_later_like_any_other() -> None:
    before = seen(s1=Told(1, FITS, SENT, left=True))
    found = choose(shelf(2), standing(FITS, FITS), before, Wishes())
    after = before.after(found.seen_after)
    assert after.told[1] == Told(1, FITS, SENT)
    relabelled = replace(shelf(2), versions=(2, 1))
    told = choose(relabelled, standing(DIFFERENT, FITS), after, Wishes())
    assert [line.why for line in told.gone] == ["relabelled"]


def test_what_an_earlier_mail_held_has_room_before_better_ones() -> None:
    levels = [FITS] * 12 + [RELATED] * 3
    before = seen(s14=Told(1, RELATED, MAYBE))
    found = choose(shelf(15), standing(*levels), before, Wishes(owed={15}))
    assert names(found) == [*(f"s{n}" for n in range(1, 11)), "s14", "s15"]
    assert found.more == 3


def test_the_last_digest_is_due_though_it_holds_nothing() -> None:
    found = choose(shelf(1), standing(OPEN), seen(), Wishes(last=True))
    assert found.is_due
    assert found.last
    assert found.items == ()


def test_an_uncertain_digest_marks_its_items_and_nothing_else() -> None:
    levels = [FITS] * 14
    first = choose(shelf(14), standing(*levels), NOTHING, Wishes())
    maybe = NOTHING.maybe_after((item.number for item in first.items), first.seen_after)
    assert not maybe.begun
    second = choose(shelf(14), standing(*levels), maybe, Wishes())
    assert second.first
    assert names(second) == names(first)
    assert {item.why for item in second.items} == {"maybe"}
    assert second.more == 2
    after = maybe.after(second.seen_after)
    assert not choose(shelf(14), standing(*levels), after, Wishes()).is_due
    # A later uncertain one does not touch what else was told.
    later = choose(shelf(15), standing(*levels, FITS), after, Wishes())
    unsure = after.maybe_after((item.number for item in later.items), later.seen_after)
    assert unsure.begun
    assert {n for n, told in unsure.told.items() if told.sure == MAYBE} == {15}


@pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(
            items=(Item("s1", "fits", "moved", "related", True, 3), Item("ñ", "related", "new")),
            gone=(Gone("s2", "„Título“ \U0001f380", "retracted"),),
            more=4,
            first=True,
            last=True,
            seen_after=Seen(
                {1: Told(1, 0, SENT), 2: Told(1, 0, MAYBE, True), 9: Told(3, GONE, COUNTED)},
                True,
                "r",
                4_000_000_000,
            ),
        ),
    ],
)
def test_a_selection_comes_back_as_it_was_stored(selection: Selection) -> None:
    assert Selection.from_bytes(selection.to_bytes()) == selection


def test_five_hundred_told_studies_take_little_room() -> None:
    levels: list[Any] = [FITS, MAY_FIT, RELATED]
    told = {n: Told(1 + (n % 50 == 0), levels[n % 3], SENT) for n in range(1000, 1500)}
    raw = Selection(seen_after=Seen(told, True, "r" * 12, 5)).to_bytes()
    assert len(raw) < 3000
    assert Selection.from_bytes(raw).seen_after.told == told
