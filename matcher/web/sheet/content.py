"""Paper: what stands on the sheet for the doctor: answers, questions, and the first studies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from textwrap import shorten

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.levels import Level
from matcher.core.matching import Outcome
from matcher.core.planning.grounded import is_grounded
from matcher.core.rulebook import Attribute
from matcher.core.truth import Truth
from matcher.services.cards import Card, doctor_question, host_of, to_ask, web_link
from matcher.services.hard_topics import hard_places
from matcher.services.short_names import short_name
from matcher.services.visits import Visit
from matcher.store.identity import own_link
from matcher.web.contradictions import set_aside
from matcher.web.language import listed, sentence, shown, speaker
from matcher.web.site import site
from matcher.web.spoken import answer_words
from matcher.web.way import answers_of, best_questions, by_chapter, plan_of

LEVELS = (Level.FITS, Level.MAY_FIT, Level.RELATED)
MOST_STUDIES = 6
KEPT_FOR_MAY_FIT = 2
MOST_QUESTIONS = 6
MOST_GENES = 5
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
    units = _units_to_ask(visit, chosen)
    return Sheet(
        answers=tuple(tuple(told) for _, told in by_chapter(_lines(visit, set_aside(outcome)))),
        not_known=tuple(_not_known(visit, {unit.partition(".")[0] for unit in units})),
        questions=tuple(_doctor_questions(units))[:MOST_QUESTIONS],
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
        hard = set() if printed_too else set(hard_places(site().matcher(), outcome, places))
        named = zip(places, outcome.matches.studies(places), strict=True) if without else ()
        off = hard.union(place for place, study in named if study.key in without)
        by_level.append([place for place in places if place not in off])
        folded += 0 if visit.leave_out else len(hard)
    chosen = _first(by_level)
    cards = [Card(outcome.matches[place], book, speaker()) for place in chosen]
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
        told = told or ("" if isinstance(answer, Mapping) else ", ".join(words.words(key, answer)))
        if told:
            yield Line(key, words.name(key), told, key in aside)


def _told(by_result: Mapping[str, list[str]]) -> str:
    return ". ".join(
        f"{sentence(result)}: {', '.join(genes)}" if genes else sentence(result)
        for result, genes in by_result.items()
    )


def _not_known(visit: Visit, matters: set[str]) -> Iterable[str]:
    """What the person is not sure of and what would change something."""
    attributes = site().rulebook.attributes
    for key, attribute in attributes.items():
        if visit.answers.get(key) == UNKNOWN and key in matters:
            yield shown(attribute.name)


def _units_to_ask(visit: Visit, cards: Iterable[Card]) -> list[str]:
    """What would settle most first, then what the printed studies still depend on."""
    answers, book = answers_of(visit), site().rulebook
    pages = best_questions(visit, most=len(book.attributes))
    pages.sort(key=lambda one: (one.settles_may_fit, one.settles), reverse=True)
    units = [
        question.unit
        for page in pages
        for question in plan_of(visit).questions
        if question.key == page.key and question.settles
    ]
    for card in cards:
        if card.match.level == Level.MAY_FIT:
            units += [unit for reason in card.unknown for unit in to_ask(reason, book)]

    def may_be_asked(unit: str) -> bool:
        key = unit.partition(".")[0]
        attribute = book.attributes[key]
        skipped = attribute.tender and key in visit.answers
        declined = {key, unit} & answers.declined
        return not (skipped or declined) and is_grounded(attribute, answers)

    return [unit for unit in dict.fromkeys(units) if may_be_asked(unit)]


def _doctor_questions(units: Iterable[str]) -> Iterable[str]:
    """One question for each attribute that a doctor can tell, its genes named together."""
    book, genes = site().rulebook, dict[str, list[str]]()
    for unit in units:
        key, _, gene = unit.partition(".")
        genes.setdefault(key, []).extend(_gene_name(book.attributes[key], gene))
    hard_last = sorted(genes, key=lambda key: book.attributes[key].tender)
    for key in hard_last:
        if not book.attributes[key].self_told:
            names = ", ".join(genes[key][:MOST_GENES])
            text = doctor_question(book.attributes[key], speaker())
            yield f"{text} ({names})" if names else text


def _gene_name(attribute: Attribute, gene: str) -> list[str]:
    option = attribute.option(gene) if gene else None
    return [shown(option.label)] if option and option.is_single else []


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
