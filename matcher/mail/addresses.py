"""Addresses: a mail address that somebody typed, read strictly; and the one that bounces go to."""

from __future__ import annotations

import hmac
import re
from base64 import b32decode, b32encode
from dataclasses import dataclass
from email.utils import parseaddr

from matcher.crypto import KeyedHashes

LONGEST, LONGEST_LOCAL = 254, 64
REASONS = ("empty", "too_long", "letters", "form", "route", "domain")

_ATOM = r"[A-Za-z0-9#$&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
# The last label of a host name is never a number: what ends so is an address of a machine.
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?![0-9]+$){_LABEL}")
# Two standards disagree about these letters: the mail could go to somebody else's domain.
_DISPUTED = re.compile("[ßς\u200c\u200d]")
_GOOGLE = ("gmail.com", "googlemail.com")

_BOUNCE = "bounce"
_NAME_BYTES, _MAC_BYTES = 16, 10
_NAME_LETTERS, _MAC_LETTERS = 26, 16
_RETURNED = re.compile(rf"[^@]*\+b([a-z2-7]{{{_NAME_LETTERS}}})([a-z2-7]{{{_MAC_LETTERS}}})@[^@]+")


class AddressError(ValueError):
    """A text that is not one plain address; `reason` is one of `REASONS`.

    ``letters``: letters before the @ that no mail server has to take; ``route``: a way through
    another server; ``domain``: what stands after the @ is no name of a mail server.
    """

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"not a plain mail address: {reason}")


@dataclass(frozen=True)
class Address:
    """One address, in letters that every mail server takes. It is never printed."""

    local: str
    domain: str

    @property
    def text(self) -> str:
        """The address as it is mailed to."""
        return f"{self.local}@{self.domain}"

    @property
    def normal(self) -> str:
        """The form by which an address is known again."""
        return self.text.lower()

    @property
    def mailbox(self) -> str:
        """The form that all spellings of one mailbox share: for limits, never to mail to."""
        local = self.local.lower()
        plain = local.partition("+")[0].replace(".", "") or local
        domain = self.domain.lower()
        return f"{plain}@{_GOOGLE[0] if domain in _GOOGLE else domain}"

    def __repr__(self) -> str:
        return "Address(…)"


def parse_address(text: str) -> Address:
    """The address that a text is, blanks around it apart. Raises `AddressError`.

    No names, quotes, comments, lists or routes; a domain in another script is written as mail
    servers know it.
    """
    text = text.strip(" \t")
    if not text:
        raise AddressError("empty")
    if len(text) > LONGEST:
        raise AddressError("too_long")
    local, at, domain = text.partition("@")
    if not at or not local or not domain or "@" in domain:
        raise AddressError("form")
    address = Address(_checked_local(local), _checked_domain(domain))
    if len(address.text) > LONGEST:
        raise AddressError("too_long")
    return address


def _checked_local(local: str) -> str:
    if len(local) > LONGEST_LOCAL:
        raise AddressError("too_long")
    if "%" in local or "!" in local:
        raise AddressError("route")
    if not local.isascii() and local.isprintable():
        raise AddressError("letters")
    # "=?" begins an encoded word, which a mail program would read as something else.
    if not _LOCAL.fullmatch(local) or "=?" in local:
        raise AddressError("form")
    return local


def _checked_domain(domain: str) -> str:
    if not domain.isascii():
        if not domain.isprintable() or _DISPUTED.search(domain):
            raise AddressError("domain")
        try:
            domain = domain.encode("idna").decode("ascii")
        except UnicodeError:
            raise AddressError("domain") from None
    if not _DOMAIN.fullmatch(domain):
        raise AddressError("domain")
    return domain.lower()


def plain_sender(mail_from: str) -> str:
    """The bare address in a sender's setting ("Name <name@host>" or "name@host")."""
    return parseaddr(mail_from)[1]


def sender_name(mail_from: str) -> str:
    """The name in a sender's setting, empty if it has none."""
    return parseaddr(mail_from)[0]


def return_path(mail_from: str, public_id: str, hashes: KeyedHashes) -> str:
    """The address that a report about one mail comes back to: ``local+b…@domain``.

    `public_id` is the mail's, 32 hexadecimal digits. Where that would be too long for a mail
    server, it is the plain sender, and reports tell nothing.
    """
    local, _, domain = plain_sender(mail_from).rpartition("@")
    mac = _macs(public_id, hashes)[0]
    local = f"{local}+b{_letters(bytes.fromhex(public_id))}{_letters(mac)}"
    return f"{local}@{domain}" if len(local) <= LONGEST_LOCAL else plain_sender(mail_from)


def read_return_path(address: str, hashes: KeyedHashes) -> str | None:
    """Which mail a report is about, by the address it came to; None if we never made that.

    Servers on the way may have changed the case of the letters.
    """
    found = _RETURNED.fullmatch(address.strip().lower()) if len(address) <= LONGEST else None
    if found is None:
        return None
    # 26 letters hold two bits more than the name has: only the form that was given counts.
    public_id = b32decode(found[1].upper() + "=" * 6)[:_NAME_BYTES].hex()
    if _letters(bytes.fromhex(public_id)) != found[1]:
        return None
    mac = b32decode(found[2].upper())
    known = [hmac.compare_digest(mac, one) for one in _macs(public_id, hashes)]
    return public_id if any(known) else None


def _macs(public_id: str, hashes: KeyedHashes) -> list[bytes]:
    return [bytes.fromhex(one)[:_MAC_BYTES] for one in hashes.of(_BOUNCE, public_id)]


def _letters(raw: bytes) -> str:
    return b32encode(raw).decode().lower().rstrip("=")
