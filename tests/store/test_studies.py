"""The catalogue's table: what goes in comes out, earlier versions stay, keys and links are one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from matcher.core.study import Audience, Section
from matcher.store import facts, studies
from matcher.store.database import session
from matcher.store.errors import StoreError
from tests.factories import NOON, StudyFactory, StudyRowFactory

LATER = NOON + timedelta(days=1)


def add(engine: sa.Engine, *made: object) -> None:
    with session(engine, writing=True) as opened:
        for study in made:
            studies.add(opened, study, rules_version="rules-1", now=NOON)
        opened.commit()


def test_a_study_comes_out_as_it_went_in(store: sa.Engine) -> None:
    study = StudyFactory(title="Ünïcode — “quotes”, 中文, 🙂 and ’s")
    add(store, study)
    with session(store) as opened:
        (row,) = studies.rows(opened)
    assert row.body == study
    assert (row.added_at, row.updated_at, row.version) == (NOON, NOON, 1)
    assert row.added_at.tzinfo is not None


def test_the_columns_for_queries_are_those_of_the_study(store: sa.Engine) -> None:
    study = StudyFactory()
    add(store, study)
    expected = StudyRowFactory(study=study)
    with session(store) as opened:
        (row,) = studies.rows(opened)
    for name in ("key", "slug", "title", "url", "link", "kind", "posted", "standing"):
        assert getattr(row, name) == getattr(expected, name), name


def test_a_change_keeps_what_was_before_whole(store: sa.Engine) -> None:
    first = StudyFactory()
    second = replace(first, title="Another title", url=None, posted=None)
    third = replace(second, most=Audience("women", None))
    add(store, first)
    for study in (second, third):
        with session(store, writing=True) as opened:
            row = studies.row_by_key(opened, first.key)
            assert row
            studies.change(opened, row, study, rules_version="rules-2", now=LATER)
            opened.commit()
    with session(store) as opened:
        row = studies.row_by_key(opened, first.key)
        assert row
        earlier = studies.versions(opened, row)
    assert [version.body for version in earlier] == [first, second]
    assert [version.rules_version for version in earlier] == ["rules-1", "rules-2"]
    assert (row.body, row.version, row.link, row.slug) == (third, 3, None, "another-title")
    assert (row.added_at, row.updated_at) == (NOON, LATER)


def test_studies_are_found_by_key_link_and_slug(store: sa.Engine) -> None:
    one, two = StudyFactory(), StudyFactory()
    add(store, one, two)
    with session(store) as opened:
        assert [row.key for row in studies.rows(opened)] == sorted((one.key, two.key))
        by_key = studies.row_by_key(opened, one.key)
        by_link = studies.row_by_link(opened, f"/reviews/{two.key}")
        by_slug = studies.rows_by_slug(opened, one.key)
        assert studies.row_by_key(opened, "none") is None
        assert studies.row_by_link(opened, "/none") is None
    assert by_key
    assert by_link
    assert (by_key.body, by_link.body, [row.body for row in by_slug]) == (one, two, [one])


@pytest.mark.parametrize("clash", ["key", "url"])
def test_two_studies_cannot_share_a_key_or_a_link(store: sa.Engine, clash: str) -> None:
    one = StudyFactory()
    two = replace(StudyFactory(), **{clash: getattr(one, clash)})
    add(store, one)
    with pytest.raises(IntegrityError):
        add(store, two)
    with session(store) as opened:
        assert [row.body for row in studies.rows(opened)] == [one]


@pytest.mark.parametrize("wrong", [{"kind": "Blog"}, {"standing": "gone"}])
def test_the_database_refuses_values_outside_the_list(
    store: sa.Engine, wrong: dict[str, str]
) -> None:
    with pytest.raises(IntegrityError):
        add(store, replace(StudyFactory(), **wrong))


@pytest.mark.parametrize("bad", ["a\0b", "a\ud800b", "\udfff"])
@pytest.mark.parametrize("place", ["title", "label", "section", "reference"])
def test_text_that_no_table_may_hold_is_refused(store: sa.Engine, bad: str, place: str) -> None:
    study = StudyFactory()
    wrong = {
        "title": replace(study, title=bad),
        "label": replace(study, also=(Audience(bad, None),)),
        "section": replace(study, sections=(Section("Summary", bad),)),
        "reference": replace(study, references=(bad,)),
    }[place]
    with pytest.raises(StoreError, match=r"U\+"):
        add(store, wrong)
    with session(store) as opened:
        assert not studies.holds_any(opened)


def test_a_withdrawn_study_is_out_of_the_list_and_on_record(store: sa.Engine) -> None:
    study = StudyFactory()
    add(store, study)
    with session(store, writing=True) as opened:
        row = studies.row_by_key(opened, study.key)
        assert row
        studies.withdraw(opened, row, reason="wrong", now=LATER)
        opened.commit()
    with session(store) as opened:
        assert list(studies.rows(opened)) == []
        (gone,) = studies.rows(opened, withdrawn=True)
        assert studies.holds_any(opened)
    assert (gone.withdrawn_at, gone.withdrawn_reason) == (LATER, "wrong")


def test_what_is_not_committed_is_not_kept(store: sa.Engine) -> None:
    with session(store, writing=True) as opened:
        studies.add(opened, StudyFactory(), rules_version="rules-1", now=NOON)
    with session(store) as opened:
        assert not studies.holds_any(opened)


def test_each_change_gives_the_catalogue_a_new_version(store: sa.Engine) -> None:
    study, seen = StudyFactory(), []

    def note(act: object = None) -> None:
        with session(store, writing=True) as opened:
            row = studies.row_by_key(opened, study.key)
            if callable(act):
                act(opened, row)
            opened.commit()
            seen.append(facts.catalogue_version(opened))

    note()
    note(lambda opened, _: studies.add(opened, study, rules_version="1", now=NOON))
    note(lambda opened, row: studies.change(opened, row, study, rules_version="1", now=NOON))
    read = replace(study, most=Audience("other", None))
    note(lambda opened, row: studies.reread(opened, row, read, rules_version="2"))
    note(lambda opened, row: studies.withdraw(opened, row, reason="r", now=NOON))
    assert len(set(seen)) == len(seen) == 5
    note()
    note(lambda opened, row: studies.reread(opened, row, read, rules_version="3"))
    assert seen[-1] == seen[-2] == seen[-3]


def test_reading_again_is_no_change_of_the_study(store: sa.Engine) -> None:
    study = StudyFactory()
    add(store, study)
    with session(store, writing=True) as opened:
        row = studies.row_by_key(opened, study.key)
        assert row
        studies.reread(opened, row, replace(study, also=()), rules_version="rules-9")
        opened.commit()
    with session(store) as opened:
        row = studies.row_by_key(opened, study.key)
        assert row
        assert (row.rules_version, row.version, row.body.also) == ("rules-9", 1, ())
        assert list(studies.versions(opened, row)) == []


def test_a_damaged_study_is_an_error_in_words(store: sa.Engine) -> None:
    add(store, StudyFactory())
    with store.begin() as connection:
        connection.exec_driver_sql("""UPDATE study SET body = '{"title": 3}'""")
    with pytest.raises(StoreError, match="cannot be read"), session(store) as opened:
        studies.rows(opened)
