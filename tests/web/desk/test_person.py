"""Person: the page of one person, their answers, what is decided about them, and their papers."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask import Flask

from matcher.services.panels.work import ToShare, share
from matcher.store.database import session
from tests.factories import StudyFactory, StudyRowFactory
from tests.web.catalogue import CAMIZESTRANT
from tests.web.desk.panel_person import (
    ANSWERED,
    add_person,
    give_answers,
    make_panel,
    opened_by,
    person_path,
    without,
)
from tests.web.desk.worker import Worker
from tests.web.mails import site_of

MakeWorker = Callable[..., Worker]


class Case:
    """Ana at the page of A-117, who has answers."""

    def __init__(self, app: Flask, ana: Worker) -> None:
        self.app, self.ana = app, ana
        ana.sign_in()
        self.panel = make_panel(ana)
        self.person = add_person(ana, self.panel, "A-117")
        give_answers(ana, self.panel, self.person, **ANSWERED)

    def path(self, rest: str = "") -> str:
        return person_path(self.panel, self.person, rest)

    def share(self) -> None:
        """The one study of the sample is shared with the person."""
        here = site_of(self.app)
        with session(here.engine, writing=True) as writing:
            study = StudyFactory(key=CAMIZESTRANT)
            writing.add(StudyRowFactory(key=study.key))
            writing.flush()
            panel = opened_by(writing, self.ana, self.panel)
            share(writing, panel, ToShare(CAMIZESTRANT, [self.person]), now=here.clock())


@pytest.fixture
def case(desk_app: Flask, worker: MakeWorker) -> Case:
    return Case(desk_app, worker())


def test_the_page_tells_facts_studies_and_what_to_find_out(case: Case) -> None:
    case.ana.open(case.path())
    page = case.ana.text
    for told in ("ER-positive", "told, noted Nov 22, 2026", "52 years", "May fit", "Why, state"):
        assert told in page, told
    assert "What to find out next" in page
    assert "you care for" not in page.partition("History")[2]


@pytest.mark.parametrize("rest", ["", f"/studies/{CAMIZESTRANT}"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_the_desk_speaks_of_this_person_and_of_what_is_known(
    case: Case, rest: str, language: str
) -> None:
    with case.ana.client.session_transaction() as cookie:
        cookie["language"] = language
    case.ana.open(case.path(rest))
    page = case.ana.text
    for told in ("you care for", "I care for", "You said", "quien usted cuida", "Usted dijo"):
        assert told not in page, told
    known = {"en": "Known:", "es": "Se sabe:"}[language]
    assert known in page
    assert {"en": "this person", "es": "esta persona"}[language] in page


def test_the_form_speaks_of_this_person_too(case: Case) -> None:
    case.ana.send(case.path("/answers"))
    for page in ("/questions/extent", "/check", "/results"):
        case.ana.open(page)
        assert "you care for" not in case.ana.text, page


def test_what_is_not_sure_may_be_found_out_before_what_was_never_asked(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("matcher.web.desk.person.MOST_BEST", 1)
    give_answers(case.ana, case.panel, case.person, **ANSWERED, tumor="unknown")
    case.ana.open(case.path())
    best = case.ana.text.partition("What to find out next")[2].partition("</section>")[0]
    assert "ESR1 – Tumor test" in best
    assert "Gender" not in best


def test_a_fact_has_its_source_and_date_and_is_old_one_day(case: Case) -> None:
    ana = case.ana
    ana.open(case.path("/facts/extent"))
    assert "Spread" in ana.text
    assert ana.send(source="report", on="2024", version="2").status_code == 200
    assert "report, 2024" in ana.text
    assert "check again" in ana.text
    for on in ("", "soon", "2026-13", "2027-01"):
        ana.open(case.path("/facts/extent"))
        assert ana.send(source="report", on=on, version="3").status_code == 422
    assert ana.open(case.path("/facts/nothing")).status_code == 404


def test_a_report_and_its_date_go_with_what_changed(case: Case) -> None:
    ana = case.ana
    ana.send(case.path("/answers"), key="pr")
    assert ana.place == "/questions/pr"
    ana.send(answer="positive")
    assert ana.place == "/check"
    ana.send(case.path("/answers/keep"), source="report", on="2026-03")
    assert "report, Mar 2026" in ana.text
    assert ana.text.count("report, ") == 1
    ana.send(case.path("/answers"))
    for on in ("March", "2027-03", "2026-12"):
        ana.send(case.path("/answers/keep"), source="report", on=on)
        assert ana.place == "/check"
        assert "Nothing was kept yet" in ana.text


def test_who_was_slower_is_told_and_loses_nothing(case: Case) -> None:
    ana = case.ana
    ana.send(case.path("/answers"), key="er")
    ana.send(answer="negative")
    give_answers(ana, case.panel, case.person, cancer=["breast"], er="positive", pr="positive")
    response = ana.send(case.path("/answers/keep"), source="told")
    assert response.status_code == 409
    for told in ("Somebody else changed A-117", "ER-positive", "ER-negative", "PR-positive"):
        assert told in ana.text
    ana.send(case.path("/answers/over"), version="2")
    assert "Somebody else changed A-117" in ana.text
    ana.send(case.path("/answers/over"), version="3")
    assert ana.place == "/check"
    ana.send(case.path("/answers/keep"), source="told")
    assert "ER-negative" in ana.text
    assert "PR-positive" not in ana.text.partition("History")[0]


def test_leaving_the_form_changes_nothing(case: Case) -> None:
    ana = case.ana
    ana.send(case.path("/answers"), key="er")
    ana.send(answer="negative")
    ana.send(case.path("/answers/drop"))
    assert ana.place == case.path()
    assert "ER-positive" in ana.text
    ana.open("/check")
    assert "A-117" not in ana.text


def test_details_are_changed_in_the_version_that_was_seen(case: Case) -> None:
    ana = case.ana
    ana.open(case.path("/details"))
    fields = {"code": "A-118", "language": "es", "next_visit": "2026-12-01", "topic": "plans"}
    ana.send(**fields, version="1")
    assert "Somebody else changed this meanwhile" in ana.text
    ana.send(case.path("/details"), **fields, version="2")
    for told in ("A-118", "Spanish", "Dec 1, 2026", "Choices and plans"):
        assert told in ana.text
    ana.open(case.path("/details"))
    assert ana.send(**{**fields, "next_visit": "soon"}, version="3").status_code == 422
    assert ana.send(**{**fields, "next_visit": "1999-01-01"}, version="3").status_code == 422
    assert "lies years back" in ana.text


def test_notes_stand_on_the_page_and_say_who_wrote_them(case: Case) -> None:
    ana = case.ana
    ana.send(case.path("/notes"), text="Calls in the <b>morning</b>")
    assert "Calls in the &lt;b&gt;morning&lt;/b&gt;" in ana.page
    assert "Somebody, November 22, 2026" in ana.text
    assert ana.send(case.path("/notes"), text=" ").status_code == 422
    assert "Write the note first" in ana.text


def test_who_died_is_in_no_list_and_it_can_be_taken_back(case: Case) -> None:
    ana = case.ana
    ana.open(case.path("/died"))
    assert "We are sorry" in ana.text
    ana.send()
    ana.open(case.path())
    assert "This person died" in ana.text
    assert "Reviews for this person" not in ana.text
    ana.send(case.path("/alive"))
    assert "Reviews for this person" in ana.text


def test_erased_is_gone_everywhere(case: Case) -> None:
    ana = case.ana
    ana.send(case.path("/answers"))
    ana.open(case.path("/erase"))
    ana.send()
    assert "The person is erased" in ana.text
    assert "A-117" not in ana.text
    assert ana.open(case.path()).status_code == 404
    ana.open("/check")
    assert "A-117" not in ana.text


def test_the_sheet_bears_the_code_and_speaks_the_persons_language(case: Case) -> None:
    ana = case.ana
    ana.open(case.path("/details"))
    ana.send(code="A-117", language="es", version="2")
    ana.open(case.path("/sheet"))
    assert "Código: A-117" in ana.text
    assert '<html lang="en"' in ana.page
    assert '<div lang="es">' in ana.page
    assert "cuida" not in ana.text.partition('<div lang="es">')[2]


def test_a_note_to_the_person_tells_what_was_shared(case: Case) -> None:
    ana = case.ana
    ana.open(case.path("/note"))
    assert "Nothing was shared with this person yet" in ana.text
    case.share()
    ana.open(case.path("/note"))
    letter = ana.text.partition("<textarea")[2].partition("</textarea>")[0]
    for told in ("Hello,", "Treating advanced breast cancer", "ESR1", "not medical advice"):
        assert told in letter
    assert "A-117" not in letter
    assert "52" not in letter
    assert "May be about you" in letter
    assert "titles can tell about an illness" in ana.text
    ana.open(case.path())
    assert "Shared" in ana.text


def letter_of(case: Case) -> str:
    case.ana.open(case.path("/note"))
    return case.ana.text.partition("<textarea")[2].partition("</textarea>")[0]


def test_a_note_says_which_language_titles_are_in(case: Case) -> None:
    case.share()
    case.ana.open(case.path("/details"))
    case.ana.send(code="A-117", language="es", version="2")
    assert "shows promise (en inglés)" in letter_of(case)
    assert "Puede tratar de usted" in letter_of(case)


def test_a_note_leaves_out_what_does_not_concern_any_more(case: Case) -> None:
    case.share()
    give_answers(case.ana, case.panel, case.person, **{**ANSWERED, "er": "negative"})
    assert "Partly about you" in letter_of(case)
    give_answers(case.ana, case.panel, case.person, cancer_status="never")
    assert letter_of(case) == ""


def test_a_note_leaves_out_what_was_set_aside(case: Case) -> None:
    case.share()
    assert "ESR1" in letter_of(case)
    case.ana.send(case.path(f"/studies/{CAMIZESTRANT}/state"), state="dismissed", seen="shared")
    assert letter_of(case) == ""


def test_all_that_is_kept_goes_out_as_a_file(case: Case) -> None:
    response = case.ana.send(case.path("/file"))
    told = json.loads(response.get_data(as_text=True))
    assert told["person"]["code"] == "A-117"
    assert "A-117" not in response.headers["Content-Disposition"]


def test_contradictions_are_told_with_both_answers(case: Case) -> None:
    ana = case.ana
    give_answers(ana, case.panel, case.person, **ANSWERED, triple_negative="yes")
    ana.open(case.path())
    assert "Two answers do not go together" in ana.text


def test_a_person_of_another_panel_is_not_there(case: Case, worker: MakeWorker) -> None:
    other = make_panel(case.ana, "Other")
    missing = case.ana.open(person_path(other, "0" * 32)).text
    there = case.ana.open(person_path(other, case.person))
    assert there.status_code == 404
    assert without(there.text, case.person) == without(missing, "0" * 32)
    eve = worker("eve@elsewhere.org", organisation="Elsewhere")
    eve.sign_in()
    for rest in ("", "/details", "/sheet", "/note", "/facts/er", "/erase"):
        assert eve.open(case.path(rest)).status_code == 404
