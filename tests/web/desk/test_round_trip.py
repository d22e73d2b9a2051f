"""Round trip: a panel goes out as a table and comes into another one over the pages, unchanged.

And no cell of any table that the desk gives away begins a formula.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Flask

from matcher.services.panels import organising, people
from matcher.services.panels.facts import check_again
from matcher.services.panels.people import NewPerson
from matcher.services.panels.persons import Details
from matcher.services.panels.profile import Fact, PersonProfile
from matcher.store.accounts import account_by_email
from matcher.store.database import session
from matcher.store.panel_people import codes
from tests.web.desk.panelled import FITS, OTHER, Panelled, panelled, put_studies
from tests.web.mails import site_of

TOKEN = re.compile(r'name="token" value="([^"]+)"')
PEOPLE: Mapping[str, Mapping[str, Any]] = {
    "A-117": FITS,
    "-117": OTHER,
    "b/2 #3": {"er": "low", "her2": "ultralow", "treatments": ["tamoxifen", "unknown"]},
    "C.009": {"tumor": {"ESR1": {"result": "none", "on": "2026-03"}, "MSI_H": "negative"}},
    "D_4": {"inherited": {"BRCA1": "mutation", "any": "uncertain"}, "age": 0, "lines": 20},
    "E5": {"stage": "4", "race_ethnicity": ["black", "ashkenazi"], "pregnant": "no"},
    "F6": {"er": "declined", "treatments": ["declined"]},
    "g7": {},
}
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n")
FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "=cmd|' /C calc'!A0", "\uff1d1+1", " =1+1"]


def table(of: Panelled, path: str) -> str:
    """A table that the panel gives."""
    answer = of.worker.client.get(of.root + path, headers=of.worker.headers)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return answer.get_data(as_text=True)


def taken(of: Panelled, text: str) -> str:
    """Have a table read, and take everybody; what is said of it."""
    of.worker.open(f"{of.root}/records")
    of.worker.send(f"{of.root}/records", file=(io.BytesIO(text.encode()), "panel.csv"))
    token = TOKEN.search(of.worker.page)
    assert token, of.worker.text
    rows = re.findall(r'name="row"[^>]* value="(\d+)"', of.worker.page)
    told = {"token": token[1], "row": rows, "consent": "yes", "language": "en"}
    of.worker.send(f"{of.root}/records/take", **told)
    return of.worker.text


def test_a_panel_goes_out_and_comes_in_unchanged(desk_app: Flask) -> None:
    put_studies(desk_app)
    ana, eva = panelled(desk_app), panelled(desk_app, "eva@charity.org", organisation="Charity")
    for code, answers in PEOPLE.items():
        ana.add(code, answers)
    went = table(ana, "/records/panel.csv")
    said = taken(eva, went)
    assert f"{len(PEOPLE)} people were added" in said, said
    came = table(eva, "/records/panel.csv")
    assert came == went
    assert set(eva.work(lambda s, p: codes(s, p.id)).values()) == set(PEOPLE)
    # The same table again changes nobody.
    eva.worker.send(f"{eva.root}/records", file=(io.BytesIO(came.encode()), "panel.csv"))
    assert 'name="row"' not in eva.worker.page


def test_sources_and_dates_go_with_the_answers_and_what_is_old_stays_old(desk_app: Flask) -> None:
    put_studies(desk_app)
    ana, eva = panelled(desk_app), panelled(desk_app, "eva@charity.org", organisation="Charity")
    here, old = site_of(desk_app), datetime(2024, 3, 1, tzinfo=UTC)
    answers = {**FITS, "tumor": {"ESR1": "mutation", "PIK3CA": {"result": "none", "on": "2026-10"}}}
    told = Fact("report", "2026-09", here.clock().isoformat())
    new = NewPerson(Details("A-1"), PersonProfile(answers, facts={"er": told}), consent=True)
    # All but ER was noted long ago, without a date.
    ana.work(lambda s, p: people.add_person(s, here.desk, p, new, now=old))
    taken(eva, table(ana, "/records/panel.csv"))
    before, after = ana.person("A-1").profile, eva.person("A-1").profile
    assert (after.facts["er"].source, after.facts["er"].on) == ("report", "2026-09")
    assert (after.facts["her2"].source, after.facts["her2"].on) == ("told", "2024-03-01")
    assert after.facts["tumor.PIK3CA"].on == "2026-10"
    counts = [check_again(one, here.rulebook, today=here.today) for one in (before, after)]
    assert counts[0] == counts[1]
    assert {"her2", "tumor.ESR1"} <= set(counts[0])
    # Read in where it came from, it says nothing new.
    ana.worker.open(f"{ana.root}/records")
    sent = (io.BytesIO(table(ana, "/records/panel.csv").encode()), "panel.csv")
    ana.worker.send(f"{ana.root}/records", file=sent)
    assert 'name="row"' not in ana.worker.page


def test_no_cell_begins_a_formula(desk_app: Flask) -> None:
    put_studies(desk_app)
    ana = panelled(desk_app)
    now = site_of(desk_app).clock()
    for number, formula in enumerate(FORMULAS):
        other = panelled(desk_app, f"other{number}@clinic.org")
        with session(site_of(desk_app).engine, writing=True) as opened:
            account = account_by_email(opened, other.worker.email)
            assert account is not None
            account.name, id = formula, account.public_id
            opened.add(account)
            opened.commit()
        ana.work(lambda s, p, id=id: organising.add_member(s, p, id, now=now))
        ana.add(f"-{number}")
        mine = Panelled(desk_app, other.worker, ana.panel)
        mine.add(f"-{number}x")
    for path in ("/records/panel.csv", "/trail/trail.csv", "/matrix.csv", "/records/template.csv"):
        rows = list(csv.reader(io.StringIO(table(ana, path).lstrip("\ufeff"))))
        cells = [cell for row in rows for cell in row]
        assert len(cells) > 10
        assert [cell for cell in cells if cell.startswith(BEGINNINGS)] == [], path
