"""Words: what is said to people outside the rules, in their language, on pages and in mails."""

from matcher.words.catalogue import Words, WordsError, load_words
from matcher.words.speaker import Speaker

__all__ = ["Speaker", "Words", "WordsError", "load_words"]
