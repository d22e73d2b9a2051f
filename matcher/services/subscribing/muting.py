"""Muting: what the link beside a review in a mail does: no more mails about that one."""

from __future__ import annotations

from sqlmodel import Session

from matcher.services.digests.desk import Desk
from matcher.services.digests.profile import open_profile
from matcher.services.subscribing import own_data
from matcher.services.subscribing.tokens import read_mute
from matcher.store.studies import StudyRow
from matcher.store.subscribers import Subscriber, subscriber_by_public_id


def whose_link(session: Session, desk: Desk, link: str) -> Subscriber | None:
    """Who was mailed this link; None for one that is not ours, or when they are gone."""
    found = read_mute(desk.hashes, link)
    return subscriber_by_public_id(session, found.public_id) if found else None


def title_behind(session: Session, desk: Desk, link: str) -> str | None:
    """The title of the review that a link would leave out; None where it leaves out none."""
    found = read_mute(desk.hashes, link)
    study = session.get(StudyRow, found.study) if found else None
    return study.title if study is not None else None


def is_muted(session: Session, desk: Desk, link: str) -> bool:
    """Whether the review behind a link is left out already."""
    found, person = read_mute(desk.hashes, link), whose_link(session, desk, link)
    study = session.get(StudyRow, found.study) if found else None
    if person is None or study is None:
        return False
    return study.key in open_profile(desk.safe, person.profile).muted


def mute_by_link(session: Session, desk: Desk, link: str) -> bool:
    """Leave the review out, as often as it is asked; False for a link that does nothing."""
    found = read_mute(desk.hashes, link)
    study = session.get(StudyRow, found.study) if found else None
    if found is None or study is None:
        return False
    try:
        own_data.mute(session, desk, found.public_id, study.key)
    except own_data.GoneError:
        return False
    return True
