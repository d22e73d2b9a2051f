"""Hypotheses: the answers that an open question may get beside what is known, and how likely.

A list is tried as people tick it: as a whole. Every item is tried as the only one, and "none" if
that can be ticked, because a form's list says of each item that is not ticked "no"; a list left
open would hide half of what it changes. That two items were ticked together is tried by the
population (core.planning.population), which draws whole lists by the shares of their items.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from matcher.core.answers import Result, Value
from matcher.core.planning.asking import Open
from matcher.core.planning.beside import Beside
from matcher.core.planning.population import SHARE_OTHERWISE, shares_of, stretches, yes_or_no
from matcher.core.planning.sayings import Said, Sayings


@dataclass(frozen=True)
class Try:
    """One answer to try, what it says, and how likely it is if the question arises.

    `more` is what it says only beside the given answers or makes them say no more, as literals.
    """

    word: str
    said: Said
    share: float
    more: int = 0


def answers_to_try(
    sayings: Sayings,
    question: Open,
    *,
    numbers: Sequence[int],
    known: int,
    beside: Beside | None = None,
) -> list[Try]:
    """The answers that do not run against `known`, which is closed, or against those `beside`.

    They share what the others would have had, so the shares add up to 1.
    """
    against = sayings.closure.negated(known)
    found = []
    for word, value, share in _values(question, numbers):
        said = sayings.of(question.attribute.key, value)
        more = beside.more(question.unit, value) if beside else 0
        if beside and more:
            is_sound = not beside.contradicts((question.attribute.key, value))
        else:
            is_sound = not (said.hard & against or sayings.contradicts(said.hard, known))
        if is_sound:
            found.append(Try(word, said, share, more))
    total = sum(one.share for one in found) or 1.0
    return [replace(one, share=one.share / total) for one in found]


def _values(question: Open, numbers: Sequence[int]) -> Iterator[tuple[str, Value, float]]:
    """(word, value, share) of every answer; the shares add up to 1 or nearly so."""
    attribute, option = question.attribute, question.option
    if option is not None:
        share = option.share or SHARE_OTHERWISE
        yield "mutation", {option.value: Result("mutation")}, share
        yield "none", {option.value: Result("none")}, 1 - share
    elif attribute.kind == "yes_no":
        yes, no = yes_or_no(attribute)
        yield from (("yes", "yes", yes), ("no", "no", no))
    elif attribute.kind == "integer":
        shares = stretches(attribute, numbers)
        yield from ((str(n), n, share) for n, share in zip(numbers, shares, strict=True))
    elif attribute.kind == "one":
        for one, share in zip(attribute.options, shares_of(attribute), strict=True):
            yield one.value, one.value, share
    else:
        items = sum(o.share or SHARE_OTHERWISE for o in attribute.options if not o.exclusive)
        none = sum(o.share or SHARE_OTHERWISE for o in attribute.options if o.exclusive)
        for one in attribute.options:
            share = one.share or SHARE_OTHERWISE
            yield one.value, (one.value,), share if one.exclusive else share / items * (1 - none)
