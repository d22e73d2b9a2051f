"""Themes: three that can be read by everybody, and whatever is unsafe or unreadable refused."""

from __future__ import annotations

import shutil
import struct
from collections.abc import Callable
from importlib import resources
from pathlib import Path

import pytest
from flask import Flask

from matcher.config import ConfigError, load_settings
from matcher.theming.contrast import SHAPES, TEXTS, contrast
from matcher.theming.loads import FUNCTIONS
from matcher.theming.pictures import check_svg
from matcher.theming.theme import Theme, parse_theme
from matcher.web.assets import load_assets

EXAMPLES = Path(__file__).parents[2] / "docs/themes"
SHIPPED = Path(str(resources.files("matcher.web"))) / "static/theme"
FOLDERS = [SHIPPED, EXAMPLES / "northlight", EXAMPLES / "casa-jacaranda"]
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def theme_of(folder: Path) -> Theme:
    return parse_theme((folder / "theme.css").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [("#000000", "#ffffff", 21.0), ("#777", "#fff", 4.48), ("#767676", "#ffffff", 4.54)],
)
def test_the_formula(first: str, second: str, expected: float) -> None:
    assert contrast(first, second) == pytest.approx(expected, abs=0.005)
    assert contrast(second, first) == contrast(first, second)
    assert contrast(first, first) == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_everything_can_be_told_apart(folder: Path, scheme: str) -> None:
    colours = getattr(theme_of(folder), scheme)
    for pairs, least in ((TEXTS, 4.5), (SHAPES, 3.0)):
        for one, other in pairs:
            assert contrast(colours[one], colours[other]) >= least, (one, other)
    for ground in ("page", "card", "sunken"):
        rings = [contrast(colours[ring], colours[ground]) for ring in ("focus", "focus-ink")]
        assert max(rings) >= 3, ground


def test_every_colour_in_use_is_a_property_of_the_theme() -> None:
    assert len(set(TEXTS)) >= 25
    known = set(theme_of(SHIPPED).light)
    assert {name for pair in TEXTS + SHAPES for name in pair} <= known


@pytest.mark.parametrize(
    ("name", "title"), [("northlight", "Northlight"), ("casa-jacaranda", "Casa Jacaranda")]
)
def test_an_example_changes_name_and_signs(
    make_app: Callable[..., Flask], name: str, title: str
) -> None:
    folder = EXAMPLES / name
    page = make_app(theme=folder, public_url="https://care.example").test_client().get("/").text
    assert f" – {title}</title>" in page
    assert "Matcher" not in page
    # The shipped card carries another name.
    assert "og:image" not in page
    assets = load_assets(folder)
    assert assets.files["theme/logo.svg"].plain == (folder / "logo.svg").read_bytes()
    assert title in assets.files["site.css"].plain.decode()
    assert assets.version != load_assets().version


def test_the_setting_and_the_folder_in_the_instance(tmp_path: Path) -> None:
    env = {"MATCHER_INSTANCE": str(tmp_path)}
    assert load_settings(env).theme is None
    shutil.copytree(EXAMPLES / "northlight", tmp_path / "theme")
    assert load_settings(env).theme == tmp_path / "theme"
    named = EXAMPLES / "casa-jacaranda"
    assert load_settings({**env, "MATCHER_THEME": str(named)}).theme == named
    with pytest.raises(ConfigError, match="MATCHER_THEME cannot be '/no/such'"):
        load_settings({**env, "MATCHER_THEME": "/no/such"})


WRONG_SHEETS = {
    "@import": ("  --page:", '  @import "https://evil.example/x.css"; --page:'),
    "url": ("#ffffff", "url(https://evil.example/x.png)"),
    "own url": ("#ffffff", 'url("logo.svg")'),
    "escaped url": ("#ffffff", "u\\72l(x)"),
    "image-set": ("#ffffff", 'image-set("https://evil.example/x.png" 1x)'),
    "a rule of its own": (":root {", "body { display: none } :root {"),
    "a property that is none": ("--page: #f3f6f9", "page: #f3f6f9"),
    "a tag": ('"Northlight"', '"</style><script>"'),
    "no name": ('"Northlight"', '""'),
    "a name too long": ('"Northlight"', '"' + "N" * 41 + '"'),
    "a missing colour": ("  --card: #ffffff;\n", ""),
    "a colour twice": ("  --card: #ffffff;", "  --card: #ffffff; --card: #000000;"),
    "a colour by name": ("--page: #f3f6f9", "--page: white"),
    "text that is too pale": ("--ink-soft: #4c5c6b", "--ink-soft: #8c9cab"),
    "a pale line": ("--line-strong: #6b7d8e", "--line-strong: #b0b8c0"),
    "dark text in the dark": ("--ink: #e8eef4", "--ink: #3c4854"),
    "a string elsewhere": ("--round: 4px", '--round: "4px"'),
}


@pytest.mark.parametrize("fault", WRONG_SHEETS)
def test_a_wrong_sheet_is_refused(tmp_path: Path, fault: str) -> None:
    folder = shutil.copytree(EXAMPLES / "northlight", tmp_path / "theme")
    css = (folder / "theme.css").read_text()
    before, after = WRONG_SHEETS[fault]
    assert before in css
    (folder / "theme.css").write_text(css.replace(before, after, 1))
    with pytest.raises(ConfigError) as caught:
        load_assets(folder)
    assert caught.value.what.startswith("the theme's theme.css cannot be used: ")
    assert caught.value.where == str(folder / "theme.css")
    assert "docs/theming.md" in caught.value.mend


SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{}</svg>'
WRONG_SIGNS = [
    "not a picture",
    "<svg></svg>",
    SVG.format("<script>alert(1)</script>"),
    SVG.format('<path d="M0 0" onload="alert(1)"/>'),
    SVG.format('<image href="https://evil.example/x.png"/>'),
    SVG.format("<foreignObject/>"),
    SVG.format("<style>@import 'x';</style>"),
    SVG.format('<path fill="url(https://evil.example/#x)"/>'),
    SVG.format('<path fill="url(#nowhere)"/>'),
    SVG.format('<path id="a" fill="url (#a)"/>'),
    SVG.format('<path id="a" fill="url(#a) url(x.png)"/>'),
    SVG.format('<path id="a" fill="url(x.svg#a)"/>'),
    SVG.format('<path id="a" fill="url(&quot;#a\')"/>'),
    SVG.format("<path style=\"mask: image-set('x.png' 1x)\"/>"),
    SVG.format("<path style=\"mask: src('x.png')\"/>"),
    SVG.format("<path style=\"background: url( '//evil.example')\"/>"),
    SVG.format('<a href="javascript:alert(1)"><path d="M0 0"/></a>'),
    SVG.format('<animate attributeName="href" to="javascript:alert(1)"/>'),
    '<!DOCTYPE svg [<!ENTITY x "y">]>' + SVG.format("&x;"),
    '<?xml-stylesheet href="https://evil.example/x.css"?>' + SVG.format(""),
    SVG.format('<use xmlns:x="http://www.w3.org/1999/xlink" x:href="https://evil.example/#x"/>'),
]


@pytest.mark.parametrize("content", WRONG_SIGNS)
@pytest.mark.parametrize("name", ["logo.svg", "favicon.svg"])
def test_a_sign_that_could_do_more_than_draw_is_refused(
    tmp_path: Path, name: str, content: str
) -> None:
    folder = shutil.copytree(EXAMPLES / "northlight", tmp_path / "theme")
    (folder / name).write_text(content)
    with pytest.raises(ConfigError, match=f"the theme's {name} cannot be used"):
        load_assets(folder)


def test_colours_within_a_sign_may_refer_to_each_other(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES / "northlight", tmp_path / "theme")
    for url in ("url(#a)", "url( #a )", "url('#a')", "url( &quot;#a&quot; )", "URL(#a)"):
        drawing = f'<defs><linearGradient id="a"/></defs><path fill="{url}" d="M0 0"/>'
        (folder / "logo.svg").write_text(SVG.format(drawing))
        assert "theme/logo.svg" in load_assets(folder).files, url


@pytest.mark.parametrize("function", FUNCTIONS)
def test_sheet_and_sign_refuse_the_same_functions(function: str) -> None:
    css = (SHIPPED / "theme.css").read_text(encoding="utf-8")
    for call in (f"{function}('x.png')", f"-webkit-{function} ( x )", f"{function.upper()}(#a)"):
        sign = SVG.format(f'<path id="b" style="mask: {call}"/>').encode()
        with pytest.raises(ValueError, match="may not stand in it"):
            check_svg(sign)
        with pytest.raises(ValueError, match="may not stand in a theme"):
            parse_theme(css.replace("--page:", f"--page: {call};", 1))


@pytest.mark.parametrize("name", ["theme.css", "logo.svg", "favicon.svg"])
def test_a_missing_or_huge_file_is_told(tmp_path: Path, name: str) -> None:
    folder = shutil.copytree(EXAMPLES / "northlight", tmp_path / "theme")
    (folder / name).unlink()
    with pytest.raises(ConfigError, match="cannot be read: No such file"):
        load_assets(folder)
    (folder / name).write_bytes(b" " * 300_000)
    with pytest.raises(ConfigError, match="larger than 256 kB"):
        load_assets(folder)


def test_a_card_of_a_wrong_size_is_refused(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES / "northlight", tmp_path / "theme")
    for content in (b"GIF89a", PNG + struct.pack(">II", 600, 315)):
        (folder / "social.png").write_bytes(content)
        with pytest.raises(ConfigError, match=r"social\.png cannot be used"):
            load_assets(folder)
    (folder / "social.png").write_bytes(PNG + struct.pack(">II", 1200, 630))
    assert "theme/social.png" in load_assets(folder).files


def test_only_the_files_of_a_theme_are_served(tmp_path: Path) -> None:
    folder = shutil.copytree(EXAMPLES / "northlight", tmp_path / "theme")
    (folder / "notes.svg").write_text("private")
    assert "theme/notes.svg" not in load_assets(folder).files
