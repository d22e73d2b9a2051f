"""Press: what all mails of an installation are written with, made ready once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from markupsafe import Markup

from matcher.config import ConfigError, Settings
from matcher.core.text import LANGUAGES
from matcher.mail.addresses import sender_name
from matcher.mail.rendering import Renderer
from matcher.theming.theme import load_theme
from matcher.words import Speaker, Words, load_words


class Sayings:
    """Says texts of the catalogues to one person as they are: not escaped for any form."""

    def __init__(self, speaker: Speaker) -> None:
        self.speaker = speaker
        self._known: dict[str, str] = {}

    def __call__(self, key: str, /, **values: object) -> str:
        """A text of the catalogues; raises `KeyError` for an unknown key."""
        if values:
            return plain(self.speaker.say(key, **values))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = plain(self.speaker.say(key))
        return found

    def count(self, key: str, n: int) -> str:
        """A text for one or for `n` things."""
        return plain(self.speaker.say_count(key, n))


@dataclass(frozen=True)
class Press:
    """The texts, the form in the theme's colours, and who mails: `site` is the sender's name,
    `mail_from` the setting, `base` where our links start, without a slash at the end."""

    words: Words
    renderer: Renderer
    site: str
    mail_from: str
    base: str

    def sayings(self, language: str, *, about: str = "self") -> Sayings:
        """Who speaks to somebody whose answers are about themselves or about "other"."""
        return self._sayings[language if language in LANGUAGES else LANGUAGES[0], about == "other"]

    @cached_property
    def _sayings(self) -> Mapping[tuple[str, bool], Sayings]:
        return {
            (language, other): Sayings(Speaker(self.words, language, cared_for=other))
            for language in LANGUAGES
            for other in (False, True)
        }


def plain(text: str) -> str:
    """A text of the catalogues as it is, whatever it was escaped for."""
    return text.unescape() if isinstance(text, Markup) else text


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
    site = sender_name(mail_from) or theme.name
    return Press(load_words(), Renderer(theme), site, mail_from, public_url.rstrip("/"))
