"""Ceremonies: what a passkey is asked, kept in the browser's signed cookie until it answers."""

from __future__ import annotations

import base64
from datetime import timedelta

from flask import request
from flask import session as cookie

from matcher.services.accounts.passkeys import Site as PasskeySite
from matcher.web.desk.session import CHALLENGE
from matcher.web.forgery import own_origins
from matcher.web.hosts import name_of
from matcher.web.site import site

LASTS = timedelta(minutes=10)


def passkey_site() -> PasskeySite:
    """For whom passkeys are: the name that this site was asked by, and our own origins."""
    origins = tuple(sorted(own_origins()))
    return PasskeySite(name_of(request.host), origins, site().assets.theme.name)


def passkeys_work() -> bool:
    """Whether a browser makes passkeys for the address by which it knows this site: a name, not a
    number, and reached by https or on the same machine."""
    name = name_of(request.host)
    if name == "localhost" or name.endswith(".localhost"):
        return True
    is_number = name.startswith("[") or name.replace(".", "").isdigit()
    return not is_number and any(one.startswith("https:") for one in own_origins())


def keep_challenge(purpose: str, challenge: bytes) -> None:
    """Remember what this browser's passkey was asked."""
    until = (site().clock() + LASTS).timestamp()
    asked = base64.urlsafe_b64encode(challenge).decode()
    cookie[CHALLENGE] = {"for": purpose, "asked": asked, "until": until}


def challenge_kept(purpose: str) -> bytes | None:
    """What it was asked; forgotten now, so that no answer counts twice. None if too long ago."""
    kept = cookie.pop(CHALLENGE, None)
    if not isinstance(kept, dict) or kept.get("for") != purpose:
        return None
    if site().clock().timestamp() > kept["until"]:
        return None
    return base64.urlsafe_b64decode(kept["asked"])
