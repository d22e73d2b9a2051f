"""Serving: the command serve, which runs the web application."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Thread

import click
from flask import Flask

from matcher.cli.complaints import InputError
from matcher.cli.mailing import start_rounds
from matcher.cli.matching import empty_option
from matcher.cli.opening import open_database, open_rules
from matcher.cli.warnings import warn_of_keys_beside_database, warn_of_unplanned_digests
from matcher.config import is_loopback, load_settings
from matcher.core.machine.executors import load_fastest
from matcher.services.digests.desk import Desk
from matcher.services.keys import check_keys
from matcher.services.live import LiveMatcher
from matcher.store.database import connect
from matcher.web.app import create_app
from matcher.web.assets import load_assets
from matcher.web.serving import PortError
from matcher.web.serving import serve as serve_app


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen on; 0 picks a free one.",
)
@click.option("--insecure", is_flag=True, help="Allow plain http on hosts other than loopback.")
@click.option("--digests", is_flag=True, help="Plan and send the digests too: no timer is needed.")
@empty_option
def serve(host: str, port: int, *, insecure: bool, digests: bool, empty: bool) -> None:
    """Run the web application; mails that people ask for go out within a minute."""
    settings = load_settings()
    if not (insecure or settings.public_url or is_loopback(host)):
        mend = "Set MATCHER_PUBLIC_URL to the address that people use (or give --insecure)."
        raise InputError("other hosts than loopback are not served yet", f"--host {host}", mend)
    if digests and not settings.sends_mail:
        mend = "Set MATCHER_PUBLIC_URL, MATCHER_SMTP_URL and MATCHER_MAIL_FROM."
        raise InputError("digests cannot be sent without a mail server", "--digests", mend)
    book = open_rules(settings)
    # Everything that can be wrong is found here, before anybody is told that we listen; the
    # worker opens a connection of its own after the fork.
    load_assets(settings.theme)
    engine = open_database(settings, fill=not empty)
    check_keys(engine, settings)
    if settings.sends_mail:
        warn_of_keys_beside_database(settings)
        if not digests:
            warn_of_unplanned_digests(engine, now=datetime.now(UTC))
    engine.dispose()

    def make_app() -> Flask:
        engine = connect(settings.database_url)
        matcher = LiveMatcher(engine, book)
        matcher()
        # Compiling may take some seconds the first time: until then NumPy does the work.
        Thread(target=load_fastest, daemon=True).start()
        if settings.sends_mail:
            start_rounds(Desk(engine, book, matcher, settings), digests=digests)
        return create_app(settings, book, engine=engine, matcher=matcher, insecure=insecure)

    try:
        serve_app(make_app, host=host, port=port)
    except PortError as error:
        raise InputError(error.what, error.where, error.mend) from None
