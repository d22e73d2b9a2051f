"""Study: one review in full, why it stands where it does, and how it was ranked."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request, url_for
from markupsafe import Markup, escape

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.change import smallest_change
from matcher.core.conditions import unread_in
from matcher.core.machine.day import HIDDEN
from matcher.core.matching import match
from matcher.core.study import Audience, Study
from matcher.schemas.spoken import Missing
from matcher.services.cards import (
    Card,
    groups_of,
    host_of,
    self_told,
    stages,
    web_link,
)
from matcher.services.visits import Visit
from matcher.store.identity import own_link
from matcher.web import visiting
from matcher.web.language import language, speaker
from matcher.web.missing import missing_answers
from matcher.web.site import site
from matcher.web.way import UNSETTLED, answers_of, is_young, passed_by

blueprint = Blueprint("study", __name__, url_prefix="/studies")


@blueprint.get("/<key>")
def study(key: str) -> str:
    """The page of one study; with a visit it says how it stands to the person.

    One that is in no list any more says why, and nothing about anybody.
    """
    return page(key, visit=visiting.open_visit(), address=_address(key))


def page(key: str, *, visit: Visit | None, address: str, from_mail: bool = False) -> str:
    """The page of a study for a visit, or for nobody; `address` is the one to show to others.

    `from_mail`: it stands behind a link of our mails, whose reader has a page of their own.
    """
    standing = _study(key).standing
    has_results = visit is not None and not is_young(visit)
    personal = has_results and standing not in HIDDEN
    card = _card(key, visit if personal else None)
    reasons = card.match.reasons
    book = site().rulebook
    is_open = personal and card.match.level in UNSETTLED
    units = card.to_ask(reasons) if is_open else ()
    link = web_link(card.study.url)
    return render_template(
        "pages/study.html",
        card=card,
        study=card.study,
        personal=personal,
        has_results=has_results,
        standing=standing if standing in HIDDEN else None,
        marks=[(mark, loud) for mark, loud in card.marks if mark != standing],
        groups=groups_of(reasons),
        also=[reason for reason in reasons if reason.strength == "also"],
        questions=card.doctor_questions(units),
        tells=self_told(units, book),
        missing=_missing(card, answers_of(visit)) if visit and is_open else [],
        stages=stages(card.study.ratings),
        most=printed(card.study.most) if card.study.most else None,
        others=[printed(audience) for audience in card.study.also],
        has_unread=any(_unread(audience) for audience in (card.study.most, *card.study.also)),
        link=link,
        own_link=bool(link and own_link(link)),
        host=host_of(link),
        event_links=[web_link(event.url) for event in card.study.events],
        rules=book.version[:12],
        origin={"from": "study", "study": key},
        address=address,
        from_mail=from_mail,
    )


def _study(key: str) -> Study:
    study = site().matcher().study(key)
    if study is None:
        abort(404)
    return study


def _card(key: str, visit: Visit | None) -> Card:
    here = site()
    catalogue, study = here.matcher().catalogue, _study(key)
    answers = answers_of(visit) if visit else Answers()
    alone = Catalogue.compile(here.rulebook, [study], finder=catalogue.finder)
    found = match(
        alone,
        answers,
        today=here.today,
        language=language(),
        cared_for=visit is not None and visit.about == "other",
        at_desk=visit is not None and visit.at_desk,
        with_hidden=True,
    )
    return Card(found.matches[0], here.rulebook, speaker(), passed=passed_by(visit))


def _address(key: str) -> str:
    """The whole address of a study's page, to be shown to others; it holds no answer."""
    public = (site().settings.public_url or request.host_url).rstrip("/")
    return public + url_for("study.study", key=key)


def _missing(card: Card, answers: Answers) -> list[Missing]:
    """The open answers that would make the label fit; none if one of them is not to be asked."""
    here = site()
    steps = smallest_change(here.matcher().catalogue, card.study, answers, today=here.today)
    missing = missing_answers(steps or (), card.book)
    return missing if all(card.askable(one.unit) for one in missing) else []


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
