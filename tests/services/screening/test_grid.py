"""Grid: all pairs at once say the same as each person alone."""

from __future__ import annotations

import numpy as np
import pytest

from matcher.core.levels import Level
from matcher.core.rulebook import Rulebook
from matcher.services.matching import Matcher
from matcher.services.screening import grid as module
from matcher.services.screening.grid import screen, screen_in_blocks
from tests.services.screening.conftest import DAY, Crowd


def test_levels_and_order_are_those_of_each_person_alone(crowd: Crowd) -> None:
    grid = screen(crowd.matcher, crowd.people, today=DAY)
    assert grid.levels.shape == (25, 59)
    for person, answers in enumerate(crowd.people):
        matches = crowd.matcher.match(answers, today=DAY).matches
        order = grid.ranked(person).tolist()
        assert [grid.studies[c].key for c in order] == [one.study.key for one in matches]
        assert grid.levels[person, order].tolist() == [one.level for one in matches]


def test_hidden_studies_have_no_column_and_rows_are_those_of_the_catalogue(crowd: Crowd) -> None:
    grid = screen(crowd.matcher, crowd.people[:3], today=DAY)
    assert crowd.studies[7] not in grid.studies
    assert tuple(crowd.studies[row] for row in grid.rows.tolist()) == grid.studies


def test_unknown_are_the_levels_that_an_answer_may_move(crowd: Crowd) -> None:
    grid = screen(crowd.matcher, crowd.people, today=DAY)
    unknown = set(np.unique(grid.levels[grid.unknown]).tolist())
    known = set(np.unique(grid.levels[~grid.unknown]).tolist())
    assert unknown == {Level.MAY_FIT, Level.OPEN}
    assert known >= {Level.FITS, Level.RELATED, Level.DIFFERENT}
    assert not known & unknown


def test_counts_are_by_study_and_level(crowd: Crowd) -> None:
    grid = screen(crowd.matcher, crowd.people, today=DAY)
    counts = grid.counts()
    assert counts.shape == (59, len(Level))
    assert (counts.sum(axis=1) == len(crowd.people)).all()
    column = int(counts[:, Level.FITS].argmax())
    assert counts[column, Level.FITS] == (grid.levels[:, column] == Level.FITS).sum() > 0


def test_blocks_together_are_the_whole(crowd: Crowd, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = screen(crowd.matcher, crowd.people, today=DAY)
    monkeypatch.setattr(module, "MOST_PAIRS", 10 * len(crowd.studies))
    blocks = list(screen_in_blocks(crowd.matcher, iter(crowd.people), today=DAY))
    assert [(block.start, len(block.levels)) for block in blocks] == [(0, 10), (10, 10), (20, 5)]
    assert (np.concatenate([block.levels for block in blocks]) == whole.levels).all()
    assert (screen(crowd.matcher, crowd.people, today=DAY).keys == whole.keys).all()


def test_nobody_and_nothing_make_an_empty_grid(crowd: Crowd, rulebook: Rulebook) -> None:
    assert screen(crowd.matcher, (), today=DAY).levels.shape == (0, 59)
    assert screen(Matcher(rulebook, ()), crowd.people, today=DAY).levels.shape == (25, 0)
