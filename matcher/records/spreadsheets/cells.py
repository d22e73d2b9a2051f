"""Cells: what stands in one cell of a table, read as an answer of a profile."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import Any, NoReturn

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.rulebook import Attribute, Option, Rulebook

SHOWN_CHOICES = 30
MOST_REMEMBERED = 2_000
ONLY = "only"
"""Ends a list that is whole: what is not in it is *no*."""
_ONLY_WORDS = (ONLY, "solo", "sólo", "solamente", "nothing else", "nada más")
_UNKNOWN_WORDS = (
    *(UNKNOWN, "not known", "not sure", "?", "n/a", "na", "nan"),
    *("desconocido", "no se sabe", "no sé", "s/d"),
)
_DECLINED_WORDS = (DECLINED, "rather not say", "prefer not to say", "prefiere no contestar")
_YES_NO = {
    "yes": ("yes", "y", "true", "sí", "si", "s", "verdadero"),
    "no": ("no", "n", "false", "falso"),
}
_RESULTS = {
    "mutation": (
        "mutation",
        "mutated",
        "mutación",
        "pathogenic",
        "patogénica",
        "pathogenic variant",
    ),
    "none": (
        "none",
        "no mutation",
        "nothing found",
        "not found",
        "not detected",
        "wild type",
        "wt",
    ),
    "uncertain": ("uncertain", "vus", "incierto"),
    "not_tested": ("not tested", "no analizado", "sin analizar"),
    "positive": ("positive", "pos", "+", "positivo"),
    "negative": ("negative", "neg", "negativo"),
}
_OF_GENES = {"positive": "mutation", "negative": "none"}
"""What a test of a gene means by the words that signatures have."""
_WHEN = re.compile(r"(?:19|20)[0-9]{2}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")
_NUMBER = re.compile(r"([0-9]{1,4})(?:[.,]0{1,2})?")
"""With three zeros it may be thousands."""
_DASHES = re.compile("[‐‑‒–—−]")
_INNER_DASH = re.compile(r"(?<=\w)-(?=\w)")


class CellError(Exception):
    """A cell that cannot be read; the message says what is wrong and what is allowed."""


class Choices:
    """The words by which a cell can name each of some values; case and blanks do not matter."""

    def __init__(self, words: Iterable[tuple[str, str]]) -> None:
        self._exact: dict[str, set[str]] = {}
        self._loose: dict[str, set[str]] = {}
        self._found: dict[str, set[str]] = {}
        for value, word in words:
            self._exact.setdefault(folded(word), set()).add(value)
            self._loose.setdefault(_loosened(word), set()).add(value)

    def find(self, word: str) -> str | None:
        """The value that a word names, None if there is none. Raises `CellError` for several."""
        found = self._found.get(word)
        if found is None:
            found = self._exact.get(folded(word)) or self._loose.get(_loosened(word)) or set()
            if len(self._found) < MOST_REMEMBERED:
                self._found[word] = found
        if len(found) > 1:
            raise CellError(f"can mean {' or '.join(sorted(found))}: write which")
        return next(iter(found), None)


class Cells:
    """Reads cells by the words of one rulebook. Dates after `today` are refused, if it is given."""

    def __init__(self, book: Rulebook, *, today: date | None = None) -> None:
        self._today = today
        said = _texts(book, "answer_")
        self._blank = Choices(
            (value, word)
            for value, words in ((UNKNOWN, _UNKNOWN_WORDS), (DECLINED, _DECLINED_WORDS))
            for word in (*words, *said.get(value, ()))
        )
        self._only = Choices((ONLY, word) for word in _ONLY_WORDS)
        self._yes_no = Choices(_with_texts(_YES_NO, said))
        self._results = Choices(_with_texts(_RESULTS, _texts(book, "result_")))
        self._none = Choices(("none", word) for word in said.get("none", ()))
        self._options: dict[str, Choices] = {}

    def read(self, attribute: Attribute, cell: str) -> Any:
        """A cell as a profile's JSON has the answer; None for what is not known.

        Raises `CellError`.
        """
        text = cell.strip()
        if not text:
            return None
        read = getattr(self, f"_read_{attribute.kind}")
        value = read(attribute, text)
        return None if value == UNKNOWN else value

    def read_date(self, cell: str) -> str | None:
        """A date as ``YYYY-MM-DD``, ``YYYY-MM`` or ``YYYY``; None for an empty cell."""
        text = cell.strip()
        if not text:
            return None
        found = _WHEN.fullmatch(text)
        if found is None:
            raise CellError("is no date: write it as 2026-03 or 2026-03-15")
        if self._today is not None and text > self._today.isoformat()[: len(text)]:
            raise CellError("lies in the future")
        return text

    def _named(self, attribute: Attribute) -> Choices:
        """The words for an attribute's values, made when a table first needs them."""
        found = self._options.get(attribute.key)
        if found is None:
            words = ((one.value, word) for one in attribute.options for word in _words(one))
            found = self._options[attribute.key] = Choices(words)
        return found

    def _read_one(self, attribute: Attribute, text: str) -> str:
        value, blank = self._named(attribute).find(text), self._blank.find(text)
        other = blank or (text != value and self._yes_no.find(text))
        if value and other:
            label = _label(attribute, value)
            raise CellError(f"can mean {label} or {other}: write {label}, or leave the cell empty")
        return value or blank or _refuse(attribute, dash=text)

    def _read_yes_no(self, _: Attribute, text: str) -> str:
        value = self._yes_no.find(text) or self._blank.find(text)
        return value or _refuse_of(("yes", "no", UNKNOWN, DECLINED), dash=text)

    def _read_integer(self, attribute: Attribute, text: str) -> Any:
        if (blank := self._blank.find(text)) is not None:
            return blank
        for unit in filter(None, (attribute.unit, attribute.unit_one)):
            text = text.removesuffix(unit.en).removesuffix(unit.es).strip()
        found = _NUMBER.fullmatch(text)
        if found is None or not attribute.min <= int(found[1]) <= attribute.max:
            raise CellError(f"must be a whole number from {attribute.min} to {attribute.max}")
        return int(found[1])

    def _read_many(self, attribute: Attribute, text: str) -> Any:
        parts = [part for part in text.split(";") if part.strip()]
        values = list(dict.fromkeys(self._listed(attribute, part) for part in parts))
        whole = ONLY in values
        values = [value for value in values if value != ONLY]
        if values in ([DECLINED], [UNKNOWN]):
            return values[0]
        self._check_list(attribute, values, whole=whole)
        # Nobody's list is known to be whole unless it says so: what is not in it stays open.
        closed = whole or UNKNOWN in values or _stands_alone(attribute, values[0])
        return values if closed else [*values, UNKNOWN]

    def _listed(self, attribute: Attribute, part: str) -> str:
        found = self._named(attribute).find(part)
        if found is None and self._none.find(part) and attribute.option("none"):
            found = "none"
        value = found or self._only.find(part) or self._blank.find(part)
        return value or _refuse(attribute, dash=part, separated=True)

    @staticmethod
    def _check_list(attribute: Attribute, values: list[str], *, whole: bool) -> None:
        if not values:
            raise CellError(f"names nothing: '{ONLY}' ends a list of at least one")
        for value in values:
            if len(values) > 1 and (value == DECLINED or _stands_alone(attribute, value)):
                raise CellError(f"'{value}' cannot stand together with others")
        if whole and UNKNOWN in values:
            raise CellError(f"'{ONLY}' and '{UNKNOWN}' cannot both be meant")

    def _read_results(self, attribute: Attribute, text: str) -> Any:
        if (blank := self._blank.find(text)) is not None:
            return blank
        results: dict[str, Any] = {}
        for part in filter(None, map(str.strip, text.split(";"))):
            gene, result = self._result(attribute, part)
            if results.setdefault(gene, result) != result:
                raise CellError(f"names '{gene}' twice with different results")
        return {gene: result for gene, result in results.items() if result != UNKNOWN} or UNKNOWN

    def _result(self, attribute: Attribute, part: str) -> tuple[str, Any]:
        named, equals, rest = part.partition("=")
        if not equals:
            raise CellError("must be GENE=result, such as BRCA1=mutation;ATM=none@2026-03")
        option = attribute.option(self._named(attribute).find(named) or "")
        if option is None:
            known = ", ".join(one.value for one in attribute.options)
            raise CellError(f"'{named.strip()}' is not a known gene or test: use {known}")
        word, _, when = rest.partition("@")
        result = self._results.find(word) or self._blank.find(word)
        if result is None:
            known = ", ".join((*_RESULTS, UNKNOWN, DECLINED) if option.signature else _PLAIN)
            raise CellError(f"'{word.strip()}' is no result for {option.value}: use {known}")
        if not option.signature:
            result = _OF_GENES.get(result, result)
        on = self.read_date(when)
        dated = on is not None and result not in (UNKNOWN, DECLINED)
        return option.value, {"result": result, "on": on} if dated else result


_PLAIN = (*(one for one in _RESULTS if one not in _OF_GENES), UNKNOWN, DECLINED)


def plain_word(attribute: Attribute, value: str) -> str:
    """A word for a value that cells are read back from: the value, or its label if that is needed.

    ``NA`` is a country and how many programs write *not known*.
    """
    return _label(attribute, value) if value.casefold() in _UNKNOWN_WORDS[1:] else value


def _label(attribute: Attribute, value: str) -> str:
    option = attribute.option(value)
    return option.label.en if option else value


def folded(text: str) -> str:
    """A text with what does not matter taken out: case, kinds of blanks and dashes, width."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(plain.replace("_", " ").split())


def _loosened(text: str) -> str:
    """A text also without accents and without dashes between words."""
    spread = unicodedata.normalize("NFKD", folded(text))
    bare = "".join(sign for sign in spread if not unicodedata.combining(sign))
    return " ".join(_INNER_DASH.sub(" ", bare).split())


def _words(option: Option) -> tuple[str, ...]:
    return (option.value, option.label.en, option.label.es, *option.synonyms)


def _texts(book: Rulebook, prefix: str) -> dict[str, tuple[str, str]]:
    """The words of the rules for values that belong to no attribute."""
    return {
        key.removeprefix(prefix): (text.en, text.es)
        for key, text in book.texts.items()
        if key.startswith(prefix)
    }


def _with_texts(
    words: dict[str, tuple[str, ...]], texts: dict[str, tuple[str, str]]
) -> Iterable[tuple[str, str]]:
    for value, some in words.items():
        yield from ((value, word) for word in (*some, *texts.get(value, ())))


def _stands_alone(attribute: Attribute, value: str) -> bool:
    option = attribute.option(value)
    return option is not None and option.exclusive


def _refuse(attribute: Attribute, *, dash: str, separated: bool = False) -> NoReturn:
    allowed = (*(option.value for option in attribute.options), UNKNOWN, DECLINED)
    _refuse_of(allowed, dash=dash, separated=separated)


def _refuse_of(allowed: tuple[str, ...], *, dash: str, separated: bool = False) -> NoReturn:
    told = "is not a known value"
    if folded(dash) == "-":
        told = "can mean 'negative' or 'nothing entered': write which, or leave the cell empty"
    elif separated and re.search("[,/|]", dash):
        told = f"'{dash.strip()}' is not a known value; a list is written a;b"
    elif separated:
        told = f"'{dash.strip()}' is not a known value"
    more = " …" if len(allowed) > SHOWN_CHOICES else ""
    raise CellError(f"{told}. Allowed: {', '.join(allowed[:SHOWN_CHOICES])}{more}")
