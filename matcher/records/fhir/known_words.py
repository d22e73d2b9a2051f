"""Known words: whether a text says what it names in words that we know, with nothing beside it.

A list of the words that take something back is never whole.
"""

from __future__ import annotations

import re

from matcher.records.fhir.coded import Codebook, Coded, loose, plain

PROCEDURES, SPREADS, LATER = "plain_procedures", "plain_spreads", "put_off"
CLAUSE = re.compile(r"[,;(]| with ")
"""Where the first part of a text ends."""


def says_plainly(coded: Coded, group: str, words: Codebook, *names: str) -> bool:
    """Whether every text that means something in the group has only words of these lists."""
    known = {word for name in names for word in words.records.lists.get(name, ())}
    return all(
        word in known or word.isdecimal()
        for text in coded.texts
        if words.all_in_words(group, Coded(texts=(text,)))
        for word in loose(text).split()
    )


def is_told_as_done(kind: str, coded: Coded, words: Codebook) -> bool:
    """Whether the words alone say that a treatment of this kind was given or done."""
    if says_plainly(coded, "procedures", words, PROCEDURES):
        return True
    return _puts_off_the_rest(kind, coded, words)


def names_first(coded: Coded, words: Codebook) -> bool:
    """Whether code and first words name one cancer, and the rest what may go along with it."""
    codes = Coded(coded.codes)
    cancer = words.find("cancers", codes)
    firsts = [Coded(texts=(CLAUSE.split(plain(text))[0],)) for text in coded.texts]
    return (
        cancer is not None
        and words.find("diagnoses", codes) != "not_cancer"
        and all(words.only("cancers", one) == cancer for one in firsts)
        and all(words.find("diagnoses", one) == "primary" for one in firsts)
        and words.find("beside_cancer", Coded(texts=coded.texts)) is not None
    )


def names_spread(coded: Coded, cancer: str, words: Codebook) -> bool:
    """Whether the name of a cancer says that this one, and no other, has spread."""
    alone = set(words.all_in_words("cancers", coded)) <= {cancer}
    spread = words.find("spread", coded) is not None
    return spread and alone and says_plainly(coded, "spread", words, SPREADS)


def _puts_off_the_rest(kind: str, coded: Coded, words: Codebook) -> bool:
    """Whether a text names a treatment first, and then one that is to come ("delayed")."""
    if not says_plainly(coded, "procedures", words, PROCEDURES, LATER):
        return False
    later = set(words.records.lists.get(LATER, ()))
    for text in map(plain, coded.texts):
        first, *others = CLAUSE.split(text, maxsplit=1)
        rest = "".join(others)
        done, to_come = Coded(texts=(first,)), Coded(texts=(rest,))
        # After "with" it must be said at once: "with reconstruction later" may put off both.
        ahead = rest.split(" ")[0] if f"{first} with " in text else rest
        if not (
            kind in words.all_in_words("procedures", done)
            and says_plainly(done, "procedures", words, PROCEDURES)
            and set(loose(ahead).split()) & later
            and ("reconstruction" in rest or words.all_in_words("procedures", to_come))
        ):
            return False
    return True
