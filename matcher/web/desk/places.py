"""Places: the pages of a panel that the bar of the desk leads to."""

from __future__ import annotations

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
        if panel.is_owner or name not in OWNERS
    ]
