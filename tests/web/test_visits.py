"""Visits: sealed, opened by the browser's token alone, gone in time and when told."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher import crypto
from matcher.services import visits
from matcher.store.database import session
from matcher.store.errors import StoreError
from matcher.web.pages import questions
from matcher.web.site import EXTENSION
from matcher.web.sweeping import PAUSE, Timer, erase_ended
from tests.lab.waiting import until
from tests.services.subscribing.kept import add_person, person_of
from tests.web.conftest import NOON, Clock
from tests.web.mails import desk_of
from tests.web.person import Person
from tests.web.test_sheet import tell

SECRET = "a server secret long enough"
MARKER = {"er": "positive", "cancer": ["melanoma"]}


def begin(engine: sa.Engine, *, shared: bool = False) -> tuple[str, visits.Visit]:
    with session(engine, writing=True) as opened:
        return visits.begin_visit(
            opened, SECRET, about="self", shared=shared, now=NOON, answers=MARKER
        )


def open_at(engine: sa.Engine, token: str, secret: str = SECRET, **later: int) -> object:
    with session(engine) as opened:
        return visits.open_visit(opened, token, secret, now=NOON + timedelta(**later))


def another_her2(visit: visits.Visit) -> visits.Visit:
    return visit.answered("her2", "low").answered("er", None)


def test_the_token_opens_what_was_kept(engine: sa.Engine) -> None:
    token, visit = begin(engine)
    assert open_at(engine, token) == visit
    assert visit.answers == MARKER


def test_a_changed_answer_is_kept_and_the_end_stays(engine: sa.Engine) -> None:
    token, visit = begin(engine)
    with session(engine, writing=True) as opened:
        visits.change_visit(opened, token, SECRET, another_her2, now=NOON)
    found = open_at(engine, token, hours=23)
    assert isinstance(found, visits.Visit)
    assert found.answers == {"cancer": ["melanoma"], "her2": "low"}
    assert found.ends == visit.ends


@pytest.mark.parametrize(("shared", "hours"), [(False, 24), (True, 2)])
def test_a_visit_ends_in_time(engine: sa.Engine, *, shared: bool, hours: int) -> None:
    token, _ = begin(engine, shared=shared)
    assert open_at(engine, token, hours=hours, minutes=-1) is not None
    assert open_at(engine, token, hours=hours) is None


def test_what_has_ended_is_erased(engine: sa.Engine) -> None:
    begin(engine)
    begin(engine, shared=True)
    with session(engine, writing=True) as opened:
        assert visits.purge(opened, now=NOON + timedelta(hours=3)) == 1
        assert visits.purge(opened, now=NOON + timedelta(hours=30)) == 1


def test_a_new_visit_sweeps_up_what_has_ended(engine: sa.Engine) -> None:
    begin(engine, shared=True)
    with session(engine, writing=True) as opened:
        later = NOON + timedelta(hours=3)
        visits.begin_visit(opened, SECRET, about="self", shared=False, now=later)
        assert opened.execute(sa.text("select count(*) from visit")).scalar() == 1


def test_any_request_sweeps_up_what_has_ended(
    make_app: Callable[..., Flask], engine: sa.Engine, clock: Clock
) -> None:
    client = make_app().test_client()
    client.get("/healthz")
    begin(engine, shared=True)
    clock.now += timedelta(hours=2)
    client.get("/healthz")
    for _ in range(100):
        with session(engine) as opened:
            left = opened.execute(sa.text("select count(*) from visit")).scalar()
        if left == 0:
            return
        sleep(0.05)
    pytest.fail("the ended visit is still there")


def test_sweeping_is_due_every_ten_minutes() -> None:
    timer, later = Timer(PAUSE), Timer(PAUSE, at_once=False)
    minutes = (0, 0, 9, 10, 11, 20)
    due = [timer.is_due(NOON + timedelta(minutes=after)) for after in minutes]
    assert due == [True, False, False, True, False, True]
    due = [later.is_due(NOON + timedelta(minutes=after)) for after in minutes]
    assert due == [False, False, False, True, False, True]


def test_subscribers_are_swept_where_no_mails_are_sent_too(
    make_app: Callable[..., Flask], clock: Clock
) -> None:
    app = make_app()
    client, desk = app.test_client(), desk_of(app)
    add_person(desk, standing="stopped", stopped_reason="unsubscribed", stopped_at=NOON)
    client.get("/privacy")
    clock.now += timedelta(days=30)
    client.get("/privacy")
    assert until(lambda: person_of(desk) is None)


def test_what_was_erased_meanwhile_is_not_put_back(engine: sa.Engine) -> None:
    token, _ = begin(engine)
    with session(engine, writing=True) as opened:
        visits.end_visit(opened, token)
    with session(engine, writing=True) as opened:
        assert visits.change_visit(opened, token, SECRET, another_her2, now=NOON) is None
    assert open_at(engine, token) is None


def test_a_busy_database_is_swept_the_next_time(
    engine: sa.Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_: object, **__: object) -> None:
        raise StoreError("the database is locked", "there", "Wait.")

    begin(engine, shared=True)
    later = NOON + timedelta(hours=3)
    with monkeypatch.context() as patched:
        patched.setattr(visits, "purge", busy)
        erase_ended(engine, later)
    with session(engine) as opened:
        assert opened.execute(sa.text("select count(*) from visit")).scalar() == 1
    erase_ended(engine, later)
    with session(engine) as opened:
        assert opened.execute(sa.text("select count(*) from visit")).scalar() == 0


def test_an_ended_visit_is_gone_and_ending_it_twice_is_no_error(engine: sa.Engine) -> None:
    token, _ = begin(engine)
    for _ in range(2):
        with session(engine, writing=True) as opened:
            visits.end_visit(opened, token)
    assert open_at(engine, token) is None


def test_another_token_or_secret_opens_nothing(engine: sa.Engine) -> None:
    token, _ = begin(engine)
    assert open_at(engine, crypto.new_token()) is None
    assert open_at(engine, token, secret="another secret long enough") is None


def test_after_a_change_of_keys_the_older_one_still_opens(engine: sa.Engine) -> None:
    token, visit = begin(engine)
    new = "the new secret long enough"
    assert open_at(engine, token, secret=new) is None
    assert open_at(engine, token, secret=f"{new}, {SECRET}") == visit


def test_no_answer_and_no_token_lies_in_the_file(engine: sa.Engine, tmp_path: Path) -> None:
    token, _ = begin(engine)
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("matcher.db*"))
    assert crypto.token_hash(token).encode() in stored
    for secret in (token, "melanoma", "positive", SECRET):
        assert secret.encode() not in stored


def test_clearing_leaves_nothing_behind(make_app: Callable[..., Flask], engine: sa.Engine) -> None:
    person = Person(make_app().test_client())
    person.begin()
    person.answer("er", "positive")
    person.open("/check")
    response = person.send("/clear")
    assert person.path == "/cleared"
    (cleared,) = response.history
    assert cleared.headers["Clear-Site-Data"] == '"cache"'
    assert person.client.get_cookie("matcher") is None
    with session(engine) as opened:
        assert opened.execute(sa.text("select count(*) from visit")).scalar() == 0
    person.open("/results")
    assert "There are no answers here" in person.page


def test_a_stolen_cookie_is_useless_after_clearing(person: Person) -> None:
    person.begin()
    person.answer("er", "positive")
    cookie = person.client.get_cookie("matcher")
    assert cookie is not None
    person.send("/clear")
    person.client.set_cookie("matcher", cookie.value)
    person.open("/check")
    assert "There are no answers here" in person.page


@pytest.mark.parametrize(("before", "after"), [("self", "other"), ("other", "loss")])
def test_starting_about_somebody_else_clears_the_answers_once_that_was_said(
    person: Person, before: str, after: str
) -> None:
    person.begin(before)
    person.answer("er", "positive")
    person.answer("her2", "low")
    person.begin(after, shared="yes")
    assert "You gave 2 answers here. If you start anew for another person" in person.text
    assert 'href="/check"' in person.page
    stays = person.page
    person.open("/check")
    assert "ER-positive" in person.page
    person.page, person.path = stays, "/who"
    person.send(about=after, shared="yes", anew="yes")
    assert person.path.startswith("/questions/")
    person.open("/check")
    assert "ER-positive" not in person.page
    person.open("/who")
    assert re.search(rf'value="{after}"\s+checked', person.page)
    assert re.search(r'name="shared"[^>]*\schecked', person.page)


def test_who_has_not_answered_yet_may_change_whom_it_is_for(person: Person) -> None:
    person.begin("self")
    person.begin("other")
    assert person.path.startswith("/questions/")


@pytest.mark.parametrize(
    ("about", "fields"), [("self", {"shared": "yes"}), ("loss", {}), ("loss", {"shared": "yes"})]
)
def test_another_device_or_a_loss_keeps_all_that_was_told(
    app: Flask, person: Person, about: str, fields: dict[str, str]
) -> None:
    tell(person, MARKER, picked={"tumor": ["ESR1"]}, leave_out=True, subscription="somebody")
    person.begin(about, **fields)
    site = app.extensions[EXTENSION]
    cookie = person.client.get_cookie("matcher")
    assert cookie is not None
    assert (cookie.max_age is None) == bool(fields)
    key = site.settings.data_key
    with session(site.engine) as opened:
        visit = visits.open_visit(opened, cookie.value, key, now=NOON)
        hours = 2 if fields else 24
        late = NOON + timedelta(hours=hours)
        assert visits.open_visit(opened, cookie.value, key, now=late) is None
    assert visit is not None
    assert (visit.about, visit.shared) == (about, bool(fields))
    assert visit.ends == late
    assert (visit.answers, visit.picked, visit.leave_out) == (MARKER, {"tumor": ["ESR1"]}, True)
    assert visit.subscription == "somebody"


@pytest.mark.parametrize("token", ["", "x", "\udcff", "a" * 200, "🙂", "' or 1=1 --"])
def test_any_cookie_is_met_calmly(person: Person, token: str) -> None:
    person.client.set_cookie("matcher", token.encode("utf-8", "replace").decode())
    assert person.open("/results").status_code == 200
    assert "There are no answers here" in person.page


def test_what_another_window_answered_meanwhile_stays(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    person.begin()
    other = Person(person.client)
    usual = questions.read_answer

    def meanwhile(*args: Any) -> Any:
        """The other window is heard between the reading of this one's visit and its keeping."""
        monkeypatch.setattr(questions, "read_answer", usual)
        other.answer("age", 52)
        return usual(*args)

    person.open("/questions/cancer")
    monkeypatch.setattr(questions, "read_answer", meanwhile)
    person.send(answer="breast")
    person.open("/check")
    given = person.text
    assert "Breast cancer" in given
    assert "52" in given
