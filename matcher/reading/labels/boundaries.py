"""Boundaries: where a run of modifiers ends and what kind of word begins there."""

from __future__ import annotations

from matcher.reading.labels.cues import HEAD_NOUNS
from matcher.reading.labels.modifiers import read_modifier
from matcher.reading.labels.scanner import Scanner
from matcher.reading.labels.words import key_set

STOPS = key_set(
    "who that which whose whom where when while with without having at in of for from under"
    " over above below between aged age older younger after before during because due but than"
    " by as to if into about through until since among against despite ( ) . : ; ? have has had"
    " is are was were be been do does did will would can could may might should must neither nor"
    " unless descent ancestry heritage origin background ethnicity within near outside inside"
    " per plus minus toward upon beyond across behind like such including"
)
"""Words that begin something else and so end a run of modifiers."""
RISK_LEVELS = key_set("high higher increased elevated greater raised average normal")
GERUND_NOUNS = key_set(
    "screening testing imaging counseling staging sequencing mapping reporting spending nursing"
    " coming returning recurring spreading growing progressing"
)


def is_boundary(scanner: Scanner, at: int) -> bool:
    """Whether something else begins here than one more modifier."""
    key = scanner.key(at)
    if not key or key == "no" or is_head(scanner, at):
        return True
    if key == "not":
        return read_modifier(scanner, at) is None
    if key in RISK_LEVELS and scanner.key(at + 1) == "risk":
        return True
    named = scanner.find(at, "tag", "thing", "gene", "site")
    framed = scanner.find(at, "frame", "says_nothing", "except", "skipped", "test_negative")
    if named and (not framed or named[0] >= framed[0]):
        return False
    return key in STOPS or framed is not None or scanner.words[at].kind == "number"


def is_head(scanner: Scanner, at: int) -> bool:
    """Whether a word for people stands here."""
    if scanner.find(at, "head", "survivor", "carrier", "foreign"):
        return True
    found = scanner.find(at, "tag")
    if found is None or scanner.key(at + found[0] - 1) not in HEAD_NOUNS:
        return False
    sex_of_cancer = scanner.find(at + 1, "site", "cancer_noun") is not None
    return not (scanner.key(at) in ("male", "female") and sex_of_cancer)


def is_cancer_noun(scanner: Scanner, at: int) -> bool:
    """Whether a noun for cancer stands here; "tumor" before a gene says where its mutation is."""
    found = scanner.find(at, "cancer_noun")
    if found is None:
        return False
    return scanner.key(at) != "tumor" or not _names_gene(scanner, at + 1)


def _names_gene(scanner: Scanner, at: int) -> bool:
    link, after = scanner.link(at)
    if link and scanner.find(after, "inherited", "tumor_word"):
        at = after + 1
    return scanner.find(at, "gene", "gene_noun", "gene_adjective") is not None


def is_compound(scanner: Scanner, at: int) -> bool:
    """Whether a further noun follows, so that the cancer only qualifies it ("cancer screening")."""
    key = scanner.key(at)
    if not key or key in STOPS or scanner.words[at].kind != "word":
        return False
    if key.endswith("ed") or (key.endswith("ing") and key not in GERUND_NOUNS):
        return False
    if scanner.link(at)[0] or is_head(scanner, at) or read_modifier(scanner, at):
        return False
    known = ("frame", "says_nothing", "except", "skipped", "test_negative", "near_relative")
    return scanner.find(at, *known) is None and key not in ("not", "no", "undergoing", "currently")


def is_short_form(scanner: Scanner, at: int, close: int) -> bool:
    """Whether the one word in brackets abbreviates the words before them."""
    if close != at + 2:
        return False
    letters = scanner.source(at + 1, close).lower().removesuffix("s")
    before = "".join(scanner.key(place)[:1] for place in range(max(0, at - 8), at))
    return len(letters) > 1 and before.endswith(letters)
