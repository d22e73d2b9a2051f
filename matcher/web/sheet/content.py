"""Paper: what stands on the sheet for the doctor: answers, questions, and the first studies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from textwrap import shorten

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.levels import Level
from matcher.core.matching import Outcome
from matcher.core.rulebook import Leaf, within
from matcher.core.truth import Truth
from matcher.services.askable import Askable
from matcher.services.cards import Card, flat, host_of, web_link
from matcher.services.doctor import doctor_questions
from matcher.services.short_names import short_name
from matcher.services.visits import Visit
from matcher.store.identity import own_link
from matcher.web.contradictions import set_aside
from matcher.web.language import listed, sentence, shown, speaker
from matcher.web.site import site
from matcher.web.spoken import answer_words
from matcher.web.way import best_questions, by_chapter, hard_of, passed_by, plan_of

LEVELS = (Level.FITS, Level.MAY_FIT, Level.RELATED)
MOST_STUDIES = 6
KEPT_FOR_MAY_FIT = 2
MOST_QUESTIONS = 6
LONGEST_ADDRESS = 130
LONGEST_LABEL = 120


@dataclass(frozen=True)
class Line:
    """One answer under its question's name.

    `aside` says that nothing is taken from it while it contradicts another.
    """

    key: str
    name: str
    words: str
    aside: bool


@dataclass(frozen=True)
class Entry:
    """One study on paper. `address` is what a reader types, `link` where it leads."""

    card: Card
    fits: str
    unknown: str
    differs: str
    host: str
    address: str
    link: str | None


@dataclass(frozen=True)
class Sheet:
    """All that stands on the paper, answers by chapter of the form.

    `more` studies like these are on the site; `folded` ones on hard ground were left off.
    """

    answers: tuple[tuple[Line, ...], ...]
    not_known: tuple[str, ...]
    questions: tuple[str, ...]
    levels: tuple[tuple[str, tuple[Entry, ...]], ...]
    more: int
    folded: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing was told that a doctor could use."""
        return not self.answers and not self.not_known


def make_sheet(
    visit: Visit,
    outcome: Outcome,
    *,
    with_hard: bool = False,
    without: frozenset[str] = frozenset(),
) -> Sheet:
    """The sheet of a visit, in the visitor's language, `without` the studies with these keys."""
    chosen, more, folded = _choose(visit, outcome, with_hard=with_hard, without=without)
    askable = Askable(outcome.explain, passed_by(visit))
    units = _units_to_ask(visit, chosen, askable)
    return Sheet(
        answers=tuple(tuple(told) for _, told in by_chapter(_lines(visit, set_aside(outcome)))),
        not_known=tuple(_not_known(visit, _keys(units) - _settled_by_fits(chosen))),
        questions=doctor_questions(
            filter(askable.of_doctor, units),
            site().rulebook,
            speaker(),
            answers=outcome.explain.answers,
        )[:MOST_QUESTIONS],
        levels=tuple(
            (level.word, entries)
            for level in LEVELS
            if (entries := tuple(_entry(card) for card in chosen if card.match.level == level))
        ),
        more=more,
        folded=folded,
    )


def _choose(
    visit: Visit, outcome: Outcome, *, with_hard: bool, without: frozenset[str]
) -> tuple[list[Card], int, int]:
    """The cards to print, how many more there are on the site, how many stay folded."""
    book, folded = site().rulebook, 0
    by_level: list[list[int]] = []
    for level in LEVELS:
        places = outcome.matches.places(level)
        printed_too = with_hard and not visit.leave_out
        hard = set() if printed_too else set(hard_of(visit, outcome, places))
        named = zip(places, outcome.matches.studies(places), strict=True) if without else ()
        off = hard.union(place for place, study in named if study.key in without)
        by_level.append([place for place in places if place not in off])
        folded += 0 if visit.leave_out else len(hard)
    chosen = _first(by_level)
    passed = passed_by(visit)
    cards = [Card(outcome.matches[place], book, speaker(), passed) for place in chosen]
    return cards, sum(map(len, by_level)) - len(cards), folded


def _first(by_level: list[list[int]]) -> list[int]:
    """The best places, some of them kept for what depends on an answer that a doctor may know."""
    fits, may_fit, related = by_level
    kept = min(len(may_fit), KEPT_FOR_MAY_FIT)
    return [*fits[: MOST_STUDIES - kept], *may_fit, *related][:MOST_STUDIES]


def _lines(visit: Visit, aside: Iterable[str]) -> Iterable[Line]:
    words = answer_words(site().rulebook)
    for key in site().rulebook.attributes:
        answer = visit.answers.get(key)
        if answer in (None, UNKNOWN, DECLINED, [DECLINED]):
            continue
        told = _told(words.by_result(key, answer)) if isinstance(answer, Mapping) else ""
        told = told or ("" if isinstance(answer, Mapping) else listed(words.words(key, answer)))
        if told:
            yield Line(key, words.name(key), told, key in aside)


def _told(by_result: Mapping[str, list[str]]) -> str:
    return ". ".join(
        f"{sentence(result)}: {listed(genes)}" if genes else sentence(result)
        for result, genes in by_result.items()
    )


def _not_known(visit: Visit, matters: set[str]) -> Iterable[str]:
    """What the person is not sure of and what would change something."""
    attributes = site().rulebook.attributes
    for key, attribute in attributes.items():
        if visit.answers.get(key) == UNKNOWN and key in matters:
            yield shown(attribute.name)


def _settled_by_fits(cards: Iterable[Card]) -> set[str]:
    """What nothing printed depends on any more, for what it could tell is told by another answer:
    who has breast cancer in the family need not say that it worries them."""
    book, open_keys, settled = site().rulebook, set[str](), set[str]()
    for card in cards:
        open_keys |= _keys(card.to_ask(card.unknown))
        reasons = (part for reason in card.flat_chips for part in flat(reason))
        tags = {one.tag for one in reasons if one.tag and one.verdict == Truth.YES}
        for tag in tags:
            leaves = (one for one in within(book.tag(tag).when) if isinstance(one, Leaf))
            settled |= {leaf.attribute for leaf in leaves}
    return settled - open_keys


def _units_to_ask(visit: Visit, cards: Iterable[Card], askable: Askable) -> list[str]:
    """First what most of the printed studies depend on, then what would settle most of all; what
    is on hard ground comes last."""
    attributes = site().rulebook.attributes
    pages = best_questions(visit, most=len(attributes))
    pages.sort(key=lambda one: (one.settles_may_fit, one.settles), reverse=True)
    wanted = [card.to_ask(card.unknown) for card in cards if card.match.level == Level.MAY_FIT]
    depend = Counter(key for units in wanted for key in _keys(units))
    units = [unit for units in wanted for unit in units] + [
        question.unit
        for page in pages
        for question in plan_of(visit).questions
        if question.key == page.key and question.settles
    ]

    def place(unit: str) -> tuple[bool, int]:
        key = unit.partition(".")[0]
        return attributes[key].tender, -depend[key]

    return sorted(filter(askable, dict.fromkeys(units)), key=place)


def _keys(units: Iterable[str]) -> set[str]:
    return {unit.partition(".")[0] for unit in units}


def _entry(card: Card) -> Entry:
    study, here = card.study, site()
    link = web_link(study.url)
    host = host_of(link)
    base = here.settings.public_url
    if link and not own_link(link):
        # A list of reviews is no address of this one.
        link = None
    if base:
        link = f"{base.rstrip('/')}/r/{short_name(study.key)}"
    address = (link or "").partition("://")[2].removeprefix("www.")
    return Entry(
        card=card,
        fits=_labels(card, Truth.YES),
        unknown=_labels(card, Truth.UNKNOWN),
        differs=_labels(card, Truth.NO),
        host=host,
        address=address if len(address) <= LONGEST_ADDRESS else host,
        link=link,
    )


def _labels(card: Card, verdict: Truth) -> str:
    reasons = card.unknown if verdict == Truth.UNKNOWN else card.flat_chips
    labels = [reason.label for reason in reasons if reason.verdict == verdict]
    cut = [shorten(label, LONGEST_LABEL, placeholder=" …") for label in labels]
    alternatives = verdict == Truth.UNKNOWN and len(card.chips) > 1
    return listed(list(dict.fromkeys(cut)), style="or" if alternatives else "standard")
