"""Uploading: the page with the form for a file, as it opens and with faults."""

from __future__ import annotations

from flask import render_template, request, url_for

from matcher.web.answers_file import FileError
from matcher.web.pages.start import Given
from matcher.web.posted import FormError


def upload_page(
    blueprint: str, given: Given, *, error: FileError | None, whom_fault: FormError | None
) -> str:
    """The page of a blueprint that takes files, by its view `page` and the template of its name."""
    failed = error is not None or whom_fault is not None
    return render_template(
        f"pages/{blueprint}.html",
        given=given,
        error=error,
        whom_fault=whom_fault,
        # A file cannot be sent a second time: the switch leads to its form, which says so.
        here=url_for(f"{blueprint}.page", again=1 if failed else None),
        again="again" in request.args,
    )
