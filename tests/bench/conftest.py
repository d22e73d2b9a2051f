"""What the tests of the benchmark share: a small workload, and a heap that is soon looked over."""

import gc

import pytest

from matcher.bench.workload import Size, Workload
from matcher.core.rulebook import Rulebook


@pytest.fixture(scope="package", autouse=True)
def frozen_heap() -> None:
    """The benchmark collects garbage before each figure; what other tests left is not looked at."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="package")
def workload(rulebook: Rulebook) -> Workload:
    """150 studies and 60 people."""
    return Workload(rulebook, Size(studies=150, people=60))
