"""Person code: whether a text can name a person in a panel without saying who they are.

A code is 1 to 20 letters, digits and ``- _ . / #`` with blanks between them, with a digit
somewhere: ``A-117``, ``C009``, ``panel-3/22``. Letters stand at most three in a row, for four make
a name, unless they are a plain word such as *panel*. Digits stand at most five in a row, for six
make a birth date or a record number. It does not begin with ``#`` and a blank, as comments do.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 20
LONGEST_LOOKED_AT = 200
MOST_LETTERS = 3
MOST_DIGITS = 5
MOST_BARE_DIGITS = 6
"""Of digits in a code without a letter: seven are a telephone number."""
FAULTS = (
    "empty",
    "email",
    "birth_date",
    "address",
    "record_number",
    "name",
    "long",
    "signs",
)
"""What can be wrong, each the end of a text's key: ``person_code.email``."""

_WORDS = frozenset(
    (
        *("panel", "panels", "person", "persona", "people", "patient", "paciente"),
        *("client", "cliente", "participant", "participante", "member", "miembro", "subject"),
        *("sujeto", "case", "caso", "code", "codigo", "group", "grupo"),
        *("site", "sitio", "team", "equipo", "clinic", "clinica", "list"),
        *("lista", "row", "fila", "number", "numero", "record", "registro"),
        *("profile", "perfil", "entry", "entrada", "user", "usuario", "navigator"),
        *("navegador", "visit", "visita", "study", "test", "prueba", "demo"),
        *("sample", "example", "ejemplo", "breast", "ovarian", "cohort", "cohorte"),
        *("area", "zone", "zona", "unit", "unidad", "ward", "floor"),
        *("room",),
    )
)
"""Words of four letters and more that name nobody."""
_SHORT_WORDS = frozenset(("row", "arm", "fam", "cod", "num", "pac", "per"))
"""Words of three letters that are no first name, also with a capital."""

_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|ene|abr|ago|dic"
_DATES = (
    # 1959-01-31 and 31/01/1959 anywhere; with a short year only if there is nothing else.
    re.compile(r"(?<!\d)(?:18|19|20)\d\d\W[01]?\d\W[0-3]?\d(?!\d)"),
    re.compile(r"(?<!\d)[0-3]?\d\W[0-3]?\d\W(?:18|19|20)\d\d(?!\d)"),
    re.compile(r"[0-3]?\d[./ -][0-3]?\d[./ -]\d\d|\d\d[./ -][01]?\d[./ -][0-3]?\d"),
    re.compile(r"[01]?\d[./ -]19\d\d|19\d\d[./ -][01]\d"),
    re.compile(rf"(?<!\d)[0-3]?\d\W{{0,2}}(?:de\W)?(?:{_MONTH})[a-z]*\W{{0,2}}(?:de\W)?(?:\d\d)+"),
    re.compile(rf"\b(?:{_MONTH})[a-z]*\W{{0,2}}(?:[0-3]?\d\W{{1,2}})?(?:18|19|20)\d\d(?!\d)"),
    re.compile(r"(?<!\d)(?:18|19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"),
    re.compile(r"\b(?:dob|born|birth|fdn|nac|nacid[oa])\b"),
)
_WHOLE_DATES = _DATES[2:4]
_ANYWHERE_DATES = (*_DATES[:2], *_DATES[4:])
_STREET = (
    "street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|square|sq|terrace|"
    "apt|apartment|suite"
)
_ADDRESSES = (
    re.compile(rf"\d+\w?[ ,]+[^\W\d][^,]*[ .,](?:{_STREET})\b"),
    re.compile(r"\b(?:calle|avenida|av|avda|carrera|plaza|camino|paseo|po box|apartado)\b[. ]+\S"),
    re.compile(rf"\b[^\W\d]{{4,}} (?:{_STREET})\b"),
)
_NUMBERS = (
    re.compile(r"\d{6}"),
    re.compile(r"(?<!\d)\d{3}\D\d{2}\D\d{4}(?!\d)"),
    re.compile(r"(?<!\d)\d{3}\)?\D{1,2}\d{3}\D\d{4}(?!\d)"),
    re.compile(r"\b(?:mrn|ssn|nhs|dni|nie|curp|nhc|tel|phone|cell|fax|medicare|insurance)\b"),
)
_LETTERS = re.compile(r"[^\W\d_]+")
_SIGNS = re.compile(r"(?!# )[A-Za-z0-9_./# -]+")


def code_fault(code: str) -> str | None:
    """What is wrong with a person's code, one of `FAULTS`, or None if nothing is.

    Case does not matter, except that three letters that begin with a capital look like a name.
    """
    text = _plain(code[: LONGEST_LOOKED_AT + 1])
    if not text:
        return "empty"
    if len(text) > LONGEST_LOOKED_AT:
        return "long"
    return _tells(text) or _misshapen(text)


def _tells(text: str) -> str | None:
    """What a text gives away about the person."""
    lowered = text.casefold()
    if "@" in text:
        return "email"
    if _is_date(lowered):
        return "birth_date"
    if any(one.search(lowered) for one in _ADDRESSES):
        return "address"
    if _is_number(lowered):
        return "record_number"
    return "name" if _is_name(text) else None


def _misshapen(text: str) -> str | None:
    if len(text) > LONGEST:
        return "long"
    return None if _SIGNS.fullmatch(text) else "signs"


def _is_date(lowered: str) -> bool:
    return any(one.fullmatch(lowered) for one in _WHOLE_DATES) or any(
        one.search(lowered) for one in _ANYWHERE_DATES
    )


def _is_number(lowered: str) -> bool:
    digits = sum(map(str.isdigit, lowered))
    bare = not _LETTERS.search(lowered)
    return (bare and digits > MOST_BARE_DIGITS) or any(one.search(lowered) for one in _NUMBERS)


def _is_name(text: str) -> bool:
    """Whether some letters may be a name: those without any number, or too many in a row."""
    if not any(map(str.isdigit, text)):
        return True
    return any(_may_name(letters) for letters in _LETTERS.findall(text))


def _may_name(letters: str) -> bool:
    lowered = letters.casefold()
    if not letters.isascii():
        return True
    if len(letters) > MOST_LETTERS:
        return lowered not in _WORDS
    titled = letters[0].isupper() and letters[1:].islower()
    return len(letters) == MOST_LETTERS and titled and lowered not in _SHORT_WORDS


def _plain(code: str) -> str:
    """The text with one form of each sign: no accents, single blanks, none at the ends."""
    spread = unicodedata.normalize("NFKD", code)
    bare = "".join(sign for sign in spread if not unicodedata.combining(sign))
    return " ".join(bare.split())
