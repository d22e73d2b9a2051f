"""Panels: made, opened, named, shared, given away and put away over the pages."""

from __future__ import annotations

from collections.abc import Callable

from tests.web.desk.panel_person import ANSWERED, add_person, enter_answers, make_panel, person_path
from tests.web.desk.worker import Worker

MakeWorker = Callable[..., Worker]


def test_the_first_way_from_sign_in_to_a_persons_page(worker: MakeWorker) -> None:
    ana = worker()
    ana.sign_in()
    assert "You have no panel yet" in ana.text
    panel = make_panel(ana)
    assert "Nobody is in this panel yet" in ana.text
    ana.open(f"/desk/panels/{panel}/people/add")
    ana.send(code="A-117", language="es", consent="yes")
    assert ana.place.startswith("/questions/")
    assert "You are filling this in for A-117." in ana.text
    for key, value in ANSWERED.items():
        ana.answer(key, value)
    ana.open("/check")
    assert "Keep for A-117" in ana.text
    (person,) = {part for part in ana.page.split("/") if len(part) == 32 and part != panel}
    ana.send(person_path(panel, person, "/answers/keep"), source="told")
    assert ana.place == person_path(panel, person)
    assert "The answers are kept." in ana.text
    for words in (
        "A-117",
        "ER-positive",
        "told by the person",
        "Spanish",
        "Reviews for this person",
    ):
        assert words in ana.text, words
    ana.open("/check")
    assert "You are filling this in" not in ana.text
