"""The sample: every fact of it is sound, its words are short and plain, in both languages."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from matcher.core.study import Study
from matcher.core.text import Text
from matcher.reading.reviews.drafts import Draft
from matcher.reading.reviews.sources import read_source
from matcher.services.catalogue import sample_bytes
from matcher.store.identity import slug

REAL = Path(__file__).parents[3] / "shared/data/reviews.jsonl"
DRAFTS = list(read_source(sample_bytes()))
STUDIES = [draft.study for draft in DRAFTS if isinstance(draft, Draft)]
BY_KEY = {slug(study.title): study for study in STUDIES}
ESR1 = BY_KEY["treating-advanced-breast-cancer-with-esr1-mutations-shows-promise"]
NEVER_SHOWN = re.compile(
    r"eligible|failed|terminal|castrat|survivor|fighter|promising|elegible|fracas|luchador", re.I
)


def texts(study: Study) -> list[Text]:
    return [*([study.summary] if study.summary else []), *(event.text for event in study.events)]


def syllables(word: str) -> int:
    letters = re.sub(r"[^a-z]", "", word.lower())
    count = len(re.findall(r"[aeiouy]+", letters))
    silent = letters.endswith("e") and not letters.endswith(("le", "ee")) and count > 1
    return max(1, count - silent)


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of an English text."""
    sentences = [part for part in re.split(r"[.!?:]+(?:\s|$)", text) if part.strip()]
    words = re.findall(r"[\w’'/-]+", text)
    per_word = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(sentences) + 11.8 * per_word - 15.59


def test_all_records_are_sound_and_different() -> None:
    assert len(STUDIES) == len(DRAFTS) == len(BY_KEY) == 43
    assert [draft.unused for draft in DRAFTS if isinstance(draft, Draft) and draft.unused] == []
    assert all(study.most and study.url and study.summary for study in STUDIES)


def test_the_facts_are_those_of_the_listings() -> None:
    if not REAL.exists():
        pytest.skip("the listings are not part of the project")
    for line, study in zip(REAL.read_text(encoding="utf-8").splitlines(), STUDIES, strict=True):
        printed = json.loads(line)
        (real,) = read_source(line.encode())
        assert isinstance(real, Draft)
        for name in ("title", "url", "kind", "posted", "most", "also", "ratings"):
            assert getattr(study, name) == getattr(real.study, name), (printed["title"], name)


@pytest.mark.parametrize("study", STUDIES, ids=lambda study: slug(study.title)[:40])
def test_the_words_are_plain_and_short(study: Study) -> None:
    for text in texts(study):
        assert grade(text.en) <= 8, (round(grade(text.en), 1), text.en)
        for words in (text.en, text.es):
            assert not NEVER_SHOWN.search(words), words
            assert words.endswith(".")
            assert max(len(part.split()) for part in re.split(r"[.:?] ", words)) <= 32, words
        assert text.en != text.es


def test_the_marks_are_those_of_the_curator() -> None:
    def marked(mark: str) -> int:
        return sum(mark in study.marks for study in STUDIES)

    counts = {mark: marked(mark) for mark in ("animal", "weak", "not_research", "wider_label")}
    assert counts == {"animal": 2, "weak": 1, "not_research": 2, "wider_label": 9}


def test_what_has_changed_since_is_told_with_its_day() -> None:
    days = {slug(study.title): [event.on for event in study.events] for study in STUDIES}
    assert {key: found for key, found in days.items() if found} == {
        slug(ESR1.title): [date(2026, 4, 30), date(2026, 5, 22)],
        "the-buzz-around-monalisa-touch": [date(2018, 7, 30)],
    }
    for study in STUDIES:
        assert all(study.posted and event.on > study.posted for event in study.events)


def test_the_study_with_findings_says_as_of_when() -> None:
    assert ESR1.as_of == ESR1.posted == date(2026, 2, 19)
    assert ESR1.summary
    assert "3,256" in ESR1.summary.en
    assert "3,256" in ESR1.summary.es
