"""Papers: what goes to a person: a sheet for their doctor, a note, and all that is kept of them.

They speak to the person, in their language, whatever the navigator reads.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from flask import Blueprint, Response, g, make_response, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.levels import Level
from matcher.core.matching import Outcome
from matcher.services.cards import Card, web_link
from matcher.services.panels.export import export_person
from matcher.services.panels.history import SHARE, STATE, Event, history_of
from matcher.services.panels.left_out import left_out
from matcher.services.panels.persons import Person
from matcher.services.panels.trail import Of, note_read
from matcher.services.panels.walls import OpenPanel
from matcher.services.short_names import short_name
from matcher.services.visits import Visit
from matcher.store.database import session
from matcher.web.desk.filling import visit_for
from matcher.web.desk.person import read_now
from matcher.web.desk.session import with_panel
from matcher.web.language import say, speaker
from matcher.web.sheet.content import Sheet, make_sheet
from matcher.web.sheet.pdf import HOME, weasyprint
from matcher.web.sheet.sending import require_pdf, send_pdf
from matcher.web.site import site
from matcher.web.way import outcome_of

blueprint = Blueprint("desk_papers", __name__, url_prefix="/desk/panels/<panel>/people/<person>")

MOST_STUDIES, MOST_QUESTIONS = 8, 6
PUT_OFF = ("not_now", "dismissed")
TOLD_LEVELS = (Level.FITS, Level.MAY_FIT, Level.RELATED, Level.OPEN)
FILE_NAME, PDF_NAME = "person.json", "sheet.pdf"
LINE = 60


@dataclass(frozen=True)
class Told:
    """A study as the note tells it: its title, how near it is to the person, where to read it."""

    title: str
    level: str
    address: str


@blueprint.get("/sheet")
@with_panel
def sheet(panel: OpenPanel, person: str) -> str:
    """The sheet on the screen, to be printed by the browser."""
    found = _read(panel, person)
    made, paper = _paper(panel, found, "desk/person_paper.html")
    return render_template(
        "desk/person_sheet.html",
        panel=panel,
        person=found,
        is_empty=made.is_empty,
        paper=Markup(paper),
        has_pdf=weasyprint() is not None,
    )


@blueprint.get("/sheet.pdf")
@with_panel
def pdf(panel: OpenPanel, person: str) -> AnyResponse:
    """The same as a PDF; there is none without the extra ``pdf``."""
    require_pdf()
    _, page = _paper(panel, _read(panel, person), "pages/sheet_pdf.html")
    return send_pdf(page, name=PDF_NAME)


@blueprint.get("/note")
@with_panel
def note_to_person(panel: OpenPanel, person: str) -> AnyResponse:
    """A note to the person, as text to copy."""
    here = site()
    with session(here.engine) as reading:
        found = read_now(reading, panel, person)
        events = history_of(reading, here.desk, panel, person)
    with _speaking_to(found):
        text = _letter(_shared(events), _own_visit(panel, found))
    lines = sum(1 + len(line) // LINE for line in text.split("\n")) + 1
    page = render_template(
        "desk/person_letter.html", panel=panel, person=found, text=text, lines=lines
    )
    return make_response(page)


@blueprint.post("/file")
@with_panel
def file(panel: OpenPanel, person: str) -> AnyResponse:
    """All that is kept of the person, as a file for them. Its name tells nothing."""
    here = site()
    with session(here.engine) as reading:
        text = export_person(reading, here.desk, panel, person, now=here.clock())
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
    return response


def _read(panel: OpenPanel, public_id: str) -> Person:
    with session(site().engine) as reading:
        return read_now(reading, panel, public_id)


def _own_visit(panel: OpenPanel, person: Person) -> Visit:
    """A visit as the person would have it themselves."""
    return replace(visit_for(panel, person), about="self")


@contextmanager
def _speaking_to(person: Person) -> Iterator[None]:
    before = g.get("language"), g.get("cared_for", False), g.get("at_desk", False)
    g.language, g.cared_for, g.at_desk = person.language, False, False
    try:
        yield
    finally:
        g.language, g.cared_for, g.at_desk = before
        g.pop("outcome", None)
        g.pop("plan", None)


def _paper(panel: OpenPanel, person: Person, template: str) -> tuple[Sheet, str]:
    here = site()
    note_read(here.desk, panel, "sheet_printed", now=here.clock(), of=Of(person=person.public_id))
    address = (here.settings.public_url or "").partition("://")[2].rstrip("/")
    with _speaking_to(person):
        visit = _own_visit(panel, person)
        without = left_out(here.matcher(), person.profile.leave_out)
        made = make_sheet(visit, outcome_of(visit), without=without)
        paper = render_template(
            template,
            sheet=made,
            code=person.code,
            today=here.today,
            where=address,
            home=HOME,
            tongue=person.language,
        )
    return made, paper


def _shared(events: Sequence[Event]) -> list[str]:
    """What was shared, the last first, without what was put off or set aside since."""
    states = {one.study: one.state for one in events if one.kind == STATE}
    keys = dict.fromkeys(one.study for one in events if one.kind == SHARE and one.study)
    return [key for key in keys if states.get(key) not in PUT_OFF]


def _letter(keys: Sequence[str], visit: Visit) -> str:
    """The note in plain text; empty if nothing was shared that can be read and still concerns."""
    cards = _cards(outcome_of(visit) if visit.answers else None, keys)[:MOST_STUDIES]
    if not cards:
        return ""
    asked = dict.fromkeys(question for card in cards for question in card.questions)
    questions = [*list(asked)[: MOST_QUESTIONS - 2], *_always()]
    lines = [str(say("desk_letter.hello")), "", str(say("desk_letter.lead")), ""]
    for card in cards:
        told = _told(card)
        lines += [f"– {told.title}", f"  {told.level}", f"  {told.address}"]
    lines += ["", str(say("desk_letter.questions")), *(f"– {one}" for one in questions)]
    lines += ["", str(say("desk_letter.not_advice"))]
    return "\n".join(str(Markup(line).unescape()) for line in lines)


def _cards(outcome: Outcome | None, keys: Sequence[str]) -> list[Card]:
    if outcome is None:
        return []
    listed = outcome.matches.studies(range(len(outcome.matches)))
    places = {study.key: place for place, study in enumerate(listed)}
    found = [outcome.matches[places[key]] for key in keys if key in places]
    book = site().rulebook
    return [Card(match, book, speaker()) for match in found if match.level in TOLD_LEVELS]


def _always() -> list[str]:
    return [str(say("desk_letter.question_me")), str(say("desk_letter.question_next"))]


def _told(card: Card) -> Told:
    key, base = card.study.key, site().settings.public_url
    # Text to copy can say in words alone that a title is in another language.
    title = f"{card.study.title} {say('frame.in_english')}".strip()
    if base:
        return Told(title, card.level_words, f"{base.rstrip('/')}/r/{short_name(key)}")
    own = url_for("study.study", key=key, _external=True)
    return Told(title, card.level_words, web_link(card.study.url) or own)
