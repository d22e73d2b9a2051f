"""Short: a study's page at the address that mails carry, the same for everybody.

It looks at no visit, sets no cookie and keeps nothing: that somebody followed the link of a mail
is nobody's business.
"""

from __future__ import annotations

from flask import Blueprint, Response, g, make_response, render_template, request, url_for

from matcher.core.text import LANGUAGES
from matcher.services.short_names import find_by_short_name
from matcher.web.pages.study import page
from matcher.web.site import site

blueprint = Blueprint("short", __name__)


@blueprint.get("/s/<name>")
def short(name: str) -> Response:
    """The page of a study, without anybody's answers; says kindly when there is none."""
    wanted = request.args.get("language")
    if wanted in LANGUAGES:
        g.language = wanted
    g.cookieless = True
    study = find_by_short_name(name, site().matcher().catalogue.studies)
    if study is None:
        return make_response(render_template("pages/short_gone.html"), 404)
    public = (site().settings.public_url or request.host_url).rstrip("/")
    address = public + url_for("short.short", name=name.lower())
    from_mail = site().sends_mail
    return make_response(page(study.key, visit=None, address=address, from_mail=from_mail))
