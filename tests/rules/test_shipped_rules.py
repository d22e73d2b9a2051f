"""The shipped rules, and copies of them: they load, quickly; a new question needs no Python."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from matcher.core.catalogue import Catalogue
from matcher.core.conditions import Tag
from matcher.core.finder import FactFinder
from matcher.core.levels import Level
from matcher.core.matching import match
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.core.text import LANGUAGES, Text
from matcher.core.wording import NEEDED_TEXTS
from matcher.rules import RulesError, load_rules, shipped_rules
from matcher.schemas.profiles import read_profile
from tests.kept import shipped_book

TODAY = date(2026, 11, 22)

ATTRIBUTE = """# A question that somebody adds.
attributes:
  - key: scalp_cooling
    order: 5005
    kind: one
    about: person
    name: {en: Scalp cooling, es: Enfriamiento del cuero cabelludo}
    question: {en: "Did you use a cold cap?", es: "¿Usó un gorro frío?"}
    question_other: {en: "Did they use a cold cap?", es: "¿Usó esa persona un gorro frío?"}
    help: {en: "A cap worn during chemotherapy.", es: "Un gorro durante la quimioterapia."}
    doctor: {en: "Can I use a cold cap?", es: "¿Puedo usar un gorro frío?"}
    options:
      - {value: used, label: {en: Used, es: Usado}}
      - {value: offered, label: {en: Offered, es: Ofrecido}}
"""
TAG = """# A tag that somebody adds.
tags:
  - key: used_scalp_cooling
    label: {en: used a cold cap, es: usó un gorro frío}
    about: {en: people who used a cold cap, es: personas que usaron un gorro frío}
    topic: treatments
    weight: 6
    when: {scalp_cooling: used}
    phrases: [scalp cooling, cold cap]
"""


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    return shipped_book()


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the shipped rules."""
    folder = tmp_path / "rules"
    shutil.copytree(shipped_rules(), folder)
    return folder


def test_rules_load_and_compile_quickly() -> None:
    load_rules(shipped_rules())  # the schemas are read once
    started = time.process_time()
    FactFinder(load_rules(shipped_rules()))
    assert time.process_time() - started < 1  # about 0.2 s; twice that under coverage


def test_the_version_says_whether_anything_changed(shipped: Rulebook, copied: Path) -> None:
    assert load_rules(copied).version == shipped.version
    assert len(shipped.version) == 12
    scoring = copied / "scoring.yaml"
    scoring.write_text(scoring.read_text() + "# a comment\n")
    changed = load_rules(copied).version
    assert changed != shipped.version
    (copied / "tags" / "risk.yaml").rename(copied / "tags" / "risks.yaml")
    assert load_rules(copied).version not in (changed, shipped.version)


def test_everything_is_said_in_both_languages(shipped: Rulebook) -> None:
    texts: list[Text] = []
    for attribute in shipped.attributes.values():
        texts += [attribute.name, attribute.question, attribute.question_other]
        texts += [attribute.help, attribute.doctor, *(option.label for option in attribute.options)]
    for tag in shipped.tags.values():
        texts += [tag.label, tag.about]
    texts += [rule.text for rule in (*shipped.implications, *shipped.defaults, *shipped.never_no)]
    for text in texts:
        for language in LANGUAGES:
            words = text.in_(language)
            assert words.strip(), text
            assert "{" not in words
    assert set(NEEDED_TEXTS) <= set(shipped.texts)


def test_a_question_is_one_short_sentence(shipped: Rulebook) -> None:
    """It is a page's heading: what there is to add stands in its help."""
    asked = {
        (key, language): text.in_(language)
        for key, attribute in shipped.attributes.items()
        for text in (attribute.question, attribute.question_other)
        for language in LANGUAGES
    }
    assert [place for place, text in asked.items() if re.search(r"[.?!] \S", text)] == []
    assert {place: text for place, text in asked.items() if len(text.split()) > 24} == {}


def test_who_asks_for_another_does_not_speak_of_themselves(shipped: Rulebook) -> None:
    own = re.compile(r"(?i)\b(?:I|me|my|mine|mi|mis|mí|yo|conmigo|tengo|debo|estoy|he|siento)\b")
    told = {
        (key, language): (attribute.doctor_other or attribute.doctor).in_(language)
        for key, attribute in shipped.attributes.items()
        for language in LANGUAGES
    }
    cared_for = re.compile("the person I care for")
    assert [place for place, text in told.items() if own.search(cared_for.sub("", text))] == []
    assert own.search(shipped.attributes["er"].doctor.en)
    assert own.search(shipped.attributes["er"].doctor.es)


def test_questions_come_in_order(shipped: Rulebook) -> None:
    orders = [attribute.order for attribute in shipped.attributes.values()]
    assert orders == sorted(set(orders))


def test_every_tag_and_every_scope_can_be_looked_up(shipped: Rulebook) -> None:
    for key, tag in shipped.tags.items():
        assert shipped.tag(key) is tag
        assert shipped.knows(f"{key}:breast") == tag.scoped
        assert 1 <= tag.weight <= shipped.heaviest
    for key in shipped.families:
        assert shipped.tag(f"{key}:7").key == f"{key}:7"
    assert shipped.heaviest == max(tag.weight for tag in shipped.tags.values())


def test_a_new_question_and_tag_need_no_python(shipped: Rulebook, copied: Path) -> None:
    (copied / "attributes" / "scalp_cooling.yaml").write_text(ATTRIBUTE)
    (copied / "tags" / "scalp_cooling.yaml").write_text(TAG)
    book = load_rules(copied)
    assert set(book.attributes) - set(shipped.attributes) == {"scalp_cooling"}
    assert set(book.tags) - set(shipped.tags) == {"used_scalp_cooling"}
    answers = read_profile({"answers": {"scalp_cooling": "used"}}, book)
    study = Study("a", "A", most=Audience("cold cap", Tag("used_scalp_cooling")))
    catalogue = Catalogue.compile(book, [study])
    found = match(catalogue, answers, today=TODAY).matches[0]
    assert found.level == Level.FITS
    assert found.reasons[0].text == "You said: scalp cooling – “Used”."
    assert found.reasons[0].answers == ("scalp_cooling",)
    other = read_profile({"answers": {"scalp_cooling": "offered"}}, book)
    assert match(catalogue, other, today=TODAY).matches[0].level == Level.DIFFERENT
    old = Catalogue.compile(shipped, [study])
    assert match(old, read_profile({"answers": {}}, shipped), today=TODAY).matches[0].level == (
        Level.UNLABELLED
    )


def test_a_value_can_be_added_without_python(copied: Path) -> None:
    plans = copied / "attributes" / "plans_and_life.yaml"
    text = plans.read_text()
    listed = text.index("options:", text.index("key: symptoms"))
    option = "\n      - {value: cold_hands, label: {en: Cold hands, es: Manos frías}}"
    plans.write_text(text[: listed + 8] + option + text[listed + 8 :])
    book = load_rules(copied)
    assert read_profile({"answers": {"symptoms": ["cold_hands"]}}, book).listed("symptoms") == (
        "cold_hands",
    )


def _not_utf8(folder: Path) -> None:
    (folder / "tags" / "life.yaml").write_bytes(b"# \xff\n")


def _with_folder(folder: Path) -> None:
    (folder / "tags" / "more.yaml").mkdir()


def _without_scoring(folder: Path) -> None:
    (folder / "scoring.yaml").unlink()


def _cut_in_half(folder: Path) -> None:
    path = folder / "attributes" / "genes.yaml"
    path.write_bytes(path.read_bytes()[:7000])


@pytest.mark.parametrize("breaks", [_not_utf8, _with_folder, _without_scoring, _cut_in_half])
def test_a_broken_copy_is_refused(copied: Path, breaks: Callable[[Path], None]) -> None:
    breaks(copied)
    with pytest.raises(RulesError) as caught:
        load_rules(copied)
    assert all(fault.line >= 1 and fault.what and fault.mend for fault in caught.value.faults)


def test_faults_of_several_files_come_together_in_order(copied: Path) -> None:
    _not_utf8(copied)
    _without_scoring(copied)
    (copied / "texts.yaml").write_text("texts: [a]\n")
    with pytest.raises(RulesError) as caught:
        load_rules(copied)
    faults = caught.value.faults
    assert [Path(fault.file).name for fault in faults] == [
        "scoring.yaml",
        "life.yaml",
        "texts.yaml",
    ]
    assert str(caught.value).count("\n") == 2


@pytest.mark.parametrize("name", ["nowhere", "a file"])
def test_a_folder_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "a file").write_text("attributes: []\n")
    with pytest.raises(RulesError) as caught:
        load_rules(tmp_path / name)
    assert {fault.what for fault in caught.value.faults} == {"there is no such file"}
    assert len(caught.value.faults) == 5
