"""Two at once: two navigators do the same to one panel in the same moment; one of them is told."""

from __future__ import annotations

import io
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from werkzeug.test import TestResponse

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher
from matcher.services.panels import organising
from matcher.store.accounts import account_by_email
from matcher.store.database import session
from matcher.web import create_app
from tests.web.catalogue import CAMIZESTRANT
from tests.web.conftest import Clock
from tests.web.desk.crawl import Probe, ask
from tests.web.desk.panelled import FITS, Panelled, panelled, put_studies
from tests.web.desk.worker import Worker, with_cheap_passwords
from tests.web.mails import site_of

ROUNDS = range(6)
TOKEN = re.compile(r'name="token" value="([^"]+)"')
TABLE = b"code,er\nX-1,negative\nX-2,positive\n"


@dataclass
class Pair:
    """Ana, who owns the panel, and Ben, who is a member of it."""

    ana: Panelled
    ben: Worker

    def both(self, path: str, *fields: dict[str, str]) -> list[TestResponse]:
        """Both send a form of the panel in the same moment, with the same fields or each theirs."""
        return self.each((path, fields[0]), (path, fields[-1]))

    def each(self, *forms: tuple[str, dict[str, str]]) -> list[TestResponse]:
        """Ana sends the first form and Ben the second, in the same moment."""
        start = Barrier(2)

        def send(worker: Worker, path: str, fields: dict[str, str]) -> TestResponse:
            probe = Probe("POST", self.ana.root + path, tuple(fields.items()))
            start.wait()
            return ask(worker, probe)

        workers = (self.ana.worker, self.ben)
        with ThreadPoolExecutor(2) as pool:
            sent = [pool.submit(send, who, *form) for who, form in zip(workers, forms, strict=True)]
            return [one.result() for one in sent]

    def count(self, table: str) -> int:
        """How many rows a table has."""
        with site_of(self.ana.app).engine.connect() as connection:
            return int(connection.scalar(sa.text(f'select count(*) from "{table}"')) or 0)


@pytest.fixture
def pair(store: sa.Engine, tmp_path: Path, book: Rulebook, small_matcher: Matcher) -> Pair:
    """Over a database of each kind: they lock in other ways."""
    keys = ("a secret for the tests", "a key for the tests", "a lookup key of tests")
    app = with_cheap_passwords(
        create_app(
            Settings(tmp_path, str(store.url), *keys),
            book,
            engine=store,
            matcher=lambda: small_matcher,
            clock=Clock(),
        )
    )
    put_studies(app)
    here, ana, ben = site_of(app), panelled(app), panelled(app, "ben@clinic.org")
    with session(here.engine) as opened:
        account = account_by_email(opened, ben.worker.email)
    assert account
    ana.work(lambda s, p: organising.add_member(s, p, account.public_id, now=here.clock()))
    for who in (ana, ben):
        who.worker.open("/desk")
    return Pair(ana, ben.worker)


def statuses(answers: list[TestResponse]) -> list[int]:
    return sorted(one.status_code for one in answers)


def test_one_code_is_one_persons(pair: Pair) -> None:
    for number in ROUNDS:
        told = {"code": f"A-{number}", "language": "en", "consent": "yes", "then": "later"}
        answers = pair.both("/people/add", told, {**told, "code": f"a-{number}"})
        assert statuses(answers) == [303, 422]
        assert pair.count("panel_person") == number + 1


def test_answers_that_were_read_together_are_kept_once(pair: Pair) -> None:
    person = pair.ana.add("A-117", FITS).public_id
    path = f"/people/{person}/answers"
    for number in ROUNDS:
        value = ("low", "negative")[number % 2]
        for who in (pair.ana.worker, pair.ben):
            who.open(f"{pair.ana.root}/people/{person}")
            who.send(pair.ana.root + path)
            who.answer("er", value)
        pair.ben.answer("her2", ("low", "positive")[number % 2])
        answers = pair.both(f"{path}/keep", {"source": "told"})
        assert statuses(answers) == [303, 409]
        for who in (pair.ana.worker, pair.ben):
            who.open("/desk")
            who.send(f"{pair.ana.root}{path}/drop")
    kept = pair.ana.actions().count("answers_changed")
    assert kept == len(ROUNDS)


def test_a_state_that_was_seen_together_is_set_once(pair: Pair) -> None:
    person, seen = pair.ana.add("A-117", FITS).public_id, "new"
    path = f"/people/{person}/studies/{CAMIZESTRANT}/state"
    for number in ROUNDS:
        wanted = (("discussed", "not_now"), ("shared", "new"))[number % 2]
        forms = [{"state": one, "seen": seen} for one in wanted]
        answers = pair.both(path, *forms)
        assert statuses(answers) == [303, 409]
        seen = next(one for one, answer in zip(wanted, answers, strict=True) if answer.location)
    assert pair.ana.actions().count("state_set") == len(ROUNDS)


def test_a_file_is_taken_once(pair: Pair) -> None:
    for number in ROUNDS:
        files = (io.BytesIO(TABLE.replace(b"X", b"X%d" % number)), "people.csv")
        pair.ana.worker.send(f"{pair.ana.root}/records", file=files)
        token = TOKEN.search(pair.ana.worker.page)
        assert token
        told = {"token": token[1], "row": "0", "consent": "yes", "language": "en"}
        answers = pair.both("/records/take", told)
        assert statuses(answers) == [200, 422]
        assert pair.count("panel_person") == number + 1


def test_nothing_is_left_of_who_is_erased_while_somebody_writes(pair: Pair) -> None:
    writing: list[tuple[str, dict[str, str]]] = [
        ("/notes", {"text": "She asked"}),
        (f"/studies/{CAMIZESTRANT}/state", {"state": "dismissed", "reason": "Too far"}),
        ("/erase", {}),
        ("/hand-over", {"version": "1", "owner": "x"}),
        ("/hand-over", {"version": "1", "owner": "x"}),
    ]
    for number, (path, fields) in enumerate(writing * 3):
        of = f"/people/{pair.ana.add(f'A-{number}', FITS).public_id}"
        erased, other = pair.each((f"{of}/erase", {}), (of + path, fields))
        assert erased.status_code == 303
        assert other.status_code in (303, 404, 422)
        for table in ("panel_person", "person_note", "person_study"):
            assert pair.count(table) == 0


def test_who_is_taken_out_while_writing_has_written_or_not(pair: Pair) -> None:
    person = pair.ana.add("A-117", FITS).public_id
    pair.ana.worker.open(f"{pair.ana.root}/settings")
    found = re.search(r'name="member" value="([0-9a-f]{32})"', pair.ana.worker.page)
    assert found
    forms = ("/members/remove", {"member": found[1]}), (f"/people/{person}/notes", {"text": "A"})
    removed, noted = pair.each(*forms)
    assert removed.status_code == 303
    assert noted.status_code in (303, 404)
    assert pair.count("person_note") == (noted.status_code == 303)
    assert pair.ben.open(pair.ana.root).status_code == 404
