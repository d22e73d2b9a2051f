"""The command line as people and scripts use it: output, errors, exit codes."""

import json
import shutil
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from matcher.rules import shipped_rules
from tests.cli.conftest import ESR1, Run


def test_the_reader_of_the_review_sees_it_first(run: Run, profile: Callable[..., Path]) -> None:
    ran = run("match", "--profile", profile(), "--today", "2026-11-22", "--json")
    assert ran.code == 0
    assert "sample" in ran.err
    matches = ran.document["matches"]
    assert isinstance(matches, list)
    first = matches[0]
    assert (first["study"], first["level"], first["score"]) == (ESR1, "fits", 95)
    assert sum(part["points"] for part in first["points"]) == 95
    assert {r["verdict"] for r in first["reasons"] if r["strength"] == "most"} == {"yes"}
    assert len(matches) == 20
    counts = ran.document["counts"]
    assert isinstance(counts, dict)
    assert sum(counts.values()) == 43


def test_without_the_test_it_may_fit_and_says_what_would_settle_it(
    run: Run, profile: Callable[..., Path]
) -> None:
    ran = run("explain", ESR1, "--profile", profile(tumor={}), "--json")
    assert ran.document["level"] == "may_fit"
    assert ran.document["change"] == [{"key": "tumor.ESR1", "to": "mutation"}]


def test_her2_positive_disease_is_related_at_most(run: Run, profile: Callable[..., Path]) -> None:
    ran = run("explain", ESR1, "--profile", profile(her2="positive"), "--json")
    assert ran.document["level"] == "related"


def test_tables_are_for_people(run: Run, profile: Callable[..., Path]) -> None:
    shown = run("match", "--profile", profile())
    assert "not medical advice" in shown.out
    assert "ESR1" in run("explain", ESR1, "--profile", profile()).out
    assert "could settle" in run("ask", "--profile", profile(tumor={})).out


def test_what_to_ask_next_is_told_in_words_with_counts(
    run: Run, profile: Callable[..., Path]
) -> None:
    path = profile(tumor={}, sex_at_birth="female", gender="woman")
    document = run("ask", "--profile", path, "--json", "--today", "2026-11-22").document
    questions = document["questions"]
    assert isinstance(questions, list)
    (esr1,) = [q for q in questions if (q["key"], q["gene"]) == ("tumor", "ESR1")]
    assert esr1["settles_may_fit"] <= esr1["of"] == document["may_fit"]
    told = " ".join(run("ask", "--profile", path, "--today", "2026-11-22").out.split())
    for question in questions:
        assert f"{' '.join(question['question'].split())} {question['text']} " in told
    changed = [a for q in questions for a in q["answers"] if a["changes"]]
    assert changed
    assert all(f": {answer['text']}" in told for answer in changed)
    assert "mutation found: 1 that may fit would fit" in told


def test_what_to_ask_next_speaks_spanish(run: Run, profile: Callable[..., Path]) -> None:
    told = run("ask", "--profile", profile(tumor={}), "--language", "es").out
    assert "podría aclarar" in told
    assert "would" not in told
    assert "could" not in told


def test_where_there_is_nothing_to_ask_it_says_so(run: Run, profile: Callable[..., Path]) -> None:
    assert "No answer would change anything." in run("ask", "--profile", profile(), "--empty").out
    nothing = run("ask", "--profile", profile(), "--empty", "--language", "es").out
    assert "Ninguna respuesta cambiaría nada." in nothing


def test_empty_prevents_the_sample(run: Run, profile: Callable[..., Path]) -> None:
    ran = run("match", "--profile", profile(), "--empty", "--json")
    assert ran.document["matches"] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('{"answers": {"er": "positiv"}}', "answers.er"),
        ('{"answers": {"er": "positive", "er": "negative"}}', "stands twice"),
        ('{"answers": {}, "limit": 3}', "unknown key"),
        ('{"er": "positive"}', "unknown key"),
        ("[]", "must be an object"),
        ("{", "not JSON"),
        ("[" * 200_000, "too deep"),
        ('{"answers": {"age": 1e999}}', "whole number"),
        ('{"answers": {"er": "\\ud800"}}', "answers.er"),
        ('{"answers": {"er": "\\u0000"}}', "answers.er"),
    ],
)
def test_bad_profiles_are_refused(run: Run, tmp_path: Path, text: str, told: str) -> None:
    path = tmp_path / "bad.json"
    path.write_text(text)
    ran = run("match", "--profile", path, "--json")
    assert ran.code == 2
    assert ran.out == ""
    assert told in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize(
    "words",
    [
        ("match",),
        ("match", "--profile", "/nowhere.json"),
        ("match", "--profile", "/"),
        ("no-such-command",),
        ("read",),
        ("explain", "no-such-study", "--profile", "PROFILE"),
        ("match", "--profile", "PROFILE", "--today", "2026-13-01"),
        ("study", "show", "no-such-study"),
        ("study", "import", "/nowhere.txt"),
        ("rules", "check", "/nowhere"),
    ],
)
def test_wrong_use_exits_2(run: Run, profile: Callable[..., Path], words: tuple[str, ...]) -> None:
    ran = run(*(str(profile()) if word == "PROFILE" else word for word in words))
    assert ran.code == 2
    assert ran.err
    assert "Traceback" not in ran.err


def test_a_batch_of_phrases_keeps_its_order(run: Run, tmp_path: Path) -> None:
    lines = [
        {"phrase": "People with breast cancer", "answers": {"cancer": ["breast"]}, "id": 1},
        "nonsense",
        {"phrase": "Men with prostate cancer", "answers": {"cancer": ["breast"]}},
    ]
    path = tmp_path / "batch.jsonl"
    path.write_text(
        "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    )
    ran = run("read", "--batch", path)
    first, second, third = map(json.loads, ran.out.splitlines())
    assert (first["verdict"], first["id"]) == ("yes", 1)
    assert "error" in second
    assert third["verdict"] == "no"
    assert ran.code == 2


def test_studies_are_kept(run: Run, tmp_path: Path) -> None:
    listed = run("study", "list", "--json").document["studies"]
    assert isinstance(listed, list)
    assert len(listed) == 43
    exported = run("study", "export").out
    path = tmp_path / "all.jsonl"
    path.write_text(exported)
    again = run("study", "import", path, "--json").document["studies"]
    assert isinstance(again, list)
    assert {study["status"] for study in again} == {"unchanged"}
    assert run("study", "withdraw", ESR1).code == 0
    assert run("study", "show", ESR1, "--json").document["withdrawn_reason"]


def test_broken_rules_fail_the_check_and_stop_the_rest(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, profile: Callable[..., Path]
) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(shipped_rules(), rules)
    assert run("rules", "check", rules).code == 0
    (rules / "scoring.yaml").write_text("floors: no\n")
    checked = run("rules", "check", rules)
    assert checked.code == 1
    assert "scoring.yaml:1" in checked.err
    monkeypatch.setenv("MATCHER_RULES", str(rules))
    assert run("match", "--profile", profile()).code == 2


def test_a_case_that_does_not_hold_fails(run: Run, tmp_path: Path) -> None:
    rules = tmp_path / "rules"
    shutil.copytree(shipped_rules(), rules)
    for file in (rules / "cases").glob("*.yaml"):
        file.unlink()
    case = "{case: a, who: b, answers: {cancer: [breast]}, audience: {most: Men}, level: fits}"
    (rules / "cases" / "one.yaml").write_text(f"cases:\n  - {case}\n")
    ran = run("rules", "test", rules)
    assert ran.code == 1
    assert "level is" in ran.err


def test_a_port_in_use_is_told(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = run("serve", "--port", taken.getsockname()[1])
    assert ran.code == 2
    assert "in use" in ran.err
    assert ran.out == ""


def test_other_hosts_need_a_public_address(run: Run) -> None:
    ran = run("serve", "--host", "0.0.0.0", "--port", "0")
    assert ran.code == 2
    assert "MATCHER_PUBLIC_URL" in ran.err


def test_the_database_is_saved_and_put_back(run: Run, tmp_path: Path) -> None:
    assert run("study", "list").code == 0
    copy = tmp_path / "copy.db"
    assert run("db", "backup", copy).code == 0
    assert run("db", "backup", copy).code == 2
    assert run("study", "withdraw", ESR1).code == 0
    assert run("db", "restore", copy).code == 0
    listed = run("study", "list", "--json").document["studies"]
    assert isinstance(listed, list)
    assert ESR1 in {study["study"] for study in listed}
    assert run("db", "upgrade").code == 0
