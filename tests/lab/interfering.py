"""Interfering: a transport with somebody else's deed at a chosen moment of every mail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from matcher.mail.transport import Envelope, Outcome, Transport

Deed = Callable[[Envelope], object]


def nothing(_: Envelope) -> None:
    """No deed."""


@dataclass(frozen=True)
class Interfering:
    """Does `before_look` before the sender's last look, and `before_dot` between that and the dot
    if the look said yes; `after` once the answer was read, before the sender knows it."""

    transport: Transport
    before_look: Deed = nothing
    before_dot: Deed = nothing
    after: Deed = nothing

    def send(self, envelope: Envelope, *, before_dot: Callable[[], bool]) -> Outcome:
        def look() -> bool:
            self.before_look(envelope)
            if not before_dot():
                return False
            self.before_dot(envelope)
            return True

        outcome = self.transport.send(envelope, before_dot=look)
        self.after(envelope)
        return outcome

    def close(self) -> None:
        self.transport.close()


@dataclass
class Once:
    """A deed that is done for the first mail only."""

    deed: Deed
    done: bool = False

    def __call__(self, envelope: Envelope) -> None:
        if not self.done:
            self.done = True
            self.deed(envelope)
