"""Stopping: no more mails, by the link in each of them or by a mail program's own button."""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, render_template, url_for
from flask import session as browser

from matcher.services.subscribing.stopping import unsubscribe
from matcher.services.subscribing.tokens import read_unsubscribe
from matcher.store.database import session
from matcher.store.subscribers import Subscriber, subscriber_by_hash
from matcher.web.site import site

blueprint = Blueprint("stopping", __name__)


@blueprint.get("/unsubscribe/<token>")
def look(token: str) -> Response:
    """The button that stops the mails, or that they are stopped."""
    address_hash = read_unsubscribe(site().desk.hashes, token)
    if address_hash is None:
        return _gone()
    person = _speak_to(address_hash)
    is_stopped = person is not None and person.standing == "stopped"
    return _page("unsubscribe_done" if is_stopped else "unsubscribe")


@blueprint.post("/unsubscribe/<token>")
def stop(token: str) -> Response:
    """Stop the mails: whatever is posted here, by whomever, can do nothing else.

    Mail programs post without cookies and follow no redirect.
    """
    here = site()
    address_hash = read_unsubscribe(here.desk.hashes, token)
    if address_hash is None:
        return _gone()
    _speak_to(address_hash)
    with session(here.engine, writing=True) as opened:
        unsubscribe(opened, here.desk, token, now=here.clock())
    return _page("unsubscribe_done")


def _gone() -> Response:
    return _page("unsubscribe_gone", status=404)


def _page(name: str, *, status: int = 200) -> Response:
    return make_response(
        render_template(f"pages/{name}.html", own_data=url_for("entering.link")), status
    )


def _speak_to(address_hash: str) -> Subscriber | None:
    """Speak as the mails do, unless another language was chosen on a page; who they went to."""
    with session(site().engine) as opened:
        person = subscriber_by_hash(opened, [address_hash])
    if person is not None and "language" not in browser:
        g.language = person.language
    return person
