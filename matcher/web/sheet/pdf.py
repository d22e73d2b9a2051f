"""Pdf: turns a page into a tagged PDF by WeasyPrint, if that is installed (extra ``pdf``)."""

from __future__ import annotations

import logging
import re
from functools import cache
from importlib import import_module
from threading import Lock
from types import ModuleType

from matcher.web.assets import Assets

HOME = "https://static.invalid/"
"""Where the page's style sheets and typeface stand for WeasyPrint: no such host can exist."""
LONGEST_WAIT = 15.0
TIGHT = """
.paper { font-size: 8.75pt !important; line-height: 1.22 !important }
.paper__study { margin-top: .15em !important; padding-top: .15em !important }
.paper__questions li::after { height: 1.35em !important }
"""
"""Over the rules of sheet.css, as those of a reader: only so do they win."""
LETTER = ("BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE")
"""The countries that print on US Letter, by CLDR."""

# One at a time: making a PDF takes a core for about a second.
_turn = Lock()


class BusyError(Exception):
    """Too many people want a PDF just now."""


@cache
def weasyprint() -> ModuleType | None:
    """The library, or None where it or Pango, which it needs, is missing."""
    # Of the browsers' style rules that it does not know it would tell at every turn.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    try:
        return import_module("weasyprint")
    except (ImportError, OSError):
        return None


def make_pdf(page: str, *, assets: Assets, paper: str) -> bytes:
    """The PDF of an HTML page on `paper` ("A4" or "Letter"), tagged for screen readers.

    Where a little less room makes it a page less, it is set a little smaller: a last page of a
    line or two is easily lost. Nothing is fetched but our own files. Raises `BusyError`.
    """
    library = weasyprint()
    assert library is not None
    if not _turn.acquire(timeout=LONGEST_WAIT):
        raise BusyError
    try:
        fetcher = own_files(assets)
        size, tight = (
            library.CSS(string=rules, url_fetcher=fetcher)
            for rules in (f"@page {{ size: {paper} }}", TIGHT)
        )
        source = library.HTML(string=page, base_url=HOME, url_fetcher=fetcher)
        document = source.render(stylesheets=[size], pdf_variant="pdf/ua-1")
        if len(document.pages) > 1:
            tighter = source.render(stylesheets=[size, tight], pdf_variant="pdf/ua-1")
            document = min(document, tighter, key=lambda one: len(one.pages))
        made: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
        return made
    finally:
        _turn.release()


def paper_of(languages: str) -> str:
    """The paper of the country that a browser's Accept-Language names first, else US Letter."""
    first = re.split("[,;]", languages, maxsplit=1)[0].strip()
    regions = [part.upper() for part in first.split("-")[1:] if len(part) == 2]
    return "A4" if regions and regions[0] not in LETTER else "Letter"


class OwnFiles:
    """Gives WeasyPrint our own files, and refuses every other address."""

    def __init__(self, assets: Assets, response: type) -> None:
        self._assets, self._response = assets, response

    def __call__(self, url: str) -> object:
        """The file of an address; raises `ValueError` for all that is not ours."""
        asset = self._assets.files.get(url.removeprefix(HOME)) if url.startswith(HOME) else None
        if asset is None:
            raise ValueError("Only our own files may be fetched.")
        kind = asset.mime_type.partition(";")[0]
        return self._response(url, asset.plain, {"Content-Type": kind})

    fetch = __call__


def own_files(assets: Assets) -> OwnFiles:
    """A fetcher over the files of the site."""
    library = weasyprint()
    assert library is not None
    return OwnFiles(assets, library.urls.URLFetcherResponse)
