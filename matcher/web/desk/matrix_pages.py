"""Matrix pages: the parts of a matrix that is larger than a page, and how one goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import url_for

from matcher.services.panels.walls import OpenPanel
from matcher.web.desk.matrix_filters import MOST_PEOPLE, MOST_STUDIES, Shown


@dataclass(frozen=True)
class Part:
    """Which ``people`` or ``studies`` (`kind`) of how many a page shows, and the way to others."""

    kind: str
    first: int
    last: int
    of: int
    earlier: str | None
    next: str | None


def parts_of(shown: Shown, panel: OpenPanel) -> list[Part]:
    """Where a page stands among people and studies; what is there whole is left out."""
    wishes = shown.wishes
    found = (
        _part(shown, panel, "people", len(shown.people), MOST_PEOPLE, wishes.person_page),
        _part(shown, panel, "studies", len(shown.studies), MOST_STUDIES, wishes.study_page),
    )
    return [part for part in found if part.earlier or part.next]


def _part(shown: Shown, panel: OpenPanel, kind: str, count: int, most: int, page: int) -> Part:
    of = shown.of_people if kind == "people" else shown.of_studies
    start = (page - 1) * most
    return Part(
        kind,
        first=start + 1,
        last=start + count,
        of=of,
        earlier=_url(shown, panel, kind, page - 1) if page > 1 else None,
        next=_url(shown, panel, kind, page + 1) if start + most < of else None,
    )


def _url(shown: Shown, panel: OpenPanel, kind: str, page: int) -> str:
    wishes = shown.wishes
    pages = {"person_page": wishes.person_page, "study_page": wishes.study_page}
    pages["person_page" if kind == "people" else "study_page"] = page
    kept: dict[str, Any] = {"panel": panel.panel.public_id, **wishes.kept}
    kept |= {name: str(number) for name, number in pages.items() if number > 1}
    return url_for("desk_matrix.page", _anchor="mx", **kept)
