"""Glossary: the page on which every hard word is explained."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from flask import Blueprint, render_template

from matcher.core.glossary import Term
from matcher.web import visiting
from matcher.web.alphabet import collation, first_letter
from matcher.web.language import language
from matcher.web.site import site

blueprint = Blueprint("glossary", __name__)


@blueprint.get("/glossary")
def glossary() -> str:
    """All terms by their first letter."""
    visiting.open_visit()
    return render_template("pages/glossary.html", letters=by_letter(site().rulebook.glossary))


def by_letter(terms: Iterable[Term]) -> list[tuple[str, list[Term]]]:
    """The terms in the alphabet of the visitor's language, under their first letters."""
    spoken = language()
    in_order = sorted(terms, key=lambda term: collation(term.name.in_(spoken)))
    letters = groupby(in_order, key=lambda term: first_letter(term.name.in_(spoken)))
    return [(letter, list(group)) for letter, group in letters]
