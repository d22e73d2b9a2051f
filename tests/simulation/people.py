"""People: complete simulated profiles. Every question that arises is answered, nothing contradicts.

Values, numbers and yes are drawn by the rules' shares. The planner goes by them too; of a person
it knows no more than was answered. The same seed gives the same person.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

from matcher.bench.people import draw_number, share_of_yes
from matcher.core.answers import Answers, Result, Value
from matcher.core.catalogue import Catalogue
from matcher.core.finder import FactFinder
from matcher.core.planning.asking import is_asked
from matcher.core.planning.scene import certain
from matcher.core.rulebook import Attribute
from matcher.core.vocabulary import CANCER, MAIN
from tests.laws.court import TODAY

TRIES = 30
UNHEARD_OF = 0.0005


def complete_person(finder: FactFinder, seed: int) -> Answers:
    """One complete profile."""
    random = Random(f"person {seed}")
    bare = Catalogue.compile(finder.vocabulary.book, [], finder=finder)
    answers = Answers()
    for attribute in finder.vocabulary.book.attributes.values():
        if attribute.key == MAIN and len(answers.listed(CANCER)) < 2:
            continue
        if attribute.asked_when is not None:
            facts = finder.find(answers, today=TODAY)
            if not is_asked(bare, attribute, facts):
                continue
        for value in _values(random, attribute):
            told = Answers({**answers.given, attribute.key: value})
            if not finder.closure.conflict(certain(bare, told, TODAY)):
                answers = told
                break
    return answers


def _values(random: Random, attribute: Attribute) -> Iterator[Value]:
    """Values to be tried one after the other, until one contradicts nothing."""
    if attribute.kind == "one":
        shares = [option.share or UNHEARD_OF for option in attribute.options]
        for place in _race(random, shares):
            yield attribute.options[place].value
    elif attribute.kind == "yes_no":
        yes = random.random() < share_of_yes(attribute)
        yield from ("yes", "no") if yes else ("no", "yes")
    else:
        draw: Any = {"integer": draw_number, "many": _list, "results": _results}[attribute.kind]
        for _ in range(TRIES):
            yield draw(random, attribute)


def _list(random: Random, attribute: Attribute) -> tuple[str, ...]:
    none = [option for option in attribute.options if option.exclusive]
    items = [option for option in attribute.options if not option.exclusive]
    shares = [option.share or UNHEARD_OF for option in items]
    first = {items[_race(random, shares)[0]].value}
    if none:
        without = none[0].share or UNHEARD_OF
        if random.random() < without:
            return (none[0].value,)
        chance = [share / (1 - without) for share in shares]
    else:
        more = max(sum(shares) - 1, 0) / sum(shares)
        chance = [share * more for share in shares]
    others = {
        item.value for item, share in zip(items, chance, strict=True) if random.random() < share
    }
    return tuple(sorted(others or first if none else others | first))


def _results(random: Random, attribute: Attribute) -> dict[str, Result]:
    single = [option for option in attribute.options if not (option.one_of or option.panel)]
    found = {o.value for o in single if random.random() < (o.share or UNHEARD_OF)}
    found |= {o.value for o in attribute.options if found & set(o.one_of)}
    genes = {o.value for o in attribute.options if not (o.panel or o.signature)}
    found |= {o.value for o in attribute.options if o.panel and found & genes}
    return {o.value: Result("mutation" if o.value in found else "none") for o in attribute.options}


def _race(random: Random, shares: list[float]) -> list[int]:
    times = [random.expovariate(share) for share in shares]
    return sorted(range(len(times)), key=times.__getitem__)
