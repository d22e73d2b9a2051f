"""Mailing: what commands need to send mails, and the rounds that go on beside `serve`."""

from __future__ import annotations

import atexit
import time
from collections.abc import Callable
from datetime import UTC, datetime
from threading import Thread

from matcher.config import Settings
from matcher.mail.transport import SmtpTransport
from matcher.services.digests.desk import Desk
from matcher.services.digests.rounds import Rounds
from matcher.web.logs import configure_logs

GOODBYE_SECONDS = 5


def transport_maker(settings: Settings) -> Callable[[], SmtpTransport]:
    """Makes a transport to the installation's own mail server."""
    server = settings.smtp
    assert server is not None
    return lambda: SmtpTransport(server)


def start_rounds(desk: Desk, *, digests: bool) -> Rounds:
    """Hand mails over in threads of this process, until the process ends."""
    configure_logs()
    rounds = Rounds(
        desk, transport_maker(desk.settings), clock=lambda: datetime.now(UTC), digests=digests
    )
    threads = [
        Thread(target=rounds.run, args=(errand,), name=f"mail rounds: {name}", daemon=True)
        for name, errand in rounds.errands().items()
    ]

    def end() -> None:
        rounds.stop.set()
        last = time.monotonic() + GOODBYE_SECONDS
        for thread in threads:
            thread.join(max(0.0, last - time.monotonic()))

    for thread in threads:
        thread.start()
    atexit.register(end)
    return rounds
