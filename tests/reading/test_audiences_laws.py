"""Laws of reading that need no expected answer: what can never follow from a change of words."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from matcher.core.catalogue import Catalogue
from matcher.core.conditions import MAX_DEPTH, AllOf, AnyOf, Condition, Not, from_json, to_json
from matcher.core.engine import decide
from matcher.core.finder import FactFinder
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.core.truth import Truth
from matcher.reading.labels.audiences import LONGEST_PHRASE, Reader
from matcher.schemas.profiles import read_answers
from tests.reading.spelling import NOTHING, spell

HERE = Path(__file__).parent
ROWS: list[dict[str, str]] = yaml.safe_load((HERE / "phrases.yaml").read_text(encoding="utf-8"))[
    "phrases"
]
PHRASES = [row["phrase"] for row in ROWS if row["reads"] != NOTHING]
PEOPLE: list[dict[str, Any]] = [
    person
    for row in yaml.safe_load((HERE / "verdicts.yaml").read_text(encoding="utf-8"))["labels"]
    for word in ("yes", "unknown", "no")
    for person in row.get(word, [])
]
RESTRICTIONS = (
    "who have had chemotherapy",
    "who have not had surgery",
    "with ESR1 mutations",
    "without an inherited mutation",
    "over 50",
    "in their 40s",
    ", HER2-negative",
    "and a BRCA mutation",
    "and a family history of ovarian cancer",
    "and dense breasts",
    "at high risk for breast cancer",
    "who are pregnant",
    "except men",
    "zork zork",
)
BEFORE = ("Postmenopausal", "Black", "Young", "Pregnant", "Transgender", "Zork")
DENIALS = ("not", "never", "without", "neither")
SAYS_AS_MUCH = (
    "with or without",
    "regardless",
    "fallopian",
    "Healthy",
    "MSI-high",
    "other than",
)
"""Labels in which a further word changes nothing: there it restricts nothing."""
TWO_MEANINGS = "hormone therapy"
"""Words that a named cancer settles: there more words can tell more."""


class Panel:
    """The verdicts of labels for all people of the tables."""

    def __init__(self, book: Rulebook) -> None:
        self.book = book
        self.reader = Reader(book)
        self.finder = FactFinder(book)
        day = date(2026, 11, 24)
        self.facts = [self.finder.find(read_answers(p, book), today=day) for p in PEOPLE]

    def yes(self, labels: Iterable[str]) -> dict[str, set[int]]:
        """For each label the places of the people for whom it is yes."""
        distinct = list(dict.fromkeys(labels))
        studies = [
            Study(key=f"s{n}", title=label, most=Audience(label, self.reader.read(label).condition))
            for n, label in enumerate(distinct)
        ]
        catalogue = Catalogue.compile(self.book, studies, finder=self.finder)
        most = decide(catalogue, self.facts).most
        return {
            study.title: {who for who in range(len(PEOPLE)) if most[place, who] == Truth.YES}
            if study.most is not None and catalogue.counts(study.most)
            else set()
            for place, study in enumerate(catalogue.studies)
        }


@pytest.fixture(scope="module")
def panel(rulebook: Rulebook) -> Panel:
    """Everybody of the tables."""
    return Panel(rulebook)


def some(seed: str, count: int = 90) -> list[str]:
    """Some of the labels, others for each test."""
    return random.Random(seed).sample(PHRASES, count)


def who_were_added(panel: Panel, longer: dict[str, str]) -> list[str]:
    """Labels that fit people whom their shorter form does not fit."""
    found = panel.yes([*longer, *longer.values()])
    assert any(found[label] for label in longer)
    return [more for label, more in longer.items() if found[more] - found[label]]


def restricted(labels: Iterable[str], words: str) -> dict[str, str]:
    """Each label with words after it that narrow it."""
    return {
        label: f"{label.rstrip('. ')} {words}".replace(" ,", ",")
        for label in labels
        if TWO_MEANINGS not in label
    }


def preceded(labels: Iterable[str], word: str) -> dict[str, str]:
    """Each label that begins with people, with a word before them."""
    heads = ("People", "Women", "Men", "Patients", "Breast")
    return {p: f"{word} {p[0].lower()}{p[1:]}" for p in labels if p.startswith(heads)}


@pytest.mark.parametrize("words", RESTRICTIONS)
def test_a_restriction_adds_nobody(panel: Panel, words: str) -> None:
    """Whoever fits "… with X" fits "…"."""
    assert not who_were_added(panel, restricted(some(words), words))


@pytest.mark.parametrize("word", BEFORE)
def test_a_word_before_people_adds_nobody(panel: Panel, word: str) -> None:
    """Whoever fits "young people …" fits "people …"."""
    assert not who_were_added(panel, preceded(some(word), word))


@pytest.mark.volume
def test_restrictions_of_all_labels(panel: Panel) -> None:
    """The same for every label of the table."""
    for words in RESTRICTIONS:
        assert not who_were_added(panel, restricted(PHRASES, words))
    for word in BEFORE:
        assert not who_were_added(panel, preceded(PHRASES, word))


@pytest.mark.parametrize("link", [" and ", " or ", "; "])
def test_two_audiences_add_nobody(panel: Panel, link: str) -> None:
    """Whoever fits "A and B" fits A or B."""
    one, two = some(f"one{link}", 150), some(f"two{link}", 150)
    joined = {
        (a, b): f"{a.rstrip('. ')}{link}{b[0].lower()}{b[1:]}"
        for a, b in zip(one, two, strict=True)
    }
    found = panel.yes([*one, *two, *joined.values()])
    assert not [label for (a, b), label in joined.items() if found[label] - found[a] - found[b]]


def test_an_unknown_word_is_never_dropped(panel: Panel) -> None:
    """At whatever place it stands, it is reported, or everything is."""
    silent = []
    for phrase in some("zork", 250):
        words = phrase.split(" ")
        for place in range(len(words) + 1):
            label = " ".join([*words[:place], "zork", *words[place:]])
            reading = panel.reader.read(label)
            if not any("zork" in unread for unread in reading.unread):
                silent.append(label)
    assert not [label for label in silent if not any(mark in label for mark in SAYS_AS_MUCH)]


@pytest.mark.parametrize("denial", DENIALS)
def test_a_denial_is_never_dropped(panel: Panel, denial: str) -> None:
    """A "not" at whatever place changes what is read."""
    silent = []
    for phrase in some(denial, 150):
        words, reads = phrase.split(" "), spell(panel.reader.read(phrase).condition)
        for place in range(len(words) + 1):
            label = " ".join([*words[:place], denial, *words[place:]])
            if spell(panel.reader.read(label).condition) == reads:
                silent.append(label)
    marks = (*SAYS_AS_MUCH, "tested negative")
    assert not [label for label in silent if not any(mark in label for mark in marks)]


def test_salads_of_words_are_read_without_a_fault(panel: Panel) -> None:
    """Words of labels in any order give a condition of the public shape, in few steps."""
    rng = random.Random(3)
    words = [word for phrase in PHRASES for word in phrase.split(" ")] + list("(),;:./+-")
    for _ in range(1_500):
        salad = " ".join(rng.choice(words) for _ in range(rng.randrange(1, 60)))
        reading = panel.reader.read(salad)
        assert from_json(to_json(reading.condition)) == reading.condition
        assert depth(reading.condition) <= MAX_DEPTH // 4
        assert reading.steps < 300 * (len(salad) + 10)


def depth(condition: Condition | None) -> int:
    """How deep a condition is nested."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return 1 + max(map(depth, parts))
        case Not(part):
            return 1 + depth(part)
        case _:
            return 0


def test_long_salads_are_linear(panel: Panel) -> None:
    """Law 12: twice the text, at most 2.2 times the steps, whatever the words."""
    rng = random.Random(5)
    words = [word for phrase in PHRASES for word in phrase.split(" ")]
    for _ in range(20):
        some = [rng.choice(words) for _ in range(rng.randrange(1, 6))]
        short = " ".join(["People with", *some * 40])[: LONGEST_PHRASE // 2 - 1]
        once, twice = panel.reader.read(short), panel.reader.read(f"{short} {short}")
        assert twice.steps <= 2.2 * once.steps, some


def test_too_long_a_phrase_is_refused(panel: Panel) -> None:
    """With a clear error, before any work."""
    assert panel.reader.read("x" * LONGEST_PHRASE).condition is None
    with pytest.raises(ValueError, match="5000 characters at most; this one has 5001"):
        panel.reader.read("x" * (LONGEST_PHRASE + 1))
