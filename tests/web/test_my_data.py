"""My data: the way in, what is shown, every change, and the ends."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from flask import Flask

from matcher.core.text import LANGUAGES
from matcher.services.digests.items import Gone, Item
from matcher.services.digests.profile import Profile, open_profile
from matcher.services.subscribing.tokens import Mute, manage_token, mute_token, unsubscribe_token
from matcher.store.subscribers import Subscriber
from tests.services.subscribing.kept import ADDRESS, ANSWERS, add_mail, add_person, person_of
from tests.web.catalogue import CAMIZESTRANT
from tests.web.conftest import Clock
from tests.web.mails import ANN, MAIL, MakeApp, confirmed, desk_of, dump, site_of
from tests.web.person import Person

MICE = "a-drug-slows-her2-low-tumors-in-mice"
TOLD = {**ANSWERS, "er": "positive", "her2": "negative", "tumor": {"ESR1": "mutation"}}
SETTINGS = {"frequency": "monthly", "language": "es", "zone": "America/Lima", "detail": "count"}
PAGES = ["/my-data", "/my-data/erase", "/my-data/died"]
POSTS = [
    "/my-data/settings",
    "/my-data/pause",
    "/my-data/go-on",
    "/my-data/keep",
    "/my-data/mute",
    "/my-data/unmute",
    "/my-data/stop",
    "/my-data/start-again",
    "/my-data/answers",
    "/my-data/results",
    "/my-data/file",
    "/my-data/erase",
    "/my-data/died",
]
CLOSED = "This page is closed now"


@pytest.fixture
def mailing(make_app: MakeApp) -> Flask:
    """An application that can mail people."""
    return make_app(**MAIL)


def link_of(app: Flask, public_id: str) -> str:
    """The way to their data that stands in each mail."""
    here = site_of(app)
    return f"/my-data/open/{manage_token(here.desk.hashes, public_id, now=here.clock())}"


def at_home(app: Flask, public_id: str, **headers: str) -> Person:
    """Somebody on the page of their own data."""
    person = Person(app.test_client(), **headers)
    person.open(link_of(app, public_id))
    person.send()
    assert person.path == "/my-data"
    return person


def add(app: Flask, **values: object) -> str:
    """A subscriber who told a little."""
    return add_person(desk_of(app), **{"profile": Profile(TOLD), **values})  # type: ignore[arg-type]


def now_kept(app: Flask, address: str = ADDRESS) -> Subscriber:
    """The subscriber as they stand now."""
    person = person_of(desk_of(app), address)
    assert person is not None
    return person


# The way in


def test_looking_at_the_link_changes_nothing(mailing: Flask) -> None:
    client = mailing.test_client()
    link = link_of(mailing, add(mailing))
    before = dump(mailing)
    for method in (client.get, client.head) * 3:
        response = method(link)
        assert response.status_code == 200
        assert "matcher-own" not in str(response.headers)
        assert (response.headers["Cache-Control"], response.headers["Referrer-Policy"]) == (
            "no-store",
            "no-referrer",
        )
    assert dump(mailing) == before
    page = client.get(link).get_data(as_text=True)
    assert ADDRESS not in page
    assert "breast" not in page.lower()


def test_the_button_opens_the_page_for_half_an_hour(mailing: Flask, clock: Clock) -> None:
    person = at_home(mailing, add(mailing))
    assert "ER-positive" in person.text
    clock.now += timedelta(minutes=29)
    assert CLOSED not in person.open("/my-data").get_data(as_text=True)
    clock.now += timedelta(minutes=1)
    assert CLOSED in person.open("/my-data").get_data(as_text=True)
    assert "ER-positive" not in person.text


def test_the_cookie_is_out_of_reach_and_bound_to_the_host(make_app: MakeApp) -> None:
    app = make_app(**{**MAIL, "public_url": "https://matcher.example.org"})
    client = app.test_client()
    link = link_of(app, add(app))
    where = {"base_url": "https://matcher.example.org"}
    code = re.search(r'csrf_token" value="([^"]+)"', client.get(link, **where).text)
    assert code is not None
    origin = {"Origin": "https://matcher.example.org"}
    response = client.post(link, data={"csrf_token": code[1]}, headers=origin, **where)
    (cookie,) = [c for c in response.headers.getlist("Set-Cookie") if "matcher-own" in c]
    assert cookie.startswith("__Host-matcher-own=")
    for part in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=1800"):
        assert part in cookie
    assert "Domain" not in cookie


def test_no_other_link_opens_it(mailing: Flask, clock: Clock) -> None:
    public_id = add(mailing)
    hashes, good = desk_of(mailing).hashes, link_of(mailing, public_id).rpartition("/")[2]
    wrong = [
        good[:-1],
        "A" + good[1:],
        mute_token(hashes, Mute(public_id, 1)),
        unsubscribe_token(hashes, now_kept(mailing).address_hash),
        manage_token(hashes, "ab" * 16, now=clock.now),
        manage_token(hashes, public_id, now=clock.now - timedelta(days=61)),
    ]
    person = Person(mailing.test_client())
    person.open("/my-data/link")
    for token in wrong:
        assert person.client.get(f"/my-data/open/{token}").status_code == 404
        assert person.send(f"/my-data/open/{token}").status_code == 404
        person.open("/my-data/link")
    assert CLOSED in person.open("/my-data").get_data(as_text=True)


def test_without_a_session_nothing_is_shown_and_nothing_changes(mailing: Flask) -> None:
    add(mailing)
    person = Person(mailing.test_client())
    before = dump(mailing)
    for path in PAGES:
        assert CLOSED in person.open(path).get_data(as_text=True)
    for path in POSTS:
        person.open("/my-data/link")
        assert CLOSED in person.send(path, **SETTINGS, study=MICE).get_data(as_text=True)
    assert dump(mailing) == before


def test_a_session_is_of_one_person(mailing: Flask) -> None:
    """What somebody sends along about others changes nothing of theirs."""
    mine, other = add(mailing), add(mailing, address="other@example.org")
    person = at_home(mailing, mine)
    for path in POSTS[:7]:
        person.open("/my-data")
        person.send(path, **SETTINGS, study=MICE, public_id=other, subscriber=other)
    assert now_kept(mailing, "other@example.org").version == 1
    assert "other@example.org" not in person.open("/my-data").get_data(as_text=True)


def test_closing_the_page_closes_it(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    response = person.send("/my-data/leave")
    assert response.status_code == 200
    assert CLOSED in person.open("/my-data").get_data(as_text=True)


def test_a_link_can_be_asked_for_and_writes_one_wish(mailing: Flask) -> None:
    person = Person(mailing.test_client())
    person.open("/my-data/link")
    assert person.send(email="no address").status_code == 422
    assert person.text.startswith("<!DOCTYPE html>")
    assert "<title>Error:" in person.page
    assert 'value="no address"' in person.page
    person.send(email=ANN)
    assert person.path == "/my-data/link/sent"
    (row,) = dump(mailing)["signup"]
    assert "'link'" in row
    assert ANN not in row
    assert ANN not in person.page


def test_a_flood_of_wishes_ends_with_a_calm_page(mailing: Flask) -> None:
    person = Person(mailing.test_client())
    person.client.environ_base["REMOTE_ADDR"] = "198.51.100.7"
    for number in range(20):
        person.open("/my-data/link")
        person.send(email=f"p{number}@example.org")
        assert person.path == "/my-data/link/sent"
    person.open("/my-data/link")
    response = person.send(email=ANN)
    assert response.status_code == 429
    assert int(response.headers["Retry-After"]) > 0
    assert "Too many people asked" in person.text


def test_without_mail_no_link_is_offered_but_the_page_still_opens(make_app: MakeApp) -> None:
    app = make_app()
    assert app.test_client().get("/my-data/link").status_code == 404
    person = at_home(app, add(app))
    assert person.open("/my-data").status_code == 200


# What is shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_speaks_the_language_of_the_mails(mailing: Flask, language: str) -> None:
    browser = "es" if language == "en" else "en"
    person = at_home(mailing, add(mailing, language=language), **{"Accept-Language": browser})
    title = {"en": "Your emails and your data", "es": "Sus correos y sus datos"}[language]
    assert f'<h1 class="govuk-heading-l">{title}</h1>' in person.page
    person.send("/my-data/answers")
    assert f'<html lang="{language}"' in person.page


def test_it_shows_all_that_is_kept(mailing: Flask) -> None:
    profile = Profile(TOLD, muted=(MICE, "not-there-any-more"), leave_out=True)
    public_id = add(mailing, profile=profile)
    news = [Item(CAMIZESTRANT, "fits", "new"), Item(MICE, "related", "new")]
    gone = [Gone("x", "A title of old", "retracted")]
    add_mail(desk_of(mailing), items=news, gone=gone)
    page = at_home(mailing, public_id).text
    for told in (
        "A…@example.org",
        "ER-positive",
        "ESR1",
        "Treating advanced breast cancer with ESR1 mutations shows promise",
        "A drug slows HER2-low tumors in mice",
        "A title of old",
        "This does not mean that the treatment works for you",
        "A review that is not in our list any more",
        "Reviews on hard topics are left out",
        "November 22, 2026 (wording 1)",
        "November 22, 2027",
        "2 more had no room",
    ):
        assert told in page, told
    # Once among the news, where it can be muted; the muted one only among the muted.
    assert page.count(f'name="study" value="{CAMIZESTRANT}"') == 1
    assert page.count(f'name="study" value="{MICE}"') == 1
    assert 'value="weekly" checked' in page
    assert 'value="Europe/Berlin" selected' in page


def test_a_carers_page_speaks_of_the_person_cared_for(mailing: Flask) -> None:
    page = at_home(mailing, add(mailing, profile=Profile(TOLD, about="other"))).text
    assert "What is new for the person you care for" in page
    assert "What you told us" in page


def test_no_review_is_shown_twice_or_as_it_was_then(mailing: Flask) -> None:
    """Levels and reasons are those of today, whatever the mail said."""
    public_id = add(mailing)
    add_mail(
        desk_of(mailing), items=[Item(CAMIZESTRANT, "related", "new"), Item("gone", "fits", "new")]
    )
    page = at_home(mailing, public_id).text
    assert "Its label describes people like you" in page
    assert page.count("/studies/") == 1


# Changes


def test_settings_are_saved_at_once_and_said_so(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.send("/my-data/settings", **SETTINGS)
    assert 'role="status"' in person.page
    kept = now_kept(mailing)
    assert {name: getattr(kept, name) for name in SETTINGS} == SETTINGS
    assert kept.version == 2
    for name in SETTINGS:
        person.open("/my-data")
        assert person.send("/my-data/settings", **{**SETTINGS, name: "x"}).status_code == 400
    assert now_kept(mailing).version == 2


def test_pausing_stopping_and_starting_again(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    standings = []
    for deed in ("pause", "go-on", "stop", "start-again"):
        person.open("/my-data")
        person.send(f"/my-data/{deed}")
        assert person.path.startswith("/my-data?done="), deed
        standings.append(now_kept(mailing).standing)
    assert standings == ["paused", "active", "stopped", "active"]
    person.open("/my-data")
    assert person.send("/my-data/start-again").status_code == 400


def test_who_stopped_is_told_until_when_it_is_kept(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.send("/my-data/stop")
    assert "All is erased on December 22, 2026" in person.text
    assert "Start the emails again" in person.text
    assert "Take a break" not in person.text


def test_who_bounced_is_not_offered_to_start_again(mailing: Flask, clock: Clock) -> None:
    stopped = {"standing": "stopped", "stopped_reason": "bounced", "stopped_at": clock.now}
    person = at_home(mailing, add(mailing, **stopped))
    assert "Start the emails again" not in person.text
    assert person.send("/my-data/start-again").status_code == 400
    assert now_kept(mailing).standing == "stopped"


def test_before_the_end_the_page_asks_and_keeping_gives_a_year(
    mailing: Flask, clock: Clock
) -> None:
    public_id = add(mailing)
    clock.now += timedelta(days=340)
    person = at_home(mailing, public_id)
    assert "The emails end on November 22, 2027" in person.text
    person.send("/my-data/keep")
    assert "The emails end on" not in person.text
    assert now_kept(mailing).renewed_at == clock.now


def test_muting_and_putting_back(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.send("/my-data/mute", study=MICE)
    assert muted(mailing) == (MICE,)
    assert "A drug slows HER2-low tumors in mice" in person.text
    person.send("/my-data/unmute", study=MICE)
    assert muted(mailing) == ()
    person.open("/my-data")
    assert person.send("/my-data/mute", study="no-such-study").status_code == 400


def test_answers_are_changed_in_a_visit_and_kept_on_wish(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing, profile=Profile(TOLD, leave_out=True)))
    person.send("/my-data/answers")
    assert person.path == "/check"
    assert "ER-positive" in person.text
    person.answer("er", "negative")
    person.open("/check")
    assert open_answers(mailing)["er"] == "positive"
    person.send("/my-data/answers/keep")
    assert person.path == "/my-data/answers/kept"
    kept = open_profile(desk_of(mailing).safe, now_kept(mailing).profile)
    assert kept == Profile({**TOLD, "er": "negative"}, leave_out=True)
    assert now_kept(mailing).version == 2


def test_all_reviews_are_those_of_the_stored_answers(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.send("/my-data/results")
    assert person.path == "/results"
    assert "Its label describes people like you" in person.text
    assert "Keep these answers for my emails" in person.text


def test_only_a_visit_that_came_from_there_can_be_kept(mailing: Flask) -> None:
    public_id = add(mailing)
    stranger = Person(mailing.test_client())
    stranger.begin()
    stranger.answer("er", "negative")
    assert "Keep these answers for my emails" not in stranger.open("/check").get_data(as_text=True)
    assert stranger.send("/my-data/answers/keep", subscription=public_id).status_code == 404
    assert open_answers(mailing) == TOLD


def test_a_visit_of_before_makes_room_and_is_told_so(mailing: Flask) -> None:
    person = Person(mailing.test_client())
    person.begin()
    person.answer("er", "negative")
    person.open(link_of(mailing, add(mailing)))
    person.send()
    assert "Other answers are open in this browser" in person.text
    person.send("/my-data/answers")
    assert "ER-positive" in person.text
    person.open("/my-data")
    assert "Other answers are open in this browser" not in person.text


def test_who_became_a_child_in_their_answers_keeps_nothing(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.send("/my-data/answers")
    person.answer("age", 12)
    person.open("/my-data")
    person.send("/my-data/answers/keep")
    assert person.path == "/under-18"
    assert open_answers(mailing) == TOLD


def test_the_file_holds_everything_and_its_name_nothing(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    response = person.send("/my-data/file")
    assert response.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    found = json.loads(response.get_data(as_text=True))
    assert found["address"] == ADDRESS
    assert found["profile"] == {"answers": TOLD}
    assert found["held"]["subscriber"][0]["frequency"] == "weekly"


# The ends


def test_erasing_asks_once_and_leaves_nothing(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.send("/my-data/answers")
    person.open("/my-data/erase")
    assert now_kept(mailing)
    person.send()
    assert person.path == "/my-data/erased"
    tables = dump(mailing)
    assert (tables["subscriber"], tables["signup"]) == ([], [])
    assert len(tables["suppression"]) == 1
    assert CLOSED in person.open("/my-data").get_data(as_text=True)
    assert "ER-positive" not in person.open("/check").get_data(as_text=True)


def test_after_a_death_there_is_one_sentence(mailing: Flask) -> None:
    person = at_home(mailing, add(mailing))
    person.open("/my-data/died")
    person.send()
    main = re.sub(r"<[^>]+>", "", person.page.partition("<main")[2].partition("</main>")[0])
    assert main.partition(">")[2].split() == ["We", "are", "sorry", "for", "your", "loss"]
    assert dump(mailing)["subscriber"] == []
    assert "'died'" in dump(mailing)["suppression"][0]


def test_erasing_twice_from_two_windows_is_no_fault(mailing: Flask) -> None:
    public_id = add(mailing)
    one, two = at_home(mailing, public_id), at_home(mailing, public_id)
    for person in (one, two):
        person.open("/my-data/erase")
    assert one.send().status_code == 200
    assert CLOSED in two.send("/my-data/erase").get_data(as_text=True)


def test_the_whole_way_from_signing_up_to_erasing(mailing: Flask) -> None:
    confirmed(mailing)
    kept = now_kept(mailing, ANN)
    person = at_home(mailing, kept.public_id)
    assert "ER-positive" in person.text
    person.open("/my-data/erase")
    person.send()
    assert dump(mailing)["subscriber"] == []
    confirmed(mailing)
    assert now_kept(mailing, ANN).standing == "active"


def test_the_privacy_page_speaks_of_mails_only_where_there_are_any(make_app: MakeApp) -> None:
    with_mail, without = (Person(make_app(**settings).test_client()) for settings in (MAIL, {}))
    for person, told in ((with_mail, True), (without, False)):
        person.open("/privacy")
        for text in ("If you sign up for emails", "Three small cookies", "keep them longer"):
            assert (text in person.text) == told


def muted(app: Flask) -> tuple[str, ...]:
    return open_profile(desk_of(app).safe, now_kept(app).profile).muted


def open_answers(app: Flask) -> object:
    return open_profile(desk_of(app).safe, now_kept(app).profile).answers
