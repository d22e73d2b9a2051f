"""Photographs the pages: ``python -m scripts.screenshots FOLDER`` or ``… --readme``.

Every page at four widths, light and dark, in both languages; pages side by side on contact
sheets. ``--only results`` takes the pages whose names begin so, ``--way`` the patient's, the
reader's of mails or the navigator's at the desk, ``--width``, ``--scheme`` and ``--language`` one
kind. ``--readme`` draws docs/screenshots/results.png and desk.png anew. It serves the sample from
a temporary folder by itself. Needs Chromium, Playwright and Pillow (``pip install pillow``).
"""

from __future__ import annotations

import argparse
import base64
import email
import io
import os
import re
import shutil
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email import policy
from itertools import product
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from matcher.config import Settings, SmtpServer
from matcher.mail.envelope import Envelope
from matcher.mail.outcome import Fate, Outcome
from matcher.rules import load_rules, shipped_rules
from matcher.services.catalogue import open_catalogue
from matcher.services.digests.desk import Desk
from matcher.services.digests.rounds import Rounds
from matcher.services.live import LiveMatcher
from matcher.store.database import connect, upgrade
from matcher.web import create_app
from scripts.desk_way import DeskWay, desk_way
from scripts.patient_way import ANSWERS, WAY, Shot, begin, load
from scripts.reader_way import Post, ReaderWay, kind_of

SCALES = {1280: 0.5, 768: 0.6, 390: 0.75, 320: 0.75}
HEIGHTS = {1280: 900, 768: 1024, 390: 844, 320: 640}
LOCALES = {"en": "en-US", "es": "es-MX"}
SCHEMES = ("light", "dark")
WAYS = ("patient", "reader", "desk")
CUT, REST, PIECES, SHEET_WIDTH, GAP, CAPTION = 1600, 300, 3, 1340, 16, 28
GREY, WHITE = "#6f6f6f", "#ffffff"

ROOT = Path(__file__).resolve().parents[1]
README = ROOT / "docs/screenshots/results.png"
DESK = ROOT / "docs/screenshots/desk.png"
DESK_SIZE = {"width": 1280, "height": 1144}
README_LIMIT = 250_000
README_PAGE = """<!DOCTYPE html><style>
body {{ margin: 0; width: 1600px; height: 1000px; overflow: hidden; background: #e9e0d4; }}
div {{ position: absolute; box-sizing: border-box; overflow: hidden; background: #fff;
  border: 1px solid #b9aa9b; }}
.desktop {{ left: 48px; top: 48px; width: 1180px; height: 904px; border-radius: 12px; }}
.phone {{ right: 48px; top: 104px; width: 380px; height: 848px; border: 8px solid #2a2320;
  border-radius: 34px; }}
img {{ display: block; width: 100%; }}
</style><div class="desktop"><img src="data:image/png;base64,{desktop}"></div>
<div class="phone"><img src="data:image/png;base64,{phone}"></div>"""


class Pigeonhole:
    """Where all mails of the pictures come to, instead of a mail server."""

    def __init__(self) -> None:
        self.newest = b""

    def send(self, envelope: Envelope, *, before_dot: Callable[[], bool]) -> Outcome:
        """Keep the mail."""
        before_dot()
        self.newest = envelope.message
        return Outcome(Fate.SENT, 250, "kept")

    def close(self) -> None:
        """Nothing is open."""


def post_of(desk: Desk, public_url: str) -> Post:
    """The post of the pictures: plans, sends, and reads the links of the newest mail."""
    hole = Pigeonhole()

    def post() -> dict[str, str]:
        Rounds(desk, lambda: hole, lambda: datetime.now(UTC), digests=True).once()
        message = email.message_from_bytes(hole.newest, policy=policy.default)
        text = message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
        paths = re.findall(re.escape(public_url) + r"(/\S+)", text)
        return {kind: path for path in reversed(paths) if (kind := kind_of(path))}

    return post


@contextmanager
def serving() -> Iterator[tuple[str, Post, DeskWay]]:
    """A server over the sample in a folder of its own; gives its address, its post
    and its desk."""
    with tempfile.TemporaryDirectory(prefix="matcher-pictures-") as folder:
        engine = connect(f"sqlite:///{folder}/matcher.db")
        upgrade(engine)
        book = load_rules(shipped_rules())
        open_catalogue(engine, book, fill=True)
        server = make_server("127.0.0.1", 0, None, threaded=True)  # type: ignore[arg-type]
        url = f"http://127.0.0.1:{server.server_port}"
        settings = Settings(
            Path(folder), str(engine.url), "a secret of pictures", "a key of pictures",
            "a lookup key of pictures",
            public_url=url,
            smtp=SmtpServer("localhost", 25, "none"),
            mail_from="Matcher <news@matcher.example.org>",
            frame_ancestors=("https://example.org",),
        )  # fmt: skip
        matcher = LiveMatcher(engine, book)
        server.app = app = create_app(settings, book, engine=engine, matcher=matcher)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield url, post_of(Desk(engine, book, matcher, settings), url), desk_way(app)
        server.shutdown()
        thread.join()
        engine.dispose()


def opened(browser: Browser, url: str, width: int, scheme: str, language: str) -> Page:
    """A page in a browser of its own, from which nothing leaves this machine."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHTS[width]},
        color_scheme="dark" if scheme == "dark" else "light",
        locale=LOCALES[language],
        base_url=url,
    )
    context.set_default_timeout(10_000)
    context.route(lambda address: not address.startswith(url), lambda route: route.abort())
    return context.new_page()


def walk(page: Page, shots: Iterable[Shot], folder: Path, only: str) -> list[Path]:
    """Photograph every page of a way; gives the pictures."""
    taken = []
    for shot in shots:
        shot.go(page)
        if shot.name.startswith(only):
            page.evaluate("document.fonts.ready")
            path = folder / f"{shot.name}.png"
            page.screenshot(path=path, full_page=not shot.window)
            taken.append(path)
    return taken


def pieces(path: Path, scale: float) -> list[tuple[str, Image.Image]]:
    """A picture cut into readable heights, with the words that stand above each."""
    with Image.open(path) as whole:
        count = max(1, -(-(whole.height - REST) // CUT))
        found = []
        for place in range(min(count, PIECES)):
            end = whole.height if place == count - 1 else (place + 1) * CUT
            part = whole.crop((0, place * CUT, whole.width, end))
            size = round(part.width * scale), round(part.height * scale)
            title = f"{path.stem} {place + 1}/{count}"
            found.append((title, part.convert("RGB").resize(size, Image.Resampling.LANCZOS)))
        return found


def contact_sheets(pictures: list[Path], scale: float, folder: Path, name: str) -> None:
    """Write the pictures side by side, as many on a sheet as its width takes."""
    row: list[tuple[str, Image.Image]] = []
    sheets: list[list[tuple[str, Image.Image]]] = []
    for piece in (one for path in pictures for one in pieces(path, scale)):
        if sum(image.width + GAP for _, image in (*row, piece)) + GAP > SHEET_WIDTH:
            sheets.append(row)
            row = []
        row.append(piece)
    for number, shown in enumerate((*sheets, row), start=1):
        height = max(image.height for _, image in shown) + CAPTION + GAP
        sheet = Image.new("RGB", (SHEET_WIDTH, height), GREY)
        x = GAP
        for title, image in shown:
            text = ImageDraw.Draw(sheet)
            text.text((x, 6), title, fill=WHITE, font=ImageFont.load_default(16))
            sheet.paste(image, (x, CAPTION))
            x += image.width + GAP
        sheet.save(folder / f"{name}-{number:02}.png")


def photograph(
    browser: Browser, url: str, post: Post, desk: DeskWay, wishes: argparse.Namespace
) -> None:
    """All pages of every kind that is wished for, and their contact sheets."""
    for width, scheme, language in product(wishes.width, wishes.scheme, wishes.language):
        kind = f"{width}-{scheme}-{language}"
        folder = wishes.folder / kind
        folder.mkdir(parents=True, exist_ok=True)
        page = opened(browser, url, width, scheme, language)
        reader = ReaderWay(post, f"ana-{kind}@example.org")
        ways = {"patient": WAY, "reader": reader.shots(), "desk": desk.shots()}
        shots = [shot for name in wishes.way for shot in ways[name]]
        pictures = walk(page, shots, folder, wishes.only)
        page.context.close()
        contact_sheets(pictures, SCALES[width], wishes.folder, kind)
        print(f"{kind}: {len(pictures)} pages")


def draw_readme(browser: Browser, url: str) -> None:
    """Draw the README's picture: the results on a desk beside those on a phone."""
    shown = {}
    for name, width in (("desktop", 1280), ("phone", 390)):
        page = opened(browser, url, width, "light", "en")
        begin(page)
        load(ANSWERS, "/results")(page)
        page.evaluate("document.fonts.ready")
        page.set_viewport_size({"width": width, "height": 1000})
        if name == "phone":
            # The other half of the answer: what depends on something not known yet.
            page.locator(".level__heading.lv-may_fit").evaluate(
                "heading => window.scrollTo(0, heading.getBoundingClientRect().top - 24)"
            )
        shown[name] = encoded(page.screenshot())
        page.context.close()
    page = browser.new_page(viewport={"width": 1600, "height": 1000})
    page.set_content(README_PAGE.format(**shown), wait_until="load")
    keep_small(page.screenshot(), README)


def draw_desk(browser: Browser, url: str, desk: DeskWay) -> None:
    """Draw the picture of the desk: everybody of a small panel beside the reviews."""
    page = opened(browser, url, 1280, "light", "en")
    page.set_viewport_size(DESK_SIZE)  # type: ignore[arg-type]
    desk.let_in(page, url)
    desk.small_matrix(page)
    page.evaluate("document.fonts.ready")
    keep_small(page.screenshot(), DESK)
    page.context.close()


def keep_small(screenshot: bytes, path: Path) -> None:
    """Write a picture with few colours; it must not be larger than `README_LIMIT` bytes."""
    with Image.open(io.BytesIO(screenshot)) as picture:
        # Plain areas keep their very colour, and so do small ones such as the logo.
        few = picture.convert("RGB").quantize(
            256, Image.Quantize.MAXCOVERAGE, kmeans=2, dither=Image.Dither.NONE
        )
    packed = io.BytesIO()
    few.save(packed, "PNG", optimize=True)
    if len(packed.getvalue()) > README_LIMIT:
        sys.exit(f"Error: the picture has {len(packed.getvalue())} bytes; at most {README_LIMIT}.")
    path.write_bytes(packed.getvalue())
    print(f"{path}: {len(packed.getvalue())} bytes")


def encoded(picture: bytes) -> str:
    """A picture as base64."""
    return base64.b64encode(picture).decode()


def wished() -> argparse.Namespace:
    """The wishes of the command line."""
    parser = argparse.ArgumentParser(description="Photographs the patient's way.")
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--readme", action="store_true", help="draw those of the documents")
    parser.add_argument("--only", default="", help="pages whose names begin so")
    for name, known in (("width", [*SCALES]), ("scheme", [*SCHEMES]), ("language", [*LOCALES])):
        parser.add_argument(f"--{name}", action="append", type=type(known[0]), choices=known)
    parser.add_argument("--way", action="append", choices=WAYS)
    wishes = parser.parse_args()
    if not wishes.folder and not wishes.readme:
        parser.error("give a folder for the pictures, or --readme")
    wishes.way = wishes.way or [*WAYS]
    wishes.width = wishes.width or [*SCALES]
    wishes.scheme = wishes.scheme or [*SCHEMES]
    wishes.language = wishes.language or [*LOCALES]
    return wishes


def main() -> None:
    """Do what the command line wishes."""
    wishes = wished()
    path = os.environ.get("MATCHER_CHROMIUM") or shutil.which("chromium")
    with serving() as (url, post, desk), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        if wishes.readme:
            if "patient" in wishes.way:
                draw_readme(browser, url)
            if "desk" in wishes.way:
                draw_desk(browser, url, desk)
        if wishes.folder:
            photograph(browser, url, post, desk, wishes)
        browser.close()


if __name__ == "__main__":
    main()
