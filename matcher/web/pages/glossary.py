"""Glossary: the page on which every hard word is explained."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from itertools import groupby

from flask import Blueprint, render_template

from matcher.core.glossary import Term
from matcher.web import visiting
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


def collation(name: str) -> str:
    """What to sort a name by: accents and case do not count; Ñ stands after N."""
    apart = unicodedata.normalize("NFD", name.casefold().replace("ñ", "n\uffff"))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def first_letter(name: str) -> str:
    """The letter that a name stands under."""
    return "Ñ" if name[:1].upper() == "Ñ" else collation(name)[:1].upper()
