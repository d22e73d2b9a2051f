"""Rendering: both forms say the same, nothing in them runs or loads, the look is the theme's."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import css_inline
import pytest

from matcher.mail.rendering import WIDTH, Renderer
from matcher.theming.theme import Theme, load_theme
from tests.e2e.payloads import PAYLOADS
from tests.mail.mails import ITEM, MAIL, NOT_SHOWN, Seen, everywhere, texts_in

EXAMPLES = Path(__file__).parents[2] / "docs/themes"
NOT_IN_HTML = re.compile(r"(?i)<(?:script|img|link|iframe|object|svg|form|input|video|font)\b")
LOADING = re.compile(r"(?i)url\(|@import|src=|background=|srcset")


@pytest.fixture(scope="module")
def theme() -> Theme:
    return load_theme(None)


@pytest.fixture(scope="module")
def renderer(theme: Theme) -> Renderer:
    return Renderer(theme)


def test_the_text_is_of_equal_worth(renderer: Renderer) -> None:
    html, text = renderer.html(MAIL), renderer.text(MAIL)
    seen = Seen(html)
    for said in texts_in(MAIL):
        if said.startswith("https:"):
            assert said in seen.links
            assert f"\n{said}\n" in text
        elif said not in NOT_SHOWN:
            assert said in seen.words, said
            assert said in text, said
    assert "<title>mail-subject</title>" in html


def test_verdicts_have_a_sign_a_word_and_a_colour(renderer: Renderer, theme: Theme) -> None:
    html, text = renderer.html(MAIL), renderer.text(MAIL)
    for number, (sign, colour) in enumerate((("✓", "yes"), ("?", "maybe"), ("✗", "no")), start=1):
        assert f"{sign} row-{number}-label: row-{number}-words" in text
        assert f">{sign}</span>row-{number}-label" in html
        value = theme.light[colour]
        assert re.search(rf"<strong [^>]*color:{value}[^>]*>row-{number}-words", html)


@pytest.mark.parametrize("kind", ["fits", "may_fit", "related"])
def test_each_level_has_its_colour(renderer: Renderer, theme: Theme, kind: str) -> None:
    html = renderer.html(replace(MAIL, items=(replace(ITEM, kind=kind),)))
    wanted = theme.light[f"level-{kind.partition('_')[0]}"]
    assert re.search(rf'<p class="level [^>]*border-left-color:{wanted}', html)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_nothing_that_is_said_can_run(renderer: Renderer, payload: str) -> None:
    plain, hostile = Seen(renderer.html(MAIL)), Seen(renderer.html(everywhere(MAIL, payload)))
    assert hostile.tags == plain.tags
    assert [name for name, _ in hostile.attributes] == [name for name, _ in plain.attributes]
    assert hostile.links == plain.links


def test_nothing_is_loaded_from_anywhere(renderer: Renderer) -> None:
    html = renderer.html(MAIL)
    assert not NOT_IN_HTML.search(html)
    assert not LOADING.search(html)
    assert not re.search(r"https?://(?!matcher\.example/)", html)


@pytest.mark.parametrize("odd", ["\r\n", "\n", "\x00", "\u2028", "\u2029", "\x85", "\x0b", "\t"])
def test_a_line_cannot_be_broken_from_within(renderer: Renderer, odd: str) -> None:
    mail = everywhere(MAIL, f"one{odd}two")
    assert "one two" in Seen(renderer.html(mail)).words
    plain = renderer.text(everywhere(MAIL, "one two"))
    assert renderer.text(mail) == plain


@pytest.mark.parametrize("odd", ["\u202e", "\u2066", "\u200b", "\ufeff", "\ud800", "\ue000"])
def test_what_cannot_be_seen_is_taken_out(renderer: Renderer, odd: str) -> None:
    mail = everywhere(MAIL, f"one{odd}two")
    assert renderer.html(mail) == renderer.html(everywhere(MAIL, "onetwo"))
    assert renderer.text(mail) == renderer.text(everywhere(MAIL, "onetwo"))


def test_lines_of_the_text_are_short_but_links_are_whole(renderer: Renderer) -> None:
    text = renderer.text(everywhere(MAIL, "many words that say little " * 40))
    long = [line for line in text.split("\n") if len(line) > WIDTH]
    assert long == []
    word = "x" * 200
    assert f"\n{word}\n" in renderer.text(replace(MAIL, after=(word,)))


def test_no_line_of_the_text_ends_in_a_blank_and_no_gap_is_double(renderer: Renderer) -> None:
    text = renderer.text(MAIL)
    assert not re.search(r" \n|\n\n\n|^\n", text)


def test_the_document_names_its_language_and_has_real_headings(renderer: Renderer) -> None:
    html = renderer.html(replace(MAIL, language="es"))
    assert '<html lang="es" dir="ltr">' in html
    assert re.search(r"<h1[^>]*>mail-heading</h1>", html)
    assert re.search(r"<h2[^>]*>item-group</h2>", html)
    assert re.search(r'<h3[^>]*><a [^>]*lang="en"[^>]*>item-title</a>', html)
    alone = renderer.html(replace(MAIL, items=(replace(ITEM, group="", group_note=""),)))
    assert re.search(r'<h2[^>]*><a [^>]*lang="en"[^>]*>item-title</a>', alone)
    assert Seen(html).tags.count("h1") == 1
    assert "table" not in Seen(html).tags


def test_it_fits_a_narrow_screen(renderer: Renderer) -> None:
    html = renderer.html(MAIL)
    widths = re.findall(r"(?:^|[;\s\"])(?:min-)?width:(\d+)px", html)
    assert all(int(width) < 60 for width in widths)
    assert "max-width:600px" in html
    assert 'name="viewport" content="width=device-width, initial-scale=1"' in html


def test_buttons_are_large_enough_for_a_thumb(renderer: Renderer) -> None:
    for words in ("mail-button", "foot-link", "item-mute"):
        style = re.search(rf'style="([^"]*)"[^>]*>{words}</a>', renderer.html(MAIL))
        assert style
        padding = re.search(r"padding:(\d+)px", style[1])
        height = re.search(r"line-height:(\d+)px", style[1])
        assert padding
        assert height
        assert 2 * int(padding[1]) + int(height[1]) >= 44


@pytest.mark.parametrize("name", [None, "northlight", "casa-jacaranda"])
def test_the_colours_are_the_themes_in_light_and_dark(name: str | None) -> None:
    theme = load_theme(EXAMPLES / name if name else None)
    html = Renderer(theme).html(MAIL)
    head, _, body = html.partition("</head>")
    assert "$" not in html
    assert "var(" not in html
    for colour in ("page", "card", "ink", "link", "brand"):
        assert theme.light[colour] in body
        assert theme.dark[colour] in head
    assert "prefers-color-scheme: dark" in head
    assert '<meta name="color-scheme" content="light dark">' in head


def test_what_has_a_colour_in_the_light_has_one_in_the_dark(renderer: Renderer) -> None:
    head, _, body = renderer.html(MAIL).partition("</head>")
    dark = set(re.findall(r"\.([a-z_-]+)", head)) | {"h1", "h2", "h3", "a"}
    for tag, attributes in re.findall(r"<(\w+)((?: [\w-]+=\"[^\"]*\")*)>", body):
        style = re.search(r'style="([^"]*)"', attributes)
        if style and "#" in style[1]:
            classes = re.search(r'class="([^"]*)"', attributes)
            names = set(classes[1].split()) if classes else set()
            assert (names | {tag}) & dark, (tag, attributes)


def test_the_style_is_worked_in_once_for_all_mails(
    theme: Theme, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []

    def counted(**how: Any) -> css_inline.CSSInliner:
        made.append(how)
        return inliner(**how)

    inliner = css_inline.CSSInliner
    monkeypatch.setattr(css_inline, "CSSInliner", counted)
    renderer = Renderer(theme)
    for language in ("en", "es", "en"):
        renderer.html(replace(MAIL, language=language))
    assert len(made) == 1


def test_the_version_changes_with_the_form_only(theme: Theme) -> None:
    version = Renderer(theme).version
    assert re.fullmatch("[0-9a-f]{12}", version)
    assert Renderer(load_theme(None)).version == version
    assert Renderer(load_theme(EXAMPLES / "northlight")).version != version


def test_a_title_comes_first_and_its_cautions_after_it(renderer: Renderer) -> None:
    for told in (Seen(renderer.html(MAIL)).words, renderer.text(MAIL)):
        order = ["item-group", "item-news", "item-title", "item-mark-1", "item-level"]
        assert sorted(order, key=told.index) == order
