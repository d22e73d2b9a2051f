"""YAML as text: every surprise of the format is refused with its line, nothing is guessed."""

from __future__ import annotations

import time
import tracemalloc

import pytest

from matcher import yaml_text
from matcher.yaml_text import MAX_BYTES, MAX_DEPTH, MAX_VALUES, Document, Fault, parse


def value_of(text: str) -> object:
    document, faults = parse(text, file="f.yaml")
    assert faults == []
    return document.value


def faults_of(text: str) -> list[Fault]:
    return parse(text, file="f.yaml")[1]


def lines_of(text: str) -> list[int]:
    return [fault.line for fault in faults_of(text)]


# What is read


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("7", 7),
        ("-7", -7),
        ("0", 0),
        ("-0", 0),
        ("123456789", 123456789),
        ("1234567890", "1234567890"),  # too long to be a count or a year: stays text
        ("0.5", 0.5),
        ("-12.25", -12.25),
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("word", "word"),
        ("two words", "two words"),
        ("'7'", "7"),
        ('"true"', "true"),
        ('"no"', "no"),
        ("'~'", "~"),
        ('""', ""),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        (".5", ".5"),
        ("1.", "1."),
        ("1.0.0", "1.0.0"),
        ("+5", "+5"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("2026-03", "2026-03"),
        ("ER+", "ER+"),
        ("nothing", "nothing"),
        ("yesterday", "yesterday"),
        ("on time", "on time"),
        ("é", "é"),
    ],
)
def test_scalars_stay_what_they_look_like(text: str, value: object) -> None:
    read = value_of(f"key: {text}\n")
    assert read == {"key": value}
    assert isinstance(read, dict)
    assert type(read["key"]) is type(value)


def test_nested_values_keep_their_shape_and_their_lines() -> None:
    document, faults = parse("a:\n  - b: c\n    d: [e, f]\n  - g\n", file="f.yaml")
    assert faults == []
    assert document.value == {"a": [{"b": "c", "d": ["e", "f"]}, "g"]}
    assert document.line(("a", 0, "d")) == 3
    assert document.line(("a", 0, "d", 1)) == 3
    assert document.line(("a", 1)) == 4


def test_the_line_of_something_that_is_missing_is_that_of_what_is_around_it() -> None:
    document, _ = parse("# first\na:\n  b: c\n", file="f.yaml")
    assert document.line(("a", "b", "y")) == 3
    assert document.line(("a", "x", "y")) == 2
    assert document.line(("z",)) == 2
    assert Document("f.yaml", None).line(("z",)) == 1


@pytest.mark.parametrize("text", ["", "# only a comment\n", "\n\n"])
def test_an_empty_file_is_nothing_and_no_fault(text: str) -> None:
    assert value_of(text) is None


def test_a_byte_order_mark_and_windows_lines_do_no_harm() -> None:
    assert value_of("\ufeffa: b\r\nc: d\r\n") == {"a": "b", "c": "d"}


def test_long_texts_over_several_lines() -> None:
    assert value_of("a: >-\n  one\n  two\nb: |\n  no\n") == {"a": "one two", "b": "no\n"}


# What is refused


@pytest.mark.parametrize(
    "word",
    [
        *("y", "n", "yes", "no", "on", "off", "null", "~"),
        *("Y", "N", "Yes", "NO", "On", "OFF", "Null", "NULL"),
        *("1:20", "12:30:45", "190:20:30", "007", "08", "0x1F", "0o17", "0b101"),
    ],
)
def test_words_that_others_read_differently_are_refused(word: str) -> None:
    (fault,) = faults_of(f"a: b\nc: {word}\n")
    assert fault.line == 2
    assert word in fault.what
    assert fault.mend == f'Write it in quotes: "{word}".'
    assert faults_of(f'a: b\nc: "{word}"\n') == []
    assert lines_of(f"a: [b, {word}]\n") == [1]


@pytest.mark.parametrize("word", ["no", "on", "Y", "1:20", "~"])
def test_such_words_are_refused_as_keys_too(word: str) -> None:
    (fault,) = faults_of(f"a: b\n{word}: c\n")
    assert fault.line == 2
    assert faults_of(f'"{word}": c\n') == []


def test_nothing_after_the_colon_is_refused() -> None:
    (fault,) = faults_of("a:\nb: c\n")
    assert (fault.line, fault.what) == (1, "there is nothing after the colon")


def test_a_key_that_stands_twice_is_refused_where_it_stands_again() -> None:
    (fault,) = faults_of("a: b\nc: d\na: e\n")
    assert fault.line == 3
    assert "'a' stands twice" in fault.what


def test_a_key_that_is_no_word_is_refused() -> None:
    (fault,) = faults_of("? [a, b]\n: c\nd: e\n")
    assert (fault.line, fault.what) == (1, "a key must be a word")


@pytest.mark.parametrize(
    "text",
    [
        "a: b\nc: &x d\n",
        "a: b\nc: *x\n",
        "a: b\nc: &x [d]\n",
        "a: b\nc: &x {d: e}\n",
    ],
)
def test_anchors_and_aliases_are_refused(text: str) -> None:
    (fault,) = faults_of(text)
    assert fault.line == 2
    assert "anchors and aliases" in fault.what


@pytest.mark.parametrize(
    "text",
    [
        "a: b\nc: !!python/object:os.system ls\n",
        "a: b\nc: !!str 7\n",
        "a: b\nc: !!binary aGk=\n",
        'a: b\nc: !mine "d"\n',
        "a: b\nc: !mine [d]\n",
        "a: b\nc: !mine {d: e}\n",
    ],
)
def test_tags_are_refused_on_whatever_they_stand(text: str) -> None:
    (fault,) = faults_of(text)
    assert fault.line == 2
    assert fault.what.startswith("the tag ")


def test_all_surprises_are_told_at_once() -> None:
    assert lines_of("a: no\nb: off\na: c\nd:\n  - yes\n  - 1:20\n") == [1, 2, 3, 5, 6]
    assert lines_of("a: &x b\nc: !t d\ne: *x\n") == [1, 2, 3]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: b\n\tc: d\n", 2),
        ("a: [b, c\n", 2),
        ('a: "b\n', 2),
        ("a: b\n---\nc: d\n", 2),
        ("a: b: c\n", 1),
        ("a: b\n  c: d\n", 2),
        ("- a\nb: c\n", 2),
        ("a: @b\n", 1),
        ("a: `b`\n", 1),
        ("%YAML 3.0\n---\na: b\n", 1),
        (": x", 1),
    ],
)
def test_what_is_no_yaml_is_refused_with_its_line(text: str, line: int) -> None:
    (fault,) = faults_of(text)
    assert abs(fault.line - line) <= 1
    assert fault.mend


@pytest.mark.parametrize("character", ["\0", "\x07", "\x1b", "\x7f", "\x80", "\ufffe"])
def test_invisible_characters_are_named_with_their_line(character: str) -> None:
    (fault,) = faults_of(f"a: b\nc: d\ne: f{character}g\n")
    assert fault.line == 3
    assert str(ord(character)) in fault.what


def test_a_lone_surrogate_is_a_fault_and_no_crash() -> None:
    (fault,) = faults_of("a: b\nc: \ud800\n")
    assert fault.line == 2
    assert "surrogate" in fault.what


# Size


def test_nesting_has_a_limit() -> None:
    def nested(depth: int) -> str:
        return "\n".join("  " * level + f"a{level}:" for level in range(depth - 1)) + " b\n"

    assert faults_of(nested(MAX_DEPTH)) == []
    (fault,) = faults_of(nested(MAX_DEPTH + 3))
    assert fault.what == "the file is nested too deep"
    assert fault.line == MAX_DEPTH + 1


def test_nothing_is_left_of_the_depth_of_a_list_that_was_closed() -> None:
    assert faults_of("a:\n" + "  - [b, [c]]\n" * (2 * MAX_DEPTH)) == []


def test_the_number_of_values_has_a_limit() -> None:
    (fault,) = faults_of("- a\n" * (MAX_VALUES + 1))
    assert fault.what == "the file holds too many values"
    assert fault.line > 1


def test_the_size_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    (fault,) = faults_of("# " + "x" * MAX_BYTES)
    assert fault.what == "the file is too large"
    monkeypatch.setattr(yaml_text, "MAX_BYTES", 6)
    assert faults_of("a: bcd") == []
    assert lines_of("a: bcde") == [1]


BOMBS = {
    "aliases": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n"
        for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "brackets": "[" * (MAX_BYTES - 1),
    "braces": "{a: " * 400_000,
    "dashes": "- " * 900_000,
    "questions": "? " * 900_000,
    "items": "- a\n" * 480_000,
    "flow items": "[" + "a," * 900_000 + "]",
    "keys": "".join(f"k{number}: 1\n" for number in range(150_000)),
    "one key": "k: 1\n" * 390_000,
    "one long text": 'a: "' + "x" * 1_900_000 + '"',
    "colons": ": " * 900_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_settled_at_once(name: str) -> None:
    started = time.process_time()
    _, faults = parse(BOMBS[name], file="f.yaml")
    assert time.process_time() - started < 1
    assert bool(faults) == (name != "one long text")


def test_bombs_need_little_memory() -> None:
    tracemalloc.start()
    for name in ("aliases", "items", "flow items", "keys", "brackets"):
        parse(BOMBS[name], file="f.yaml")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50_000_000


def test_a_fault_reads_as_one_line() -> None:
    assert str(Fault("rules/x.yaml", 7, "it is wrong", "Mend it.")) == (
        "rules/x.yaml:7: it is wrong. Mend it."
    )
