"""Trial: a job killed at one of its lines, what comes after it, and the verdict on that."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.lab.clock_control import WEEK, night_passes
from tests.lab.forked import forked
from tests.lab.inhabitants import address_of
from tests.lab.lab_site import Row, Site
from tests.lab.leftovers import leftovers
from tests.lab.line_killer import LineKiller
from tests.lab.smtp_double import SmtpDouble
from tests.lab.starting_point import StartingPoint, keep
from tests.lab.verdict import Mail, faults

LATER = timedelta(hours=2)


@dataclass
class Trial:
    """A job of a site, to be killed again and again from the same starting point.

    What follows a death depends on what it left, in the database and with the mail server, and on
    nothing else: of deaths that left the same, the first one's aftermath is judged (`judged`).

    `wanted`: the studies that each person (by name) should have been told in the end. The job may
    set the mail server's mode; it is put in order again afterwards.
    """

    site: Site
    job: Callable[[], object]
    wanted: dict[str, Iterable[str]]
    start: StartingPoint = field(init=False)
    begins: datetime = field(init=False)
    judged: set[Hashable] = field(default_factory=set, repr=False)

    def __post_init__(self) -> None:
        self.start = keep(self.site.settings.database_url)
        self.begins = self.site.clock.at

    def run(self, killer: LineKiller, *, first: int = 1, every: int = 1) -> int:
        """Kill at every `every`-th line; returns how many times. Raises `AssertionError`."""
        self.rehearse()
        count = 0
        for at in killer.deaths(self.job, first=first, every=every):
            try:
                self.judge(f"killed at line {at}", uncertain=1)
            except AssertionError:
                self.begin_anew()
                raise AssertionError(f"line {at} is {killer.lines(self.job)[at - 1]}") from None
            count += 1
        return count

    def rehearse(self) -> None:
        """Do it all in this process once: what it learns on the way, its children know."""
        self.job()
        self._settle()
        found = self._faults(self.aftermath(), uncertain=0)
        assert not found, ("without any break", found)
        self.begin_anew()

    def judge(self, what: str, *, uncertain: int) -> None:
        """Let the runs after a break have their way, judge what they left, and begin anew.

        `uncertain`: how many rows may be. Raises `AssertionError` that says `what` was done.
        """
        self._settle()
        left = self._left()
        if left not in self.judged:
            found = self._faults(forked(self.aftermath), uncertain=uncertain)
            assert not found, (what, found, self.site.rows())
            self.judged.add(left)
        self.begin_anew()

    def _settle(self) -> None:
        self.site.double.set_mode("ok")
        quiet(self.site.double)
        self.start.settle()

    def _left(self) -> Hashable:
        mails = map(Mail.read, self.site.double.accepted())
        with self.site.desk() as desk:
            return leftovers(desk, [mail.row for mail in mails])

    def _faults(self, rows: Sequence[Row], *, uncertain: int) -> list[str]:
        quiet(self.site.double)
        wanted = {address_of(name): keys for name, keys in self.wanted.items()}
        found = faults(rows, self.site.double.accepted(), wanted=wanted)
        unsure = [row for row in rows if row.state == "uncertain"]
        return [*found, *(f"uncertain: {row}" for row in unsure[uncertain:])]

    def aftermath(self) -> list[Row]:
        """The next runs, with nobody's hands: later that day, and in the two next periods."""
        with self.site.shift() as shift:
            night_passes(shift.desk.engine)
            for pause in (LATER, WEEK, WEEK):
                shift.clock.forward(pause)
                shift.plan()
                shift.send()
        return self.site.rows()

    def begin_anew(self) -> None:
        """Put everything back to what it was before the job."""
        self.start.put_back()
        self.site.double.forget()
        self.site.clock.at = self.begins


def quiet(double: SmtpDouble) -> None:
    """Wait until every conversation that somebody began has come to its end."""
    for _ in range(10_000):
        heard = [note.split(" ", 1) for note in double.talk()]
        ended = {number for number, what in heard if what == "end"}
        if {number for number, _ in heard} == ended:
            return
        time.sleep(0.002)
    raise RuntimeError("a conversation with the mail server does not end")
