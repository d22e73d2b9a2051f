"""Erased while a digest is under way: no mail before the last look, nothing kept at any time."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from matcher.mail.transport import Envelope
from matcher.services.subscribing.erasing import erase_by_name
from matcher.services.subscribing.known_by import address_hashes
from matcher.store.database import session
from matcher.store.subscribers import subscriber_by_hash
from tests.lab.inhabitants import add_people, add_studies, address_of
from tests.lab.interfering import Interfering
from tests.lab.lab_site import Site


def erase(site: Site, name: str) -> None:
    with site.desk() as desk:
        with session(desk.engine) as opened:
            person = subscriber_by_hash(opened, address_hashes(desk.hashes, address_of(name)))
        assert person is not None
        assert erase_by_name(desk, person.public_id, reason="erased", now=site.clock())


@pytest.mark.parametrize(
    ("moment", "state", "mails"),
    [("before_look", "cancelled", 0), ("before_dot", "sent", 1), ("after", "sent", 1)],
)
def test_who_is_erased_meanwhile_is_gone(site: Site, moment: str, state: str, mails: int) -> None:
    """A mail that passed the last look may still arrive; that is the window that is stated."""
    add_studies(site, "a-review")
    add_people(site, "ann", "bea")
    site.plan()

    def deed(envelope: Envelope) -> None:
        if envelope.recipient == address_of("ann"):
            erase(site, "ann")

    site.send(wrap=lambda transport: Interfering(transport, **{moment: deed}))
    site.clock.forward(timedelta(hours=1))
    site.plan()
    site.send()
    theirs = [row for row in site.rows() if row.who is None]
    assert [row.state for row in theirs] == [state]
    assert [row.state for row in site.rows() if row.who] == ["sent"]
    sent = [mail for mail in site.double.accepted() if address_of("ann") in mail.recipients]
    assert len(sent) == mails
    with site.engine() as engine, engine.connect() as connection:
        left = "select count(*) from delivery where subscriber_id is null and items is not null"
        assert connection.execute(sa.text(left)).scalar_one() == 0
        assert connection.execute(sa.text("select count(*) from subscriber")).scalar_one() == 1
