"""Import: under other rules, several at once, and whole or not at all."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from matcher.core.conditions import Tag, Unread
from matcher.services.studies import (
    import_files,
)
from matcher.services.study_import import Imported
from matcher.store.database import session
from matcher.store.studies import row_by_key
from tests.factories import NOON
from tests.services.conftest import Desk

FACTS = {"title": "A study", "kind": "Study", "primary": "People with breast cancer"}


def test_labels_are_read_by_the_rules_of_the_day(desk: Desk) -> None:
    desk.facts(FACTS)
    newer = replace(desk.rulebook, version="newer")
    with session(desk.engine, writing=True) as opened:
        row = row_by_key(opened, "a-study")
        assert row
        assert row.body.most
        row.body = replace(row.body, most=replace(row.body.most, condition=Unread("old")))
        opened.commit()
    (one,) = Desk(desk.engine, newer, desk.folder).facts(FACTS)
    assert one.status == "unchanged"
    with session(desk.engine) as opened:
        row = row_by_key(opened, "a-study")
        assert row
        assert row.rules_version == "newer"
        assert row.body.most
        assert row.body.most.condition == Tag("breast_cancer")


def test_imports_at_once_add_each_study_once(desk: Desk, tmp_path: Path) -> None:
    records = [json.dumps(FACTS | {"title": f"Study {number}"}) for number in range(12)]
    paths = []
    for number in range(4):
        paths.append(tmp_path / f"part{number}")
        paths[-1].write_text("\n".join(records[::-1] if number % 2 else records))

    def run(path: Path) -> list[Imported]:
        return import_files(desk.engine, desk.rulebook, [path], now=NOON)

    with ThreadPoolExecutor(4) as pool:
        statuses = [one.status for found in pool.map(run, paths) for one in found]
    assert (statuses.count("added"), statuses.count("unchanged")) == (12, 36)
    assert len(desk.keys()) == 12


def test_a_file_is_taken_whole_or_not_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = []

    def stop(*_: object, **__: object) -> None:
        taken.append(1)
        if len(taken) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr("matcher.services.study_import.unread_labels", stop)
    with pytest.raises(KeyboardInterrupt):
        desk.facts(FACTS, FACTS | {"title": "B"})
    assert desk.keys() == []
