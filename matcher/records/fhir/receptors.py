"""Receptors: ER, PR and HER2 of breast cancer, from coded results, percents, scores and FISH."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from matcher.records.fhir.cancers import Cancers
from matcher.records.fhir.coded import Codebook, Coded, plain
from matcher.records.fhir.findings import Findings, Seen
from matcher.records.fhir.named import read_castration, read_named
from matcher.records.fhir.observations import Test, references
from matcher.records.fhir.record import Record
from matcher.records.fhir.values import Said, Span

HER2 = ("her2", "her2_ihc", "her2_fish")
POSITIVES = frozenset(("positive", "ihc3"))
NEGATIVES = frozenset(("negative", "low", "ultralow", "zero", "ihc0", "ihc1"))
SAME_ROUND_DAYS = 60
SCORES = {0: "ihc0", 1: "ihc1", 2: "ihc2", 3: "ihc3"}
SCORE_UNITS = ("", "1", "{score}", "score", "+")


def read_receptors(
    record: Record, tests: Iterable[Test], words: Codebook, found: Findings, cancers: Cancers
) -> None:
    """Read the receptors of every result that is about breast cancer."""
    told = [test for test in tests if test.kind.partition("_")[0] in ("er", "pr", "her2")]
    kept = [test for test in told if is_breast(record, test, found, cancers)]
    named = read_named(record, words, found, cancers)
    for key in ("er", "pr"):
        results = [test for test in kept if test.kind.partition("_")[0] == key]
        seen = _narrowed([one for test in results if (one := _receptor(key, test, words, found))])
        _choose(key, [*seen, *_aligned(key, named[key], seen)], found)
    _read_her2([test for test in kept if test.kind in HER2], named["her2"], words, found)
    _choose("triple_negative", named["triple_negative"], found)
    read_castration(record, words, found, cancers)


def _narrowed(seen: list[Seen]) -> list[Seen]:
    """A "positive" beside a percent that is low, of the same day or of no day, means low."""
    days = {one.on for one in seen if one.value == "low"}
    return [
        Seen("low", one.on, one.place)
        if one.value == "positive" and days and (one.on in days or None in (one.on, *days))
        else one
        for one in seen
    ]


def _choose(key: str, seen: list[Seen], found: Findings) -> None:
    chosen = found.choose(key, seen)
    if chosen is not None:
        found.put(key, chosen.value, chosen.on)


def _aligned(key: str, named: list[Seen], seen: list[Seen]) -> Iterator[Seen]:
    """What diagnoses say, in the narrower word of a test where it says the same."""
    negatives = NEGATIVES if key == "her2" else ("negative",)
    for one in named:
        same = [
            test.value for test in seen if (test.value in negatives) == (one.value in negatives)
        ]
        yield replace(one, value=same[-1]) if same else one


def is_breast(record: Record, test: Test, found: Findings, cancers: Cancers) -> bool:
    """Whether a result is about breast cancer; notes it if it is not."""
    named = [record.find(one, test.resource) for one in references(test.resource)]
    breasts = {one.number for one in cancers.primaries if one.cancer == "breast"}
    primaries = {one.number for one in cancers.primaries}
    others = [one for one in named if one is not None and one[0] in primaries - breasts]
    by_name = any(one is not None and one[0] in breasts for one in named)
    by_words = any("breast" in text.casefold() for text in test.coded.texts)
    alone = all(cancer == "breast" for cancer in cancers.listed)
    if not others and (by_name or by_words or alone):
        return True
    found.skip(test.place, "not_breast")
    return False


def _receptor(key: str, test: Test, words: Codebook, found: Findings) -> Seen | None:
    value, reason = _receptor_value(key, test, words)
    if value is None:
        found.skip(test.place, reason)
        return None
    return Seen(value, test.on, test.place)


def _receptor_value(key: str, test: Test, words: Codebook) -> tuple[str | None, str]:
    said, span = test.said, test.said.span
    coded = _sign(key, said.coded, words)
    interpreted = _sign(key, test.interpretation, words)
    if coded and interpreted and coded != interpreted:
        return None, "codes_disagree"
    sign = coded or interpreted
    if span is not None and said.coded and coded is None and not _names(key, said.coded, words):
        # "Previously 95 %": a word that we do not know may take the number back.
        return None, "open_result" if _is_open(said.coded, words) else "value_not_read"
    if test.kind == f"{key}_percent" and span is not None and span.unit in ("%", ""):
        level = percent_level(key, span)
        if level is None:
            return (None, "percent_open") if sign != "negative" else (sign, "")
        agrees = sign is None or (sign == "negative") == (level == "negative")
        return (level, "") if agrees else (None, "codes_disagree")
    if sign is None:
        if _is_open(said.coded, words):
            return None, "open_result"
        amount = span is not None and not said.coded
        return None, "amount" if amount else "value_not_read"
    if span is not None and said.coded:
        # "Positive (5 %)": the words alone would hide that it is low.
        level = percent_level(key, span)
        return (sign, "") if level == sign else (None, "percent_open")
    return sign, ""


def _names(key: str, coded: Coded, words: Codebook) -> bool:
    """Whether a text is just the receptor's name."""
    return words.find("receptor_names", coded) == key


def _is_open(coded: Coded, words: Codebook) -> bool:
    return words.find("results", coded) == "open"


def _sign(key: str, coded: Coded, words: Codebook) -> str | None:
    if not coded:
        return None
    found = words.answer(key, coded, "results")
    found = {"present": "positive", "absent": "negative"}.get(found or "", found)
    return found if found in ("positive", "negative", "low") else None


def percent_level(key: str, span: Span) -> str | None:
    """What a percent of cells means; None if it lies on both sides of a limit, or is none."""
    if not span.within(0, 100) or (not span.unit and 0 < span.high <= 1):
        # A bare number up to 1 may be a share of one.
        return None
    if span.within(0, 1, high_open=True):
        return "negative"
    if key == "pr":
        return "positive" if span.within(1, 100) else None
    if span.within(1, 10):
        return "low"
    return "positive" if span.within(10, 100, low_open=True) else None


def _read_her2(tests: list[Test], named: list[Seen], words: Codebook, found: Findings) -> None:
    told: list[tuple[Test, str]] = []
    for test in tests:
        value = _her2_value(test, words)
        if value is None:
            open_ = _is_open(test.said.coded, words) or _is_plus(test.said.coded)
            found.skip(test.place, "open_result" if open_ else "value_not_read")
        else:
            told.append((test, value))
    rounds = _rounds(told)
    seen: list[Seen] = []
    for one in rounds:
        value = her2_of({(test.kind, value) for test, value in one})
        on = max((test.on for test, _ in one if test.on), default=None)
        if value is None:
            _leave_open(one, found)
        for test, _ in one:
            if value is not None:
                seen.append(Seen(value, on, test.place))
    if rounds and her2_of({(test.kind, value) for test, value in rounds[-1]}) is None:
        # The newest test is open: an older answer may be out of date.
        for older in (*seen, *named):
            found.skip(older.place, "older")
        return
    _choose("her2", [*seen, *_aligned("her2", named, seen)], found)


def _leave_open(tests: list[tuple[Test, str]], found: Findings) -> None:
    values = {value for _, value in tests}
    if values & POSITIVES and values & NEGATIVES:
        found.clash("her2", [Seen(value, test.on, test.place) for test, value in tests])
        return
    for test, _ in tests:
        found.skip(test.place, "open_result")


def _her2_value(test: Test, words: Codebook) -> str | None:
    said = test.said
    if test.kind == "her2_fish":
        by_words = words.only("fish_results", said.coded)
        return by_words or _positive_or_negative(test, words)
    score = words.only("her2_scores", said.coded)
    if score is None and test.kind == "her2_ihc":
        score = _number_score(said)
    if score is not None:
        return score
    if test.kind == "her2_ihc" and words.only("her2_equivocal", said.coded):
        return "ihc2"
    if _is_plus(said.coded):
        return None
    low = words.answer("her2", said.coded)
    if low in ("low", "ultralow", "zero"):
        return low
    return _positive_or_negative(test, words)


def _is_plus(coded: Coded) -> bool:
    """One plus is a positive test for some laboratories, and the score 1+ for others."""
    return any(plain(text) == "+" for text in coded.texts)


def _number_score(said: Said) -> str | None:
    span = said.span
    if said.coded or span is None or span.low != span.high or span.unit not in SCORE_UNITS:
        return None
    return SCORES.get(int(span.low)) if span.low == int(span.low) else None


def _positive_or_negative(test: Test, words: Codebook) -> str | None:
    signs = {_sign("her2", test.said.coded, words), _sign("her2", test.interpretation, words)}
    signs -= {None}
    sign = signs.pop() if len(signs) == 1 else None
    return sign if sign in ("positive", "negative") else None


def _rounds(told: list[tuple[Test, str]]) -> list[list[tuple[Test, str]]]:
    """Results that belong to one piece of tissue: near in time, or all without a date."""
    rounds: list[list[tuple[Test, str]]] = []
    last: date | None = None
    for test, value in sorted(told, key=lambda one: one[0].on or ""):
        day = date.fromisoformat(test.on) if test.on and len(test.on) == 10 else None
        same = rounds and (
            test.on == rounds[-1][-1][0].on
            or (day is not None and last is not None and (day - last).days <= SAME_ROUND_DAYS)
        )
        if same:
            rounds[-1].append((test, value))
        else:
            rounds.append([(test, value)])
            last = day
    return rounds


def her2_of(told: set[tuple[str, str]]) -> str | None:
    """The answer of one round of (kind of test, value); None while it is open or disagrees."""
    fish = {value for kind, value in told if kind == "her2_fish"}
    rest = {value for kind, value in told if kind != "her2_fish"}
    scores = {value for value in rest if value.startswith("ihc")}
    words = rest - scores
    if len(fish) > 1 or len(scores) > 1 or len(words) > 1:
        return None
    by_score = _her2_by_score(next(iter(scores), None), next(iter(fish), None))
    word = next(iter(words), None)
    if by_score is None:
        return None
    if word is None:
        return by_score or None
    if not by_score or word == by_score:
        return word
    # "Negative" is the wider word for low and for zero.
    negatives = {"negative", "low", "ultralow", "zero"}
    if {word, by_score} <= negatives and "negative" in (word, by_score):
        return by_score if word == "negative" else word
    return None


def _her2_by_score(score: str | None, fish: str | None) -> str | None:
    """The table of IHC and FISH; "" where neither says anything, None where they leave it open."""
    if score is None:
        return fish or ""
    table: dict[tuple[str, str | None], str] = {
        ("ihc3", None): "positive",
        ("ihc3", "positive"): "positive",
        ("ihc2", "positive"): "positive",
        ("ihc2", "negative"): "low",
        ("ihc1", None): "low",
        ("ihc1", "negative"): "low",
        ("ihc0", None): "negative",
        ("ihc0", "negative"): "negative",
    }
    return table.get((score, fish))
