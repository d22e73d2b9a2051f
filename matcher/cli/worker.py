"""Worker: the commands of a machine that works on the queue."""

from __future__ import annotations

from importlib import import_module
from threading import Thread

import click

from matcher.cli.opening import open_database, open_rules
from matcher.config import load_settings
from matcher.core.machine.executors import load_fastest
from matcher.jobs.needs import require_mail, require_queue
from matcher.services.keys import check_keys
from matcher.web.logs import configure_logs


@click.group()
def worker() -> None:
    """Share the mails' work between many machines (PostgreSQL)."""


@worker.command()
def prepare() -> None:
    """Make the queue's own tables beside Matcher's: once, and after each upgrade."""
    settings = load_settings()
    require_queue(settings)
    # The queue's packages are an extra: whoever has no worker does without them.
    done = import_module("matcher.jobs.schema").prepare(open_database(settings))
    click.echo("The queue is ready." if done else "Nothing had to be done.")


@worker.command()
@click.option(
    "--concurrency",
    type=click.IntRange(1, 10),
    default=1,
    show_default=True,
    help="Tasks at once, each with a connection of its own to the mail server.",
)
def run(concurrency: int) -> None:
    """Plan and send, together with other workers, until told to stop."""
    settings = load_settings()
    require_queue(settings)
    require_mail(settings)
    configure_logs()
    book, engine = open_rules(settings), open_database(settings)
    check_keys(engine, settings)
    # Compiling may take some seconds the first time: until then NumPy does the work.
    Thread(target=load_fastest, daemon=True).start()
    import_module("matcher.jobs.machine").work(
        settings,
        engine,
        book,
        concurrency=concurrency,
        ready=lambda: click.echo("Working. Stop with Ctrl+C or SIGTERM."),
    )
