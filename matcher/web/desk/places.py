"""Places: the pages of a panel that the bar of the desk leads to."""

from __future__ import annotations

from flask import current_app, url_for

from matcher.services.panels.walls import OpenPanel

PLACES = {
    "people": "desk_panel.page",
    "matrix": "desk_matrix.page",
    "news": "desk_news.page",
    "work": "desk_work.page",
    "records": "desk_records.form",
    "trail": "desk_trail.page",
    "settings": "desk_panel.settings",
}
OWNERS = ("trail",)


def places_of(panel: OpenPanel) -> list[tuple[str, str]]:
    """The names and endpoints of a panel's pages, for who opened it."""
    return [
        (name, endpoint)
        for name, endpoint in PLACES.items()
        if endpoint in current_app.view_functions and (panel.is_owner or name not in OWNERS)
    ]


def pair_address(panel: OpenPanel, person: str, key: str) -> str:
    """The page of a study (key) and a person (public id)."""
    if "desk_work.pair" in current_app.view_functions:
        return url_for("desk_work.pair", panel=panel.panel.public_id, person=person, key=key)
    return url_for("study.study", key=key)
