"""Letters: writes the whole mail of a row of the ledger, a digest or a single letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session

from matcher.crypto import SealError, new_token, token_hash
from matcher.mail.addresses import parse_address, plain_sender, return_path
from matcher.mail.content import Foot, Link, MailContent
from matcher.mail.envelope import Envelope
from matcher.mail.message import Head, build
from matcher.services.cards import Card
from matcher.services.digests.desk import Desk
from matcher.services.digests.items import Selection
from matcher.services.digests.press import Press, Sayings, press
from matcher.services.digests.profile import open_profile
from matcher.services.digests.recipient import Recipient
from matcher.services.digests.telling import Telling, Ways
from matcher.services.subscribing.confirming import LASTS
from matcher.services.subscribing.known_by import address_hashes
from matcher.services.subscribing.tokens import (
    MANAGE_DAYS,
    Mute,
    manage_token,
    mute_token,
    unsubscribe_token,
)
from matcher.services.subscribing.wish import open_wish
from matcher.store.deliveries import Delivery
from matcher.store.signups import Signup
from matcher.store.subscribers import COUNT, Subscriber, subscriber


def write(session: Session, desk: Desk, row: Delivery, *, now: datetime) -> Envelope | None:
    """The mail of a row, whatever its kind; None if there is nothing to say any more.

    A digest only reads the database. A confirmation makes its token here and puts the token's
    hash into the sign-up: call it in the transaction that puts the row to `sending`, so that the
    two are kept together or not at all. Never commits. Raises `ConfigError` without a sender or
    a public address, `SealError` without the right key or where what is sealed is not this row's.
    """
    writer = _Writer(desk, row, now, press(desk.settings))
    if row.kind == "confirmation":
        signup = session.get(Signup, row.signup_id) if row.signup_id else None
        return writer.confirmation(session, signup) if signup else None
    person = subscriber(session, row.subscriber_id) if row.subscriber_id else None
    if person is None:
        return None
    return writer.digest(person) if row.kind == "digest" else writer.single(person)


@dataclass(frozen=True)
class _Writer:
    desk: Desk
    row: Delivery
    now: datetime
    press: Press

    def digest(self, person: Subscriber) -> Envelope | None:
        """What is new for a subscriber."""
        if person.standing != "active" or self.row.items is None:
            return None
        profile = open_profile(self.desk.safe, person.profile, of=person.public_id)
        say = self.press.sayings(person.language, about=profile.about)
        recipient = Recipient(self.desk, profile, say.speaker, self.now)
        planned = Selection.from_bytes(self.desk.safe.open(self.row.items))
        chosen = recipient.wants(planned)
        cards: Mapping[str, Card] = {}
        if person.detail != COUNT:
            cards = recipient.cards(chosen)
            chosen = replace(chosen, items=tuple(i for i in chosen.items if i.study in cards))
        ways = self._ways(person)
        content = Telling(
            selection=chosen,
            detail=person.detail,
            frequency=person.frequency,
            say=say,
            cards=cards,
            is_hard=recipient.is_hard,
            ways=ways,
            site=self.press.site,
            address=plain_sender(self.press.mail_from),
        ).content()
        return self._to(person, content, stop=ways.stop) if content else None

    def single(self, person: Subscriber) -> Envelope:
        """To a subscriber: the link to their page."""
        say = self.press.sayings(person.language)
        lead = [say("letter.link_lead", site=self.press.site)]
        after = [say("letter.link_private", days=MANAGE_DAYS), say("letter.link_not_me")]
        button = Link(say("digest.open_page"), self._ways(person).page)
        content = self._letter(say, lead=lead, button=button, after=after)
        return self._to(person, content)

    def confirmation(self, session: Session, signup: Signup) -> Envelope | None:
        """To an address that has confirmed nothing yet: it says nothing but what was asked."""
        if signup.state == "confirmed" or self.now - signup.asked_at >= LASTS:
            return None
        wish = open_wish(self.desk.safe, signup.sealed)
        token = new_token()
        signup.token_hash = token_hash(token)
        session.add(signup)
        session.flush()
        say, site = self.press.sayings(wish.language), self.press.site
        asked = signup.asked_at.astimezone(ZoneInfo(wish.zone)).date()
        link = Link(say("letter.confirm_button"), f"{self.press.base}/confirm/{token}")
        lead = [say("letter.confirm_lead", site=site, date=say.speaker.long_date(asked))]
        after = [say("letter.confirm_not_me", days=LASTS.days)]
        content = self._letter(say, lead=lead, button=link, after=after)
        return self._envelope(wish.address, content)

    def _letter(
        self, say: Sayings, *, lead: list[str], button: Link, after: list[str]
    ) -> MailContent:
        word = {"confirmation": "confirm"}.get(self.row.kind, self.row.kind)
        title = say(f"letter.{word}_title")
        site, address = self.press.site, plain_sender(self.press.mail_from)
        foot = (
            say("letter.foot_once", site=site),
            say("digest.foot_sender", site=site, address=address),
        )
        return MailContent(
            language=say.speaker.language,
            subject=title,
            site=site,
            heading=title,
            lead=tuple(lead),
            button=button,
            after=tuple(after),
            foot=Foot(foot),
        )

    def _ways(self, person: Subscriber) -> Ways:
        base, hashes = self.press.base, self.desk.hashes
        return Ways(
            page=f"{base}/my-data/open/{manage_token(hashes, person.public_id, now=self.now)}",
            stop=f"{base}/unsubscribe/{unsubscribe_token(hashes, person.address_hash)}",
            base=base,
            mute=lambda n: f"{base}/mute/{mute_token(hashes, Mute(person.public_id, n))}",
        )

    def _to(self, person: Subscriber, content: MailContent, stop: str | None = None) -> Envelope:
        address = self.desk.safe.open(person.address).decode()
        normal = parse_address(address).normal
        if person.address_hash not in address_hashes(self.desk.hashes, normal):
            raise SealError("this address is not the one that the subscriber is known by")
        return self._envelope(address, content, stop=stop)

    def _envelope(self, address: str, content: MailContent, stop: str | None = None) -> Envelope:
        press, public_id = self.press, self.row.public_id
        head = Head(
            name=press.site,
            sender=plain_sender(press.mail_from),
            recipient=address,
            subject=content.subject,
            public_id=public_id,
            at=self.now,
            language=content.language,
            unsubscribe=stop,
        )
        text, html = press.renderer.text(content), press.renderer.html(content)
        return Envelope(
            sender=return_path(press.mail_from, public_id, self.desk.hashes),
            recipient=address,
            message=build(head, text=text, html=html),
        )
