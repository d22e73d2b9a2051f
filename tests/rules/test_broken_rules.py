"""Broken rules: whatever is wrong is refused with file, line and mend; nothing crashes or hangs."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path

import pytest

from matcher.rules import RulesError, load_rules, loading
from matcher.yaml_text import Document, Fault
from tests.rules.breaking import FILES, Variant, attribute
from tests.rules.broken_conditions import broken_conditions
from tests.rules.broken_files import broken_files
from tests.rules.broken_forms import broken_forms
from tests.rules.broken_numbers import broken_numbers
from tests.rules.broken_options import broken_options
from tests.rules.broken_questions import broken_questions
from tests.rules.broken_rules import broken_rules
from tests.rules.broken_tags import broken_tags

FORMS = [*broken_files(), *broken_forms(), *broken_numbers()]
MEANINGS = [
    *broken_questions(),
    *broken_options(),
    *broken_conditions(),
    *broken_tags(),
    *broken_rules(),
]


def _rounds() -> list[list[Variant]]:
    """The wrong forms, one of each file at a time; those of several files alone."""
    queues: dict[str, list[Variant]] = {}
    for number, variant in enumerate(FORMS):
        alone = list(variant.contents) != [variant.file] or None in variant.contents.values()
        queues.setdefault(f"alone {number}" if alone else variant.file, []).append(variant)
    lone = [queues.pop(name) for name in list(queues) if name.startswith("alone")]
    rounds = zip_longest(*queues.values())
    return [*lone, *([one for one in many if one is not None] for many in rounds)]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the small rules, whole again before every test."""
    folder = tmp_path_factory.mktemp("rules")
    _write(folder, {name: text.encode() for name, text in FILES.items()})
    return folder


@pytest.fixture(scope="module", autouse=True)
def _read_whole_files_once() -> Iterator[None]:
    """Files that a variant leaves whole are not parsed again for it: it only saves time."""
    whole = set(FILES.values())
    parse, form_faults = loading.parse, loading.form_faults
    parsed: dict[tuple[str, str], tuple[Document, list[Fault]]] = {}
    formed: dict[int, list[Fault]] = {}

    def parse_once(text: str, *, file: str) -> tuple[Document, list[Fault]]:
        if text not in whole:
            return parse(text, file=file)
        if (text, file) not in parsed:
            parsed[text, file] = parse(text, file=file)
        return parsed[text, file]

    def form_once(document: Document, kind: str, *, schemas: Path) -> list[Fault]:
        if not any(document is known for known, _ in parsed.values()):
            return form_faults(document, kind, schemas=schemas)
        if id(document) not in formed:
            formed[id(document)] = form_faults(document, kind, schemas=schemas)
        return formed[id(document)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "parse", parse_once)
        patch.setattr(loading, "form_faults", form_once)
        yield


@pytest.fixture
def broken(copy: Path) -> Iterator[Path]:
    """The copy; whatever a test does to it is undone."""
    yield copy
    for path in copy.rglob("*.y*ml"):
        if path.relative_to(copy).as_posix() not in FILES:
            path.unlink()
    _write(copy, {name: text.encode() for name, text in FILES.items()})


def _write(folder: Path, contents: Mapping[str, bytes | None]) -> None:
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        if content is None:
            path.unlink(missing_ok=True)
        elif not path.exists() or path.read_bytes() != content:
            path.write_bytes(content)


def _check(folder: Path, variants: Iterable[Variant]) -> None:
    for variant in variants:
        _write(folder, variant.contents)
    started = time.process_time()
    with pytest.raises(RulesError) as caught:
        load_rules(folder)
    assert time.process_time() - started < max(1, len(list(variants)) / 4)
    faults = caught.value.faults
    assert str(caught.value) == "\n".join(map(str, faults))
    for fault in faults:
        assert fault.file.startswith(str(folder))
        assert fault.line >= 1
        assert fault.what.strip()
        assert fault.mend.strip().endswith(".")
        assert len(str(fault)) < 800
    for variant in variants:
        assert _tells(folder, faults, variant), "\n".join(
            [f"wanted {variant.file}:{variant.line}: {variant.says}", *map(str, faults[:20])]
        )


def _tells(folder: Path, faults: list[Fault], variant: Variant) -> bool:
    file = str(folder / variant.file)
    told = [fault for fault in faults if (fault.file, fault.line) == (file, variant.line)]
    return any(variant.says in fault.what for fault in told)


def test_the_copy_itself_is_in_order(copy: Path) -> None:
    assert load_rules(copy).version == load_rules(copy).version


def test_there_are_enough_variants_and_all_differ() -> None:
    variants = [*FORMS, *MEANINGS]
    assert len(variants) >= 300
    assert len({variant.name for variant in variants}) == len(variants)
    for variant in variants:
        changed = {name: (text or b"").decode("latin-1") for name, text in variant.contents.items()}
        assert any(FILES.get(name) != text for name, text in changed.items()), variant


@pytest.mark.parametrize("variants", _rounds(), ids=lambda variants: variants[0].name)
def test_wrong_forms_are_all_told_at_once(broken: Path, variants: list[Variant]) -> None:
    _check(broken, variants)


@pytest.mark.parametrize("variant", MEANINGS, ids=str)
def test_a_wrong_meaning_is_told_with_file_line_and_mend(broken: Path, variant: Variant) -> None:
    _check(broken, [variant])


def test_questions_about_a_cancer_need_that_cancer_in_the_list(broken: Path) -> None:
    asked = "    about: prostate\n"
    for name, text in FILES.items():
        kept = text.replace(asked, "    about: p\n").replace("prostate", "lung")
        (broken / name).write_text(kept.replace("    about: p\n", asked))
    with pytest.raises(RulesError) as caught:
        load_rules(broken)
    assert [fault.what for fault in caught.value.faults] == ["'cancer' has no value 'prostate'"]


def _options(count: int, more: str = "") -> list[str]:
    lines = (f"  - {{value: v{n}, label: {{en: a, es: b}}{more}}}" for n in range(count))
    return ["options:", *(line.replace("NEXT", f"v{n + 1}") for n, line in enumerate(lines))]


@pytest.mark.parametrize(
    ("name", "entry", "taken"),
    [
        ("numbers", [("integer", ["max: 999"])] * 4, True),
        ("values", [("one", _options(1000))] * 3, True),
        ("lists", [("many", _options(1000))] * 3, True),
        ("genes", [("results", _options(1000))] * 3, True),
        ("chain", [("many", [*_options(999, ", wider: NEXT"), _options(1000)[-1]])], False),
    ],
)
def test_very_large_questions_take_little_time_and_memory(
    broken: Path, name: str, entry: list[tuple[str, list[str]]], taken: bool
) -> None:
    text = FILES["attributes/person.yaml"]
    for number, (kind, lines) in enumerate(entry):
        text += attribute(f"{name}{number}", 5000 + number, kind, *lines)
    (broken / "attributes/person.yaml").write_text(text)
    started = time.process_time()
    if taken:
        load_rules(broken)
    else:
        with pytest.raises(RulesError):
            load_rules(broken)
    assert time.process_time() - started < 2
