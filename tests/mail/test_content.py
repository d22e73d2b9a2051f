"""Content: what is left empty is left out, in both forms; nothing empty is shown."""

from __future__ import annotations

import pytest

from matcher.mail.content import Foot, ItemContent, Link, MailContent
from matcher.mail.rendering import Renderer
from matcher.theming.theme import load_theme
from tests.mail.mails import SITE, Seen

BARE_ITEM = ItemContent("New", "A title", "en", "", Link("Read", f"{SITE}/s/abcdefg"))
BARE = MailContent("es", "Asunto", "Sitio", "Título", ("Uno.",), Foot(("Fin.",)))


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer(load_theme(None))


def test_a_bare_letter_has_no_empty_part(renderer: Renderer) -> None:
    assert renderer.text(BARE) == "Sitio\n\nTítulo\n======\n\nUno.\n\nFin.\n\n"
    seen = Seen(renderer.html(BARE))
    assert seen.words == "Sitio Título Uno. Fin."
    assert not {"ul", "li", "a", "h2"} & set(seen.tags)


def test_a_bare_item_has_its_title_and_link_and_nothing_else(renderer: Renderer) -> None:
    mail = MailContent("en", "S", "Site", "Heading", ("One.",), Foot(()), items=(BARE_ITEM,))
    seen = Seen(renderer.html(mail))
    assert seen.words == "Site Heading One. New A title Read"
    assert seen.links == [f"{SITE}/s/abcdefg"] * 2
    assert "ul" not in seen.tags
    rule = "-" * 72
    assert renderer.text(mail) == (
        f"Site\n\nHeading\n=======\n\nOne.\n\n{rule}\nNew\n\nA title\n\n"
        f"Read:\n{SITE}/s/abcdefg\n\n{rule}\n\n"
    )
