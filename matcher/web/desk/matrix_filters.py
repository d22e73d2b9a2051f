"""Matrix filters: what a navigator wants to see of the matrix, as the page's address says it.

Words that nothing goes by change nothing, so that an old address still opens a page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from werkzeug.datastructures import MultiDict

from matcher.core.levels import Level
from matcher.core.study import Study
from matcher.services.panels.desk_view import Board
from matcher.services.panels.persons import Person
from matcher.store.panel_work import STATES

MOST_PEOPLE, MOST_STUDIES = 500, 200
LONGEST_TITLE = 100
SOON = timedelta(days=14)
LEAST = (Level.FITS, Level.MAY_FIT, Level.RELATED, Level.OPEN)
WHO = ("mine", "visit", "bring_up")
PEOPLE_ORDERS = ("code", "visit", "most")
STUDY_ORDERS = ("most", "newest", "title")

Places = NDArray[np.intp]
T = TypeVar("T")


@dataclass(frozen=True)
class Wishes:
    """Which studies, people and cells are to be seen, and in which order. Empty words are all.

    `least` is a level's word: cells below it are left blank, and who or what has no other cell is
    left out; so it is with `state`.
    """

    since: date | None = None
    least: str = ""
    tag: str = ""
    title: str = ""
    who: str = ""
    state: str = ""
    people: str = PEOPLE_ORDERS[0]
    studies: str = STUDY_ORDERS[0]
    person_page: int = 1
    study_page: int = 1

    @property
    def is_on(self) -> bool:
        """Whether anything is left out."""
        return bool(self.since or self.least or self.tag or self.title or self.who or self.state)

    @property
    def hides_cells(self) -> bool:
        """Whether some cells are left blank."""
        return bool(self.least or self.state)

    @property
    def kept(self) -> dict[str, str]:
        """What an address carries so that the next page shows alike; the pages are not in it."""
        told = {
            "since": self.since.isoformat() if self.since else "",
            **{name: getattr(self, name) for name in ("least", "tag", "title", "who", "state")},
            "people": "" if self.people == PEOPLE_ORDERS[0] else self.people,
            "studies": "" if self.studies == STUDY_ORDERS[0] else self.studies,
        }
        return {name: value for name, value in told.items() if value}


@dataclass(frozen=True)
class Shown:
    """The part of a board that a page shows: rows and columns of its grid, in order.

    `levels` and `states` (places in `STATES`) are [people × studies]; `is_told` says which cells
    are not blank. `of_people` and `of_studies` count all that the wishes let through.
    """

    people: Sequence[Person]
    studies: Sequence[Study]
    levels: NDArray[np.uint8]
    states: NDArray[np.uint8]
    is_told: NDArray[np.bool_]
    of_people: int
    of_studies: int
    wishes: Wishes


def read_wishes(args: MultiDict[str, str], *, tags: Mapping[str, object]) -> Wishes:
    """The wishes in an address; `tags` are those that there are."""
    return Wishes(
        since=_day(args.get("since", "")),
        least=_one_of(args.get("least", ""), [level.word for level in LEAST]),
        tag=_one_of(args.get("tag", ""), tags),
        title=" ".join(args.get("title", "").split())[:LONGEST_TITLE],
        who=_one_of(args.get("who", ""), WHO),
        state=_one_of(args.get("state", ""), STATES),
        people=_one_of(args.get("people", ""), PEOPLE_ORDERS) or PEOPLE_ORDERS[0],
        studies=_one_of(args.get("studies", ""), STUDY_ORDERS) or STUDY_ORDERS[0],
        person_page=_page(args.get("person_page", "")),
        study_page=_page(args.get("study_page", "")),
    )


def choose(
    board: Board,
    wishes: Wishes,
    *,
    tags: Mapping[str, frozenset[str]],
    account_id: int,
    today: date,
) -> Shown:
    """What the wishes leave of a board; `tags` are those of each study by its key."""
    rows = _those(board.crowd.people, _who(wishes.who, account_id, today))
    columns = _those(board.grid.studies, _which(board, wishes, tags))
    levels, states = board.grid.levels[np.ix_(rows, columns)], _states(board, rows, columns)
    told = np.ones(levels.shape, dtype=bool)
    if wishes.least:
        told &= levels <= Level[wishes.least.upper()]
    if wishes.state:
        told &= states == STATES.index(wishes.state)
    person_order = _people_order(board, rows, levels, wishes.people)
    study_order = _study_order(board, columns, levels, wishes.studies)
    if wishes.hides_cells:
        person_order = person_order[told[person_order].any(axis=1)]
        study_order = study_order[told[:, study_order].any(axis=0)]
    pages = replace(
        wishes,
        person_page=_within(wishes.person_page, len(person_order), MOST_PEOPLE),
        study_page=_within(wishes.study_page, len(study_order), MOST_STUDIES),
    )
    people = _part(person_order, pages.person_page, MOST_PEOPLE)
    studies = _part(study_order, pages.study_page, MOST_STUDIES)
    part = np.ix_(people, studies)
    return Shown(
        people=[board.crowd.people[rows[place]] for place in people],
        studies=[board.grid.studies[columns[place]] for place in studies],
        levels=levels[part],
        states=states[part],
        is_told=told[part],
        of_people=len(person_order),
        of_studies=len(study_order),
        wishes=pages,
    )


def pages_in(count: int, most: int) -> int:
    """How many pages so many rows or columns fill, at least one."""
    return max(1, -(-count // most))


def _states(board: Board, rows: Places, columns: Places) -> NDArray[np.uint8]:
    states = np.zeros((len(rows), len(columns)), dtype=np.uint8)
    if board.states:
        people = {board.crowd.people[row].public_id: place for place, row in enumerate(rows)}
        studies = {board.grid.studies[column].key: place for place, column in enumerate(columns)}
        for (person, study), state in board.states.items():
            if person in people and study in studies:
                states[people[person], studies[study]] = STATES.index(state)
    return states


def _who(who: str, account_id: int, today: date) -> Callable[[Person], bool]:
    soon = today + SOON
    if who == "mine":
        return lambda person: person.owner_id == account_id
    if who == "visit":
        return lambda person: person.next_visit is not None and today <= person.next_visit <= soon
    if who == "bring_up":
        return lambda person: person.bring_up_by is not None and person.bring_up_by <= soon
    return lambda _person: True


def _which(
    board: Board, wishes: Wishes, tags: Mapping[str, frozenset[str]]
) -> Callable[[Study], bool]:
    wanted = wishes.title.casefold()

    def lets_through(study: Study) -> bool:
        if wishes.since is not None:
            listing = board.listings.get(study.key)
            if listing is None or listing.added_at.astimezone().date() < wishes.since:
                return False
        if wishes.tag and wishes.tag not in tags.get(study.key, ()):
            return False
        return wanted in study.title.casefold()

    return lets_through


def _people_order(board: Board, rows: Places, levels: NDArray[np.uint8], order: str) -> Places:
    people = [board.crowd.people[row] for row in rows]
    by_code = sorted(range(len(people)), key=lambda place: people[place].place)
    if order == "visit":
        by_code.sort(key=lambda place: people[place].next_visit or date.max)
    found = np.array(by_code, dtype=np.intp)
    return found if order != "most" else found[_by_reach(levels[found].T)]


def _study_order(board: Board, columns: Places, levels: NDArray[np.uint8], order: str) -> Places:
    studies = [board.grid.studies[column] for column in columns]
    places = list(range(len(studies)))
    if order == "title":
        places.sort(key=lambda place: studies[place].title.casefold())
    else:
        places.sort(key=lambda place: studies[place].posted or date.min, reverse=True)
    found = np.array(places, dtype=np.intp)
    return found if order != "most" else found[_by_reach(levels[:, found])]


def _by_reach(levels: NDArray[np.uint8]) -> Places:
    """The columns by how many stand at the best level, then at the next; ties stay as they are."""
    counts = [-(levels == level).sum(axis=0) for level in reversed(LEAST)]
    found: Places = np.lexsort(counts)
    return found


def _those(things: Iterable[T], wanted: Callable[[T], bool]) -> Places:
    return np.array([place for place, one in enumerate(things) if wanted(one)], dtype=np.intp)


def _part(order: Places, page: int, most: int) -> Places:
    return order[(page - 1) * most : page * most]


def _within(page: int, count: int, most: int) -> int:
    return min(page, pages_in(count, most))


def _one_of(word: str, known: Iterable[str]) -> str:
    return word if word in known else ""


def _day(word: str) -> date | None:
    try:
        return date.fromisoformat(word)
    except ValueError:
        return None


def _page(word: str) -> int:
    is_number = len(word) < 5 and word.isascii() and word.isdecimal()
    return max(1, int(word)) if is_number else 1
