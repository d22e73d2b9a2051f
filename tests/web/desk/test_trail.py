"""Trail: the owner sees who read and changed what, of all or of one person, and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from tests.web.desk.panel_person import add_person, make_panel, person_path
from tests.web.desk.worker import Worker

MakeWorker = Callable[..., Worker]


def test_the_owner_sees_what_was_read_and_changed(worker: MakeWorker) -> None:
    ana = worker()
    ana.sign_in()
    panel = make_panel(ana)
    person = add_person(ana, panel, "=A-117"[1:])
    add_person(ana, panel, "B-2")
    trail = f"/desk/panels/{panel}/trail"
    ana.open(trail)
    for told in ("made the panel", "added a person", "opened a person", "A-117", "B-2"):
        assert told in ana.text, told
    ana.open(f"{trail}?only=changes")
    assert "opened a person" not in ana.text
    assert "added a person" in ana.text
    ana.open(f"{trail}?person={person}")
    assert "Trail of A-117" in ana.text
    assert "B-2" not in ana.text
    ana.open(f"{trail}?who=Nobody")
    assert "Nothing here." in ana.text
    rows = list(csv.reader(io.StringIO(ana.open(f"{trail}/trail.csv").text.lstrip("\ufeff"))))
    assert rows[0][0] == "at" or "at" in rows[0][0]
    assert any({"person_added", "added a person"} <= set(row) for row in rows), rows


def test_after_erasure_the_trail_names_nobody(worker: MakeWorker) -> None:
    ana = worker()
    ana.sign_in()
    panel = make_panel(ana)
    person = add_person(ana, panel, "A-117")
    ana.open(person_path(panel, person, "/erase"))
    ana.send()
    ana.open(f"/desk/panels/{panel}/trail")
    assert "an erased person" in ana.text
    assert "A-117" not in ana.text


def test_a_member_who_is_not_the_owner_has_no_trail(worker: MakeWorker) -> None:
    ana, ben = worker(), worker("ben@clinic.org")
    for one in (ana, ben):
        one.sign_in()
    panel = make_panel(ana)
    ana.open(f"/desk/panels/{panel}/settings")
    ben_id = ana.page.partition('name="colleague">')[2].partition('value="')[2][:32]
    ana.send(f"/desk/panels/{panel}/members", colleague=ben_id)
    assert ben.open(f"/desk/panels/{panel}").status_code == 200
    assert "/trail" not in ben.page
    assert ben.open(f"/desk/panels/{panel}/trail").status_code == 404
    assert ben.open(f"/desk/panels/{panel}/trail/trail.csv").status_code == 404
