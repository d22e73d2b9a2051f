"""Reports: what mail servers send back: a mail could not be delivered, or was called spam.

Reads the standard forms (multipart/report with a delivery status, RFC 3464, or with feedback,
RFC 5965). A report is anybody's text: it is taken apart without being believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, message_from_string
from email.message import Message
from enum import StrEnum

LARGEST = 10_000_000
READ = 256_000
"""So many bytes are taken apart: the report stands before the mail that came back, and the
standard library's time grows with the square of what a hostile mail repeats."""
MOST_LOOKS = 1_000_000
MOST_PARTS = 200
MOST_FOUND = 50
LONGEST_VALUE = 2_000

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,190}")
MESSAGE_ID = re.compile(r"<[^<>\s@]{1,100}@[^<>\s@]{1,190}>")
STATUS = re.compile(r"(?<![0-9.])[245]\.[0-9]{1,3}\.[0-9]{1,3}(?![0-9.])")
NO_DETAIL = re.compile(r"[245]\.0\.0")
DEAD = re.compile(r"5\.1\.(?:0|1|2|3|6|10)")

OUR_ADDRESS = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
STATUS_TYPES = ("message/delivery-status", "message/global-delivery-status")
FEEDBACK_TYPE = "message/feedback-report"
RETURNED_TYPES = (
    "message/rfc822",
    "message/global",
    "text/rfc822-headers",
    "message/rfc822-headers",
    "message/global-headers",
)
COMPLAINTS = ("abuse", "fraud", "opt-out")


class ReportError(ValueError):
    """A mail that is no report, or cannot be taken apart; its text says why."""


class Verdict(StrEnum):
    """What a report says of a mail."""

    DEAD = "dead"
    """There is no such mailbox or domain, and will not be."""
    FAILED = "failed"
    """This mail was not delivered."""
    DELAYED = "delayed"
    """It is still being tried."""
    DELIVERED = "delivered"
    COMPLAINT = "complaint"
    """Its reader called it spam, or wants no more."""
    OTHER = "other"


@dataclass(frozen=True)
class Report:
    """What a report says, and the words by which its mail is found.

    `sent_to`: addresses that the report came to or names as the mail's return path; `returned`:
    Message-IDs of the mail that came back, with angle brackets. `status` is like ``5.1.1``, or
    the feedback's kind.
    """

    verdict: Verdict
    status: str | None
    sent_to: tuple[str, ...]
    returned: tuple[str, ...]


def read_report(raw: bytes) -> Report:
    """What a mail file reports. Raises `ReportError`; nothing else, whatever it holds."""
    if len(raw) > LARGEST:
        raise ReportError(f"it is larger than {LARGEST // 1_000_000} MB")
    head = raw[:READ]
    if head.count(b"\n") * (1 + head.lower().count(b"boundary")) > MOST_LOOKS:
        raise ReportError("its parts are nested too deep")
    try:
        return _read(message_from_bytes(head))
    except ReportError:
        raise
    except RecursionError:
        raise ReportError("its parts are nested too deep") from None
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError):
        raise ReportError("its form is broken") from None


def _read(mail: Message) -> Report:
    parts = list(_parts(mail))
    types = [part.get_content_type() for part in parts]
    if "multipart/report" not in types:
        raise ReportError("it is not a report of a mail server (multipart/report)")
    statuses = [part for part, type in zip(parts, types, strict=True) if type in STATUS_TYPES]
    feedback = [part for part, type in zip(parts, types, strict=True) if type == FEEDBACK_TYPE]
    if not statuses and not feedback:
        raise ReportError("it holds neither a delivery status nor feedback")
    blocks = [block for part in statuses or feedback for block in _blocks(part)]
    verdict, status = _delivery(blocks) if statuses else _feedback(blocks)
    mails = [
        block
        for part, type in zip(parts, types, strict=True)
        if type in RETURNED_TYPES
        for block in _blocks(part)[:1]
    ]
    came_to = _found(ADDRESS, [mail], OUR_ADDRESS)
    sent_to = [*came_to, *_found(ADDRESS, blocks, ("Original-Mail-From",))]
    returned = _found(MESSAGE_ID, mails, ("Message-ID",))
    return Report(verdict, status, tuple(sent_to), tuple(returned))


def _parts(mail: Message) -> Iterator[Message]:
    """The mail and its parts, but not those of the mail that came back."""
    left = [mail]
    for _ in range(MOST_PARTS):
        if not left:
            return
        part = left.pop()
        yield part
        payload = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(payload, list):
            left.extend(reversed([one for one in payload if isinstance(one, Message)]))
    raise ReportError(f"it has more than {MOST_PARTS} parts")


def _blocks(part: Message) -> list[Message]:
    """The groups of fields that a part holds."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return [one for one in payload if isinstance(one, Message)]
    return [message_from_string(payload)] if isinstance(payload, str) else []


def _delivery(blocks: list[Message]) -> tuple[Verdict, str | None]:
    """The worst that is said of a recipient."""
    said = [_said(block) for block in blocks[:MOST_FOUND] if _field(block, "Action")]
    order = (Verdict.DEAD, Verdict.FAILED, Verdict.DELAYED, Verdict.DELIVERED, Verdict.OTHER)
    return min(said, key=lambda one: order.index(one[0]), default=(Verdict.OTHER, None))


def _said(block: Message) -> tuple[Verdict, str | None]:
    action = _field(block, "Action").partition(" ")[0].lower()
    status = _status(block)
    if action == "failed":
        if status and status.startswith("4"):
            return Verdict.DELAYED, status
        return Verdict.DEAD if status and DEAD.fullmatch(status) else Verdict.FAILED, status
    known = {"delayed": Verdict.DELAYED, "delivered": Verdict.DELIVERED}
    return known.get(action, Verdict.OTHER), status


def _status(block: Message) -> str | None:
    """The status; where that says nothing in detail, the one in the server's own words."""
    found = STATUS.search(_field(block, "Status"))
    if found is None or NO_DETAIL.fullmatch(found[0]):
        found = STATUS.search(_field(block, "Diagnostic-Code")) or found
    return found[0] if found else None


def _feedback(blocks: list[Message]) -> tuple[Verdict, str | None]:
    kinds = [_field(block, "Feedback-Type").lower() for block in blocks]
    kind = next((kind for kind in kinds if kind), "")
    return Verdict.COMPLAINT if kind in COMPLAINTS else Verdict.OTHER, kind[:40] or None


def _field(block: Message, name: str) -> str:
    value = str(block.get(name, ""))[:LONGEST_VALUE]
    return " ".join("".join(c if c.isprintable() else " " for c in value).split())


def _found(pattern: re.Pattern[str], mails: list[Message], names: tuple[str, ...]) -> list[str]:
    found: dict[str, None] = {}
    for mail in mails:
        for name in names:
            for value in mail.get_all(name, [])[:MOST_FOUND]:
                found |= dict.fromkeys(pattern.findall(str(value)[:LONGEST_VALUE]))
    return list(found)[:MOST_FOUND]
