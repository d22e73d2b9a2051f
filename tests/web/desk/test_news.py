"""News: what came and changed since somebody last marked a panel as seen."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from matcher.services.matching import Matcher
from matcher.services.panels import organising, people
from matcher.services.panels.people import NewAnswers
from matcher.services.screening import changes
from matcher.store import accounts
from matcher.store.database import session
from matcher.web.site import EXTENSION
from tests.web.catalogue import CAMIZESTRANT, STUDIES
from tests.web.desk.panelled import FITS, MAY_FIT, OTHER, Panelled, panelled, put_studies
from tests.web.mails import site_of

TITLE = next(study.title for study in STUDIES if study.key == CAMIZESTRANT)


@pytest.fixture
def ana(desk_app: Flask) -> Panelled:
    """Ana with two people, before her first look."""
    put_studies(desk_app)
    ana = panelled(desk_app)
    ana.add("A-1", MAY_FIT)
    ana.add("B-2", OTHER)
    return ana


def mark(ana: Panelled) -> None:
    """Open the page and mark it as seen."""
    ana.worker.open(f"{ana.root}/news")
    stamp = re.search(r'name="stamp" value="(\w+)"', ana.worker.page)
    assert stamp
    ana.worker.send(f"{ana.root}/news/seen", stamp=stamp[1])


def now_with(ana: Panelled, monkeypatch: pytest.MonkeyPatch, *studies: Any) -> None:
    """Let the catalogue hold these studies."""
    here = site_of(ana.app)
    matcher = Matcher(here.rulebook, studies)
    changed = replace(here, matcher=lambda: matcher)
    monkeypatch.setitem(ana.app.extensions, EXTENSION, changed)


def test_the_first_time_there_is_nothing_to_compare_with(ana: Panelled) -> None:
    ana.worker.open(f"{ana.root}/news")
    assert "You have not marked anything as seen yet" in ana.worker.page
    assert "look_kept" not in ana.actions()


def test_only_the_button_marks_it_as_seen(ana: Panelled) -> None:
    mark(ana)
    assert "All of it is marked as seen." in ana.worker.page
    assert "Nothing is new" in ana.worker.page
    ana.worker.open(f"{ana.root}/news")
    assert ana.actions().count("look_kept") == 1


def test_more_than_can_be_remembered_is_not_marked(
    ana: Panelled, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "MOST_BYTES", 10)
    mark(ana)
    assert "Nothing was marked" in ana.worker.page
    assert "look_kept" not in ana.actions()


def test_a_new_study_says_who_does_not_want_its_topic(
    ana: Panelled, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana.add("C-5", FITS, leave_out=("stage",))
    with monkeypatch.context() as before:
        now_with(ana, before, *(study for study in STUDIES if study.key != CAMIZESTRANT))
        mark(ana)
    ana.worker.open(f"{ana.root}/news")
    text = " ".join(re.sub(r"<[^>]+>", " ", ana.worker.page).split())
    assert "fits (1): C-5 Asked to leave this topic out" in text
    assert text.count("Asked to leave this topic out") == 1


def test_a_new_study_says_whom_it_reaches(ana: Panelled, monkeypatch: pytest.MonkeyPatch) -> None:
    rest = [study for study in STUDIES if study.key != CAMIZESTRANT]
    with monkeypatch.context() as before:
        now_with(ana, before, *rest)
        mark(ana)
    ana.worker.open(f"{ana.root}/news")
    text = " ".join(re.sub(r"<[^>]+>", " ", ana.worker.page).split())
    assert "New reviews" in text
    assert "may fit (1): A-1" in text
    assert "Nothing is new" not in text
    mark(ana)
    assert "New reviews" not in ana.worker.page


def test_it_says_what_changed_for_whom_and_why(ana: Panelled) -> None:
    mark(ana)
    here = site_of(ana.app)

    person = ana.person("A-1")
    ana.work(
        lambda s, panel: people.change_answers(
            s, here.desk, panel, person.seen, NewAnswers(FITS), now=here.clock()
        )
    )
    ana.worker.open(f"{ana.root}/news")
    rows = re.findall(r"<tr>(.*?)</tr>", ana.worker.page, re.S)
    told = [" ".join(re.sub(r"<[^>]+>", " ", row).split()) for row in rows]
    assert f"A-1 {TITLE} 2 may fit 1 the label fits the answers changed" in told


def test_who_came_and_what_went_is_told(ana: Panelled, monkeypatch: pytest.MonkeyPatch) -> None:
    mark(ana)
    here = site_of(ana.app)
    ana.add("C-3")
    gone = ana.person("B-2").public_id
    ana.work(lambda s, panel: people.archive(s, panel, gone, now=here.clock()))
    now_with(ana, monkeypatch, *(one for one in STUDIES if one.key != CAMIZESTRANT))
    ana.worker.open(f"{ana.root}/news")
    text = ana.worker.text
    assert "C-3" in text
    assert "One person left the lists." in text
    assert "Reviews that are not listed any more" in text


def test_what_came_meanwhile_is_shown_before_it_is_marked(ana: Panelled) -> None:
    ana.worker.open(f"{ana.root}/news")
    stamp = re.search(r'name="stamp" value="(\w+)"', ana.worker.page)
    assert stamp
    ana.add("C-3")
    ana.worker.send(f"{ana.root}/news/seen", stamp=stamp[1])
    assert "Something changed meanwhile" in ana.worker.page
    assert "look_kept" not in ana.actions()


def test_each_member_has_a_look_of_their_own(ana: Panelled) -> None:
    ben = panelled(ana.app, "ben@clinic.org").worker
    with session(site_of(ana.app).engine) as opened:
        account = accounts.account_by_email(opened, ben.email)
        assert account is not None
    now = site_of(ana.app).clock()
    ana.work(lambda s, panel: organising.add_member(s, panel, account.public_id, now=now))
    mark(ana)
    ben.open(f"{ana.root}/news")
    assert "You have not marked anything as seen yet" in ben.page


def test_an_empty_panel_has_nothing_to_mark(desk_app: Flask) -> None:
    ana = panelled(desk_app)
    ana.worker.open(f"{ana.root}/news")
    assert "stamp" not in ana.worker.page
