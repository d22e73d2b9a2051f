"""Mailing: the invitation of an account as a mail, handed to the mail server at once.

It is no row of the ledger of digests: whoever invites waits for the answer, and the link stands in
no table.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from matcher.config import Settings
from matcher.mail.addresses import plain_sender
from matcher.mail.content import Foot, Link, MailContent
from matcher.mail.envelope import Envelope
from matcher.mail.message import Head, build
from matcher.mail.outcome import Fate, Outcome
from matcher.mail.transport import SmtpTransport
from matcher.services.accounts.invitations import WEEK
from matcher.services.accounts.people import Invited
from matcher.services.digests.press import press

PATIENCE = 10.0
"""Seconds that each answer of the mail server is waited for: somebody looks at the page."""

MAYBE_THERE = (Fate.SENT, Fate.UNCERTAIN)


def mail_invitation(settings: Settings, invited: Invited, *, now: datetime) -> Outcome:
    """Mail an invitation, in the language of the account; what became of the mail.

    `settings` must be those that mails can be sent with. `now` is aware. Raises `ConfigError`.
    """
    envelope = written(settings, invited, now=now)
    assert settings.smtp is not None
    with SmtpTransport(settings.smtp, timeout=PATIENCE) as transport:
        return transport.send(envelope, before_dot=lambda: True)


def written(settings: Settings, invited: Invited, *, now: datetime) -> Envelope:
    """The mail of an invitation. Raises `ConfigError` without a sender or a public address."""
    office, account = press(settings), invited.account
    say = office.sayings(account.language)
    sender, title = plain_sender(office.mail_from), say("desk_mail.title", site=office.site)
    content = MailContent(
        language=account.language,
        subject=title,
        site=office.site,
        heading=title,
        lead=(say("desk_mail.lead", site=office.site),),
        button=Link(say("desk_mail.button"), f"{office.base}/desk/join/{invited.token}"),
        after=(say("desk_mail.once", days=WEEK.days), say("desk_mail.not_me")),
        foot=Foot((say("digest.foot_sender", site=office.site, address=sender),)),
    )
    head = Head(
        name=office.site,
        sender=sender,
        recipient=account.email,
        subject=title,
        public_id=secrets.token_hex(16),
        at=now,
        language=account.language,
    )
    text, html = office.renderer.text(content), office.renderer.html(content)
    return Envelope(sender, account.email, build(head, text=text, html=html))
