"""Passwords: long ones pass whatever is in them; short, known and own ones do not."""

from __future__ import annotations

import time

import pytest

from matcher.services.accounts.passwords import LONGEST, password_fault

WORDS = ("ana.maria", "Ana María Roa", "Matcher")


@pytest.mark.parametrize(
    ("password", "second_factor", "fault"),
    [
        ("copper violin Tuesday marsh", False, None),
        ("zq7!Kd9$wm2x", True, None),
        ("zq7!Kd9$wm2x", False, "short"),
        ("zq7!Kd9$wm2", True, "short"),
        ("ñandú güira 拼音 жук ключ", False, None),
        ("x7" * 128 + "y", False, "long"),
        ("passwordpassword", False, "guessable"),
        ("aaaaaaaaaaaaaaaaaaaaaaaa", False, "guessable"),
        ("123456789012345", False, "guessable"),
        ("correct horse battery staple", False, "guessable"),
        ("CorrectHorseBatteryStaple1!", False, "guessable"),
        ("horse battery staple", False, "guessable"),
        ("correct copper violin Tuesday battery", False, None),
        ("En un lugar de La Mancha", False, "guessable"),
        ("Érase una vez, en un lugar", False, "guessable"),
        ("my MATCHER key of gold 81", False, "own_words"),
        ("the house of maria, 1987", False, "own_words"),
    ],
)
def test_length_and_what_others_know_decide(
    password: str, second_factor: bool, fault: str | None
) -> None:
    assert password_fault(password, words=WORDS, second_factor=second_factor) == fault


def test_short_names_forbid_nothing() -> None:
    assert (
        password_fault("copper violin Tuesday marsh", words=("al", "a.b"), second_factor=False)
        is None
    )


def test_the_longest_is_judged_in_no_time() -> None:
    begun = time.perf_counter()
    password_fault("aB3$" * (LONGEST // 4), words=WORDS, second_factor=False)
    assert time.perf_counter() - begun < 2
