"""Digests: what is new for each subscriber, planned into a ledger and sent from it."""
