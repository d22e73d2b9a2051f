"""News: what is new in a panel since somebody last looked, whom it reaches, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.levels import Level
from matcher.core.study import Study
from matcher.services.panels import desk_view
from matcher.services.panels.desk_view import News
from matcher.services.panels.left_out import left_out
from matcher.services.panels.looks import keep_look
from matcher.services.panels.persons import Person
from matcher.services.panels.walls import OpenPanel
from matcher.services.screening.changes import (
    NEW_PERSON,
    NEW_STUDY,
    PERSON_GONE,
    STUDY_GONE,
    Change,
    SnapshotTooLargeError,
)
from matcher.store.database import session
from matcher.web.desk.session import with_panel
from matcher.web.site import site

blueprint = Blueprint("desk_news", __name__, url_prefix="/desk/panels/<panel>/news")

MOST_STUDIES, MOST_MOVED = 50, 200
DONE = ("seen", "changed", "too_large")


@dataclass(frozen=True)
class NewStudy:
    """A study that came, and whom it may concern by level, best first."""

    study: Study
    reached: Mapping[Level, Sequence[Person]]


@dataclass(frozen=True)
class Moved:
    """A study that stands otherwise to a person than it did, and all that may have brought it."""

    study: Study
    person: Person
    before: Level
    after: Level
    causes: tuple[str, ...]


@blueprint.get("")
@with_panel
def page(panel: OpenPanel) -> str:
    """What is new. Nothing is marked as seen by that."""
    found = _news(panel)
    moved = list(_moved(found))
    studies = _new_studies(found)
    return render_template(
        "desk/news.html",
        panel=panel,
        last=found.last,
        stamp=found.now.stamp,
        studies=studies[:MOST_STUDIES],
        more_studies=len(studies[MOST_STUDIES:]),
        moved=moved[:MOST_MOVED],
        more_moved=len(moved[MOST_MOVED:]),
        came=[_people(found)[one.person] for one in found.changes if one.causes == (NEW_PERSON,)],
        left=sum(one.causes == (PERSON_GONE,) for one in found.changes),
        gone=[_title(one) for one in found.changes if one.causes == (STUDY_GONE,)],
        leaves_out=_leaves_out(found),
        everybody=len(found.crowd.people),
        done=request.args.get("done") if request.args.get("done") in DONE else None,
    )


@blueprint.post("/seen")
@with_panel
def seen(panel: OpenPanel) -> AnyResponse:
    """What was shown is not new any more. If something came meanwhile, that is shown first."""
    here, found = site(), _news(panel)
    done = "changed"
    if request.form.get("stamp") == found.now.stamp:
        try:
            with session(here.engine, writing=True) as writing:
                keep_look(writing, here.desk, panel, found.now, now=here.clock())
            done = "seen"
        except SnapshotTooLargeError:
            done = "too_large"
    return redirect(url_for("desk_news.page", panel=panel.panel.public_id, done=done), code=303)


def _news(panel: OpenPanel) -> News:
    here = site()
    with session(here.engine) as reading:
        return desk_view.news_of(
            reading, here.desk, panel, here.matcher(), today=here.today, now=here.clock()
        )


def _people(news: News) -> dict[str | None, Person]:
    return {person.public_id: person for person in news.crowd.people}


def _leaves_out(news: News) -> dict[str, frozenset[str]]:
    """The studies about what each person does not want brought up, by public id."""
    matcher = site().matcher()
    people = [one for one in news.crowd.people if one.profile.leave_out]
    keys = {these: left_out(matcher, these) for these in {one.profile.leave_out for one in people}}
    return {one.public_id: keys[one.profile.leave_out] for one in people}


def _new_studies(news: News) -> list[NewStudy]:
    people = _people(news)
    reached: dict[str, dict[Level, list[Person]]] = {}
    for change in news.changes:
        if change.causes == (NEW_STUDY,) and change.study is not None:
            by_level = reached.setdefault(change.study, {})
            if change.after is not None:
                by_level.setdefault(change.after, []).append(people[change.person])
    found = [(_study(key), by_level) for key, by_level in reached.items()]
    new = [NewStudy(study, by_level) for study, by_level in found if study is not None]
    return sorted(new, key=lambda one: [-len(one.reached.get(level, ())) for level in Level])


def _moved(news: News) -> list[Moved]:
    people = _people(news)
    return [
        Moved(study, people[one.person], one.before, one.after, one.causes)
        for one in news.changes
        if one.before is not None and one.after is not None
        for study in [_study(one.study)]
        if study is not None
    ]


def _title(change: Change) -> str:
    study = _study(change.study)
    return study.title if study else change.study or ""


def _study(key: str | None) -> Study | None:
    return site().matcher().study(key) if key else None
