"""Pages: the patient's way, from the start page to a study's own page."""

from __future__ import annotations

from flask import Flask, g

from matcher.web.above import page_here
from matcher.web.pages import (
    about,
    answers_file,
    check,
    confirming,
    embed,
    entering,
    genes,
    glossary,
    muting,
    my_data,
    own_end,
    questions,
    records,
    results,
    sheet,
    short,
    start,
    stopping,
    study,
    subscribing,
)
from matcher.web.site import site


def register(app: Flask) -> None:
    """Add the pages, and what every template of theirs may use."""
    patient = (start, embed, about, questions, genes, glossary, check, results)
    files = (answers_file, records)
    mailed = (subscribing, confirming, stopping, entering, my_data, own_end, muting)
    for module in (*patient, *files, study, short, sheet, *mailed):
        app.register_blueprint(module.blueprint)

    @app.context_processor
    def frame() -> dict[str, object]:
        return {
            "visit": g.get("visit"),
            "here": page_here(),
            "offers_mail": site().sends_mail,
        }
