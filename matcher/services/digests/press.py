"""Press: what all mails of an installation are written with, made ready once."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parseaddr
from functools import cached_property, lru_cache
from pathlib import Path

from matcher.config import ConfigError, Settings
from matcher.core.text import LANGUAGES
from matcher.mail.addresses import named_sender
from matcher.mail.cleaning import one_line
from matcher.mail.rendering import Renderer
from matcher.theming.theme import load_theme
from matcher.words import Speaker, Words, load_words


@dataclass(frozen=True)
class Press:
    """The texts, the form in the theme's colours, and who mails: `site` is the sender's name,
    `mail_from` the setting, `base` where our links start, without a slash at the end."""

    words: Words
    renderer: Renderer
    site: str
    mail_from: str
    base: str

    @cached_property
    def sender(self) -> str:
        """The sender as it stands in a header."""
        return named_sender(self.mail_from, name=one_line(self.site))

    def speaker(self, language: str, *, about: str = "self") -> Speaker:
        """Who speaks to somebody whose answers are about themselves or about "other"."""
        known = language if language in LANGUAGES else LANGUAGES[0]
        return Speaker(self.words, known, cared_for=about == "other")


def press(settings: Settings) -> Press:
    """The press of an installation; raises `ConfigError` where mails have no sender or no link
    could lead back."""
    if not settings.mail_from or not settings.public_url:
        raise ConfigError(
            "mails cannot be written",
            "MATCHER_MAIL_FROM, MATCHER_PUBLIC_URL",
            "Set the address that mails come from, and the one that this site is reached at.",
        )
    return _press(settings.theme, settings.mail_from, settings.public_url)


@lru_cache(maxsize=4)
def _press(theme_folder: Path | None, mail_from: str, public_url: str) -> Press:
    theme = load_theme(theme_folder)
    site = parseaddr(mail_from)[0] or theme.name
    return Press(load_words(), Renderer(theme), site, mail_from, public_url.rstrip("/"))
