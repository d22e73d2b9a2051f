"""Inhabitants: the people and the reviews of a lab site."""

from __future__ import annotations

from matcher.core.conditions import Tag
from matcher.core.study import Audience
from matcher.services.digests.profile import Profile, seal_profile
from matcher.services.subscribing.known_by import address_hashes, mailbox_hashes
from matcher.services.subscribing.wish import Wish, seal_wish
from matcher.store.database import session
from matcher.store.deliveries import Delivery
from matcher.store.facts import mark_catalogue_changed
from matcher.store.signups import Signup
from matcher.store.subscribers import Subscriber, subscriber_by_hash
from tests.factories import StudyFactory, StudyRowFactory
from tests.lab.lab_site import Site

ANSWERS = {"cancer_status": "now", "cancer": ["breast"]}
FOR_ALL = Audience("People with breast cancer", Tag("breast_cancer"))
HASH = "0" * 64


def add_studies(site: Site, *keys: str) -> None:
    """Add a review for everyone by each of these keys."""
    with site.engine() as engine, session(engine, writing=True) as opened:
        for key in keys:
            study = StudyFactory(key=key, title=f"Review {key}", most=FOR_ALL, also=(), topics=())
            opened.add(StudyRowFactory(study=study, rules_version=site.book.version))
        mark_catalogue_changed(opened)
        opened.commit()


def add_people(site: Site, *names: str, zone: str = "UTC", frequency: str = "weekly") -> None:
    """Add a subscriber by each of these names, who is told everything in full."""
    with site.desk() as desk, session(desk.engine, writing=True) as opened:
        for name in names:
            address, now = address_of(name), site.clock()
            person = {
                "address_hash": address_hashes(desk.hashes, address)[0],
                "address": desk.safe.seal(address.encode()),
                "profile": seal_profile(desk.safe, Profile(answers=ANSWERS)),
                "frequency": frequency,
                "language": "en",
                "zone": zone,
                "detail": "full",
                "consent_version": "1",
                "consent_at": now,
                "confirmed_at": now,
                "renewed_at": now,
            }
            opened.add(Subscriber.model_validate(person))
        opened.commit()


def add_newcomers(site: Site, *names: str) -> None:
    """Add a confirmation letter that is due, for each of these names."""
    with site.desk() as desk, session(desk.engine, writing=True) as opened:
        for name in names:
            address, now = address_of(name), site.clock()
            asked = {
                "kind": "subscribe",
                "state": "asked",
                "address_hash": address_hashes(desk.hashes, address)[0],
                "mailbox_hash": mailbox_hashes(desk.hashes, address)[0],
                "network_hash": HASH,
                "sealed": seal_wish(desk.safe, Wish(address, "en", profile=Profile(ANSWERS))),
                "asked_at": now,
            }
            signup = Signup.model_validate(asked)
            opened.add(signup)
            opened.flush()
            letter = {"kind": "confirmation", "signup_id": signup.id, "due_at": now, "next_at": now}
            letter |= {"period": f"confirmation-{signup.id}", "planned_at": now}
            opened.add(Delivery.model_validate(letter))
        opened.commit()


def add_link_letters(site: Site, *names: str) -> None:
    """Add the mail with the link to their page, which is due, for subscribers of these names."""
    with site.desk() as desk, session(desk.engine, writing=True) as opened:
        for name in names:
            person = subscriber_by_hash(opened, address_hashes(desk.hashes, address_of(name)))
            assert person is not None
            now = site.clock()
            letter = {"kind": "link", "subscriber_id": person.id, "due_at": now, "next_at": now}
            letter |= {"period": "link-1", "planned_at": now}
            opened.add(Delivery.model_validate(letter))
        opened.commit()


def change(site: Site, name: str, **values: object) -> None:
    """Change a subscriber's row as a page would: what is under way must honour it."""
    with site.desk() as desk, session(desk.engine, writing=True) as opened:
        person = subscriber_by_hash(opened, address_hashes(desk.hashes, address_of(name)))
        assert person is not None
        for column, value in values.items():
            setattr(person, column, value)
        person.version += 1
        opened.commit()


def address_of(name: str) -> str:
    return f"{name}@people.test"
