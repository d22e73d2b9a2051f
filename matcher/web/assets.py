"""Assets: the style sheets, typeface and pictures, held in memory under one content hash.

The address of every file holds a hash of the whole folder, so that browsers may keep it for a
year and a new version is a new address; relative links inside the style sheets stay right.
What every page on the screen needs is one sheet, put together here: one request, not five.
"""

from __future__ import annotations

import gzip
import hashlib
import posixpath
import re
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from flask import Blueprint, Response, abort, request

from matcher.theming.theme import Theme, parse_theme, read_theme

MIME_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".png": "image/png",
}
YEAR = 365 * 24 * 3600
SITE_SHEET = "site.css"
# In this order: what stands later wins.
SITE_PARTS = (
    "vendor/govuk-frontend/govuk-frontend-slim.min.css",
    "theme/theme.css",
    "base.css",
    "questions.css",
    "results.css",
    "terms.css",
    "start.css",
)
_URL = re.compile(r"url\(\"([^\"]+)\"\)")


@dataclass(frozen=True)
class Asset:
    """One file as it is sent: its type, its bytes, and those bytes compressed if that helps."""

    mime_type: str
    plain: bytes
    zipped: bytes | None


@dataclass(frozen=True)
class Assets:
    """All files by their path under `static/`, and the hash of them all."""

    files: dict[str, Asset]
    version: str

    def url(self, name: str) -> str:
        """The address of a file; raises `KeyError` if there is none of that name."""
        _ = self.files[name]
        return f"/static/{self.version}/{name}"

    @property
    def theme(self) -> Theme:
        """The theme in use."""
        return parse_theme(self.files["theme/theme.css"].plain.decode())


def load_assets(theme: Path | None = None) -> Assets:
    """Read `static/` whole (a quarter of a megabyte), with the theme of a folder in its place.

    Raises `ConfigError` for a theme that cannot be used.
    """
    contents = dict(_walk(resources.files("matcher.web") / "static", prefix=""))
    if theme is not None:
        model = parse_theme(contents["theme/theme.css"].decode())
        shipped = [name for name in contents if name.startswith("theme/")]
        own = read_theme(theme, model=model)
        # The shipped signs carry another name: none of them may stay.
        for name in shipped:
            del contents[name]
        contents |= {f"theme/{name}": content for name, content in own.items()}
    contents[SITE_SHEET] = _joined(contents, SITE_PARTS)
    return _packed(contents)


def _joined(contents: dict[str, bytes], parts: tuple[str, ...]) -> bytes:
    """Several style sheets as one that stands beside their folders."""
    sheets = []
    for name in parts:
        folder = posixpath.dirname(name)
        sheets.append(
            _URL.sub(rf'url("{folder}/\1")' if folder else r"\g<0>", contents[name].decode())
        )
    return "\n".join(sheets).encode()


def _packed(contents: dict[str, bytes]) -> Assets:
    files: dict[str, Asset] = {}
    digest = hashlib.sha256()
    for name, content in sorted(contents.items()):
        suffix = name[name.rfind(".") :]
        if suffix not in MIME_TYPES:
            continue
        digest.update(f"{name}\0{len(content)}\0".encode() + content)
        zipped = gzip.compress(content, mtime=0) if suffix in (".css", ".js", ".svg") else None
        files[name] = Asset(MIME_TYPES[suffix], content, zipped)
    return Assets(files, digest.hexdigest()[:16])


def _walk(folder: Traversable, *, prefix: str) -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in folder.iterdir():
        name = prefix + entry.name
        if entry.is_dir():
            found.extend(_walk(entry, prefix=f"{name}/"))
        else:
            found.append((name, entry.read_bytes()))
    return found


def assets_blueprint(assets: Assets) -> Blueprint:
    """The route that serves them."""
    blueprint = Blueprint("assets", __name__)

    @blueprint.get("/static/<version>/<path:name>")
    def send(version: str, name: str) -> Response:
        asset = assets.files.get(name)
        if asset is None or version != assets.version:
            abort(404)
        zipped = asset.zipped if request.accept_encodings["gzip"] else None
        response = Response(zipped or asset.plain, content_type=asset.mime_type)
        if zipped:
            response.content_encoding = "gzip"
        response.vary.add("Accept-Encoding")
        response.cache_control.public = True
        response.cache_control.immutable = True
        response.cache_control.max_age = YEAR
        return response

    return blueprint
