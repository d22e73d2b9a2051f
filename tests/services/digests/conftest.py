"""Fixtures of the digests' tests: the desk that the tests of subscribing have."""

from tests.services.subscribing.conftest import kept_desk, kept_store

__all__ = ["kept_desk", "kept_store"]
