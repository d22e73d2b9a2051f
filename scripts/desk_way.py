"""The navigator's way, page by page: a panel of thirty people whom nobody knows, as
`screenshots.py` photographs it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Flask
from playwright.sync_api import Page

from matcher.services.accounts.invitations import accept
from matcher.services.accounts.people import add_account
from matcher.services.accounts.sessions import begin_session
from matcher.services.panels import organising, people, work
from matcher.services.panels.people import NewPerson
from matcher.services.panels.persons import Details
from matcher.services.panels.profile import PersonProfile
from matcher.services.panels.walls import OpenPanel, open_panel
from matcher.services.panels.work import NewNote, ToShare, Wanted
from matcher.store.accounts import account_by_email
from matcher.store.database import session
from matcher.web.desk.session import TOKEN
from matcher.web.site import EXTENSION, Site
from scripts.patient_way import STUDY, Shot, at

EMAIL = "ana@clinic.example"
LARGE, SMALL = 30, 12
ADVANCED = {"cancer": ["breast"], "cancer_status": "now", "extent": "metastatic"}
EARLY = {"cancer": ["breast"], "cancer_status": "now", "extent": "early"}
HORMONAL = {"er": "positive", "her2": "negative"}
KINDS: tuple[Mapping[str, Any], ...] = (
    {**ADVANCED, **HORMONAL, "tumor": {"ESR1": "mutation"}, "menopause": "post", "age": 61},
    {**ADVANCED, **HORMONAL, "age": 48},
    {**EARLY, **HORMONAL, "menopause": "pre", "age": 39},
    {**EARLY, "er": "negative", "pr": "negative", "her2": "negative", "age": 44},
    {**ADVANCED, "er": "negative", "her2": "positive", "age": 55},
    {**EARLY, "age": 67},
    {**ADVANCED, **HORMONAL, "tumor": {"ESR1": "none"}, "age": 70},
    {"cancer_status": "never", "inherited": {"BRCA1": "mutation"}, "age": 33},
    {"cancer": ["ovarian"], "cancer_status": "now", "age": 58},
    {},
)
"""People as there are in a clinic; beyond them it begins again."""
CDK = "cdk-inhibitors-may-increase-survival-for-er-positive-metastatic-breast-cancer-patients"
ALSO_SHARED = {
    CDK: (1, 6),
    "breast-surgeons-recommend-genetic-testing-for-all-breast-cancer-patients": (2, 3, 5),
}
"""Further reviews that were shared, by key: with whom, by place."""


@dataclass(frozen=True)
class DeskWay:
    """A navigator's way through the panels at `panel` (thirty people), `small` and `empty`."""

    cookie: Mapping[str, Any]
    panel: str
    small: str
    empty: str
    person: str
    other: str

    def shots(self) -> tuple[Shot, ...]:
        """All pages in their order; each can be opened by itself."""
        panel, empty = f"/desk/panels/{self.panel}", f"/desk/panels/{self.empty}"
        person, other = f"{panel}/people/{self.person}", f"{panel}/people/{self.other}"
        add = "main form .govuk-button"
        return (
            Shot("desk-sign-in", at("/desk/sign-in")),
            Shot("desk-sign-in-error", pressed("/desk/sign-in", add)),
            Shot("desk-home", self._let_in),
            Shot("desk-account", at("/desk/account")),
            Shot("desk-second", at("/desk/account/second-factor")),
            Shot("desk-people", at(panel)),
            Shot("desk-people-empty", at(empty)),
            Shot("desk-matrix", opened(f"{panel}/matrix")),
            Shot("desk-matrix-window", opened(f"{panel}/matrix"), window=True),
            Shot("desk-matrix-small", self.small_matrix),
            Shot("desk-matrix-filter", opened(f"{panel}/matrix?least=may_fit")),
            Shot("desk-matrix-none", opened(f"{panel}/matrix?title=nothing+is+called+so")),
            Shot("desk-matrix-empty", at(f"{empty}/matrix")),
            Shot("desk-review", at(f"{panel}{STUDY}")),
            Shot("desk-review-error", pressed(f"{panel}{STUDY}", "#share .govuk-button")),
            Shot("desk-pair", at(f"{person}{STUDY}")),
            Shot("desk-pair-error", self._misnote(f"{person}{STUDY}")),
            Shot("desk-news", at(f"{panel}/news")),
            Shot("desk-news-empty", at(f"{empty}/news")),
            Shot("desk-work", at(f"{panel}/work")),
            Shot("desk-work-empty", at(f"{empty}/work")),
            Shot("desk-person", at(person)),
            Shot("desk-person-other", at(other)),
            Shot("desk-details", at(f"{person}/details")),
            Shot("desk-fact", at(f"{person}/facts/er")),
            Shot("desk-erase", at(f"{person}/erase")),
            Shot("desk-died", at(f"{person}/died")),
            Shot("desk-sheet", at(f"{person}/sheet")),
            Shot("desk-letter", at(f"{other}/note")),
            Shot("desk-add", at(f"{panel}/people/add")),
            Shot("desk-add-error", pressed(f"{panel}/people/add", add)),
            Shot("desk-records", at(f"{panel}/records")),
            Shot("desk-records-error", pressed(f"{panel}/records", add)),
            Shot("desk-found", look_at_files(f"{panel}/records")),
            Shot("desk-trail", at(f"{panel}/trail")),
            Shot("desk-settings", at(f"{panel}/settings")),
        )

    def let_in(self, page: Page, url: str) -> None:
        """Give the browser the navigator's sign-in."""
        page.context.add_cookies([{**self.cookie, "url": url}])  # type: ignore[list-item]

    def small_matrix(self, page: Page) -> None:
        """The table of the small panel: the reviews that reach somebody, the filter folded."""
        opened(f"/desk/panels/{self.small}/matrix?least=may_fit")(page)
        page.locator("details.filter").evaluate("fold => { fold.open = false }")

    def _let_in(self, page: Page) -> None:
        page.goto("/desk/sign-in")
        self.let_in(page, page.url.partition("/desk")[0])
        page.goto("/desk")
        # An account has a language of its own, which the browser does not change.
        if page.evaluate("navigator.language").startswith("es"):
            page.get_by_text("Español", exact=True).first.click()
            page.wait_for_load_state("networkidle")

    def _misnote(self, path: str) -> Callable[[Page], None]:
        return pressed(path, 'form[action$="/notes"] .govuk-button')


def opened(path: str) -> Callable[[Page], None]:
    """Goes to a page of the matrix, and waits for what it fetches by itself."""

    def gone(page: Page) -> None:
        page.goto(path)
        page.wait_for_load_state("networkidle")

    return gone


def pressed(path: str, button: str) -> Callable[[Page], None]:
    """Goes to a page and presses a button there without filling anything in."""

    def gone(page: Page) -> None:
        page.goto(path)
        page.locator(button).first.click()
        page.wait_for_load_state("networkidle")

    return gone


def look_at_files(path: str) -> Callable[[Page], None]:
    """Has a small table read, one row of which cannot be."""
    rows = (b"code,cancer,er,age", b"N-1,breast,positive,52", b"N-2,breast,perhaps,61")
    content = b"\r\n".join((*rows, b"A-101,breast,negative,61"))

    def gone(page: Page) -> None:
        page.goto(path)
        file = {"name": "people.csv", "mimeType": "text/csv", "buffer": content}
        page.set_input_files("#file", files=[file])  # type: ignore[list-item]
        with page.expect_navigation():
            page.locator("main form .govuk-button").first.click()

    return gone


def desk_way(app: Flask) -> DeskWay:
    """Put the navigator, the panels and the people into a site's database."""
    here: Site = app.extensions[EXTENSION]
    now = here.clock()
    with session(here.engine, writing=True) as opened_now:
        invited = add_account(
            opened_now, email=EMAIL, name="Ana Ruiz", roles=("navigator",),
            organisation="Clinic North", language="en", now=now,
        )  # fmt: skip
        accept(opened_now, invited.token, password_hash="nobody signs in with it", now=now)
        account = account_by_email(opened_now, EMAIL)
        assert account is not None
        assert account.id is not None
        token = begin_session(opened_now, account.id, agent="", now=now)
        who = account.fs_uniquifier
        made = [
            organising.make_panel(opened_now, account.id, name=name, now=now).panel.public_id
            for name in ("All of the clinic", "Tuesday clinic", "New patients")
        ]
        for public_id, many in ((made[1], SMALL), (made[0], LARGE)):
            panel = open_panel(opened_now, account.id, public_id)
            ids = [_add(here, opened_now, panel, number) for number in range(many)]
            _worked(here, opened_now, panel, ids)
    with app.test_client() as client:
        with client.session_transaction() as kept:
            kept["_user_id"], kept[TOKEN] = who, token
        name = app.config["SESSION_COOKIE_NAME"]
        cookie = client.get_cookie(name)
    assert cookie is not None
    return DeskWay({"name": name, "value": cookie.value}, *made, ids[0], ids[1])


def _add(here: Site, opened_now: Any, panel: OpenPanel, number: int) -> str:
    details = Details(
        f"A-{101 + number}",
        language="es" if number % 4 == 1 else "en",
        next_visit=here.today + timedelta(days=number) if number % 3 == 0 else None,
    )
    new = NewPerson(details, PersonProfile(dict(KINDS[number % len(KINDS)])), consent=True)
    added = people.add_person(opened_now, here.desk, panel, new, now=here.clock())
    return added.public_id


def _worked(here: Site, opened_now: Any, panel: OpenPanel, ids: list[str]) -> None:
    now, study = here.clock(), STUDY.rpartition("/")[2]
    work.share(opened_now, panel, ToShare(study, [ids[0], ids[1], ids[10]]), now=now)
    for person, state in ((ids[0], "discussed"), (ids[11], "not_now"), (ids[6], "dismissed")):
        work.set_state(opened_now, here.desk, panel, person, Wanted(study, state), now=now)
    for key, told in ALSO_SHARED.items():
        work.share(opened_now, panel, ToShare(key, [ids[one] for one in told]), now=now)
    for text in ("She would like to read it with her daughter.", "Bring it up after the scan."):
        work.add_note(opened_now, here.desk, panel, ids[0], NewNote(text, study), now=now)
