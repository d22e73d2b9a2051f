"""Records: people come into a panel from files: looked at first, taken then; and go out as one.

The files are not kept. What they say waits sealed between the two pages, for an hour at most.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from matcher.core.text import LANGUAGES
from matcher.records.draft import Draft, Refusal
from matcher.records.person_code import code_fault
from matcher.records.spreadsheets.template import template
from matcher.services.panels.comparing import UNCLEAR
from matcher.services.panels.export import export_panel
from matcher.services.panels.importing import (
    CODELESS,
    MOST_PEOPLE,
    Preview,
    PreviewGoneError,
    TooManyPeopleError,
    open_preview,
    preview,
)
from matcher.services.panels.persons import PersonError
from matcher.services.panels.taking import Chosen, Taken, take
from matcher.services.panels.walls import OpenPanel
from matcher.services.record_reading import read_records
from matcher.store.database import session
from matcher.store.panel_people import code_key, codes
from matcher.web.desk.found import MOST_SHOWN, found_rows, marks_in
from matcher.web.desk.people import code_fault_text, person_fault
from matcher.web.desk.session import with_panel
from matcher.web.file_faults import file_fault
from matcher.web.language import choose_language, language, say, speaker
from matcher.web.posted import FormError
from matcher.web.site import site

blueprint = Blueprint("desk_records", __name__, url_prefix="/desk/panels/<panel>/records")

FILE, ROW, REST, SETTLE, CODE, MARKS = "file", "row", "rest", "settle", "code-", "marks-"
SWITCH = "spoken"
"""Beside `language`, which is that of the people."""
LONGEST_MARKS = 300
LONGEST_NUMBER = 6
EMPTY_TABLE, PANEL_TABLE = "people.csv", "panel.csv"


@blueprint.get("")
@with_panel
def form(panel: OpenPanel) -> AnyResponse:
    """Choose files."""
    return _form(panel)


@blueprint.post("")
@with_panel
def look(panel: OpenPanel) -> AnyResponse:
    """Read the files and show what they say; nobody is changed."""
    here = site()
    files = [
        (one.filename or str(say("records.source").unescape()), one.read())
        for one in request.files.getlist(FILE)
        if one.filename
    ]
    if not files:
        return _form(panel, fault=_fault("desk_records.fault_none"))
    report = read_records(files, here.rulebook, today=here.today, language=language())
    found: list[Draft | Refusal] = [*(one.draft for one in report.profiles), *report.refused]
    try:
        with session(here.engine, writing=True) as writing:
            token, made = preview(writing, here.desk, panel, found, now=here.clock())
    except TooManyPeopleError:
        return _form(panel, fault=_fault("desk_records.fault_many", most=MOST_PEOPLE))
    return _preview(panel, token, made, marks=marks_in(made))


@blueprint.post("/again")
@with_panel
def look_again(panel: OpenPanel) -> AnyResponse:
    """Show what was read once more, in the language that is wanted, with what was ticked."""
    here, token = site(), request.form.get("token", "")
    choose_language(request.form.get(SWITCH, ""))
    try:
        with session(here.engine) as reading:
            made = open_preview(reading, here.desk, panel, token, now=here.clock())
    except PreviewGoneError:
        return _form(panel, fault=_fault("desk_records.fault_gone"))
    return _preview(panel, token, made, chosen=_chosen(made))


@blueprint.post("/take")
@with_panel
def take_rows(panel: OpenPanel) -> AnyResponse:
    """Take what was ticked."""
    here, token = site(), request.form.get("token", "")
    try:
        with session(here.engine) as reading:
            made = open_preview(reading, here.desk, panel, token, now=here.clock())
            taken_codes = codes(reading, panel.id).values()
        chosen = _chosen(made)
        fault = _code_fault(made, chosen, taken_codes)
        if fault is not None:
            return _preview(panel, token, made, chosen=chosen, fault=fault)
        with session(here.engine, writing=True) as writing:
            taken = take(writing, here.desk, panel, token, chosen, now=here.clock())
    except PreviewGoneError:
        return _form(panel, fault=_fault("desk_records.fault_gone"))
    except PersonError as error:
        return _preview(panel, token, made, chosen=chosen, fault=person_fault(error))
    page = render_template(
        "desk/records_taken.html",
        panel=panel,
        taken=taken,
        unsettled=_unsettled(made, chosen, taken),
    )
    return make_response(page)


@blueprint.get("/template.csv")
@with_panel
def empty_table(_panel: OpenPanel) -> AnyResponse:
    """A table to fill in."""
    return _csv("".join(template(site().rulebook, speaker())), EMPTY_TABLE)


@blueprint.get("/panel.csv")
@with_panel
def export(panel: OpenPanel) -> AnyResponse:
    """The codes and answers of everybody on the lists; this page reads it back."""
    here = site()
    with session(here.engine) as reading:
        lines = export_panel(reading, here.desk, panel, now=here.clock())
    return _csv("".join(lines), PANEL_TABLE)


def _csv(text: str, name: str) -> AnyResponse:
    # Spreadsheet programs take a file for UTF-8 only if it begins so.
    response = Response("\ufeff" + text, mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _chosen(made: Preview) -> Chosen:
    given = request.form
    ticked = {int(one) for one in given.getlist(ROW) if _is_number(one)}
    if REST in given:
        ticked |= set(range(MOST_SHOWN, len(made.rows)))
    settled = (one.partition(":") for one in given.getlist(SETTLE))
    return Chosen(
        rows=frozenset(ticked),
        consent="consent" in given,
        language=given.get("language", LANGUAGES[0]),
        codes={
            number: given.get(f"{CODE}{number}", "")
            for number, row in enumerate(made.rows)
            if row.kind == CODELESS
        },
        settled=frozenset(
            (int(number), unit)
            for number, _, unit in settled
            if number.isascii() and number.isdigit()
        ),
    )


@dataclass(frozen=True)
class Unsettled:
    """That of somebody so many facts stay as they were kept, for nobody chose the file's."""

    code: str
    count: int


def _unsettled(made: Preview, chosen: Chosen, taken: Taken) -> list[Unsettled]:
    found = []
    for number, row in enumerate(made.rows):
        code, settled = row.draft.code or "", {unit for at, unit in chosen.settled if at == number}
        count = sum(one.kind == UNCLEAR and one.unit not in settled for one in row.differences)
        if count and number in chosen.rows and code not in taken.passed_over:
            found.append(Unsettled(code, count))
    return found


def _marks() -> dict[int, str]:
    """What the form carries to tell people apart by: it is kept nowhere between its pages."""
    given = ((name.removeprefix(MARKS), words) for name, words in request.form.items())
    return {int(one): words[:LONGEST_MARKS] for one, words in given if _is_number(one)}


def _is_number(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < LONGEST_NUMBER


def _code_fault(made: Preview, chosen: Chosen, taken: Iterable[str]) -> FormError | None:
    """The first code that was given and cannot be taken, beside the input it stands in."""
    seen = {code_key(code) for code in (*taken, *(row.draft.code or "" for row in made.rows))}
    for number, code in _given_codes(made, chosen).items():
        fault = code_fault(code)
        if fault is None and code_key(code) in seen:
            fault = "taken"
        if fault is not None:
            return code_fault_text(fault, f"{CODE}{number}")
        seen.add(code_key(code))
    return None


def _given_codes(made: Preview, chosen: Chosen) -> Mapping[int, str]:
    return {
        number: " ".join(chosen.codes.get(number, "").split())
        for number, row in enumerate(made.rows)
        if row.kind == CODELESS and number in chosen.rows
    }


def _preview(
    panel: OpenPanel,
    token: str,
    made: Preview,
    *,
    marks: Mapping[int, str] | None = None,
    chosen: Chosen | None = None,
    fault: FormError | None = None,
) -> AnyResponse:
    rows = found_rows(made, _marks() if marks is None else marks)
    again = url_for("desk_records.look_again", panel=panel.panel.public_id)
    page = render_template(
        "desk/records_found.html",
        switch={"form": "preview", "action": again, "name": SWITCH},
        panel=panel,
        token=token,
        rows=rows,
        rest=len(made.rows) - len(rows),
        refused=[(one, file_fault(one)) for one in made.refused[:MOST_SHOWN]],
        refused_count=len(made.refused),
        has_new=any(row.can_be_taken and row.version is None for row in made.rows),
        can_take=any(row.can_be_taken for row in made.rows),
        chosen=chosen,
        languages=LANGUAGES,
        fault=fault,
    )
    return make_response(page, 422 if fault else 200)


def _form(panel: OpenPanel, *, fault: FormError | None = None) -> AnyResponse:
    page = render_template("desk/records.html", panel=panel, fault=fault)
    return make_response(page, 422 if fault else 200)


def _fault(key: str, **values: object) -> FormError:
    return FormError(str(say(key, **values).unescape()), FILE)
