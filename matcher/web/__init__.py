"""Web: the pages for people and the JSON API. `create_app` puts them together."""

from matcher.web.app import create_app

__all__ = ["create_app"]
