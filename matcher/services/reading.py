"""Reading: judges audience phrases for a person, as the commands and editors need it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from matcher.core.answers import Answers
from matcher.core.catalogue import Catalogue
from matcher.core.conditions import Condition
from matcher.core.engine import decide
from matcher.core.finder import FactFinder
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.core.truth import Truth
from matcher.reading.labels.audiences import Reader


@dataclass(frozen=True)
class Judged:
    """A phrase as read, and its verdict for a person (unknown if nothing was read)."""

    condition: Condition | None
    unread: tuple[str, ...]
    verdict: Truth


class PhraseJudge:
    """Reads phrases and judges them, through the same engine as everything else."""

    def __init__(self, book: Rulebook, reader: Reader, *, today: date) -> None:
        self.book = book
        self.reader = reader
        self.today = today
        self.finder = FactFinder(book)

    def judge(self, phrase: str, answers: Answers) -> Judged:
        """Read and judge one phrase. Raises `ValueError` for a phrase that is too long."""
        reading = self.reader.read(phrase)
        audience = Audience(phrase, reading.condition)
        study = Study(key="phrase", title=phrase, most=audience)
        catalogue = Catalogue.compile(self.book, [study], finder=self.finder)
        verdict = Truth.UNKNOWN
        if catalogue.counts(audience):
            facts = self.finder.find(answers, today=self.today)
            verdict = Truth(int(decide(catalogue, [facts]).most[0, 0]))
        return Judged(reading.condition, reading.unread, verdict)
