"""My data: one page on which a person sees and changes all that is kept about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from sqlmodel import Session
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.levels import Level
from matcher.core.matching import Match, Outcome
from matcher.services.cards import Card
from matcher.services.subscribing import own_data
from matcher.services.subscribing.export import export_text
from matcher.services.subscribing.news import News, last_news, matches_by_key
from matcher.services.subscribing.own_data import ChoiceError, Own, Settings
from matcher.services.subscribing.renewing import STOPPED_KEPT, ends_at
from matcher.services.subscribing.stopping import stop
from matcher.services.visits import Visit
from matcher.services.visits import ends_at as visit_ends_at
from matcher.store.database import session
from matcher.web import visiting
from matcher.web.language import speaker
from matcher.web.own_session import with_own
from matcher.web.site import site
from matcher.web.spoken import said_answers
from matcher.web.way import by_chapter, outcome_of
from matcher.web.zones import zone_groups

blueprint = Blueprint("my_data", __name__, url_prefix="/my-data")

DONE = ("settings", "paused", "going_on", "kept", "muted", "unmuted", "stopped", "started")
SOON = timedelta(days=45)
FILE_NAME = "my-data.json"
SHOWN_LEVELS = (Level.FITS, Level.MAY_FIT, Level.RELATED)


@blueprint.get("")
@with_own
def page(own: Own) -> str:
    """All of it."""
    here, visit = site(), visit_of(own)
    outcome = outcome_of(visit)
    told = said_answers(visit, here.rulebook)
    ends = ends_at(own.person.renewed_at)
    kept_until = own.person.stopped_at + STOPPED_KEPT if own.person.stopped_at else ends
    done = request.args.get("done")
    return render_template(
        "pages/my_data.html",
        own=own,
        news=_news(own, outcome),
        card=_card,
        counts={level.word: outcome.counts[level.word] for level in SHOWN_LEVELS},
        known=by_chapter(one for one in told if one.known),
        unknown=[one for one in told if not one.known],
        muted=[(key, here.matcher().study(key)) for key in own.profile.muted],
        zones=zone_groups(chosen=own.person.zone),
        ends=min(ends, kept_until).date(),
        ends_soon=ends - here.clock() < SOON,
        may_start=own.person.stopped_reason == "unsubscribed",
        replaces=_is_another_visit(own),
        done=done if done in DONE else None,
    )


@blueprint.post("/settings")
@with_own
def settings(own: Own) -> AnyResponse:
    """How often, in which language, by which clock, how much."""
    desk, now = site().desk, site().clock()
    wanted = Settings(
        **{name: request.form.get(name, "") for name in ("frequency", "language", "zone", "detail")}
    )
    try:
        return _change(
            own,
            "settings",
            lambda s, name: own_data.change_settings(s, desk, name, wanted, now=now),
        )
    except ChoiceError:
        # The form offers no such thing: nobody comes here by a slip.
        abort(400)


@blueprint.post("/pause")
@with_own
def pause(own: Own) -> AnyResponse:
    """Send nothing for a while."""
    return _change(own, "paused", own_data.pause)


@blueprint.post("/go-on")
@with_own
def go_on(own: Own) -> AnyResponse:
    """Send again."""
    return _change(own, "going_on", own_data.go_on)


@blueprint.post("/keep")
@with_own
def keep(own: Own) -> AnyResponse:
    """Twelve months more."""
    now = site().clock()
    return _change(own, "kept", lambda s, name: own_data.keep(s, name, now=now))


@blueprint.post("/mute")
@with_own
def mute(own: Own) -> AnyResponse:
    """Leave one review out of the mails."""
    key, here = request.form.get("study", ""), site()
    if here.matcher().study(key) is None:
        abort(400)
    return _change(own, "muted", lambda s, name: own_data.mute(s, here.desk, name, key))


@blueprint.post("/unmute")
@with_own
def unmute(own: Own) -> AnyResponse:
    """Put one review back."""
    key, desk = request.form.get("study", ""), site().desk
    return _change(own, "unmuted", lambda s, name: own_data.unmute(s, desk, name, key))


@blueprint.post("/stop")
@with_own
def stop_mails(own: Own) -> AnyResponse:
    """No more mails."""
    here = site()

    def stopped(opened: Session, _name: str) -> None:
        address_hash = own.person.address_hash
        stop(opened, here.desk, address_hash, reason="unsubscribed", now=here.clock())
        opened.commit()

    return _change(own, "stopped", stopped)


@blueprint.post("/start-again")
@with_own
def start_again(own: Own) -> AnyResponse:
    """Mails again, for who had stopped them."""
    here = site()
    if own.person.stopped_reason != "unsubscribed":
        abort(400)
    return _change(
        own,
        "started",
        lambda s, name: own_data.start_again(s, here.desk, name, now=here.clock()),
    )


@blueprint.post("/answers")
@with_own
def change_answers(own: Own) -> AnyResponse:
    """A visit with the stored answers, to change them."""
    return _visit_to("check.check", own)


@blueprint.post("/results")
@with_own
def results(own: Own) -> AnyResponse:
    """A visit with the stored answers, to see all reviews."""
    return _visit_to("results.results", own)


@blueprint.post("/answers/keep")
@with_own
@visiting.with_adult
def keep_answers(visit: Visit, own: Own) -> AnyResponse:
    """Use a visit's answers for the mails: only where the visit began with that person's own."""
    here = site()
    if visit.subscription != own.person.public_id:
        abort(404)
    with session(here.engine, writing=True) as opened:
        own_data.keep_answers(
            opened,
            here.desk,
            own.person.public_id,
            visit.answers,
            about=visit.about,
            leave_out=visit.leave_out,
            now=here.clock(),
        )
    return redirect(url_for("my_data.answers_kept"), code=303)


@blueprint.get("/answers/kept")
@visiting.with_adult
def answers_kept(_visit: Visit) -> str:
    """What keeping them did."""
    return render_template("pages/my_data_kept.html")


@blueprint.post("/file")
@with_own
def file(own: Own) -> AnyResponse:
    """Everything that is held, as a file. Its name tells nothing."""
    here = site()
    with session(here.engine) as opened:
        text = export_text(opened, here.desk, own.person)
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


def visit_of(own: Own) -> Visit:
    """A visit with what somebody's mails go by; it is short, as on a computer that others use."""
    return Visit(
        visit_ends_at(site().clock(), shared=True),
        about=own.profile.about,
        shared=True,
        leave_out=own.profile.leave_out,
        answers=own.profile.answers,
        subscription=own.person.public_id,
    )


def _visit_to(endpoint: str, own: Own) -> AnyResponse:
    response = redirect(url_for(endpoint), code=303)
    visiting.begin_with(response, visit_of(own))
    return response


def _is_another_visit(own: Own) -> bool:
    """Whether answers are open in this browser that did not come from here."""
    visit = visiting.open_visit()
    return bool(visit and visit.answers and visit.subscription != own.person.public_id)


def _change(own: Own, done: str, change: Callable[[Session, str], object]) -> AnyResponse:
    with session(site().engine, writing=True) as opened:
        change(opened, own.person.public_id)
    return redirect(url_for("my_data.page", done=done), code=303)


def _news(own: Own, outcome: Outcome) -> News | None:
    here, places = site(), matches_by_key(outcome)

    def find(key: str) -> Match | None:
        place = places.get(key)
        match = outcome.matches[place] if place is not None else None
        shown = match is not None and match.level in SHOWN_LEVELS and key not in own.profile.muted
        return match if shown else None

    with session(here.engine) as opened:
        return last_news(opened, here.desk, own.person, find=find)


def _card(match: Match) -> Card:
    return Card(match, site().rulebook, speaker())
