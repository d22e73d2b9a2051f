"""Factories: studies and rows for tests. What they make is validated; unknown names are refused.

(A SQLModel table takes any name and any value without a word.)
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import factory
from sqlmodel import SQLModel

from matcher.core.conditions import AllOf, AnyOf, Not, Tag, Unread
from matcher.core.study import Audience, Event, Ratings, Section, Study
from matcher.core.text import Text
from matcher.store.deliveries import Delivery
from matcher.store.identity import own_link, slug
from matcher.store.studies import StudyRow
from matcher.store.subscribers import Subscriber
from matcher.store.visits import Visit

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TANGLED = AnyOf((AllOf((Tag("er_positive"), Not(Unread("words")))), Tag("metastatic:breast")))


class RowFactory(factory.Factory):
    """Makes a row through the model's own validation."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class: type[SQLModel], *_: Any, **given: Any) -> SQLModel:
        unknown = set(given) - set(model_class.model_fields)
        if unknown:
            raise TypeError(f"{model_class.__name__} has no {sorted(unknown)}")
        return model_class.model_validate(given)

    _build = _create


class StudyFactory(factory.Factory):
    """A study with every field filled, its title and link numbered."""

    class Meta:
        model = Study

    class Params:
        number = factory.Sequence(lambda number: number)

    title = factory.LazyAttribute(lambda study: f"A study of things, part {study.number}")
    key = factory.LazyAttribute(lambda study: slug(study.title))
    url = factory.LazyAttribute(lambda study: f"https://example.org/reviews/{study.key}")
    kind = "Study"
    posted = date(2025, 3, 1)
    most = Audience("People with breast cancer", TANGLED)
    also = (Audience("previvors", None), Audience("people with cancer", Tag("cancer"), True))
    ratings = Ratings("High", "Medium-Low", None, "Human Research")
    marks = ("wider_label",)
    events = (Event(date(2026, 4, 30), Text("It changed.", "Cambió."), "https://example.org/n"),)
    summary = Text("A short text.", "Un texto corto.")
    as_of = date(2025, 3, 1)
    topics = ("spread",)
    sections = (Section("Summary", "Line one\n- line “two”"),)
    references = ("Somebody A. A title. 2025.",)


class StudyRowFactory(RowFactory):
    """A row of the catalogue."""

    class Meta:
        model = StudyRow

    class Params:
        study = factory.SubFactory(StudyFactory)

    key = factory.SelfAttribute("study.key")
    slug = factory.LazyAttribute(lambda row: slug(row.study.title))
    title = factory.SelfAttribute("study.title")
    url = factory.SelfAttribute("study.url")
    link = factory.LazyAttribute(lambda row: own_link(row.study.url))
    kind = factory.SelfAttribute("study.kind")
    posted = factory.SelfAttribute("study.posted")
    standing = factory.SelfAttribute("study.standing")
    body = factory.SelfAttribute("study")
    rules_version = "rules-1"
    added_at = NOON
    updated_at = NOON


class VisitFactory(RowFactory):
    """A visit that lasts another hour."""

    class Meta:
        model = Visit

    id_hash = factory.Sequence(lambda number: f"{number:064x}")
    sealed = b"sealed"
    expires_at = NOON + timedelta(hours=1)


class SubscriberFactory(RowFactory):
    """An active weekly subscriber. What is sealed is no real seal unless the test gives one."""

    class Meta:
        model = Subscriber

    address_hash = factory.Sequence(lambda number: f"{number:064x}")
    address = b"sealed"
    profile = b"sealed"
    frequency = "weekly"
    language = "en"
    zone = "UTC"
    consent_version = "1"
    consent_at = NOON
    confirmed_at = NOON
    renewed_at = NOON


class DeliveryFactory(RowFactory):
    """A digest that is due."""

    class Meta:
        model = Delivery

    kind = "digest"
    period = "2026-W47"
    due_at = NOON
    next_at = NOON
    planned_at = NOON
