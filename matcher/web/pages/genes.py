"""Genes: the second and third page of a question about test results."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.rulebook import Attribute
from matcher.services.visits import Visit
from matcher.web import fields, gene_results, visiting
from matcher.web.pages.questions import forward, origin
from matcher.web.posted import FormError
from matcher.web.site import site

blueprint = Blueprint("genes", __name__, url_prefix="/questions")


@blueprint.get("/<key>/genes")
@visiting.with_adult
def pick(visit: Visit, key: str) -> str:
    """Which genes the report names."""
    attribute = _attribute(key)
    return _pick_page(attribute, _picked(visit, attribute), fault=None)


@blueprint.post("/<key>/genes")
@visiting.with_adult
def take_pick(visit: Visit, key: str) -> AnyResponse | tuple[str, int]:
    """Remember the genes, in the sealed visit alone, and go on to their results."""
    attribute = _attribute(key)
    try:
        picked = gene_results.read_picked(attribute, request.form)
    except FormError as fault:
        return _pick_page(attribute, request.form.getlist("answer"), fault=fault), 422
    visiting.change(visit, lambda now: replace(now, picked={**now.picked, key: picked}))
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
    return _results_page(attribute, picked, given if isinstance(given, dict) else {}, fault=None)


@blueprint.post("/<key>/results")
@visiting.with_adult
def take_results(visit: Visit, key: str) -> AnyResponse | tuple[str, int]:
    """Take the results."""
    attribute = _attribute(key)
    picked = _picked(visit, attribute)
    try:
        found = gene_results.read_results(
            attribute,
            picked,
            request.form,
            earlier=visit.answers.get(key),
            today=site().today,
        )
    except FormError as fault:
        sent = {gene: _sent(gene) for gene in picked}
        return _results_page(attribute, picked, sent, fault=fault), 422
    changed = visiting.change(visit, lambda now: now.answered(key, found or None))
    return forward(changed, after=key)


def _pick_page(attribute: Attribute, picked: list[str], *, fault: FormError | None) -> str:
    groups = [
        (group, [fields.tile(option, set(picked)) for option in group.options])
        for group in gene_results.gene_groups(attribute)
    ]
    return render_template(
        "pages/genes.html",
        attribute=attribute,
        groups=groups,
        fault=fault,
        back=url_for("questions.ask", key=attribute.key, **origin()),
    )


def _results_page(
    attribute: Attribute, picked: list[str], given: dict[str, Any], *, fault: FormError | None
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
    back = url_for("genes.pick", key=attribute.key, **origin())
    return render_template(
        "pages/gene_results.html", attribute=attribute, rows=rows, fault=fault, back=back
    )


def _sent(gene: str) -> dict[str, str]:
    form = request.form
    when = f"{form.get(f'year-{gene}', '')}-{form.get(f'month-{gene}', '')}"
    return {"result": form.get(f"result-{gene}", ""), "on": when}


def _picked(visit: Visit, attribute: Attribute) -> list[str]:
    kept = visit.picked.get(attribute.key)
    given = visit.answers.get(attribute.key)
    genes = kept if kept is not None else list(given) if isinstance(given, dict) else []
    known = {option.value for option in attribute.options}
    return [gene for gene in genes if gene in known]


def _attribute(key: str) -> Attribute:
    attribute = site().rulebook.attributes.get(key)
    if attribute is None or attribute.kind != "results":
        raise NotFound
    return attribute
