"""Static files: under a content hash, kept for a year, nothing from another host."""

from __future__ import annotations

import gzip
import posixpath
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from matcher.web.assets import SITE_PARTS, SITE_SHEET, Assets
from matcher.web.site import EXTENSION
from tests.web.person import Person

SIZE_OF_A_FIRST_LOAD = 80_000


@pytest.fixture(scope="module")
def assets(app: Flask) -> Assets:
    found = app.extensions[EXTENSION].assets
    assert isinstance(found, Assets)
    return found


def test_no_style_sheet_stands_twice_in_the_site_s() -> None:
    assert len(SITE_PARTS) == len(set(SITE_PARTS))


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
    assert assets.theme.name == "Matcher"


def first_load(client: FlaskClient, path: str) -> dict[str, int]:
    """Bytes of a page and of all that it names under ``/static/``, as they are sent."""
    page = client.get(path)
    assert page.status_code == 200
    links = re.findall(r'(?:href|src)="(/static/[^"]+)"', page.get_data(as_text=True))
    headers = {"Accept-Encoding": "gzip"}
    return {link: len(client.get(link, headers=headers).data) for link in links} | {
        path: len(page.data)
    }


def test_a_first_load_is_small(client: FlaskClient) -> None:
    sizes = first_load(client, "/")
    kinds = sorted(name.rpartition(".")[2] for name in sizes)
    assert {"css", "svg", "woff2"} <= set(kinds)
    assert kinds.count("woff2") == 1
    # Embedded pictures are no part of the list: the style sheet's own one is the logo.
    assert sum(sizes.values()) <= SIZE_OF_A_FIRST_LOAD, sizes


def test_every_screen_needs_one_style_sheet(person: Person) -> None:
    person.begin()
    for path in ("/", "/questions/er", "/check", "/results", "/privacy"):
        person.open(path)
        sheets = re.findall(r'<link rel="stylesheet" href="([^"]+)"(?! media="print")', person.page)
        assert [sheet.rpartition("/")[2] for sheet in sheets] == ["site.css"], path


def test_the_one_sheet_holds_every_part_in_order(assets: Assets) -> None:
    whole = assets.files[SITE_SHEET].plain.decode()
    places = [whole.index(assets.files[name].plain.decode()[:60]) for name in SITE_PARTS]
    assert places == sorted(places)
    assert 'url("theme/logo.svg")' in whole
    assert 'url("vendor/atkinson-hyperlegible-next/' in whole


def test_pages_are_never_compressed(client: FlaskClient) -> None:
    """A page holds answers and a code beside words of the request: its length would tell them."""
    response = client.get("/", headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in response.headers
