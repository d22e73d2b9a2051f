"""A small model of the ledger: one subscriber, one wanted item, two periods, several senders.

Everything that can happen is a step from one state to another; `explore` walks all of them. A
sender can die, or sleep for as long as it likes, between any two steps. `Rules` switches single
rules off, to show that the model would notice.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

PERIODS = 2
OPEN = ("due", "claimed", "retry")


@dataclass(frozen=True)
class Rules:
    """The rules of the ledger, each of which can be left out."""

    fence: bool = True
    look_before_dot: bool = True
    sending_is_written_first: bool = True
    uncertain_is_final: bool = True
    plan_closes_older: bool = True
    sent_needs_an_answer: bool = True


@dataclass(frozen=True)
class Row:
    """A row of the ledger. `held`: its lease has not lapsed. `carries`: the item is in it."""

    state: str
    carries: bool
    fence: int = 0
    held: bool = False


@dataclass(frozen=True)
class Sender:
    """A sender: what it is doing for which row, with which fence."""

    doing: str = "idle"
    period: int = 0
    fence: int = 0


@dataclass(frozen=True)
class State:
    """All there is. `told`: the item was acknowledged. `maybe`: it may have been told."""

    rows: tuple[Row | None, ...] = (None,) * PERIODS
    senders: tuple[Sender, ...] = (Sender(), Sender())
    accepted: tuple[int, ...] = (0,) * PERIODS
    carried: tuple[bool, ...] = (False,) * PERIODS
    wants: bool = True
    told: bool = False
    maybe: bool = False
    unwanted: bool = False


Step: TypeAlias = tuple[str, int, State]
"""What happens, to which sender or period, and the state after it."""


def steps(state: State, rules: Rules) -> Iterator[Step]:
    """Everything that can happen next."""
    for number, sender in enumerate(state.senders):
        yield from _sender_steps(state, number, sender, rules)
    for period, row in enumerate(state.rows):
        if row is not None and row.held and not _is_in_the_window(state, period):
            yield "lapse", period, _with_row(state, period, replace(row, held=False))
        if row is not None and not row.held and row.state in ("claimed", "sending"):
            yield "recover", period, _recovered(state, period, row, rules)
        if row is None and (planned := _planned(state, period, rules)) is not None:
            yield "plan", period, planned
    if state.wants:
        yield "stop", 0, _stopped(state)


def _sender_steps(state: State, number: int, sender: Sender, rules: Rules) -> Iterator[Step]:
    if sender.doing == "idle":
        for period, row in enumerate(state.rows):
            if row is not None and row.state in ("due", "retry"):
                taken = replace(row, state="claimed", fence=row.fence + 1, held=True)
                after = _with_row(state, period, taken)
                mine = Sender("claimed", period, taken.fence)
                yield "claim", number, _with_sender(after, number, mine)
        return
    yield "die", number, _with_sender(state, number, Sender())
    act: Callable[[State, int, Sender, Rules], Iterator[Step]] = {
        "claimed": _claimed_steps,
        "sending": _look,
        "looked": _dot,
        "answered": _record,
        "cut off": _record,
        "put off": _record,
    }[sender.doing]
    yield from act(state, number, sender, rules)


def _claimed_steps(state: State, number: int, sender: Sender, rules: Rules) -> Iterator[Step]:
    row = _row(state, sender)
    if _holds(row, sender, rules, "claimed", "sending"):
        after = _with_row(state, sender.period, replace(row, state="due", held=False))
        yield "give back", number, _with_sender(after, number, Sender())
    if not rules.sending_is_written_first:
        yield "begin", number, _with_sender(state, number, replace(sender, doing="looked"))
    elif _holds(row, sender, rules, "claimed") and row.held and state.wants:
        after = _with_row(state, sender.period, replace(row, state="sending"))
        yield "begin", number, _with_sender(after, number, replace(sender, doing="sending"))
    elif not _holds(row, sender, rules, "claimed"):
        yield "begin", number, _with_sender(state, number, Sender())


def _look(state: State, number: int, sender: Sender, rules: Rules) -> Iterator[Step]:
    row = _row(state, sender)
    ours = _holds(row, sender, rules, "sending")
    if (ours and row.held and state.wants) or not rules.look_before_dot:
        yield "look", number, _with_sender(state, number, replace(sender, doing="looked"))
    else:
        if ours:
            state = _with_row(state, sender.period, replace(row, state="due", held=False))
        yield "look", number, _with_sender(state, number, Sender())


def _dot(state: State, number: int, sender: Sender, rules: Rules) -> Iterator[Step]:
    period = sender.period
    if not rules.sent_needs_an_answer:
        early = _with_row(state, period, replace(_row(state, sender), state="sent", held=False))
        yield "dot", number, _with_sender(early, number, replace(sender, doing="put off"))
    counts = list(state.accepted)
    counts[period] += 1
    carried = list(state.carried)
    carried[period] = carried[period] or _row(state, sender).carries
    taken = replace(state, accepted=tuple(counts), carried=tuple(carried))
    if not state.wants and not rules.look_before_dot:
        taken = replace(taken, unwanted=True)
    for doing in ("answered", "cut off"):
        yield "dot", number, _with_sender(taken, number, replace(sender, doing=doing))
    for doing in ("put off", "cut off"):
        yield "dot", number, _with_sender(state, number, replace(sender, doing=doing))


def _record(state: State, number: int, sender: Sender, rules: Rules) -> Iterator[Step]:
    row = _row(state, sender)
    after = state
    if _holds(row, sender, rules, "claimed", "sending"):
        became = {"answered": "sent", "cut off": "uncertain", "put off": "retry"}[sender.doing]
        after = _with_row(state, sender.period, replace(row, state=became, held=False))
        if became == "sent" and row.carries:
            after = replace(after, told=True)
        if became == "uncertain" and row.carries:
            after = replace(after, maybe=True)
    yield "record", number, _with_sender(after, number, Sender())


def _recovered(state: State, period: int, row: Row, rules: Rules) -> State:
    if row.state == "claimed" or not rules.uncertain_is_final:
        return _with_row(state, period, replace(row, state="due", fence=row.fence + 1))
    uncertain = replace(row, state="uncertain", fence=row.fence + 1)
    return replace(_with_row(state, period, uncertain), maybe=state.maybe or row.carries)


def _planned(state: State, period: int, rules: Rules) -> State | None:
    if not state.wants or any(row is None for row in state.rows[:period]):
        return None
    for older, row in enumerate(state.rows[:period]):
        assert row is not None
        if row.state == "sending" and row.held:
            return None
        if row.state == "sending":
            state = _recovered(state, older, row, rules)
        elif row.state in OPEN and rules.plan_closes_older:
            closed = replace(row, state="superseded", held=False)
            state = _with_row(state, older, closed)
    if state.told:
        return _with_row(state, period, Row("empty", carries=False))
    return _with_row(state, period, Row("due", carries=True))


def _stopped(state: State) -> State:
    rows = tuple(
        replace(row, state="cancelled", held=False, fence=row.fence + 1)
        if row and row.state in OPEN
        else row
        for row in state.rows
    )
    return replace(state, rows=rows, wants=False)


def _is_in_the_window(state: State, period: int) -> bool:
    """Whether a sender stands between its last look and having begun the dot: that moment is
    bounded by its own clock, and far shorter than the lease."""
    return any(one.doing == "looked" and one.period == period for one in state.senders)


def _holds(row: Row, sender: Sender, rules: Rules, *states: str) -> bool:
    return row.state in states and (row.fence == sender.fence or not rules.fence)


def _row(state: State, sender: Sender) -> Row:
    row = state.rows[sender.period]
    assert row is not None
    return row


def _with_row(state: State, period: int, row: Row) -> State:
    return replace(state, rows=(*state.rows[:period], row, *state.rows[period + 1 :]))


def _with_sender(state: State, number: int, sender: Sender) -> State:
    senders = (*state.senders[:number], sender, *state.senders[number + 1 :])
    return replace(state, senders=senders)


def faults(state: State) -> list[str]:
    """What is wrong in a state."""
    found = []
    if max(state.accepted) > 1:
        found.append("D1: two mails for one period")
    for row, count in zip(state.rows, state.accepted, strict=True):
        if row is not None and row.state == "sent" and not count:
            found.append("D3: sent without an answer")
    if state.told and not any(state.carried):
        found.append("silent loss: the item counts as told, and no mail carried it")
    if state.unwanted:
        found.append("D11: a mail after the person had stopped, with time to see it")
    surely = [row.carries and row.state == "sent" for row in state.rows if row is not None]
    if sum(surely) > 1:
        found.append("D10: the item was told twice without a doubt about the first")
    return found


def explore(
    rules: Rules, *, most_fences: int = 4, until: str = "-"
) -> tuple[int, dict[str, State]]:
    """Walk all states: how many there are, and one example of each fault.

    Ends at the first fault whose name begins with `until`.
    """
    start = State()
    seen, queue = {start}, deque([start])
    found: dict[str, State] = {}
    while queue:
        state = queue.popleft()
        for fault in faults(state):
            found.setdefault(fault, state)
            if fault.startswith(until):
                return len(seen), found
        for _, _, after in steps(state, rules):
            if after not in seen and all(r is None or r.fence <= most_fences for r in after.rows):
                seen.add(after)
                queue.append(after)
    return len(seen), found
