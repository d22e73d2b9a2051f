"""Chosen: what to say about a new password that cannot be taken."""

from __future__ import annotations

from matcher.services.accounts.passwords import (
    SHORTEST,
    SHORTEST_WITH_SECOND,
    password_fault,
)
from matcher.store.accounts import Account
from matcher.store.columns import is_clean
from matcher.web.language import say
from matcher.web.posted import FormError
from matcher.web.site import site


def chosen_fault(
    password: str, account: Account, *, second_factor: bool, anchor: str
) -> FormError | None:
    """What to mend in a new password of an account; None if it can be taken."""
    words = (account.email.partition("@")[0], account.name, site().assets.theme.name)
    fault = password_fault(password, words=words, second_factor=second_factor)
    if fault is None and not is_clean(password):
        fault = "guessable"
    if fault is None:
        return None
    least = SHORTEST_WITH_SECOND if second_factor else SHORTEST
    return FormError(str(say(f"desk_password.{fault}", n=least).unescape()), anchor)
