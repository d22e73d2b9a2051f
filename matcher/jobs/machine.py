"""Machine: one worker put together, from the settings to the running process."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from matcher.config import Settings
from matcher.core.rulebook import Rulebook
from matcher.jobs import worker
from matcher.jobs.app import make_app
from matcher.jobs.logs import quiet_queue
from matcher.jobs.schema import require_prepared
from matcher.jobs.tasks import Work
from matcher.mail.transport import SmtpTransport
from matcher.services.digests.desk import Desk
from matcher.services.digests.sending_rules import SendingRules
from matcher.services.live import LiveMatcher


def work(
    settings: Settings,
    engine: sa.Engine,
    book: Rulebook,
    *,
    concurrency: int,
    ready: Callable[[], None],
) -> None:
    """Work until told to stop; `concurrency` tasks at once. Raises `StoreError` at the start.

    The settings must be those that mails can be sent with (`needs.require_mail`).
    """
    server = settings.smtp
    assert server is not None
    require_prepared(engine)
    quiet_queue()
    # Whoever dies, or loses the database, keeps what it claimed from the others for a while.
    rules, stop = SendingRules(batch=10), worker.Stop()
    tasks = Work(
        Desk(engine, book, LiveMatcher(engine, book), settings),
        lambda: SmtpTransport(server, timeout=rules.timeout),
        stopping=stop,
        rules=rules,
    )
    worker.run(make_app(engine, tasks), stop, concurrency=concurrency, ready=ready)
