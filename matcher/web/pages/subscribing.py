"""Subscribing: asking for mails. Nothing comes of it before the owner of the address says yes."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.text import LANGUAGES
from matcher.mail.addresses import AddressError, parse_address, plain_sender
from matcher.services.digests.profile import Profile
from matcher.services.subscribing.limits import TooManyError, network_of
from matcher.services.subscribing.signing_up import sign_up
from matcher.services.subscribing.wish import Wish
from matcher.services.visits import Visit
from matcher.store.database import session
from matcher.store.subscribers import DETAILS, FREQUENCIES
from matcher.web import visiting
from matcher.web.language import language, say
from matcher.web.posted import FormError
from matcher.web.site import site
from matcher.web.way import is_young
from matcher.web.zones import guessed_zone, offered_zones, zone_groups
from matcher.words import Speaker

blueprint = Blueprint("subscribing", __name__)


@dataclass(frozen=True)
class Asked:
    """What the form holds, as it was typed."""

    email: str = ""
    frequency: str = "weekly"
    detail: str = "count"
    zone: str = ""
    language: str = ""
    consent: bool = False


@blueprint.get("/subscribe")
def subscribe() -> AnyResponse:
    """The form. It needs an adult's answers."""
    visit = _visit()
    if not isinstance(visit, Visit):
        return visit
    return _page(Asked(zone=guessed_zone(visit), language=language()))


@blueprint.post("/subscribe")
def ask() -> AnyResponse:
    """Write the wish down. Whoever's address it is, the answer is the same."""
    visit = _visit()
    if not isinstance(visit, Visit):
        return visit
    asked = _asked()
    if faults := _faults(asked):
        return _page(asked, faults=faults, status=422)
    here = site()
    now = here.clock()
    try:
        with session(here.engine, writing=True) as opened:
            sign_up(
                opened,
                here.desk,
                _wish(asked, visit),
                network=network_of(request.remote_addr),
                now=now,
            )
    except TooManyError as busy:
        seconds = max(1, int((busy.until - now).total_seconds()))
        response = _page(asked, busy=-(-seconds // 60), status=429)
        response.headers["Retry-After"] = str(seconds)
        return response
    other = asked.language if asked.language != language() else None
    return redirect(url_for("subscribing.asked", mail=other), code=303)


@blueprint.get("/subscribe/sent")
def asked() -> str:
    """What happens next: the same words for every address."""
    _refuse_unless_offered()
    visiting.open_visit()
    mail = request.args.get("mail")
    words = Speaker(site().words, mail if mail in LANGUAGES else language())
    return render_template(
        "pages/subscribed.html",
        sender=plain_sender(site().settings.mail_from or ""),
        subject=words.say("letter.confirm_title"),
    )


def _refuse_unless_offered() -> None:
    if not site().sends_mail:
        abort(404)


def _visit() -> Visit | AnyResponse:
    """The visit of an adult with answers, or where everybody else is led."""
    _refuse_unless_offered()
    visit = visiting.open_visit()
    if visit is None or not visit.answers:
        return redirect(url_for("start.start"), code=303)
    return visiting.to_young_page() if is_young(visit) else visit


def _page(
    asked: Asked,
    *,
    faults: dict[str, FormError] | None = None,
    busy: int | None = None,
    status: int = 200,
) -> AnyResponse:
    page = render_template(
        "pages/subscribe.html",
        asked=asked,
        faults=faults or {},
        busy=busy,
        zones=zone_groups(chosen=asked.zone),
    )
    return make_response(page, status)


def _asked() -> Asked:
    form = request.form
    return Asked(
        email=form.get("email", "").strip(),
        frequency=form.get("frequency", ""),
        detail=form.get("detail", ""),
        zone=form.get("zone", ""),
        language=form.get("language", language()),
        consent=form.get("consent") == "yes",
    )


def _faults(asked: Asked) -> dict[str, FormError]:
    """What is to be mended, by the id of its input, from the top of the page."""
    faults = {}
    try:
        parse_address(asked.email)
    except AddressError as error:
        faults["email"] = f"email_{error.reason}"
    if asked.frequency not in FREQUENCIES:
        faults["frequency"] = "choose_frequency"
    if asked.detail not in DETAILS:
        faults["detail"] = "choose_detail"
    if asked.zone not in offered_zones():
        faults["zone"] = "choose_zone"
    if asked.language not in LANGUAGES:
        faults["language"] = "choose_language"
    if not asked.consent:
        faults["consent"] = "choose_consent"
    return {
        anchor: FormError(str(say(f"subscribe.{key}").unescape()), anchor)
        for anchor, key in faults.items()
    }


def _wish(asked: Asked, visit: Visit) -> Wish:
    return Wish(
        address=parse_address(asked.email).text,
        language=asked.language,
        frequency=asked.frequency,
        zone=asked.zone,
        detail=asked.detail,
        profile=Profile(dict(visit.answers), about=visit.about, leave_out=visit.leave_out),
    )
