"""The reader's way, in a browser and with a real mail server: from the form to the last mail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from matcher.core.rulebook import Rulebook
from matcher.services.catalogue import open_catalogue
from tests.e2e.conftest import PHONE, OpenPage
from tests.e2e.mail_site import Mail, MailSite, fetch, mailing, one_click
from tests.e2e.reader import Reader

pytestmark = pytest.mark.browser


def review(title: str) -> dict[str, Any]:
    """A review that is for everybody with breast cancer."""
    return {
        "title": title,
        "kind": "Study",
        "posted": "2026-12-01",
        "primary": "People with breast cancer",
        "relevance": "High",
        "strength_of_science": "High",
        "research_timeline": "Human Research",
        "url": f"https://example.org/{title.replace(' ', '-')}",
    }


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, book: Rulebook) -> Iterator[MailSite]:
    """A site over the sample that mails people."""
    folder = tmp_path_factory.mktemp("mailing")
    with mailing(folder, book, double_in=folder / "double") as opened:
        open_catalogue(opened.engine, book, fill=True)
        yield opened


def people(site: MailSite) -> int:
    """How many subscribers the database holds."""
    with site.engine.connect() as connection:
        return int(connection.execute(sa.text("select count(*) from subscriber")).scalar_one())


def assert_gone(reader: Reader, first: Mail) -> None:
    """What is left after all was erased: old links that do no harm, and silence."""
    assert people(reader.site) == 0
    for mail in reader.mails:
        for link in mail.all("unsubscribe"):
            assert fetch(link) == 200
        if mail.message["list-unsubscribe"]:
            assert one_click(mail) == 200
        for link in mail.all("own"):
            assert fetch(link) == 404
    reader.follow(first, "own")
    expect(reader.heading).to_have_text(reader.words("my_data_gone.title"))
    reader.site.bring_out(review(f"One more {reader.language}"))
    reader.receive_nothing(days=31)


def test_from_the_form_to_the_last_mail(open_page: OpenPage, town: MailSite) -> None:
    ann = Reader(open_page(base_url=town.url), town, "ann.lee@example.org")
    first = say_yes(ann)
    title = read_the_first_digest(ann, first)
    change_everything(ann)
    second = take_a_break(ann)
    assert title not in second.text
    stop_and_start_again(ann, second)
    save_and_erase(ann)
    assert_gone(ann, first)


def say_yes(ann: Reader) -> Mail:
    """She asks for mails; until she says yes by the link of one, nothing else comes."""
    ann.begin()
    for _ in range(7):
        ann.answer()
    ann.page.goto("/results")
    ann.ask_for_mails(detail="titles")
    confirmation = ann.receive()
    assert "cancer" not in (confirmation.subject + confirmation.text + confirmation.html).lower()
    ann.receive_nothing(days=1)
    ann.follow(confirmation, "confirm")
    ann.press("confirm.yes")
    expect(ann.heading).to_have_text(ann.words("confirm.done_title"))
    return ann.receive()


def read_the_first_digest(ann: Reader, first: Mail) -> str:
    """A link in it leads to a review, another to her own page, where the same stands."""
    assert "cancer" not in first.subject.lower()
    ann.follow(first, "study")
    title = ann.heading.inner_text()
    assert title in " ".join(first.text.split())
    ann.open_own_page(first)
    expect(ann.page.locator(".rows .card__title").first).to_have_text(title)
    return title


def change_everything(ann: Reader) -> None:
    """She mutes a review, wants fewer mails that say more, and has had a birthday."""
    page = ann.page
    with page.expect_navigation():
        page.locator('form[action="/my-data/mute"] button').first.click()
    expect(page.get_by_role("status")).to_have_text(ann.words("my_data.done_muted"))
    expect(page.locator('form[action="/my-data/unmute"]')).to_have_count(1)
    ann.choose("frequency", "monthly")
    ann.choose("detail", "full")
    ann.press("my_data.save")
    ann.press("my_data.answers_change")
    page.goto("/questions/age?from=check")
    page.locator("#answer").fill("53")
    ann.press("frame.continue")
    ann.press("my_data_answers.keep")
    ann.press("my_data_kept.back")
    expect(page.locator("main")).to_contain_text("53 years")


def take_a_break(ann: Reader) -> Mail:
    """During it a review comes out; after it that one is mailed, alone and with why it is for her.

    Her page has closed by then, so that she asks for a new link. She mutes that review too.
    """
    ann.press("my_data.pause")
    ann.site.bring_out(review("Something new about breast cancer"))
    ann.receive_nothing(days=7)
    ann.page.goto("/my-data")
    ann.press("my_data_gone.ask")
    ann.page.locator("#email").fill("Ann.Lee@Example.org")
    ann.press("my_data_link.send")
    ann.open_own_page(ann.receive())
    ann.press("my_data.go_on")
    second = ann.receive()
    assert "Something new about breast cancer" in second.text
    assert ann.words("level.fits") in second.text
    assert len(second.all("study")) == len(second.all("mute")) == 1
    ann.follow(second, "mute")
    ann.press("mute.button")
    expect(ann.page.locator("main")).to_contain_text(ann.words("mute.done_text"))
    return second


def stop_and_start_again(ann: Reader, second: Mail) -> None:
    """Her mail program's own button stops the mails; on her page she thinks again."""
    assert one_click(second) == 200
    ann.site.bring_out(review("Something newer about breast cancer"))
    ann.receive_nothing(days=26)
    ann.open_own_page(second)
    ann.press("my_data.start")
    third = ann.receive()
    assert "Something newer about breast cancer" in third.text
    assert len(third.all("study")) == 1


def save_and_erase(ann: Reader) -> None:
    """She saves all that is kept, and has it erased."""
    page = ann.page
    page.goto("/my-data")
    with page.expect_download() as saved:
        page.get_by_role("button", name=ann.words("my_data.file")).click()
    held = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert held["address"] == ann.address
    ann.press("my_data.erase_link")
    ann.press("my_data_erase.button")
    assert ann.path == "/my-data/erased"


@pytest.mark.volume
def test_mails_about_somebody_who_died(open_page: OpenPage, town: MailSite) -> None:
    page = open_page(base_url=town.url, viewport=PHONE, locale="es-MX")
    luz = Reader(page, town, "luz@example.org", language="es")
    luz.begin("other")
    for _ in range(3):
        luz.answer()
    page.goto("/results")
    luz.ask_for_mails(detail="count")
    luz.follow(luz.receive(), "confirm")
    luz.cared_for = False
    luz.press("confirm.yes")

    # A mere number says nothing of health, to whoever looks over her shoulder.
    first = luz.receive()
    told = (first.subject + first.text + first.html).lower()
    assert not [word for word in ("cáncer", "cancer", "seno", "mama") if word in told]
    assert first.all("study") == []

    # The person dies. One page says so, and all is erased.
    luz.open_own_page(first)
    luz.cared_for = True
    luz.press("my_data.died_link")
    luz.press("my_data_died.button")
    expect(luz.heading).to_have_text(luz.words("my_data_died.title_done"))
    luz.cared_for = False
    assert_gone(luz, first)
