"""Draws a theme's social card and icon: ``python -m scripts.social_card [THEME_FOLDER]``.

Needs Chromium, Playwright and Pillow (``pip install pillow``). Without a folder it draws the
shipped theme's. The pictures are put beside its theme.css, and a restart shows them.
"""

from __future__ import annotations

import base64
import io
import os
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from matcher.theming.theme import parse_theme
from matcher.words import load_words

ROOT = Path(__file__).resolve().parents[1]
STATIC = ROOT / "matcher/web/static"
FONT = (
    STATIC / "vendor/atkinson-hyperlegible-next/atkinson-hyperlegible-next-latin-wght-normal.woff2"
)
SIZE_LIMIT = 60_000

CARD = """<!DOCTYPE html><meta charset="utf-8"><style>
@font-face {{ font-family: A; font-weight: 200 800; src: url({font}); }}
body {{ margin: 0; box-sizing: border-box; width: 1200px; height: 630px; padding: 64px 80px;
  border-bottom: 20px solid {brand}; background: {page}; color: {ink}; font-family: A;
  display: flex; flex-direction: column; justify-content: space-between; }}
p {{ margin: 0 0 0 -6px; display: flex; align-items: center; gap: 20px;
  font-size: 46px; font-weight: 700; }}
img {{ width: 84px; height: 84px; }}
h1 {{ margin: 0; font-size: 84px; line-height: 1.1; letter-spacing: -.02em; text-wrap: balance; }}
div {{ font-size: 36px; line-height: 1.35; color: {soft}; }}
</style><p><img src="{logo}" alt="">{name}</p><h1>{title}</h1><div>{lead}</div>"""
ICON = """<!DOCTYPE html><style>body {{ margin: 0; width: 180px; height: 180px; display: grid;
  place-items: center; background: {page}; }} img {{ width: 132px; height: 132px; }}</style>
<img src="{icon}" alt="">"""


def inlined(path: Path, kind: str) -> str:
    """The file as an address that holds it."""
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()}"


def drawn(page: Page, html: str, width: int, height: int) -> bytes:
    """A picture of a page as a PNG of at most 128 colours."""
    page.set_viewport_size({"width": width, "height": height})
    page.set_content(html, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    with Image.open(io.BytesIO(page.screenshot())) as picture:
        few = picture.convert("RGB").quantize(128, dither=Image.Dither.NONE)
    packed = io.BytesIO()
    few.save(packed, "PNG", optimize=True)
    return packed.getvalue()


def draw(folder: Path) -> None:
    """Write both pictures into a theme's folder."""
    theme = parse_theme((folder / "theme.css").read_text(encoding="utf-8"))
    texts = load_words().texts
    shown = {
        "font": inlined(FONT, "font/woff2"),
        "logo": inlined(folder / "logo.svg", "image/svg+xml"),
        "icon": inlined(folder / "favicon.svg", "image/svg+xml"),
        "name": theme.name,
        "title": texts["start.title"].en,
        "lead": texts["start.lead"].en,
        "soft": theme.light["ink-soft"],
        **{name: theme.light[name] for name in ("page", "ink", "brand")},
    }
    path = os.environ.get("MATCHER_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page()
        card = drawn(page, CARD.format(**shown), 1200, 630)
        icon = drawn(page, ICON.format(**shown), 180, 180)
        browser.close()
    if len(card) > SIZE_LIMIT:
        sys.exit(f"Error: the card has {len(card)} bytes, more than {SIZE_LIMIT}.")
    for name, content in (("social.png", card), ("touch.png", icon)):
        (folder / name).write_bytes(content)
        print(f"{folder / name}: {len(content)} bytes")


if __name__ == "__main__":
    draw(Path(sys.argv[1]) if len(sys.argv) > 1 else STATIC / "theme")
