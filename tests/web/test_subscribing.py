"""Subscribing: the form, what it keeps and when, the link that says yes."""

from __future__ import annotations

import re
from datetime import timedelta
from hashlib import sha256

import pytest
import sqlalchemy as sa
from flask import Flask

from matcher.mail.addresses import REASONS
from matcher.services.subscribing import limits
from matcher.services.subscribing.wish import CONSENT_VERSION, open_wish
from matcher.services.visits import Visit
from matcher.web.zones import BUSIEST, BY_LANGUAGE, MOST_PEOPLE, guessed_zone, offered_zones
from matcher.words import load_words
from tests.web.mails import (
    ANN,
    CHOSEN,
    MAIL,
    MakeApp,
    clock_of,
    desk_of,
    dump,
    sign_up,
    site_of,
    somebody,
)
from tests.web.person import Person

LINK = 'href="/subscribe"'


def only_wish(app: Flask) -> tuple[sa.Row[tuple[object, ...]], object]:
    with site_of(app).engine.connect() as connection:
        row = connection.execute(sa.text("select * from signup")).one()
    return row, open_wish(desk_of(app).safe, row.sealed)


@pytest.mark.parametrize("missing", list(MAIL))
def test_without_its_settings_no_mail_is_offered(make_app: MakeApp, missing: str) -> None:
    app = make_app(**{name: value for name, value in MAIL.items() if name != missing})
    person = somebody(app)
    assert person.open("/studies/no-label").status_code == 200
    assert LINK not in person.page
    assert person.open("/subscribe").status_code == 404
    assert person.open("/subscribe/sent").status_code == 404
    person.open("/privacy")
    assert person.send("/subscribe", email=ANN, **CHOSEN).status_code == 404


def test_it_is_offered_where_the_answers_have_led(mailing: Flask) -> None:
    person = somebody(mailing)
    for path in ("/results", "/sheet", "/studies/no-label"):
        person.open(path)
        assert LINK in person.page, path
    bare = Person(mailing.test_client())
    bare.open("/studies/no-label")
    assert LINK not in bare.page


def test_without_answers_it_leads_to_the_start(mailing: Flask) -> None:
    person = Person(mailing.test_client())
    person.open("/subscribe")
    assert person.path == "/"
    person = somebody(mailing, answers={})
    person.open("/subscribe")
    assert person.path == "/"
    person.open("/privacy")
    person.send("/subscribe", email=ANN, **CHOSEN)
    assert person.path == "/"
    assert dump(mailing)["signup"] == []


def test_who_is_under_18_is_not_signed_up(mailing: Flask) -> None:
    person = somebody(mailing, answers={"er": "positive", "age": 15})
    person.open("/subscribe")
    assert person.path == "/under-18"
    person.open("/privacy")
    person.send("/subscribe", email=ANN, **CHOSEN)
    assert person.path == "/under-18"
    assert dump(mailing)["signup"] == []


def test_looking_at_the_form_keeps_nothing(mailing: Flask) -> None:
    person = somebody(mailing)
    before = dump(mailing)
    person.open("/subscribe")
    assert "Nothing on this page is kept until you press" in person.text
    person.send(email=ANN, **{**CHOSEN, "consent": ""})
    assert dump(mailing) == before


def test_what_was_chosen_is_kept_sealed(mailing: Flask) -> None:
    person = somebody(mailing, about="loss")
    person.open("/privacy")
    person.send("/check/hard-topics", leave="out")
    person.open("/subscribe")
    person.send(
        email=f"  {ANN} ", frequency="monthly", detail="full", zone="Europe/Madrid", consent="yes"
    )
    assert person.path == "/subscribe/sent"
    row, wish = only_wish(mailing)
    assert (row.kind, row.state, row.token_hash) == ("subscribe", "asked", None)
    assert (wish.address, wish.language) == (ANN, "en")  # type: ignore[attr-defined]
    assert (wish.frequency, wish.detail, wish.zone) == (  # type: ignore[attr-defined]
        "monthly",
        "full",
        "Europe/Madrid",
    )
    profile = wish.profile  # type: ignore[attr-defined]
    assert (dict(profile.answers), profile.about) == ({"er": "positive"}, "loss")
    assert profile.leave_out is True


def test_an_international_domain_is_kept_as_mail_servers_write_it(mailing: Flask) -> None:
    sign_up(mailing, "Ana@Bücher.example")
    _, wish = only_wish(mailing)
    assert wish.address == "Ana@xn--bcher-kva.example"  # type: ignore[attr-defined]


def test_the_defaults_are_weekly_and_only_a_count(mailing: Flask) -> None:
    person = somebody(mailing)
    person.open("/subscribe")
    checked = re.findall(r'value="(\w+)"\s+checked', person.page)
    assert checked == ["weekly", "count", "en"]
    assert re.findall(r'<option value="([^"]+)" selected', person.page) == ["America/New_York"]


@pytest.mark.parametrize(
    ("country", "accepted", "zone"),
    [
        ("MX", "en", "America/Mexico_City"),
        ("DE", "es", "Europe/Berlin"),
        ("AT", "es", "Europe/Vienna"),
        ("XX", "es", "America/Mexico_City"),
        (None, "es", "America/Mexico_City"),
        (None, "es-AR,es;q=0.9", "America/Argentina/Buenos_Aires"),
        (None, "en-GB,en;q=0.8", "Europe/London"),
        (None, "en-419", "America/New_York"),
        ("unknown", "en-IN", "Asia/Calcutta"),
    ],
)
def test_the_clock_is_guessed(
    mailing: Flask, country: str | None, accepted: str, zone: str
) -> None:
    visit = Visit(ends=site_of(mailing).clock(), answers={"country": country})
    with mailing.test_request_context(headers={"Accept-Language": accepted}):
        guessed = guessed_zone(visit)
    assert guessed == zone or {guessed, zone} == {"Asia/Calcutta", "Asia/Kolkata"}


def test_every_zone_that_is_guessed_is_offered() -> None:
    assert len(offered_zones()) > 350
    assert {*BUSIEST.values(), *BY_LANGUAGE.values()} <= offered_zones()


def test_the_cities_are_in_the_readers_language(mailing: Flask) -> None:
    person = somebody(mailing, language="es")
    person.open("/subscribe")
    assert "Ciudad de México</option>" in person.page
    assert 'label="América"' in person.page


def test_likely_cities_stand_first_and_odd_ones_are_left_out(mailing: Flask) -> None:
    person = somebody(mailing, answers={"er": "positive", "country": "AT"})
    person.open("/subscribe")
    first, *others = person.page.split("<optgroup")[1:]
    names = re.findall(r'<option value="([^"]+)"', first)
    assert names[:2] == ["Europe/Vienna", "America/New_York"]
    assert "Vienna" not in "".join(others)
    assert "Antarctica" not in person.page
    for zones in MOST_PEOPLE.values():
        assert set(zones) <= offered_zones()


def test_the_language_is_chosen_in_the_form_and_the_mail_is_described_in_it(mailing: Flask) -> None:
    person = somebody(mailing)
    person.open("/subscribe")
    person.send(email=ANN, **CHOSEN, language="es")
    _, wish = only_wish(mailing)
    assert wish.language == "es"  # type: ignore[attr-defined]
    told = "It comes from mail@example.org and its subject is “Confirme su correo, por favor”."
    assert told in person.text
    person.open("/subscribe/sent")
    assert "its subject is “Please confirm your email”." in person.text
    assert "Press the button there too" in person.text
    for other in ("<script>", "de"):
        assert person.client.get("/subscribe/sent", query_string={"mail": other}).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "anchor"),
    [
        ({"email": ""}, "email"),
        ({"email": "ann"}, "email"),
        ({"email": "ann@example"}, "email"),
        ({"email": "ann lee@example.org"}, "email"),
        ({"email": "ann@example.org, bob@example.org"}, "email"),
        ({"email": "ann@example.org\r\nBcc: bob@example.org"}, "email"),
        ({"email": "ann%example.net@example.org"}, "email"),
        ({"email": "añn@example.org"}, "email"),
        ({"email": "a" * 300 + "@example.org"}, "email"),
        ({"frequency": "daily"}, "frequency"),
        ({"detail": ""}, "detail"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"zone": "../../etc/passwd"}, "zone"),
        ({"language": "de"}, "language"),
        ({"consent": ""}, "consent"),
    ],
)
def test_a_fault_is_named_and_the_rest_is_kept(
    mailing: Flask, wrong: dict[str, str], anchor: str
) -> None:
    person = somebody(mailing)
    person.open("/subscribe")
    answer = person.send(**{"email": ANN, **CHOSEN, "zone": "Europe/Madrid", **wrong})
    assert answer.status_code == 422
    assert "<title>Error: " in person.page
    assert re.findall(r'<li>\s*<a href="#(\w+)"', person.page) == [anchor]
    assert f'id="{anchor}' in person.page
    if anchor != "email":
        assert f'value="{ANN}"' in person.page
    if anchor != "zone":
        assert '<option value="Europe/Madrid" selected>' in person.page
    assert ('value="yes" checked' in person.page) == (anchor != "consent")
    assert dump(mailing)["signup"] == []


def test_all_faults_are_named_at_once(mailing: Flask) -> None:
    person = somebody(mailing)
    person.open("/subscribe")
    person.send()
    found = re.findall(r'<li>\s*<a href="#(\w+)"', person.page)
    assert found == ["email", "frequency", "detail", "zone", "consent"]


def test_every_reason_to_refuse_an_address_has_its_words() -> None:
    texts = load_words().texts
    assert {f"subscribe.email_{reason}" for reason in REASONS} <= texts.keys()


def test_the_words_are_for_who_cares_for_somebody_too(mailing: Flask) -> None:
    person = somebody(mailing, about="other")
    person.open("/subscribe")
    assert "what you told us about the person you care for" in person.text
    assert "your answers" not in person.text.partition("<form")[2].partition("</form>")[0]


def test_too_many_from_one_network_are_told_when_to_come_again(mailing: Flask) -> None:
    clock_of(mailing).now += timedelta(minutes=47, seconds=30)
    environ = {"REMOTE_ADDR": "203.0.113.9"}
    person = somebody(mailing)
    person.open("/subscribe")
    code = re.search(r'name="csrf_token" value="([^"]+)"', person.page)
    assert code is not None
    data = {**CHOSEN, "csrf_token": code[1]}

    def status(number: int, **environ: str) -> int:
        sent = {**data, "email": f"a{number}@example.org"}
        answer = person.client.post("/subscribe", data=sent, environ_overrides=environ)
        person.page, person.path = answer.text, "/subscribe"
        return answer.status_code

    budget = limits.NETWORK_WISHES
    assert [status(number, **environ) for number in range(budget)] == [303] * budget
    refused = person.client.post(
        "/subscribe", data={**data, "email": ANN}, environ_overrides=environ
    )
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "750"
    assert "again in 13 minutes" in refused.text
    assert f'value="{ANN}"' in refused.text
    assert status(99, REMOTE_ADDR="203.0.114.9") == 303
    assert len(dump(mailing)["signup"]) == budget + 1


def test_a_post_from_another_site_signs_nobody_up(mailing: Flask) -> None:
    person = somebody(mailing)
    person.open("/subscribe")
    person.headers |= {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    assert person.send(email=ANN, **CHOSEN).status_code == 400
    person.headers = {"Accept-Language": "en"}
    person.page = ""
    assert person.send(email=ANN, **CHOSEN).status_code == 400
    assert dump(mailing)["signup"] == []


def test_another_text_to_agree_to_has_another_version() -> None:
    """What somebody agreed to must be known later: raise `CONSENT_VERSION`, then note the text."""
    texts = sorted(load_words().texts.items())
    agreed = [f"{key} {text}" for key, text in texts if key.startswith("subscribe.consent")]
    assert len(agreed) > 5
    noted = {"1": "4e4aaa7764fd6f59"}
    assert noted[CONSENT_VERSION] == sha256("\n".join(agreed).encode()).hexdigest()[:16]
