"""Answering: one answer is given, and no other one silently comes to be about another cancer.

Most questions about a cancer are about the main one. Who adds a second cancer has answered them
about the first; who names another main cancer is asked them anew, and told so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.rulebook import Rulebook
from matcher.core.vocabulary import CANCER, MAIN, NEVER
from matcher.services.visits import Visit


def give_answer(visit: Visit, key: str, answer: Any, book: Rulebook) -> Visit:
    """The visit with one answer given or changed; None takes it back.

    `pinned` and `set_back` of the visit say what else came of it, until the next answer.
    """
    changed = replace(
        visit.answered(key, answer),
        pinned=None,
        set_back=[],
        picked={k: genes for k, genes in visit.picked.items() if k != key or _names(answer, genes)},
    )
    before = main_of(visit.answers)
    if key not in (CANCER, MAIN) or before is None:
        return changed
    about_it = _about_main(visit.answers, book)
    if key == CANCER:
        named = named_in(changed.answers)
        if changed.answers.get(MAIN) is not None and before not in named:
            changed = changed.answered(MAIN, None)
        elif main_of(changed.answers) != before and before in named and about_it:
            return replace(changed.answered(MAIN, before), pinned=before)
    if main_of(changed.answers) == before:
        return changed
    answers = {k: one for k, one in changed.answers.items() if k not in about_it}
    picked = {k: genes for k, genes in changed.picked.items() if not _is_about_main(k, book)}
    return replace(changed, answers=answers, picked=picked, set_back=about_it)


def _names(answer: Any, genes: Iterable[str]) -> bool:
    return isinstance(answer, Mapping) and not set(genes).isdisjoint(answer)


def main_of(answers: Mapping[str, Any]) -> str | None:
    """The cancer that answers are about: the main one, or the only one that is named."""
    main = answers.get(MAIN)
    if isinstance(main, str) and main not in (UNKNOWN, DECLINED):
        return main
    named = named_in(answers)
    return named[0] if len(named) == 1 else None


def named_in(answers: Mapping[str, Any]) -> list[str]:
    """The cancers that are named."""
    listed = answers.get(CANCER)
    told = listed if isinstance(listed, list | tuple) else ()
    return [one for one in told if one not in (UNKNOWN, DECLINED)]


def _about_main(answers: Mapping[str, Any], book: Rulebook) -> list[str]:
    """The answers about the main cancer; what somebody would rather not say stays unsaid, and
    "never" is about all cancers."""
    kept = (DECLINED, [DECLINED], NEVER)
    return [k for k, one in answers.items() if _is_about_main(k, book) and one not in kept]


def _is_about_main(key: str, book: Rulebook) -> bool:
    return key in book.attributes and book.attributes[key].about == MAIN
