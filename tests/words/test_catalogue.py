"""Catalogues: complete, the same placeholders in both languages, no word that must not be shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

import matcher
from matcher.core.levels import Level
from matcher.core.study import KINDS, RATING_WORDS, SET_MARKS, TIMELINES
from matcher.core.text import LANGUAGES
from matcher.words import Words, WordsError, catalogue, load_words

HOUSE = Path(matcher.__file__).parent
ROOMS = ("web", "services", "schemas", "cli")
SPEAKING = [
    *(HOUSE / "web").rglob("*.html"),
    *(file for room in ROOMS for file in (HOUSE / room).rglob("*.py")),
]
NAMING = [
    *SPEAKING,
    *(file for room in ("core", "records", "words") for file in (HOUSE / room).rglob("*.py")),
]
SAID = re.compile(r"""\bsay(_count)?\(\s*["']([a-z_]+\.[a-zA-Z0-9_ -]+)["']\s*([,)~])""")
NEVER = re.compile(
    r"\b(eligib\w*|failed|failure|terminal|castrat\w*|survivor\w*|fighter\w*|promising|"
    r"elegib\w*|fracas\w*|castra\w*|sobreviviente\w*|luchador\w*|prometedor\w*)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def words() -> Words:
    return load_words()


def test_every_text_that_a_page_says_is_there(words: Words) -> None:
    said = {
        (file.name, f"{key}_many" if counted else key)
        for file in SPEAKING
        for counted, key, after in SAID.findall(file.read_text(encoding="utf-8"))
        if after != "~"
    }
    assert len(said) > 100
    assert [(file, key) for file, key in sorted(said) if key not in words.texts] == []


def test_no_text_is_left_over(words: Words) -> None:
    told_by_the_core = ("ask.",)  # tests/schemas/test_questions.py
    source = "\n".join(file.read_text(encoding="utf-8") for file in NAMING)
    left = [key for key in words.texts if not key.startswith(told_by_the_core)]
    assert [key for key in left if not is_used(key, source)] == []


@pytest.mark.parametrize(
    ("key", "used"),
    [
        ("frame.home", True),
        ("frame.home_other", True),
        ("frame.house", False),
        ("frame.home_page", False),
        ("reviews.n_many", True),
        ("level.fits_note", True),
        ("level.gone_note", False),
        ("step.2", True),
        ("step.x", False),
    ],
)
def test_a_text_is_used_where_it_is_named_or_its_ending_is(key: str, used: bool) -> None:
    source = (
        """say("frame.home") say_count('reviews.n') say("level." ~ one) say(f"step.{n}") ["fits"]"""
    )
    assert is_used(key, source) == used


@dataclass(frozen=True)
class Named:
    """What a source names: whole keys, beginnings of keys, and words that may end one."""

    keys: frozenset[str]
    begun: frozenset[str]
    words: frozenset[str]


@cache
def named_in(source: str) -> Named:
    begun = re.findall(r"""["']([a-z_]+\.[a-z_]*)(?:["']\s*~|\{)""", source)
    quoted = re.findall(r"""["']([\w -]+)["']""", source)
    return Named(
        keys=frozenset(re.findall(r"""["']([a-z_]+\.\w+)["']""", source)),
        begun=frozenset(begun),
        words=frozenset([*quoted, *" ".join(quoted).split()]),
    )


def is_used(key: str, source: str) -> bool:
    """Whether a page says `key`, or begins it and names its ending as a word of its own."""
    named = named_in(source)
    forms = {key, key.removesuffix("_other")}
    forms |= {re.sub("_(one|many)$", "", form) for form in forms}
    if forms & named.keys:
        return True
    ends = {
        form.removeprefix(start)
        for start in named.begun
        for form in forms
        if form.startswith(start)
    }
    ends |= {re.sub("_(note|means|title|single)$", "", end) for end in ends}
    return any(end in named.words or end.isdigit() for end in ends)


def test_every_level_mark_kind_and_rating_has_its_words(words: Words) -> None:
    marks = (*SET_MARKS, "aged", "changed", "superseded", "retracted")
    wanted = [
        *(f"level.{level.word}" for level in Level),
        *(f"level.{level.word}_note" for level in Level),
        *(f"mark.{mark}" for mark in marks),
        *(f"kind.{kind}" for kind in KINDS),
        *(f"rating.{word}" for word in RATING_WORDS),
        *(f"stage.{stage}" for stage in TIMELINES),
    ]
    assert [key for key in wanted if key not in words.texts] == []


def test_the_levels_are_told_in_the_words_that_were_agreed(words: Words) -> None:
    agreed = {
        "level.unlabelled": "Does not say whom it is for",
        "level.fits": "Its label describes people like you",
        "level.related": "Partly about you",
        "level.open": "We can't tell yet",
        "level.different": "About a different situation",
        "level.fits_note": "This does not mean that the treatment works for you, "
        "is right for you, or can be had.",
        "study.ranked_note": "Points only set the order. "
        "They say nothing about how well a treatment works.",
    }
    assert {key: words.texts[key].en for key in agreed} == agreed


def test_placeholders_are_the_same_in_both_languages(words: Words) -> None:
    def named(text: str) -> set[str]:
        return set(re.findall(r"\{(\w+)\}", text))

    uneven = [k for k, text in words.texts.items() if named(text.en) != named(text.es)]
    assert uneven == []


def test_no_text_holds_a_word_that_is_never_shown(words: Words) -> None:
    shown = {(key, lang): words.texts[key].in_(lang) for key in words.texts for lang in LANGUAGES}
    assert [place for place, text in shown.items() if NEVER.search(text)] == []


def test_a_singular_has_its_plural(words: Words) -> None:
    ones = [key for key in words.texts if key.endswith("_one") and "{n}" not in key]
    counted = [key.removesuffix("_one") for key in ones if f"{key[:-4]}_many" in words.texts]
    assert "results.reviews" in counted
    assert words.count("results.reviews", 1, language="en") == "1 review"
    assert words.count("results.reviews", 7, language="es") == "7 reseñas"


def test_words_are_escaped_when_they_are_filled_in(words: Words) -> None:
    said = words.speak("level.depends", language="en", list="<script>")
    assert said == "May be about you: it depends on &lt;script&gt;"


def test_a_label_is_no_label_of_a_bottle(words: Words) -> None:
    """ "Etiqueta" is what stands on a bottle: to whom a review speaks is its "descripción"."""
    assert [key for key, text in words.texts.items() if "etiqueta" in text.es.lower()] == []


def test_texts_about_somebody_cared_for_replace_the_others(words: Words) -> None:
    said = words.speak("level.related", language="en", cared_for=True)
    assert said == "Partly about the person you care for"
    assert (
        words.speak("level.open", language="en", cared_for=True).unescape() == "We can't tell yet"
    )


def test_a_text_without_a_language_is_refused_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "translations"
    folder.mkdir()
    (folder / "a.yaml").write_text("a.b:\n  en: Only English\na.c: plain\n", encoding="utf-8")
    (folder / "b.yaml").write_text("a.d:\n  en: One\n  es: Uno\n", encoding="utf-8")
    (folder / "c.yaml").write_text("a.d:\n  en: Two\n  es: Dos\n", encoding="utf-8")
    monkeypatch.setattr(catalogue.resources, "files", lambda _: tmp_path)
    with pytest.raises(WordsError) as error:
        load_words.__wrapped__()
    faults = [re.sub(r":\d+:", "", fault) for fault in str(error.value).splitlines()]
    named = [" ".join(fault.split()[:2]) for fault in faults]
    assert named == ["a.yaml a.b", "a.yaml a.c", "c.yaml a.d"]


def test_no_text_is_cut_off_at_a_sign_that_begins_a_comment() -> None:
    told = [
        f"{file.name}: {line.strip()}"
        for file in sorted((HOUSE / "translations").glob("*.yaml"))
        for line in file.read_text(encoding="utf-8").splitlines()
        if " #" in line and not line.lstrip().startswith("#") and line.strip()[-1] not in "\"'"
    ]
    assert told == []
