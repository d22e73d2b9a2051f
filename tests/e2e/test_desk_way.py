"""A navigator's first visit in a real browser: from the invitation to the first shared study."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from matcher.services.accounts.people import add_account
from matcher.store.database import session
from tests.e2e.conftest import DESKTOP, OpenPage
from tests.e2e.navigator import Navigator
from tests.records.fhir.bundles import bundle
from tests.records.fhir.stories import metastatic_reader
from tests.web.catalogue import CAMIZESTRANT
from tests.web.mails import site_of

pytestmark = pytest.mark.browser

TABLET = {"width": 768, "height": 1024}
TABLE = (
    "code,cancer_status,cancer,er,her2,tumor\n"
    "B-002,now,breast,ER+,negative,ESR1=mutation@2026-03\n"
    "C-009,past,breast,negative,positive,\n"
    "Maria Lopez,now,breast,positive,,\n"
)
FILES = {"people.csv": TABLE.encode(), "bundle.json": bundle(*metastatic_reader())}


def invitation(app: Flask, email: str, language: str) -> str:
    """The path of an invitation to somebody with this language."""
    here = site_of(app)
    with session(here.engine, writing=True) as opened:
        made = add_account(
            opened,
            email=email,
            name="Ana",
            roles=["navigator"],
            organisation="Clinic",
            language=language,
            now=here.clock(),
        )
    return f"/desk/join/{made.token}"


def first_visit(somebody: Navigator, app: Flask, email: str, folder: Path) -> list[str]:
    """All of it; the recovery codes that are left."""
    somebody.join(invitation(app, email, somebody.language))
    somebody.read("sign_in.why_joined")
    somebody.sign_in(email)
    codes = somebody.set_up_app(site_of(app).clock())
    somebody.press("desk.home")

    # She makes a panel and adds somebody: first what names nobody, then the questions.
    somebody.make_panel("Tuesday clinic")
    somebody.press("desk_panel.add")
    somebody.write("code", "Maria Lopez")
    somebody.choose("consent", "yes")
    somebody.press("desk_add.later")
    expect(somebody.page.locator(".govuk-error-summary")).to_be_visible()
    somebody.press("desk_tabs.people")
    somebody.add_person("A-117", language="es")
    somebody.answer_all(until="tumor")
    person = somebody.keep("A-117")
    somebody.read("desk_person.done_answers")
    expect(somebody.page.locator("main")).to_contain_text("ESR1")

    # Two come from her own table, one from a hospital's file; a name is refused.
    somebody.to("records")
    somebody.look_at_files(FILES, folder)
    refused = somebody.page.locator("section.notice", has=somebody.page.locator("#refused"))
    expect(refused).to_contain_text("code")
    expect(somebody.page.locator("input[name=row]")).to_have_count(3)
    for tick in somebody.page.locator("input[name=row]").all():
        somebody.hands.choose(tick)
    for field in somebody.page.locator("input[name^=code-]").all():
        somebody.hands.write(field, "D-400")
    somebody.choose("consent", "yes")
    somebody.press("desk_preview.take")
    somebody.press("desk_preview.taken_next")
    for code in ("A-117", "B-002", "C-009", "D-400"):
        expect(somebody.page.get_by_role("link", name=code, exact=True)).to_be_visible()

    # Over the matrix to one cell, to the study, and to whom it is shared with.
    somebody.to("matrix")
    row = somebody.page.locator(".mx__row", has=somebody.page.get_by_text("A-117", exact=True))
    column = somebody.page.locator(".mx__study a").evaluate_all(
        "(all, key) => all.findIndex(one => one.pathname.endsWith(key))", CAMIZESTRANT
    )
    cell = row.locator("td a").nth(column)
    expect(cell).to_have_attribute("aria-label", f"1 {somebody.words('matrix.level_fits')}")
    somebody.follow(cell)
    assert somebody.path.endswith(f"/people/{person}/studies/{CAMIZESTRANT}")
    somebody.press("pair.whom")
    for one in ("A-117", "B-002"):
        name = somebody.words("desk_study.pick_one", code=one)
        somebody.hands.choose(somebody.page.get_by_role("checkbox", name=name))
    title = site_of(app).matcher().study(CAMIZESTRANT).title
    somebody.press("share.button")
    somebody.read("share.done_many", n=2)

    # The person's history and the panel's trail say so.
    somebody.page.goto(f"{somebody.panel}/people/{person}")
    told = {"tongue": somebody.words("desk_panel.language_es"), "version": 1, "title": title}
    history = somebody.page.locator(".desk-history")
    expect(history).to_contain_text(somebody.words("desk_person.event_share", **told))
    somebody.to("trail")
    for code in ("A-117", "B-002"):
        entry = somebody.page.get_by_role("row").filter(has_text=code)
        expect(entry.filter(has_text=somebody.words("desk_trail.study_shared"))).to_have_count(1)
    return codes


def leave_and_come_back(somebody: Navigator, email: str, code: str) -> None:
    """Sign out; nothing is there any more, until one signs in with a code of the list."""
    somebody.press("desk.sign_out")
    somebody.read("sign_in.why_out")
    somebody.page.goto(somebody.panel)
    assert somebody.path.startswith("/desk/sign-in?")
    somebody.sign_in(email)
    somebody.write("code", code)
    somebody.press("sign_in.code_button")
    assert somebody.path == somebody.panel
    expect(somebody.page.get_by_role("link", name="A-117", exact=True)).to_be_visible()
    somebody.press("desk.sign_out")


def test_a_first_visit(open_page: OpenPage, site: tuple[str, Flask], tmp_path: Path) -> None:
    page = open_page(viewport=DESKTOP)
    somebody, email = Navigator(page), "first@clinic.org"
    codes = first_visit(somebody, site[1], email, tmp_path)
    leave_and_come_back(somebody, email, codes[0])


def test_a_first_visit_in_spanish_without_script(
    open_page: OpenPage, site: tuple[str, Flask], tmp_path: Path
) -> None:
    page = open_page(
        java_script_enabled=False, locale="es-MX", viewport={"width": 768, "height": 900}
    )
    somebody, email = Navigator(page, language="es"), "second@clinic.org"
    codes = first_visit(somebody, site[1], email, tmp_path)
    leave_and_come_back(somebody, email, codes[0])
