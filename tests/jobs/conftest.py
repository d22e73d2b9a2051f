"""A PostgreSQL database whose queue is prepared."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from matcher.jobs.schema import prepare
from matcher.store.database import connect, upgrade


@pytest.fixture
def machines(postgres_url: str) -> Iterator[sa.Engine]:
    """A database with our tables and the queue's."""
    engine = connect(postgres_url, wait=5)
    upgrade(engine)
    prepare(engine)
    yield engine
    engine.dispose()
