"""Tokens: each is good for one purpose, one subject and its time, and for nothing else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from matcher.crypto import KeyedHashes
from matcher.services.subscribing import tokens
from matcher.services.subscribing.tokens import Mute
from tests.factories import NOON

HASHES = KeyedHashes("a lookup key of tests")
NAME = "0123456789abcdef" * 2
ADDRESS = "fedcba9876543210" * 4
MADE = {
    "unsubscribe": tokens.unsubscribe_token(HASHES, ADDRESS),
    "manage": tokens.manage_token(HASHES, NAME, now=NOON),
    "mute": tokens.mute_token(HASHES, Mute(NAME, 7)),
}
READ = {
    "unsubscribe": tokens.read_unsubscribe,
    "manage": lambda hashes, token: tokens.read_manage(hashes, token, now=NOON),
    "mute": tokens.read_mute,
}
MEANT = {"unsubscribe": ADDRESS, "manage": NAME, "mute": Mute(NAME, 7)}


@pytest.mark.parametrize("purpose", READ)
def test_a_token_says_what_it_was_made_for_and_opens_no_other_door(purpose: str) -> None:
    read = READ[purpose]
    assert {made: read(HASHES, token) for made, token in MADE.items()} == {
        made: MEANT[made] if made == purpose else None for made in MADE
    }


@pytest.mark.parametrize("purpose", READ)
def test_an_altered_or_foreign_token_is_none(purpose: str) -> None:
    read, token = READ[purpose], MADE[purpose]
    for place in range(len(token)):
        for other in ("A", "Z"):
            if token[place] != other:
                assert read(HASHES, token[:place] + other + token[place + 1 :]) is None
    for wrong in ("", token[:-1], token + "A", token + "=", token * 3, "ñ" * 40, "\0", f" {token}"):
        assert read(HASHES, wrong) is None
    assert read(KeyedHashes("another key of the tests"), token) is None


@pytest.mark.parametrize("purpose", READ)
def test_a_token_lives_on_when_a_key_is_added_before_its_own(purpose: str) -> None:
    both = KeyedHashes("a newer key of the tests, a lookup key of tests")
    assert READ[purpose](both, MADE[purpose]) == MEANT[purpose]


@pytest.mark.parametrize(("days", "works"), [(-2, False), (-1, True), (60, True), (61, False)])
def test_the_link_to_ones_own_data_works_for_sixty_days(days: int, works: bool) -> None:
    found = tokens.read_manage(HASHES, MADE["manage"], now=NOON + timedelta(days=days))
    assert (found == NAME) is works


def test_stopping_works_for_ever() -> None:
    assert tokens.read_unsubscribe(HASHES, MADE["unsubscribe"]) == ADDRESS
