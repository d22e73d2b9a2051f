"""Cleaning: what others wrote keeps its words, and leads nowhere."""

from __future__ import annotations

from dataclasses import replace

import pytest

from matcher.mail.cleaning import without_addresses
from matcher.mail.content import Section
from matcher.mail.rendering import Renderer
from matcher.theming.theme import load_theme
from tests.mail.mails import ITEM, MAIL, Seen


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("See https://example.org/a?b=c now", "See example . org/a?b=c now"),
        ("www.example.org", "www . example . org"),
        ("HTTP://EXAMPLE.ORG", "EXAMPLE . ORG"),
        ("write to ann@mail.example.org", "write to ann@mail . example . org"),
        ("hthttp://tp://example.org", "example . org"),
        ("1http://x", "1http: x"),
        ("bücher\u3002example", "bücher . example"),
        ("example\u200b.org", "example . org"),
        ("BRAF p.V600E, 0.05, c.68_69del, e.g. this. And vs. that.",) * 2,
        ("U.S.A.",) * 2,
    ],
)
def test_addresses_are_broken_and_other_words_stay(text: str, left: str) -> None:
    assert without_addresses(text) == left


def test_neither_form_of_a_mail_holds_an_address_that_a_study_brought() -> None:
    evil = "Free cure at https://evil.example/now"
    rows = tuple(replace(row, label=evil, why=evil) for row in ITEM.rows)
    mail = replace(
        MAIL,
        items=(replace(ITEM, title=evil, why=evil, rows=rows),),
        sections=(Section("Gone", (evil,)),),
    )
    renderer = Renderer(load_theme(None))
    html, text = renderer.html(mail), renderer.text(mail)
    for form in (html, text):
        assert "evil.example" not in form
        assert "Free cure at evil . example/now" in form
    assert not any("evil" in link for link in Seen(html).links)
