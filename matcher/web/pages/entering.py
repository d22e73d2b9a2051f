"""Entering: the ways to one's own data: a link that is mailed on demand, and the mails' own."""

from __future__ import annotations

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from matcher.mail.addresses import AddressError, parse_address
from matcher.services.subscribing import entering
from matcher.services.subscribing.limits import TooManyError, network_of
from matcher.services.subscribing.signing_up import ask_for_link
from matcher.services.subscribing.tokens import read_manage
from matcher.services.subscribing.wish import Wish
from matcher.store.database import session
from matcher.store.subscribers import Subscriber, subscriber_by_public_id
from matcher.web import visiting
from matcher.web.language import choose_language, language, say, say_count
from matcher.web.own_session import end_own_session, give_own_token, speak_to
from matcher.web.posted import FormError
from matcher.web.site import site

blueprint = Blueprint("entering", __name__, url_prefix="/my-data")

ADDRESS = "email"


@blueprint.before_request
def open_visit() -> None:
    """The footer offers to clear answers where there are any."""
    visiting.open_visit()


@blueprint.get("/link")
def link() -> str:
    """Ask for the link to one's own data."""
    return _form("")


@blueprint.post("/link")
def ask() -> AnyResponse:
    """Write the wish down, whatever the address; what follows is the same for everybody."""
    here = site()
    typed = request.form.get(ADDRESS, "")
    try:
        wish = Wish(parse_address(typed).text, language())
    except AddressError as error:
        fault = FormError(str(say(f"subscribe.email_{error.reason}").unescape()), ADDRESS)
        return make_response(_form(typed, fault), 422)
    network = network_of(request.remote_addr)
    try:
        with session(here.engine, writing=True) as opened:
            ask_for_link(opened, here.desk, wish, network=network, now=here.clock())
    except TooManyError as error:
        seconds = max(1, int((error.until - here.clock()).total_seconds()))
        fault = FormError(str(say_count("subscribe.busy", -(-seconds // 60)).unescape()), ADDRESS)
        response = make_response(_form(typed, fault), 429)
        response.headers["Retry-After"] = str(seconds)
        return response
    return redirect(url_for("entering.asked"), code=303)


@blueprint.get("/link/sent")
def asked() -> str:
    """What happens now; the same words for a known and an unknown address."""
    _only_with_mail()
    return render_template("pages/my_data_link_sent.html")


@blueprint.get("/open/<token>")
def knock(token: str) -> Response:
    """The link of a mail: a page with a button, for programs follow links too."""
    person = _whose(token)
    if person is None:
        return make_response(render_template("pages/my_data_gone.html"), 404)
    speak_to(person)
    return make_response(render_template("pages/my_data_open.html"))


@blueprint.post("/open/<token>")
def open_own(token: str) -> AnyResponse:
    """Exchange the link for a short session."""
    here = site()
    with session(here.engine, writing=True) as opened:
        key = entering.enter(opened, here.desk, token, now=here.clock())
    if key is None:
        return make_response(render_template("pages/my_data_gone.html"), 404)
    person = _whose(token)
    if person is not None:
        speak_to(person)
        choose_language(language())
    response = redirect(url_for("my_data.page"), code=303)
    give_own_token(response, here.settings, key)
    return response


@blueprint.post("/leave")
def leave() -> AnyResponse:
    """Close the page of one's own data, and the answers that were opened from it."""
    response = redirect(url_for("start.start"), code=303)
    visit = visiting.open_visit()
    if visit is not None and visit.subscription is not None:
        visiting.end(response)
    end_own_session(response)
    return response


def _whose(token: str) -> Subscriber | None:
    here = site()
    public_id = read_manage(here.desk.hashes, token, now=here.clock())
    with session(here.engine) as opened:
        return subscriber_by_public_id(opened, public_id) if public_id else None


def _form(typed: str, fault: FormError | None = None) -> str:
    _only_with_mail()
    return render_template("pages/my_data_link.html", typed=typed, fault=fault)


def _only_with_mail() -> None:
    if not site().sends_mail:
        abort(404)
