"""Change: the smallest set of not-known answers that would make a study fit.

Exact for up to four answers: if there is such a set, a smallest one is found. Sets of five to
eight are looked for too, but only in so many trials, and no single criterion may need more than
four of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.changes.offer import Offer
from matcher.core.changes.search import Search
from matcher.core.study import Study

MOST_STEPS = 8


@dataclass(frozen=True)
class Step:
    """One answer to give: the single answer (``key`` or ``key.gene``) and its value.

    Of a list the value is one item to name; two steps may name two items of one list. `whole`:
    the list holds these items and no other. `span`: all numbers that do, for a number.
    """

    unit: str
    to: str
    whole: bool = False
    span: tuple[int, int] | None = None


def smallest_change(
    catalogue: Catalogue, study: Study, answers: Answers, *, today: date
) -> tuple[Step, ...] | None:
    """Which not-known answers, fewest first, would make the study `fits`, in form order.

    Empty if it fits already. None if there is no such set of at most four answers, and
    none of at most `MOST_STEPS` was found in so many trials (see core.changes.search).
    """
    search = Search(catalogue, study, answers, today=today)
    found = search.smallest(MOST_STEPS)
    return None if found is None else steps_of(search, found)


def steps_of(search: Search, mask: int) -> tuple[Step, ...]:
    """The answers of a set that was found, in form order."""
    for bit in search.offers.whole_bits(mask):
        if search.fits(mask & ~bit):
            mask &= ~bit
    return tuple(_step(search, one, mask) for one in search.offers.chosen(mask))


def _step(search: Search, offer: Offer, mask: int) -> Step:
    if not isinstance(offer.value, int):
        return Step(offer.unit, offer.word, search.offers.is_whole(mask, offer.unit))
    others = search.offers.told(mask & ~search.offers.mask(offer))
    low = high = offer.value
    stretches = search.questions.stretches(offer)
    for first, last in stretches:
        if first > high and not _suits(search, others, offer, first):
            break
        high = max(high, last)
    for first, last in reversed(stretches):
        if last < low and not _suits(search, others, offer, last):
            break
        low = min(low, first)
    # Of "39 or younger" the number next to the bound says most.
    best = high if low == search.questions.all[offer.key].min else low
    return Step(offer.unit, str(best), span=(low, high))


def _suits(search: Search, others: Answers, offer: Offer, number: int) -> bool:
    """Whether another number would do as well with the other answers."""
    return search.would_fit(Answers({**others.given, offer.key: number}, others.declined))
