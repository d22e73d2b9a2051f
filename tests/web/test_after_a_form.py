"""After a form: pages without an address of their own lead on, whatever goes wrong on them."""

from __future__ import annotations

import html
import io
import re

import pytest
from flask import Flask, render_template
from werkzeug.routing import Rule

from matcher.web.above import page_above, page_here
from tests.web.person import Person

OWN_WORDS = {"key": "er", "what": "archive"}
_BACK = re.compile(r'name="back" value="([^"]+)"')


def posts(app: Flask) -> list[Rule]:
    """Every address that takes a form, the API's aside."""
    rules = [one for one in app.url_map.iter_rules() if not one.rule.startswith("/api/")]
    return [one for one in rules if "POST" in (one.methods or ())]


def address(rule: Rule) -> str:
    """An address of a rule."""
    given = {name: OWN_WORDS.get(name, "x") for name in rule.arguments}
    built = rule.build(given)
    assert built is not None
    return built[1]


def test_from_every_form_the_switch_leads_to_a_page(mail_app: Flask) -> None:
    """Also when all that is shown is that the form was out of date."""
    found = posts(mail_app)
    assert len(found) > 60
    visitor = Person(mail_app.test_client())
    for rule in found:
        response = visitor.client.post(address(rule))
        back = _BACK.search(response.get_data(as_text=True))
        if back is None:
            assert rule.rule in ("/embed", "/unsubscribe/<token>"), rule
            continue
        answered = visitor.client.get(html.unescape(back[1])).status_code
        assert answered != 405, (rule, back[1])


def test_the_page_above_is_the_one_with_the_form(mail_app: Flask) -> None:
    with mail_app.test_request_context("/records/read", method="POST"):
        assert page_here() == "/records"
        assert page_above("/check/hard-topics") == "/check"
        assert page_above("/my-data/go-on") == "/my-data"
        assert page_above("/desk/sign-in/passkey") == "/desk/sign-in"
        assert page_above("/clear") == "/"
    with mail_app.test_request_context("/questions/er?from=check", method="POST"):
        assert page_here() == "/questions/er?from=check"
    with mail_app.test_request_context("/nowhere/at/all?x=1"):
        assert page_here() == "/nowhere/at/all?x=1"


@pytest.mark.parametrize("path", ["/records/read", "/answers/load", "/check/hard-topics"])
def test_a_page_that_only_a_button_opens_says_so_kindly(person: Person, path: str) -> None:
    person.begin()
    person.answer("er", "positive")
    assert person.open(path).status_code == 405
    assert "Nothing is lost" in person.text
    assert "way in is closed" not in person.text
    assert f'href="{path.rpartition("/")[0]}"' in person.page
    assert "Back to your results" in person.text


def test_without_answers_no_page_offers_results(person: Person) -> None:
    for path in ("/records/read", "/nowhere", "/privacy", "/ranking", "/glossary"):
        person.open(path)
        assert "Back to your results" not in person.text, path


@pytest.mark.parametrize("path", ["/nowhere", "/privacy", "/ranking", "/glossary"])
def test_pages_beside_the_way_lead_back_to_the_results(person: Person, path: str) -> None:
    person.begin()
    person.answer("er", "positive")
    person.open(path)
    assert '<a href="/results" class="govuk-back-link">Back to your results</a>' in person.page


def test_after_signing_up_the_results_are_a_step_away(mailing: Flask) -> None:
    person = Person(mailing.test_client())
    person.begin()
    person.answer("er", "positive")
    person.open("/subscribe/sent")
    assert '<a href="/results" class="govuk-back-link">' in person.page


@pytest.mark.parametrize(
    ("form", "to", "told"),
    [
        ("/records", "/records/read", "20 MB at most"),
        ("/answers", "/answers/load", "more than 1 MB"),
        ("/questions/er", "/questions/er", "larger than this page can take"),
    ],
)
def test_what_was_too_large_is_told_with_a_way_back_and_what_to_do(
    person: Person, form: str, to: str, told: str
) -> None:
    person.begin()
    person.answer("her2", "low")
    person.open(form)
    sent = (io.BytesIO(b" " * 21_500_000), "file.json")
    assert person.send(to, file=sent).status_code == 413
    assert told in person.text
    assert f'href="{form}"' in person.page
    assert f'name="back" value="{form}"' in person.page
    assert "Back to your results" in person.text


@pytest.mark.parametrize(
    ("form", "to"), [("/records", "/records/read"), ("/answers", "/answers/load")]
)
def test_after_a_file_that_was_not_taken_the_switch_asks_for_it_again(
    person: Person, form: str, to: str
) -> None:
    person.begin()
    person.open(form)
    assert "choose the file again" not in person.text
    assert person.send(to, file=(io.BytesIO(b"{"), "a.json")).status_code == 422
    back = _BACK.search(person.page)
    assert back is not None
    person.send("/language", language="es", back=html.unescape(back[1]))
    assert person.path.startswith(form)
    assert "Elija el archivo otra vez, por favor" in person.text


def test_what_is_shown_once_has_no_switch(app: Flask) -> None:
    with app.test_request_context("/desk/account/recovery-codes", method="POST"):
        page = render_template("desk/account_codes.html", codes=["a-1"])
        assert "a-1" in page
        assert 'class="language"' not in page
        assert 'class="language"' in render_template("pages/cleared.html")
