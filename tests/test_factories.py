"""Tests of the factories: they must refuse what the tables would swallow."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from tests.factories import (
    DeliveryFactory,
    StudyFactory,
    StudyRowFactory,
    SubscriberFactory,
    VisitFactory,
)


@pytest.mark.parametrize(
    "made", [StudyFactory, StudyRowFactory, VisitFactory, SubscriberFactory, DeliveryFactory]
)
def test_unknown_names_are_refused(made: type) -> None:
    with pytest.raises(TypeError):
        made(bogus=3)


def test_wrong_values_are_refused() -> None:
    with pytest.raises(ValidationError):
        StudyRowFactory(version="many")
    with pytest.raises(ValidationError):
        VisitFactory(expires_at="soon")
    with pytest.raises(ValidationError):
        SubscriberFactory(renewed_at="soon")
    with pytest.raises(ValidationError):
        DeliveryFactory(attempts="many")


def test_a_row_holds_the_study_it_was_made_of() -> None:
    study = StudyFactory()
    row = StudyRowFactory(study=study)
    assert row.body == study
    assert row.key == study.key
