"""The rules of the ledger: with them no order of steps breaks a promise, without one some does."""

from __future__ import annotations

import pytest

from tests.services.digests.ledger_model import Rules, explore


def test_no_order_of_steps_breaks_a_promise() -> None:
    count, found = explore(Rules())
    assert found == {}
    assert count > 20_000


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ("fence", "D1"),
        ("look_before_dot", "D11"),
        ("sending_is_written_first", "D1"),
        ("uncertain_is_final", "D1"),
        ("plan_closes_older", "D10"),
        ("sent_needs_an_answer", "D3"),
    ],
)
def test_without_any_one_rule_a_promise_is_broken(rule: str, fault: str) -> None:
    _, found = explore(Rules(**{rule: False}), until=fault)
    assert any(name.startswith(fault) for name in found)
