"""Questions: one a page, each with "I'm not sure" and "I'd rather not say"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.rulebook import Attribute, Option
from matcher.services.answering import give_answer
from matcher.services.visits import Visit
from matcher.web import fields, gene_results, visiting
from matcher.web.filters import chosen_filter
from matcher.web.posted import FormError, read_answer
from matcher.web.site import site
from matcher.web.way import Way, chapter_name, is_young, way_of

GOING_ON = "more"
STUDY = "study"

blueprint = Blueprint("questions", __name__, url_prefix="/questions")
blueprint.add_app_template_global(fields.names_of)
blueprint.add_app_template_global(fields.cancer_name)


@blueprint.get("")
@visiting.with_adult
def resume(visit: Visit) -> AnyResponse:
    """On to the first question without an answer."""
    return _forward(visit, after=None)


@blueprint.get("/<key>")
@visiting.with_adult
def ask(visit: Visit, key: str) -> str:
    """One question."""
    attribute = _attribute(key)
    given = visit.answers.get(key)
    if attribute.kind == "results":
        given = gene_results.first_choice(attribute, given)
    return _page(visit, attribute, given, fault=None)


@blueprint.post("/<key>")
@visiting.with_adult
def answer(visit: Visit, key: str) -> AnyResponse | tuple[str, int]:
    """Take one answer."""
    attribute = _attribute(key)
    try:
        given = _read(visit, attribute)
    except FormError as fault:
        if wants_results() and not chose_something():
            return redirect(_results(), code=303)
        return _page(visit, attribute, _sent(attribute), fault=fault), 422
    if given == gene_results.NAMED:
        return redirect(url_for("genes.pick", key=key, **origin()), code=303)
    book = site().rulebook
    changed = visiting.change(visit, lambda now: give_answer(now, key, given, book))
    return _forward(changed, after=key)


def _read(visit: Visit, attribute: Attribute) -> Any:
    if attribute.kind == "results":
        earlier = visit.answers.get(attribute.key)
        return gene_results.read_first(attribute, request.form, earlier=earlier)
    # Another window may have changed the cancers that are offered as the main one.
    return read_answer(replace(attribute, options=_offered(attribute, visit)), request.form)


def _sent(attribute: Attribute) -> Any:
    """What was sent, to show it again beside its fault."""
    if attribute.kind == "many":
        return request.form.getlist("answer")
    return request.form.get("number" if attribute.kind == "integer" else "answer", "")


def _page(visit: Visit, attribute: Attribute, given: Any, *, fault: FormError | None) -> str:
    way = way_of(visit)
    return render_template(
        "pages/question.html",
        attribute=attribute,
        question=fields.question_of(attribute),
        long=fields.is_long(attribute),
        items=_items(attribute, given, visit),
        apart=fields.apart_items(request.form.getlist("choice") if fault else [given]),
        given=given,
        fault=fault,
        **frame(way, attribute.key),
    )


def _items(attribute: Attribute, given: Any, visit: Visit) -> list[fields.Item]:
    if attribute.kind == "results":
        return gene_results.first_items(attribute, given)
    if fields.is_long(attribute):
        return fields.list_items(attribute, given)
    return fields.tiles(attribute, given, options=_offered(attribute, visit))


def _offered(attribute: Attribute, visit: Visit) -> tuple[Option, ...]:
    # Only a cancer that the person named can be the main one.
    named = visit.answers.get("cancer")
    if attribute.key != "main_cancer" or not isinstance(named, list):
        return attribute.options
    return tuple(option for option in attribute.options if option.value in named)


def frame(way: Way, key: str) -> dict[str, Any]:
    """What stands around a question: its number, the way back, the way out.

    Who came to add or change one answer is on no way that could be counted.
    """
    place = way.place(key)
    return {
        "chapter": chapter_name(key),
        "counted": came_from() in (None, GOING_ON),
        "place": place,
        "total": way.round_end(key),
        "is_last": way.is_last(key),
        "back": _origin_page() or _earlier_page(way, key),
        "may_finish": place != 1,
    }


def _origin_page() -> str | None:
    """The page from which the person came to change one answer."""
    place = came_from()
    if place == STUDY:
        return url_for("study.study", key=request.args["study"])
    return {"check": url_for("check.check"), "results": _results()}.get(place or "")


def _results() -> str:
    """The results, narrowed as they were when the person left them."""
    return url_for("results.results", **_narrowing())


def _narrowing() -> dict[str, Any]:
    return chosen_filter().kept if came_from() == "results" else {}


def _earlier_page(way: Way, key: str) -> str:
    """The question before, or whom it is for."""
    before = way.before(key)
    if before is None:
        return url_for("start.who")
    going_on = origin() if came_from() == GOING_ON else {}
    return url_for("questions.ask", key=before.key, **going_on)


def _forward(visit: Visit, *, after: str | None) -> AnyResponse:
    if is_young(visit):
        return visiting.to_young_page()
    if came_from() == STUDY and not wants_results():
        return redirect(url_for("study.study", key=request.args["study"]), code=303)
    if wants_results() or came_from() == "results":
        return redirect(_results(), code=303)
    way = way_of(visit)
    following = way.next_open
    pause = after is not None and way.is_pause(going_on=came_from() == GOING_ON)
    if following is None or pause or came_from() == "check":
        return redirect(url_for("check.check"), code=303)
    anyway: dict[str, Any] = {} if way.steering else {"from": GOING_ON}
    return redirect(url_for("questions.ask", key=following.key, **anyway), code=303)


def forward(visit: Visit, *, after: str) -> AnyResponse:
    """On to whatever comes after a question: the next one, the check page, or the results."""
    return _forward(visit, after=after)


def wants_results() -> bool:
    """Whether "Show my results now" was pressed."""
    return request.form.get("then") == "results"


def came_from() -> str | None:
    """The page that sent the person here to change one answer, or that they go on anyway."""
    place = request.args.get("from")
    if place == STUDY:
        return STUDY if site().matcher().study(request.args.get("study", "")) else None
    return place if place in ("check", "results", GOING_ON) else None


def origin() -> dict[str, Any]:
    """What an address carries so that the person comes back to where they were."""
    place = came_from()
    study = {"study": request.args["study"]} if place == STUDY else {}
    return {"from": place, **study, **_narrowing()} if place else {}


def chose_something() -> bool:
    """Whether the form that was sent holds any answer."""
    return any(request.form.get(name) for name in ("answer", "number", "choice"))


def _attribute(key: str) -> Attribute:
    attribute = site().rulebook.attributes.get(key)
    return attribute if attribute is not None else abort(404)
