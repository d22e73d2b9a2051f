"""Known by: the keyed hashes by which an address, a mailbox and a network are found again.

Each gives the hash of the newest key first. What is stored keeps the hash that it was stored by.
"""

from __future__ import annotations

from matcher.crypto import KeyedHashes


def address_hashes(hashes: KeyedHashes, normal: str) -> tuple[str, ...]:
    """The hashes of an address in its normal form (`mail.addresses.Address.normal`)."""
    return hashes.of("address", normal)


def mailbox_hashes(hashes: KeyedHashes, mailbox: str) -> tuple[str, ...]:
    """The hashes of a mailbox, whatever the spelling of its address (`Address.mailbox`)."""
    return hashes.of("mailbox", mailbox)


def network_hash(hashes: KeyedHashes, network: str) -> str:
    """The hash of a network, kept for some hours."""
    return hashes.of("network", network)[0]
