"""Telling: what a digest says, in each amount of detail."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from matcher.services.digests.items import Gone, Item, Selection
from matcher.services.short_names import short_name
from tests.services.digests.reviews import (
    EVERYTHING,
    FILLERS,
    FITS,
    HARD,
    HOSTILE,
    MAY_FIT,
    PERSON,
    RELATED,
    SELECTIONS,
    items,
)
from tests.services.digests.writing_desk import BASE, WritingDesk
from tests.services.digests.written import flat, subject_of, text_of


def test_titles_come_with_links_and_without_reasons(office: WritingDesk) -> None:
    who = office.subscribe(PERSON, detail="titles")
    envelope = office.digest(who, SELECTIONS["new"])
    text = flat(text_of(envelope))
    assert subject_of(envelope) == "2 new reviews for you"
    for key in (FITS, MAY_FIT):
        assert f"{BASE}/s/{short_name(key)}" in text
    assert "Tablets for advanced breast cancer" in text
    assert "This is information, not medical advice." in text
    assert "ER-positive" not in text
    assert "/mute/" not in text


def test_titles_stand_under_their_levels_with_the_loud_marks(office: WritingDesk) -> None:
    who = office.subscribe(PERSON, detail="titles")
    told = Selection(items=items(RELATED, FITS, MAY_FIT, FILLERS[0]), first=True)
    text = flat(text_of(office.digest(who, told)))
    order = [
        "Its label describes people like you =====",
        "This does not mean that the treatment works for you",
        "Tablets for advanced breast cancer ! The science is weak",
        f"{FILLERS[0]} A very long title",
        "May be about you =====",
        "A HER2-low medicine",
        "Partly about you =====",
        "Prostate screening",
    ]
    assert [text.count(words) for words in order] == [1] * len(order)
    assert sorted(order, key=text.index) == order
    assert "For you" not in text
    assert "! In animals" in text
    assert "narrower than its label" not in text


def test_full_detail_says_level_marks_reasons_and_what_to_ask(office: WritingDesk) -> None:
    who = office.subscribe(PERSON, detail="full")
    text = flat(text_of(office.digest(who, Selection(items=items(FITS, MAY_FIT, RELATED)))))
    first, second, third = text.split("-" * 72)[1:4]
    assert first.index("The science is weak") < first.index("Its label describes people like you")
    assert "This does not mean that the treatment works for you" in first
    assert "✓ ER-positive: fits You said: estrogen receptor (ER) – “ER-positive”." in first
    assert "Strength of science – Medium-high; Research stage – People" in first
    assert "Study · February 2026" in first
    assert "May be about you: it depends on “HER2-low”" in second
    assert "? HER2-low: not known yet" in second
    assert "Ask your doctor: - What is my HER2 result" in second
    assert "Partly about you" in third
    assert "Study · No date" in third
    assert text.count("This does not mean that the treatment works") == 1


def test_what_a_person_told_us_is_said_once_in_a_mail(office: WritingDesk) -> None:
    who = office.subscribe(PERSON, detail="full")
    text = flat(text_of(office.digest(who, Selection(items=items(FITS, MAY_FIT, FILLERS[0])))))
    said = re.findall(r"You said: [^.]*\.", text)
    assert len(said) == len(set(said)) >= 3
    assert text.count("✓ ER-positive: fits") == 2


def test_the_first_that_fits_carries_the_caution_wherever_it_stands(office: WritingDesk) -> None:
    who = office.subscribe(PERSON, detail="full")
    told = Selection(items=items(MAY_FIT, FITS, HOSTILE))
    _, first, second, third = flat(text_of(office.digest(who, told))).split("-" * 72)[:4]
    assert ["This does not mean" in part for part in (first, second, third)] == [False, True, False]


def test_a_mail_says_what_changed(office: WritingDesk) -> None:
    who = office.subscribe(PERSON, detail="full")
    told = Selection(
        items=(
            *items(FITS, why="moved", before="may_fit"),
            Item(MAY_FIT, "may_fit", "corrected", number=2),
            Item(RELATED, "related", "maybe", number=3),
        ),
    )
    envelope = office.digest(who, told)
    first, second, third = flat(text_of(envelope)).split("-" * 72)[1:4]
    assert "Your answers or the review have changed. Before: “May be about you”" in first
    assert "This review was changed since we told you" in second
    assert "You may have had this already" in third
    assert subject_of(envelope) == "News about 3 reviews"
    text = flat(text_of(office.digest(office.subscribe(PERSON, detail="titles"), told)))
    assert "Your answers or the review have changed since we told you" in text
    assert "Before:" not in text


@pytest.mark.parametrize("detail", ["titles", "full"])
def test_what_is_gone_is_told_by_its_title(office: WritingDesk, detail: str) -> None:
    text = flat(text_of(office.digest(office.subscribe(PERSON, detail=detail), EVERYTHING)))
    assert "“Mastectomy old”: those who published it took it back." in text
    assert "“Ovary old”: a newer review has replaced it." in text
    assert "“Tumor old”: we no longer show it." in text
    assert "“Label old”: it has changed, and is no longer about a situation like yours." in text


def test_what_is_gone_is_counted_where_no_titles_are_wished_for(office: WritingDesk) -> None:
    two = (*EVERYTHING.gone, Gone("gone-5", "Another", "retracted"))
    told = replace(EVERYTHING, gone=two)
    text = flat(text_of(office.digest(office.subscribe(PERSON, detail="count"), told)))
    assert "2 reviews that we told you about were taken back. See which ones on your page." in text
    assert "1 review that we told you about was replaced by a newer one." in text
    assert "We no longer show 1 review" in text
    assert "1 review that we told you about has changed, and is no longer for you." in text


def test_a_hard_title_that_is_gone_is_only_counted(office: WritingDesk) -> None:
    gone = (Gone(HARD, "Pregnancy after tumors", "retracted"), Gone("x", "On death", "withdrawn"))
    for answers, named in ((PERSON, False), ({**PERSON, "considering": ["pregnancy"]}, True)):
        text = flat(
            text_of(office.digest(office.subscribe(answers, detail="full"), Selection(gone=gone)))
        )
        assert ("Pregnancy after tumors" in text) is named
        assert "On death" not in text
        assert "We no longer show 1 review" in text


@pytest.mark.parametrize("detail", ["titles", "full"])
def test_a_hard_topic_is_not_named(office: WritingDesk, detail: str) -> None:
    told = Selection(items=(*items(FITS), Item(HARD, "may_fit", "new", tender=True, number=9)))
    text = flat(text_of(office.digest(office.subscribe(PERSON, detail=detail), told)))
    assert "Pregnancy" not in text
    assert "1 review is on a hard topic, so it is not named here." in text
    assert "2 new reviews for you" in text
    without = office.subscribe(PERSON, detail=detail, leave_out=True)
    text = flat(text_of(office.digest(without, told)))
    assert "hard topic" not in text
    assert "1 new review for you" in text


def test_who_cares_for_somebody_is_told_about_that_person(office: WritingDesk) -> None:
    told = Selection(items=(*items(FITS), Item(MAY_FIT, "may_fit", "moved", "fits", number=2)))
    who = office.subscribe(PERSON, detail="full", about="other")
    text = flat(text_of(office.digest(who, told)))
    assert "Its label describes people like the person you care for" in text
    assert "works for that person" in text
    assert "Ask the doctor" in text
    assert not re.search(r"about you\b(?!r)|for you\b", text.replace("told you", ""))


def test_the_last_mail_before_the_end_asks_kindly(office: WritingDesk) -> None:
    who = office.subscribe(PERSON, detail="count")
    envelope = office.digest(who, SELECTIONS["last"])
    assert subject_of(envelope) == "Do you want to keep these emails?"
    text = flat(text_of(envelope))
    assert "If you do nothing, that is fine too." in text
    assert text.count("Do you want to keep these emails?") == 1
    text = flat(text_of(office.digest(who, EVERYTHING)))
    assert "Do you want to keep these emails?" in text
