"""Given change: the fewest given answers that would have to differ for a study to fit.

For curators, navigators and the command line: nothing of this is shown to the person. Exact for
up to three given answers together with up to four not-known ones; a list counts once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from matcher.core.answers import UNKNOWN, Answers, Value
from matcher.core.catalogue import Catalogue
from matcher.core.changes.search import MOST_EXACT, Search
from matcher.core.changes.ways import influences
from matcher.core.study import Study

MOST_GIVEN = 3
MOST_DROPPED = 2


@dataclass(frozen=True)
class Turn:
    """An answer (``key`` or ``key.gene``) that would have to be another.

    `before` is None if it was not known, `after` if it is only taken back; of a test, the result.
    """

    unit: str
    before: Value | None
    after: Value | None


Turns = tuple[Turn, ...]


def smallest_given_change(
    catalogue: Catalogue, study: Study, answers: Answers, *, today: date
) -> Turns | None:
    """The fewest given answers to change or to take back, and what to add, in form order.

    None if it fits already, if up to four not-known answers alone would make it fit, or if more
    than `MOST_GIVEN` given answers or more than four beside them would have to differ.
    """
    now = Search(catalogue, study, answers, today=today)
    if now.smallest(MOST_EXACT) is not None:
        return None
    units = list(_bearing(now, answers))
    for count in range(1, MOST_GIVEN + 1):
        best: Turns | None = None
        for chosen in combinations(units, count):
            most = MOST_EXACT if best is None else len(best) - count - 1
            found = _turns(catalogue, study, answers, frozenset(chosen), most, today)
            if found is not None and (best is None or len(found) < len(best)):
                best = found
        if best is not None:
            return best
    return None


def _turns(
    catalogue: Catalogue,
    study: Study,
    answers: Answers,
    units: frozenset[str],
    most: int,
    today: date,
) -> Turns | None:
    """What would have to differ if exactly these given answers may, with at most `most` others."""
    search = Search(catalogue, study, answers.without(units), today=today, free=units)
    found = search.smallest(most)
    if found is None:
        return None
    after = search.offers.told(found)
    for key in sorted(units):
        if answers.listed(key):
            after = _keep_items(search, answers, after, key)
    return _differences(catalogue, answers, after)


def _keep_items(search: Search, answers: Answers, after: Answers, key: str) -> Answers:
    """The answers with as many of the items that a list had before as can stay."""
    had = answers.listed(key)
    exclusive = {one.value for one in search.questions.all[key].options if one.exclusive}
    items = ({*had, *after.listed(key)} - {UNKNOWN}) - exclusive
    held_open = {UNKNOWN} & set(had)
    for count in range(MOST_DROPPED + 1):
        for dropped in combinations(sorted(set(had) & items), count):
            for more in (held_open, {UNKNOWN} - held_open):
                told = tuple(sorted((items - set(dropped)) | more))
                kept = Answers({**after.given, key: told}, after.declined)
                if set(told) - {UNKNOWN} and search.would_fit(kept):
                    return kept
    return after


def _bearing(search: Search, answers: Answers) -> Iterator[str]:
    """The given answers, in form order, that could bear on the study."""
    vocabulary, closure = search.finder.vocabulary, search.finder.closure
    bearing = 0
    for group in search.groups:
        for one in group:
            bearing |= influences(search.finder, one)
    order = {key: number for number, key in enumerate(search.questions.all)}
    aside = search.now.set_aside
    for unit in sorted(answers.units(), key=lambda one: order[one.partition(".")[0]]):
        said = search.finder.encoder.encode(answers.only(frozenset({unit})), today=search.today)
        literals = said[unit].hard | said[unit].silent
        key, _, gene = unit.partition(".")
        for number, name in enumerate(vocabulary.names):
            if vocabulary.owner[number] == key and (not gene or name == f"{key}={gene}"):
                literals |= 1 << number | 1 << (vocabulary.size + number)
        if unit in aside or closure.close(literals) & bearing:
            yield unit


def _differences(catalogue: Catalogue, before: Answers, after: Answers) -> Turns:
    """The single answers that are not the same, in form order."""
    turns = []
    for attribute in catalogue.book.attributes.values():
        key = attribute.key
        old, new = before.given.get(key), after.given.get(key)
        if attribute.kind != "results":
            if old != new:
                turns.append(Turn(key, old, new))
            continue
        then, now = before.results(key), after.results(key)
        for option in attribute.options:
            was, would = then.get(option.value), now.get(option.value)
            if was != would:
                turns.append(
                    Turn(
                        f"{key}.{option.value}",
                        was.result if was else None,
                        would.result if would else None,
                    )
                )
    return tuple(turns)
