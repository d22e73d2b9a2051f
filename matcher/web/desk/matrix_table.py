"""Matrix table: people beside studies as the rows of an HTML table.

A page may hold a hundred thousand cells. They are put together as text, not by a template, and
their links are short: of person and study they name the first signs only (see `matrix.cell`).
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import blake2b

import numpy as np
from babel.dates import format_skeleton
from flask import url_for
from markupsafe import Markup, escape
from numpy.typing import NDArray

from matcher.core.levels import Level
from matcher.core.study import Study
from matcher.services.panels.left_out import left_out
from matcher.services.panels.persons import Person
from matcher.services.panels.walls import OpenPanel
from matcher.store.panel_work import NEW, STATES
from matcher.web.desk.matrix_filters import Shown
from matcher.web.language import language, month, say
from matcher.web.site import site

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
    kinds[_leaves_out(shown)] += len(Level) * len(STATES)
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
    """What stands before and after the link of a cell, for each level and state, then the same for
    who does not want its topic brought up; a blank one last.

    The number is what is seen, the words are what is heard.
    """
    found = [
        _beginning(level, state, leaves_out=leaves_out)
        for leaves_out in (False, True)
        for level in Level
        for state in STATES
    ]
    blank = escape(say("matrix.left_out"))
    return [*found, ("<td class=lv-0><a href=cell/", f' aria-label="{blank}">·</a>')]


def _beginning(level: Level, state: str, *, leaves_out: bool) -> tuple[str, str]:
    name = say(f"matrix.level_{level.word}")
    kind = CLASSES[level] + STATE_CLASSES.get(state, "")
    if state != NEW:
        name = say("matrix.cell_state", level=name, state=say(f"matrix_state.{state}"))
    if leaves_out:
        name = say("matrix.cell_state", level=name, state=say("matrix.leaves_out"))
        kind += " at-out"
    # Neither quotes nor an end where HTML needs none: there are very many cells.
    quoted = f'"{kind}"' if " " in kind else kind
    before = f"<td class={quoted}><a href=cell/"
    return before, f' aria-label="{level + 1} {escape(name)}">{level + 1}</a>'


def _leaves_out(shown: Shown) -> NDArray[np.bool_]:
    """Which people do not want the topic of which studies brought up, as [people × studies]."""
    found = np.zeros(shown.levels.shape, dtype=bool)
    columns: dict[tuple[str, ...], list[bool]] = {}
    for row, person in enumerate(shown.people):
        topics = person.profile.leave_out
        if topics and topics not in columns:
            keys = left_out(site().matcher(), topics)
            columns[topics] = [study.key in keys for study in shown.studies]
        if topics:
            found[row] = columns[topics]
    return found
