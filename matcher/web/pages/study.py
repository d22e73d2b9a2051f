"""Study: one review in full, why it stands where it does, and how it was ranked."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from markupsafe import Markup, escape

from matcher.core.answers import Answers
from matcher.core.conditions import unread_in
from matcher.core.study import Audience
from matcher.services.matching import UnknownStudyError
from matcher.services.visits import Visit
from matcher.web import visiting
from matcher.web.cards import (
    Card,
    doctor_questions,
    groups_of,
    stages,
    to_ask,
    web_link,
)
from matcher.web.language import language
from matcher.web.site import site
from matcher.web.way import answers_of, is_young

blueprint = Blueprint("study", __name__, url_prefix="/studies")

LONGEST_KEY = 300


@blueprint.get("/<key>")
def study(key: str) -> str:
    """The page of one study; with a visit it says how it stands to the person."""
    visit = visiting.open_visit()
    personal = visit is not None and not is_young(visit)
    card = _card(key, visit if personal else None)
    reasons = card.match.reasons
    book = site().rulebook
    units = [unit for reason in reasons for unit in to_ask(reason, book)]
    return render_template(
        "pages/study.html",
        card=card,
        study=card.study,
        personal=personal,
        groups=groups_of(reasons),
        also=[reason for reason in reasons if reason.strength == "also"],
        questions=doctor_questions(units, book) if personal else (),
        stages=stages(card.study.ratings),
        most=printed(card.study.most) if card.study.most else None,
        others=[printed(audience) for audience in card.study.also],
        has_unread=any(_unread(audience) for audience in (card.study.most, *card.study.also)),
        link=web_link(card.study.url),
        event_links=[web_link(event.url) for event in card.study.events],
        rules=book.version[:12],
    )


def _card(key: str, visit: Visit | None) -> Card:
    here = site()
    answers = answers_of(visit) if visit else Answers()
    try:
        found = here.matcher().explain(
            key[:LONGEST_KEY], answers, today=here.today, language=language()
        )
    except UnknownStudyError:
        abort(404)
    return Card(found.match, here.rulebook)


def printed(audience: Audience) -> Markup:
    """A label as printed, the words that could not be read marked."""
    text = str(escape(audience.text))
    for words in sorted(_unread(audience), key=len, reverse=True):
        place = text.lower().find(str(escape(words)).lower())
        if place >= 0:
            end = place + len(str(escape(words)))
            text = f"{text[:place]}<mark>{text[place:end]}</mark>{text[end:]}"
    return Markup(text)


def _unread(audience: Audience | None) -> set[str]:
    if audience is None or audience.condition is None:
        return set()
    return set(unread_in(audience.condition))
