"""Words: the texts of the catalogues in `matcher/translations/`, in each language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup, escape

from matcher import yaml_text
from matcher.core.text import LANGUAGES, Text

THIS_PERSON = "voice.this_person"
CARED_FOR = ("voice.you_care_for", "voice.i_care_for")


class WordsError(Exception):
    """A catalogue of texts that cannot be used; the message names file, line and mend."""


@dataclass(frozen=True)
class Words:
    """All texts by key."""

    texts: Mapping[str, Text]

    def speak(
        self,
        key: str,
        *,
        language: str,
        cared_for: bool = False,
        at_desk: bool = False,
        **values: Any,
    ) -> Markup:
        """The text of `key`, its ``{placeholders}`` filled and escaped.

        With `cared_for` the form of the text about "the person you care for" is taken where
        there is one (the key with ``_other``); `at_desk` it is about "this person". Raises
        `KeyError` for an unknown key.
        """
        text = self.texts.get(f"{key}_other") if cared_for else None
        words = (text or self.texts[key]).in_(language)
        if at_desk:
            words = self.of_this_person(words, language=language)
        return escape(words).format(**values)

    def of_this_person(self, words: str, *, language: str) -> str:
        """A text about "the person you care for", as it is said at the desk: "this person"."""
        this = self.texts[THIS_PERSON].in_(language)
        for key in CARED_FOR:
            phrase = self.texts[key].in_(language)
            words = words.replace(sentence(phrase), sentence(this)).replace(phrase, this)
        return words

    def count(self, key: str, n: int, **about: Any) -> Markup:
        """The singular (``key_one``) or plural (``key_many``) text for `n` things."""
        return self.speak(f"{key}_{'one' if n == 1 else 'many'}", n=n, **about)


def sentence(phrase: str) -> str:
    """A phrase as it begins a sentence."""
    return phrase[:1].upper() + phrase[1:]


@cache
def load_words() -> Words:
    """The shipped catalogues, read once; raises `WordsError` with every fault."""
    texts: dict[str, Text] = {}
    faults: list[str] = []
    folder = resources.files("matcher") / "translations"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".yaml"):
            _read(file.name, file.read_text(encoding="utf-8"), into=texts, faults=faults)
    if faults:
        raise WordsError("\n".join(faults))
    return Words(texts)


def _read(name: str, text: str, *, into: dict[str, Text], faults: list[str]) -> None:
    document, broken = yaml_text.parse(text, file=name)
    faults.extend(map(str, broken))
    entries = document.value if isinstance(document.value, dict) else {}
    for key, forms in entries.items():
        where = f"{name}:{document.line((key,))}: {key}"
        if key in into:
            faults.append(f"{where} stands twice. Remove one of them.")
        elif not isinstance(forms, dict) or set(forms) != set(LANGUAGES):
            faults.append(f"{where} has no text in each language. Write an en: and an es: line.")
        else:
            into[key] = Text(**{language: str(forms[language]) for language in LANGUAGES})
