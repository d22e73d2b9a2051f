"""Records: files are looked at, then taken; what the panel gives out it reads back the same."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.web.desk.panel_person import ANSWERED, add_person, give_answers, make_panel, person_path
from tests.web.desk.worker import Worker

MakeWorker = Callable[..., Worker]
TABLE = (
    "code,cancer_status,cancer,er,age\n"
    "A-117,now,breast;only,negative,52\n"
    "B-2,now,breast;only,positive,44\n"
    "C-3,now,breast,purple,44\n"
    "Maria Lopez,now,breast,positive,44\n"
)
BUNDLE = json.dumps(
    {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {
                "resource": {
                    "resourceType": "Patient",
                    "id": "p",
                    "name": [{"family": "Lopez", "given": ["Maria"]}],
                    "birthDate": "1970-01-01",
                    "gender": "female",
                }
            }
        ],
    }
)


class Files:
    """Ana, whose panel has A-117, and the files that she sends."""

    def __init__(self, ana: Worker) -> None:
        self.ana = ana
        ana.sign_in()
        self.panel = make_panel(ana)
        self.person = add_person(ana, self.panel, "A-117")
        give_answers(ana, self.panel, self.person, cancer=["breast"], er="positive")
        self.path = f"/desk/panels/{self.panel}/records"

    def look(self, *files: tuple[str, str]) -> int:
        """Send files; the status of the answer."""
        self.ana.open(self.path)
        sent = [(io.BytesIO(text.encode()), name) for name, text in files]
        return self.ana.send(self.path, file=sent).status_code

    def take(self, **fields: Any) -> int:
        """Take what is ticked."""
        token = _found(r'name="token" value="([^"]+)"', self.ana.page)
        return self.ana.send(f"{self.path}/take", token=token, **fields).status_code


@pytest.fixture
def files(worker: MakeWorker) -> Files:
    return Files(worker())


def test_a_table_is_shown_before_anything_is_kept(files: Files) -> None:
    ana = files.ana
    assert files.look(("a.csv", TABLE)) == 200
    for told in ("2 things could not be read", "purple", "row 4", "looks like a name", "B-2"):
        assert told in ana.text, told
    assert "differs, and no dates tell which is newer" in ana.text
    page = ana.page
    ana.open(f"/desk/panels/{files.panel}")
    assert "B-2" not in ana.text
    ana.page = page
    assert files.take(row=["0", "1"]) == 422
    assert "Tick that the person agreed" in ana.text
    assert files.take(row=["0", "1"], consent="yes", language="es", settle="0:er") == 200
    assert "One person was added." in ana.text
    assert "One person was changed." in ana.text
    ana.open(person_path(files.panel, files.person))
    assert "ER-negative" in ana.text.partition("earlier")[0]
    assert "earlier: ER-positive (told, " in ana.text


def test_what_a_file_said_and_nobody_took_was_never_theirs(files: Files) -> None:
    ana = files.ana
    files.look(("a.csv", "code,er\nA-117,negative\n"))
    assert files.take(row="0") == 200
    give_answers(ana, files.panel, files.person, cancer=["breast"], er="negative")
    ana.open(person_path(files.panel, files.person))
    assert "earlier: ER-positive (told, " in ana.text
    assert "earlier: ER-negative" not in ana.text


def test_who_has_facts_to_choose_about_is_open_and_counted(files: Files) -> None:
    ana = files.ana
    answers = {"er": "positive", "pr": "positive", "her2": "low", "age": 50, "lines": 1}
    give_answers(ana, files.panel, files.person, **answers)
    rows = "".join(f"B-{number},positive,positive,low,44,1,ESR1=none\n" for number in range(8))
    table = f"code,er,pr,her2,age,lines,tumor\nA-117,negative,negative,low,51,2,ESR1=none\n{rows}"
    files.look(("a.csv", table))
    assert ana.page.count('<details class="pieces" open>') == 1
    assert "4 facts need your choice" in ana.text
    assert files.take(row="0", settle=["0:er", "0:nothing"]) == 200
    assert "Left unsettled" in ana.text
    assert "A-117</strong>: 3 facts" in ana.text
    files.look(("a.csv", table))
    assert files.take(row="0", settle=["0:pr", "0:age", "0:lines"]) == 200
    assert "Left unsettled" not in ana.text


def test_a_date_that_an_answer_tells_stands_there_once(files: Files) -> None:
    files.look(("a.csv", "code,tumor\nB-2,ESR1=mutation@2026-03\n"))
    assert files.ana.text.count("2026") == 1


def test_people_of_a_bundle_are_told_apart_and_by_what_is_not_kept(files: Files) -> None:
    ana = files.ana
    files.look(("her.json", BUNDLE))
    assert "id p · born 1970 · female" in ana.text
    assert "Lopez" not in ana.page
    marks = {"marks-0": "id p · born 1970 · female"}
    sent = {"row": "0", "consent": "yes", "language": "en", "code-0": "", **marks}
    assert files.take(**sent) == 422
    assert "id p · born 1970 · female" in ana.text
    assert files.take(**{**sent, "marks-0": ""}) == 422
    assert "born 1970" not in ana.text


def test_only_what_is_ticked_is_taken_and_only_once(files: Files) -> None:
    ana = files.ana
    files.look(("a.csv", TABLE))
    page = ana.page
    assert files.take(row=["1"], consent="yes", language="en") == 200
    ana.open(person_path(files.panel, files.person))
    assert "ER-positive" in ana.text
    ana.page = page
    assert files.take(row=["1"], consent="yes", language="en") == 422
    assert "they were taken already" in ana.text


def test_a_bundle_needs_a_code_and_its_name_is_kept_nowhere(files: Files) -> None:
    ana = files.ana
    files.look(("her.json", BUNDLE))
    assert "needs a code" in ana.text
    assert "Lopez" not in ana.text
    for code, told in (("", "Enter a code"), ("Maria Lopez", "a name"), ("a-117", "has that code")):
        assert files.take(row="0", consent="yes", language="en", **{"code-0": code}) == 422
        assert told in ana.text
        assert 'href="#code-0"' in ana.page
    assert files.take(row="0", consent="yes", language="en", **{"code-0": "D-4"}) == 200
    ana.open(f"/desk/panels/{files.panel}")
    assert "D-4" in ana.text


def test_no_file_and_a_file_that_is_none_are_told(files: Files) -> None:
    files.ana.open(files.path)
    assert files.ana.send(files.path).status_code == 422
    assert "Choose a file first" in files.ana.text
    assert files.look(("a.xlsx", "PK\x03\x04 something")) == 200
    assert "There is nothing to take" in files.ana.text
    assert "save it as CSV" in files.ana.text


def test_the_switch_shows_what_was_read_in_the_other_language(files: Files) -> None:
    ana = files.ana
    bundle = json.dumps({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": 5}}]})
    files.look(("a.csv", TABLE.replace("age", "shoe size")), ("b.json", bundle), ("c.json", "{"))
    again = _found(
        r'<button form="preview" formaction="([^"]+)" name="spoken" value="es"', ana.page
    )
    token = _found(r'name="token" value="([^"]+)"', ana.page)
    told = {"token": token, "spoken": "es", "row": "1", "consent": "yes", "language": "en"}
    assert ana.send(again, **told).status_code == 200
    assert '<html lang="es"' in ana.page
    assert "Ninguna de nuestras preguntas se llama así" in ana.text
    assert "Puede estar cortado o cambiado" in ana.text
    assert "JSON" not in ana.text
    assert re.search(r'name="row" id="row-1"[^>]* checked', ana.page)
    assert not re.search(r'name="row" id="row-0"[^>]* checked', ana.page)
    assert re.search(r'name="consent" type="checkbox" value="yes" checked', ana.page)
    assert files.take(row=["1"], consent="yes", language="en") == 200
    ana.open(f"/desk/panels/{files.panel}")
    assert "B-2" in ana.text


def test_the_switch_stays_where_nothing_could_be_read(files: Files) -> None:
    ana = files.ana
    assert files.look(("c.json", "{")) == 200
    assert "It may be cut off or changed" in ana.text
    again = _found(r'<button form="preview" formaction="([^"]+)"', ana.page)
    token = _found(r'name="token" value="([^"]+)"', ana.page)
    assert ana.send(again, token=token, spoken="es").status_code == 200
    assert "Puede estar cortado o cambiado" in ana.text


def test_a_large_file_is_read_and_a_larger_one_refused(files: Files) -> None:
    row = "# " + "x" * 998 + "\n"
    assert files.look(("a.csv", TABLE + row * 1500)) == 200
    assert "B-2" in files.ana.text
    assert files.look(("a.csv", TABLE + row * 22_000)) == 413


def test_what_goes_out_comes_in_the_same(files: Files) -> None:
    ana = files.ana
    give_answers(ana, files.panel, files.person, **ANSWERED)
    text = ana.open(f"{files.path}/panel.csv").text
    other = make_panel(ana, "Other")
    files.path, files.panel = f"/desk/panels/{other}/records", other
    files.look(("panel.csv", text))
    assert files.take(row="0", consent="yes", language="en") == 200
    assert ana.open(f"{files.path}/panel.csv").text == text


def test_the_empty_table_is_read_as_it_is(files: Files) -> None:
    text = files.ana.open(f"{files.path}/template.csv").text
    assert files.look(("people.csv", text)) == 200
    assert "There is nothing to take" in files.ana.text


def _found(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    assert found, text
    return found[1]
