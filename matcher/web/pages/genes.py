"""Genes: the second and third page of a question about test results."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.rulebook import Attribute
from matcher.services.answering import give_answer
from matcher.services.visits import Visit
from matcher.web import fields, gene_results, visiting
from matcher.web.pages.questions import (
    chose_something,
    forward,
    frame,
    origin,
    wants_results,
)
from matcher.web.posted import FormError
from matcher.web.site import site
from matcher.web.way import way_of

blueprint = Blueprint("genes", __name__, url_prefix="/questions")


@blueprint.get("/<key>/genes")
@visiting.with_adult
def pick(visit: Visit, key: str) -> str:
    """Which genes the report names."""
    attribute = _attribute(key)
    return _pick_page(visit, attribute, _picked(visit, attribute), fault=None)


@blueprint.post("/<key>/genes")
@visiting.with_adult
def take_pick(visit: Visit, key: str) -> AnyResponse | tuple[str, int]:
    """Remember the genes, in the sealed visit alone, and go on to their results."""
    attribute = _attribute(key)
    try:
        picked = gene_results.read_picked(attribute, request.form)
    except FormError as fault:
        if wants_results() and not chose_something():
            return forward(visit, after=key)
        return _pick_page(visit, attribute, request.form.getlist("answer"), fault=fault), 422
    if isinstance(picked, str):
        book = site().rulebook
        changed = visiting.change(visit, lambda now: give_answer(now, key, picked, book))
        return forward(changed, after=key)
    visiting.change(visit, lambda now: replace(now, picked={**now.picked, key: picked}))
    if wants_results():
        return forward(visit, after=key)
    return redirect(url_for("genes.results", key=key, **origin()), code=303)


@blueprint.get("/<key>/results")
@visiting.with_adult
def results(visit: Visit, key: str) -> AnyResponse | str:
    """What was found in each."""
    attribute = _attribute(key)
    picked = _picked(visit, attribute)
    if not picked:
        return redirect(url_for("genes.pick", key=key, **origin()), code=303)
    given = visit.answers.get(key)
    given = given if isinstance(given, dict) else {}
    return _results_page(visit, attribute, picked, given, seen=list(given), fault=None)


@blueprint.post("/<key>/results")
@visiting.with_adult
def take_results(visit: Visit, key: str) -> AnyResponse | tuple[str, int]:
    """Take the results of the genes that stood on the page, whatever another window chose since."""
    attribute, book = _attribute(key), site().rulebook
    seen = request.form.getlist("seen")
    picked = _known(attribute, request.form.getlist("gene")) or _picked(visit, attribute)
    try:
        found = gene_results.read_results(
            attribute,
            picked,
            request.form,
            earlier=visit.answers.get(key),
            today=site().today,
            whole=not wants_results(),
        )
    except FormError as fault:
        sent = {gene: _sent(gene) for gene in picked}
        return _results_page(visit, attribute, picked, sent, seen=seen, fault=fault), 422
    if not found:
        return forward(visit, after=key)

    def with_found(now: Visit) -> Visit:
        results = gene_results.with_found(now.answers.get(key), found, seen=seen)
        return give_answer(now, key, results, book)

    return forward(visiting.change(visit, with_found), after=key)


def _pick_page(
    visit: Visit, attribute: Attribute, picked: list[str], *, fault: FormError | None
) -> str:
    groups = [
        (group, [fields.tile(option, set(picked)) for option in group.options])
        for group in gene_results.gene_groups(attribute)
    ]
    return render_template(
        "pages/genes.html",
        attribute=attribute,
        groups=groups,
        apart=gene_results.apart_items(attribute, picked),
        fault=fault,
        **_frame(visit, attribute, back="questions.ask"),
    )


def _results_page(
    visit: Visit,
    attribute: Attribute,
    picked: list[str],
    given: dict[str, Any],
    *,
    seen: list[str],
    fault: FormError | None,
) -> str:
    options = [option for option in attribute.options if option.value in picked]
    rows = [
        {
            "option": option,
            "choices": gene_results.result_items(option, given.get(option.value)),
            "date": gene_results.result_date(given.get(option.value)),
        }
        for option in options
    ]
    return render_template(
        "pages/gene_results.html",
        attribute=attribute,
        rows=rows,
        seen=seen,
        fault=fault,
        **_frame(visit, attribute, back="genes.pick"),
    )


def _frame(visit: Visit, attribute: Attribute, *, back: str) -> dict[str, Any]:
    around = frame(way_of(visit), attribute.key)
    return {**around, "back": url_for(back, key=attribute.key, **origin())}


def _sent(gene: str) -> dict[str, str]:
    form = request.form
    when = f"{form.get(f'year-{gene}', '')}-{form.get(f'month-{gene}', '')}"
    return {"result": form.get(f"result-{gene}", ""), "on": when}


def _picked(visit: Visit, attribute: Attribute) -> list[str]:
    kept = visit.picked.get(attribute.key)
    given = visit.answers.get(attribute.key)
    genes = kept if kept is not None else list(given) if isinstance(given, dict) else []
    return _known(attribute, genes)


def _known(attribute: Attribute, genes: Iterable[str]) -> list[str]:
    chosen = set(genes)
    return [option.value for option in attribute.options if option.value in chosen]


def _attribute(key: str) -> Attribute:
    attribute = site().rulebook.attributes.get(key)
    if attribute is None or attribute.kind != "results":
        raise NotFound
    return attribute
