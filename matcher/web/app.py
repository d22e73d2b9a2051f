"""App: puts the pages, the API and their guards together into one Flask application."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import sqlalchemy as sa
from flask import Flask, url_for
from flask_wtf.csrf import CSRFProtect  # type: ignore[import-untyped]
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.services.live import LiveMatcher
from matcher.services.matching import Matcher
from matcher.web import desk, health, pages
from matcher.web.api import routes
from matcher.web.assets import assets_blueprint, load_assets
from matcher.web.cookies import set_form_cookie
from matcher.web.errors import ProblemApi, handle_breakdowns
from matcher.web.forgery import refuse_foreign_posts
from matcher.web.headers import guard_responses
from matcher.web.hosts import trust_hosts
from matcher.web.language import teach_templates
from matcher.web.logs import configure_logs
from matcher.web.paragraphs import paragraphs
from matcher.web.site import EXTENSION, Site
from matcher.web.sweeping import sweep_beside
from matcher.web.terms import teach_terms
from matcher.words import load_words

MEGABYTE = 1024 * 1024


def _utc_now() -> datetime:
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    rulebook: Rulebook,
    *,
    engine: sa.Engine,
    matcher: Callable[[], Matcher] | None = None,
    clock: Callable[[], datetime] = _utc_now,
    insecure: bool = False,
) -> Flask:
    """The web application over the database behind `engine`.

    `matcher` gives the newest catalogue, made ready (by default the database's); `clock` an aware
    time; `insecure` serves under any host name, without https. Raises `ConfigError` for a theme
    that cannot be used.
    """
    configure_logs()
    app = Flask("matcher.web", static_folder=None)
    assets = load_assets(settings.theme)
    app.extensions[EXTENSION] = Site(
        settings=settings,
        rulebook=rulebook,
        engine=engine,
        matcher=matcher or LiveMatcher(engine, rulebook),
        clock=clock,
        words=load_words(),
        assets=assets,
    )
    _configure(app, settings)
    trust_hosts(app, settings, insecure=insecure)
    guard_responses(app, settings)
    handle_breakdowns(app)
    sweep_beside(app)
    _prepare_templates(app)
    teach_terms(app, rulebook.glossary)
    api = ProblemApi(app)
    routes.register(api, rulebook)
    refuse_foreign_posts(app, CSRFProtect(app))
    app.register_blueprint(assets_blueprint(assets))
    app.register_blueprint(health.blueprint)
    pages.register(app)
    desk.register(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=MEGABYTE,
        MAX_FORM_PARTS=500,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        # Pages send no Referer at all, so its check could only refuse our own visitors.
        WTF_CSRF_SSL_STRICT=False,
        API_TITLE="Matcher",
        API_VERSION="1",
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api/v1",
    )
    set_form_cookie(app, settings)


def _prepare_templates(app: Flask) -> None:
    assets = app.extensions[EXTENSION].assets
    app.jinja_loader = ChoiceLoader(
        [
            PackageLoader("matcher.web"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals["site_name"] = assets.theme.name

    def asset(name: str) -> str:
        _ = assets.files[name]
        return url_for("assets.send", version=assets.version, name=name)

    app.jinja_env.globals["asset"] = asset
    app.jinja_env.globals["has_asset"] = assets.files.__contains__
    app.jinja_env.globals["public_url"] = app.extensions[EXTENSION].settings.public_url
    app.jinja_env.filters["paragraphs"] = paragraphs
    teach_templates(app)
