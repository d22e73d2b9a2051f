"""Explain: one study for one profile in words, and what would make it fit."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from matcher.cli import matching
from matcher.core.given_change import GivenChange, Turn
from matcher.core.text import LANGUAGES
from matcher.words import load_words
from tests.cli.conftest import ESR1, Run

Profile = Callable[..., Path]
NEVER_FITS = {"tumor": {"any": "none"}, "her2": "declined"}
CONTRADICTS = {"triple_negative": "yes"}


def told(run: Run, *words: object) -> str:
    """What a command prints, its lines joined."""
    return " ".join(run(*words).out.split())


def explained(run: Run, path: Path, language: str = "en") -> str:
    return told(run, "explain", ESR1, "--profile", path, "--language", language)


def test_explain_gives_the_change_of_given_answers(run: Run, profile: Profile) -> None:
    ran = run("explain", ESR1, "--profile", profile(her2="positive", tumor={}), "--json")
    assert ran.document["change"] is None
    assert ran.document["given_change"] == [
        {"key": "her2", "from": "positive", "to": "negative"},
        {"key": "tumor.ESR1", "from": None, "to": "mutation"},
    ]


def test_what_is_not_known_is_told_by_its_labels(run: Run, profile: Profile) -> None:
    shown = explained(run, profile(tumor={}))
    assert "if we knew: Tumor test (biomarkers) = ESR1: mutation found [tumor.ESR1]" in shown
    assert "if this were so" not in shown
    assert "No set of" not in shown


def test_what_was_given_is_told_with_what_it_is_now(run: Run, profile: Profile) -> None:
    shown = explained(run, profile(her2="positive", tumor={}))
    assert "if this were so: HER2 = HER2-negative, no more known (now: HER2-positive) [her2]; " in (
        shown
    )
    assert "ESR1: mutation found (now: not known yet) [tumor.ESR1]" in shown
    assert "if we knew" not in shown


def test_what_fits_has_nothing_to_change(run: Run, profile: Profile) -> None:
    shown = explained(run, profile())
    assert "level: fits" in shown
    assert "would" not in shown


@pytest.mark.parametrize("answers", [{"tumor": {}}, {"her2": "positive"}, NEVER_FITS, CONTRADICTS])
def test_explain_speaks_spanish(run: Run, profile: Profile, answers: dict[str, object]) -> None:
    """Only what the review itself printed is English: its title, address and labels."""
    path = profile(**answers)
    lines = run("explain", ESR1, "--profile", path, "--language", "es").out
    shown = re.sub("“.*?”", "", " ".join(lines.split()))
    shown = shown.partition("marcas:")[2]
    assert "nivel: " in shown
    assert "puntaje: " in shown
    english = "the|with|would|it|most|also|level|fit|score|now|if|known|yes|positive|negative"
    assert re.findall(rf"\b({english})\b", shown) == []


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        (
            "en",
            (
                "No set of up to 4 answers that are not known yet would make it fit.",
                "Of larger sets, up to 8, none was found.",
                "Nor would it fit if up to 3 of the given answers were different, with up to 4",
            ),
        ),
        (
            "es",
            (
                "Ningún conjunto de hasta 4 respuestas que aún no se saben",
                "hasta 8, no se encontró ninguno.",
                "Tampoco coincidiría si hasta 3 de las respuestas dadas fueran otras",
            ),
        ),
    ],
)
def test_where_nothing_would_make_it_fit_it_says_so(
    run: Run, profile: Profile, language: str, sentences: tuple[str, ...]
) -> None:
    shown = explained(run, profile(**NEVER_FITS), language)
    for sentence in sentences:
        assert sentence in shown


@pytest.mark.parametrize(
    ("turns", "sentence"),
    [
        (None, "given answers were different was not looked for further."),
        ((Turn("her2", "positive", None),), "fewer changes would do was not looked for further."),
    ],
)
def test_where_the_search_stopped_it_says_so(
    run: Run,
    profile: Profile,
    monkeypatch: pytest.MonkeyPatch,
    turns: tuple[Turn, ...] | None,
    sentence: str,
) -> None:
    def stopped(*_: object, **__: object) -> GivenChange:
        return GivenChange(turns, complete=False)

    monkeypatch.setattr(matching, "smallest_given_change", stopped)
    path = profile(her2="positive")
    shown = explained(run, path)
    assert sentence in shown
    assert "Nor would it fit" not in shown
    assert ("HER2 = not known yet (now: HER2-positive) [her2]" in shown) == bool(turns)
    document = run("explain", ESR1, "--profile", path, "--json").document
    assert document["given_change_complete"] is False


@pytest.mark.parametrize("language", LANGUAGES)
def test_contradictions_and_notes_are_told_by_every_command_alike(
    run: Run, profile: Profile, language: str
) -> None:
    path = profile(**CONTRADICTS, stage="1")
    found = run("match", "--profile", path, "--language", language, "--json").document
    texts = [one["text"] for key in ("contradictions", "notes") for one in found[key]]  # type: ignore[attr-defined]
    assert len(texts) == 2
    warned = " ".join(f"! {text}" for text in texts)
    for words in (("match",), ("explain", ESR1), ("ask",)):
        assert told(run, *words, "--profile", path, "--language", language).startswith(warned)


def test_every_points_mark_and_strength_has_its_words(run: Run, profile: Profile) -> None:
    texts = load_words().texts
    ran = run("match", "--profile", profile(), "--limit", 50, "--json").document
    matches = json.loads(json.dumps(ran["matches"]))
    points = {part["for"] for one in matches for part in one["points"]}
    strengths = {reason["strength"] for one in matches for reason in one["reasons"]}
    assert {f"explain.points_{name}" for name in points} <= texts.keys()
    assert {f"explain.strength_{name}" for name in strengths} <= texts.keys()
    assert {f"mark.{name}" for one in matches for name in one["marks"]} <= texts.keys()
    assert {f"explain.level_{one['level']}" for one in matches} <= texts.keys()
