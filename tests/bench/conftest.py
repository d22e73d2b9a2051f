"""What the tests of the benchmark share: a small workload."""

import pytest

from matcher.bench.workload import Size, Workload
from matcher.core.rulebook import Rulebook


@pytest.fixture(scope="package")
def workload(rulebook: Rulebook) -> Workload:
    """150 studies and 60 people."""
    return Workload(rulebook, Size(studies=150, people=60))
