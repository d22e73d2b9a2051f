"""Static files: under a content hash, kept for a year, nothing from another host."""

from __future__ import annotations

import gzip
import posixpath
import re

import pytest
from flask.testing import FlaskClient

from matcher.web.assets import Assets, load_assets

SIZE_OF_A_FIRST_LOAD = 80_000


@pytest.fixture(scope="module")
def assets() -> Assets:
    return load_assets()


def test_a_file_may_be_kept_for_a_year(client: FlaskClient, assets: Assets) -> None:
    response = client.get(assets.url("base.css"))
    assert response.status_code == 200
    assert response.content_type == "text/css; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, immutable, max-age=31536000"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_text_is_sent_compressed_to_whoever_can_read_it(
    client: FlaskClient, assets: Assets
) -> None:
    url = assets.url("base.css")
    zipped = client.get(url, headers={"Accept-Encoding": "gzip"})
    plain = client.get(url, headers={"Accept-Encoding": "identity"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(zipped.data) == plain.data
    assert "Accept-Encoding" in zipped.headers["Vary"]


@pytest.mark.parametrize(
    "path",
    [
        "/static/0000000000000000/base.css",
        "/static/{version}/nothing.css",
        "/static/{version}/../app.py",
        "/static/{version}/vendor/VENDORED.md",
    ],
)
def test_nothing_else_is_served(client: FlaskClient, assets: Assets, path: str) -> None:
    assert client.get(path.format(version=assets.version)).status_code == 404


def test_style_sheets_refer_to_their_own_files_alone(assets: Assets) -> None:
    for name, asset in assets.files.items():
        if not name.endswith(".css"):
            continue
        for url in re.findall(r"url\(\s*[\"']?([^\"')]+)", asset.plain.decode()):
            assert not url.startswith(("http", "//", "data:")), (name, url)
            wanted = posixpath.normpath(posixpath.join(posixpath.dirname(name), url))
            assert wanted in assets.files, (name, url)


def test_no_government_identity_is_in_the_style_sheets(assets: Assets) -> None:
    css = b"".join(a.plain for name, a in assets.files.items() if name.endswith(".css")).lower()
    assert b"gds transport" not in css
    assert b"crest" not in css
    assert b"govuk-header" not in css


def test_the_theme_names_the_site(assets: Assets) -> None:
    assert assets.theme_name == "Matcher"


def test_a_first_load_is_small(client: FlaskClient) -> None:
    page = client.get("/")
    links = re.findall(r'href="(/static/[^"]+)"', page.get_data(as_text=True))
    assert len(links) >= 6
    headers = {"Accept-Encoding": "gzip"}
    sizes = [len(client.get(link, headers=headers).data) for link in links]
    assert sum(sizes) + len(page.data) <= SIZE_OF_A_FIRST_LOAD
