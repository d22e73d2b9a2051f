"""App: the tasks as Procrastinate knows them: their names, ticks and order."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import sqlalchemy as sa
import structlog
from procrastinate import App, JobContext, PsycopgConnector
from procrastinate.exceptions import ConnectorException

from matcher.jobs.queue import QUEUE, SEND
from matcher.jobs.schema import conninfo
from matcher.jobs.tasks import StoppedError, Work
from matcher.store.errors import StoreError

STALLED_AFTER = 30.0
"""Seconds without a sign of life after which a worker's jobs go to another."""

KEPT_HOURS = 168
FIRST = 100  # before every mail: these are short, and mails depend on them

log = structlog.get_logger(__name__)


class JobError(Exception):
    """A task failed. What it was about is in the log, and not here: it could quote a person."""


def make_app(engine: sa.Engine, work: Work) -> App:
    """The application for one worker; it connects when it is opened.

    No task has a `lock`: one whose worker died would keep its successors waiting for ever.
    """
    app = App(connector=PsycopgConnector(conninfo=conninfo(engine), min_size=1, max_size=4))

    @app.task(name=SEND, queue=QUEUE)
    def send_rows(ids: list[int]) -> None:
        guarded(lambda: work.send_rows(ids))

    _every(app, "* * * * *", "catch_up", work.catch_up, priority=FIRST)
    _every(app, "*/15 * * * *", "plan", work.plan, priority=FIRST - 10)
    _every(app, "0 * * * *", "sweep", work.sweep, priority=FIRST - 20)
    _keep_house(app)
    return app


def _every(app: App, cron: str, name: str, step: Callable[[], None], *, priority: int) -> None:
    @app.periodic(cron=cron)
    @app.task(name=name, queue=QUEUE, queueing_lock=name, priority=priority)
    def run(timestamp: int) -> None:
        del timestamp  # what is due is read from the ledger, never from the tick
        guarded(step)


def _keep_house(app: App) -> None:
    """The queue's own upkeep: jobs of workers that died are given back, old ones deleted."""

    @app.periodic(cron="* * * * *")
    @app.task(
        name="give_back", queue=QUEUE, queueing_lock="give_back", priority=FIRST, pass_context=True
    )
    async def give_back(context: JobContext, timestamp: int) -> None:
        del timestamp
        jobs = context.app.job_manager
        for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=STALLED_AFTER):
            with suppress(ConnectorException):  # another worker may have given it back meanwhile
                await jobs.retry_job(job)

    @app.periodic(cron="30 * * * *")
    @app.task(name="forget", queue=QUEUE, queueing_lock="forget", pass_context=True)
    async def forget(context: JobContext, timestamp: int) -> None:
        del timestamp
        await context.app.job_manager.delete_old_jobs(
            nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
        )


def guarded(step: Callable[[], None]) -> None:
    """Run a step; whatever it raises leaves here without its words. Raises `JobError`."""
    try:
        step()
    except StoppedError:
        return
    except StoreError as error:
        log.error("a task failed", what=error.what, where=error.where, mend=error.mend)
        raise JobError(error.kind) from None
    except Exception as error:
        log.error("a task failed", kind=type(error).__name__)
        raise JobError(type(error).__name__) from None
