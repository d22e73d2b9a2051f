"""Matrix table: people beside studies as the rows of an HTML table.

A page may hold a hundred thousand cells. They are put together as text, not by a template, and
their links are short: of person and study they name the first signs only (see `matrix.cell`).
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

from babel.dates import format_skeleton
from flask import url_for
from markupsafe import Markup, escape

from matcher.core.levels import Level
from matcher.core.study import Study
from matcher.services.panels.persons import Person
from matcher.services.panels.walls import OpenPanel
from matcher.store.panel_work import NEW, STATES
from matcher.web.desk.matrix_filters import Shown
from matcher.web.language import language, month, say

SHORT = 8
CLASSES = ("lv-1", "lv-2", "lv-3", "lv-4", "lv-5", "lv-6")
STATE_CLASSES = {
    "shared": " at-shared",
    "discussed": " at-discussed",
    "not_now": " at-not_now",
    "dismissed": " at-dismissed",
}


def table_of(shown: Shown, panel: OpenPanel) -> tuple[Markup, Markup]:
    """Head and body rows of the table, escaped."""
    return Markup(_head(shown, panel)), Markup("".join(_rows(shown, panel)))


def short_person(public_id: str) -> str:
    """The first signs of a person's public id, by which a cell's link names them."""
    return public_id[:SHORT]


def short_study(key: str) -> str:
    """What a cell's link names a study by."""
    return blake2b(key.encode(), digest_size=SHORT // 2).hexdigest()


def _head(shown: Shown, panel: OpenPanel) -> str:
    cells = "".join(_study_head(study, panel) for study in shown.studies)
    corner = f'<th scope="col" role="columnheader" class="mx__corner">{say("matrix.person")}</th>'
    return f'<tr role="row">{corner}{cells}</tr>'


def _study_head(study: Study, panel: OpenPanel) -> str:
    url = url_for("desk_study.page", panel=panel.panel.public_id, key=study.key)
    told = month(study.posted) if study.posted else say("results.undated")
    title = escape(study.title)
    return (
        f'<th scope="col" role="columnheader" class="mx__study"><a href="{escape(url)}" '
        f'title="{title} ({escape(told)})"><span lang="en">{title}</span></a></th>'
    )


def _rows(shown: Shown, panel: OpenPanel) -> Iterator[str]:
    begins, ends = _beginnings(), [short_study(study.key) for study in shown.studies]
    kinds = shown.levels.astype(int) * len(STATES) + shown.states
    kinds[~shown.is_told] = -1
    for person, row in zip(shown.people, kinds.tolist(), strict=True):
        name = f"{short_person(person.public_id)}-"
        cells = [
            f"{before}{name}{end}{after}"
            for (before, after), end in zip(map(begins.__getitem__, row), ends, strict=True)
        ]
        yield f'<tr role="row" class="mx__row">{_person_head(person, panel)}{"".join(cells)}</tr>'


def _person_head(person: Person, panel: OpenPanel) -> str:
    url = url_for("desk_person.page", panel=panel.panel.public_id, person=person.public_id)
    visit = ""
    if person.next_visit:
        day = format_skeleton("MMMd", person.next_visit, locale=language())
        told = say("matrix.visit", date=day)
        visit = f' <span class="mx__visit">{told}</span>'
    return (
        f'<th scope="row" role="rowheader" class="mx__person">'
        f'<a href="{escape(url)}">{escape(person.code)}</a>{visit}</th>'
    )


def _beginnings() -> list[tuple[str, str]]:
    """What stands before and after the link of a cell, for each level and state; a blank one last.

    The number is what is seen, the words are what is heard.
    """
    found = []
    for level in Level:
        for state in STATES:
            name = say(f"matrix.level_{level.word}")
            if state != NEW:
                name = say("matrix.cell_state", level=name, state=say(f"matrix_state.{state}"))
            kind = CLASSES[level] + STATE_CLASSES.get(state, "")
            # Neither quotes nor an end where HTML needs none: there are very many cells.
            quoted = f'"{kind}"' if " " in kind else kind
            before = f"<td class={quoted}><a href=cell/"
            found.append((before, f' aria-label="{level + 1} {escape(name)}">{level + 1}</a>'))
    blank = escape(say("matrix.left_out"))
    return [*found, ("<td class=lv-0><a href=cell/", f' aria-label="{blank}">·</a>')]
