"""Words: the text of a label as normalised words, each with its place in the text.

Reading is by words, never by patterns over the whole text, so it stays linear. What differs only
in writing (width, dashes, case, plurals, British spelling, look-alike letters) becomes one key.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

_TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|>=|<=|[^\w\s]|_")
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2043"
_TRUE_MINUS = "\u2212"
_PLUSES = "\u2795\ufe62\uff0b\u207a"
_QUOTES = "\u2018\u2019\u201b\u02bc\u0060\u00b4"
_TRADE = "\u2122\u00ae\u00a9"
_LOOK_ALIKES = str.maketrans(
    "асеһікморѕтухјԁԛԝАВСЕНІКМОРЅТХУЈαενικορτχΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "acehikmopstyxjdqwABCEHIKMOPSTXYJaevikoptxABEZHIKMNOPTYX",
)
_BRITISH = (
    ("oestr", "estr"),
    ("tumour", "tumor"),
    ("leukaem", "leukem"),
    ("gynaec", "gynec"),
    ("haem", "hem"),
    ("oesoph", "esoph"),
    ("paediat", "pediat"),
    ("anaem", "anem"),
    ("colour", "color"),
    ("counsell", "counsel"),
    ("localis", "localiz"),
    ("metastasise", "metastasize"),
)
_IRREGULAR = {
    "women": "woman",
    "men": "man",
    "womens": "woman",
    "mens": "man",
    "ladies": "lady",
    "children": "child",
    "persons": "person",
    "metastases": "metastasis",
    "metastasis": "metastasis",
    "diagnoses": "diagnosis",
    "wives": "wife",
    "does": "does",
    "soya": "soy",
}
_CONTRACTED = {"can't": ("can", "not"), "won't": ("will", "not"), "cannot": ("can", "not")}
_ENDINGS = {"'ve": "have", "'re": "are", "'ll": "will", "'m": "am"}
_ONE_NAME = {
    ("her", "2"): "her2",
    ("brca", "1"): "brca1",
    ("brca", "2"): "brca2",
    ("pd", "l1"): "pdl1",
}
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


@dataclass(frozen=True)
class Word:
    """One word or mark. `key` is its normalised form; `start`, `end` its place in the text.

    `kind`: word, number or mark. `sign` says that a plus or minus was written for the word.
    """

    key: str
    start: int
    end: int
    kind: str = "word"
    sign: bool = False


def key_set(text: str) -> frozenset[str]:
    """The keys of a text that lists them with blanks."""
    return frozenset(text.split())


def clean(text: str) -> str:
    """The text with one width, one kind of dash, plus and quote, and nothing invisible."""
    folded = unicodedata.normalize("NFKC", text.translate(dict.fromkeys(map(ord, _TRADE), " ")))
    return "".join(map(_clean_letter, folded))


def _clean_letter(letter: str) -> str:
    if letter in _PLUSES:
        return "+"
    if letter in _QUOTES:
        return "'"
    if letter in _DASHES:
        return _TRUE_MINUS if letter == _TRUE_MINUS else "-"
    category = unicodedata.category(letter)
    if category in ("Cf", "Mn", "Me"):
        return ""
    return " " if category in ("Cc", "Cs", "Zl", "Zp") else letter


def words_of(
    text: str, *, signed: frozenset[str] = frozenset(), plus: frozenset[str] = frozenset()
) -> list[Word]:
    """The words of a cleaned text. A plus or minus can follow the keys in `signed` as a result,
    a plus also those in `plus`."""
    raw = [Word(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(text)]
    found: list[Word] = []
    for place, word in enumerate(raw):
        if word.key in ("-", _TRUE_MINUS):
            after = raw[place + 1] if place + 1 < len(raw) else None
            found.extend(_dash(word, found[-1] if found else None, after, signed))
        elif word.key == "+":
            found.append(_plus(word, found, signed | plus))
        else:
            for part in _normalised(word):
                _append(found, part)
    return found


def _append(found: list[Word], word: Word) -> None:
    """Add a word; names that are also written as two words become one."""
    name = _ONE_NAME.get((found[-1].key, word.key)) if found else None
    if name is None:
        found.append(word)
    else:
        found[-1] = replace(found[-1], key=name, end=word.end, kind="word")


def _dash(
    word: Word, before: Word | None, after: Word | None, signed: frozenset[str]
) -> list[Word]:
    """A dash joins words, spans numbers, means "negative" or parts the sentence."""
    if before is None or after is None:
        return _minus(word) if before is not None and before.key in signed else []
    left, right = before.end == word.start, word.end == after.start
    if _is_numeral(before.key) and _is_numeral(_key(after.key)):
        return [replace(word, key="-", kind="mark")]
    after_is_word = after.key[0].isalnum()
    is_signed = before.key in signed
    if (left and right and after_is_word) or (not left and right and after_is_word):
        return []
    if is_signed and (left or not after_is_word or word.key == _TRUE_MINUS):
        return _minus(word)
    if is_signed and _key(after.key) in ("positive", "negative", "low"):
        return []
    if left:
        return []
    return [replace(word, key="?" if is_signed else ",", kind="mark")]


def _minus(word: Word) -> list[Word]:
    return [replace(word, key="negative", sign=True)]


def _plus(word: Word, found: list[Word], signed: frozenset[str]) -> Word:
    if found and found[-1].key in signed:
        return replace(word, key="positive", sign=True)
    return replace(word, kind="mark")


def _is_numeral(key: str) -> bool:
    return key.isdigit() or key in ROMAN


def _normalised(word: Word) -> Iterator[Word]:
    lower = _key(word.key, plural=False)
    if not lower[0].isalnum():
        mark = {"&": "and", ">=": "\u2265", "<=": "\u2264"}.get(lower, lower)
        yield replace(word, key=mark, kind="word" if mark == "and" else "mark")
    elif lower in _CONTRACTED:
        yield from (replace(word, key=part) for part in _CONTRACTED[lower])
    elif lower.endswith("n't"):
        yield replace(word, key=lower.removesuffix("n't"))
        yield replace(word, key="not")
    else:
        yield from _possessive(word, lower)


def _possessive(word: Word, lower: str) -> Iterator[Word]:
    stem, _, _ = lower.partition("'")
    yield replace(word, key=_singular(stem), kind="number" if stem.isdigit() else "word")
    for ending, full in _ENDINGS.items():
        if lower.endswith(ending):
            yield replace(word, key=full)


def _key(written: str, *, plural: bool = True) -> str:
    """One form for all ways to write a word."""
    lower = _latin(written).lower()
    for british, american in _BRITISH:
        if british in lower and lower not in _IRREGULAR:
            lower = lower.replace(british, american)
    return _singular(lower) if plural else lower


def _latin(written: str) -> str:
    """Look-alike letters of other scripts as Latin ones, if some of the word is Latin anyway."""
    if written.isascii():
        return written
    bare = "".join(c for c in unicodedata.normalize("NFD", written) if not unicodedata.combining(c))
    if bare.isascii():
        return bare
    folded = bare.translate(_LOOK_ALIKES)
    mixed = any(letter.isascii() for letter in bare)
    return folded if mixed and folded.isascii() else written


def _singular(word: str) -> str:
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is", "as")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1]
