"""Reading: tables as many programs write them; good rows are taken, bad ones say why."""

from __future__ import annotations

import io
from datetime import date

import pytest

from matcher.core.rulebook import Rulebook
from matcher.records.draft import Draft, Refusal, Unused, Used
from matcher.records.spreadsheets.reading import read_rows
from tests.records.spreadsheets.tables import answers, drafts, read, refusal

THREE = "code,cancer,er\nA-1,breast,pos\nA-2,breast;only,neg\nA-3,,\n"


def test_each_row_is_a_draft(rulebook: Rulebook) -> None:
    first, second, third = drafts(rulebook, THREE)
    assert first == Draft(
        "people.csv, row 2",
        {"cancer": ["breast", "unknown"], "er": "positive"},
        used=(
            Used("cancer: breast", "cancer", ["breast", "unknown"]),
            Used("er: pos", "er", "positive"),
        ),
        code="A-1",
    )
    assert second.answers == {"cancer": ["breast"], "er": "negative"}
    assert (third.code, third.answers) == ("A-3", {})


def test_columns_are_known_by_any_of_their_names_in_any_order(rulebook: Rulebook) -> None:
    header = " ER , Código ,receptor de progesterona (RP o PR),KIND OF CANCER,Treatments_Now"
    (draft,) = drafts(rulebook, f"{header}\n+,A-1,neg,breast,none\n")
    assert draft.code == "A-1"
    assert draft.answers == {
        "er": "positive",
        "pr": "negative",
        "cancer": ["breast", "unknown"],
        "treatments_now": ["none"],
        "main_cancer": "breast",
    }


def test_a_row_that_names_one_cancer_is_about_that_one(rulebook: Rulebook) -> None:
    assert answers(rulebook, "cancer,stage", "breast,IV") == {
        "cancer": ["breast", "unknown"],
        "stage": "4",
        "main_cancer": "breast",
    }
    for row in ("breast;only,IV", "breast;ovarian,IV", ",IV", "breast,", "declined,IV"):
        assert "main_cancer" not in answers(rulebook, "cancer,stage", row)
    given = answers(rulebook, "cancer,stage,main_cancer", "breast,IV,ovarian")
    assert given["main_cancer"] == "ovarian"


def test_dates_and_sources_stand_beside_answers(rulebook: Rulebook) -> None:
    header = "er,er@date,er@source,tumor,tumor@date,pr,pr@fecha"
    table = f"{header}\npos,2026-03,report,ESR1=none;PTEN=none@2024,2026-05-02,,2026\n"
    (draft,) = drafts(rulebook, table)
    assert draft.dates == {"er": "2026-03", "tumor": "2026-05-02"}
    assert draft.sources == {"er": "report"}
    assert draft.answers["tumor"] == {
        "ESR1": {"result": "none", "on": "2026-05-02"},
        "PTEN": {"result": "none", "on": "2024"},
    }
    assert draft.unused == (Unused("pr@date: 2026", "there is no answer under pr"),)


@pytest.mark.parametrize(
    ("row", "path", "told"),
    [
        ("pos,2026-3,", "er@date", "is no date"),
        ("pos,2027,", "er@date", "lies in the future"),
        ("pos,,rumour", "er@source", "Allowed: report, told"),
    ],
)
def test_odd_dates_and_sources_are_refused(
    rulebook: Rulebook, row: str, path: str, told: str
) -> None:
    table = f"er,er@date,er@source\n{row}\n"
    found = refusal(rulebook, table, today=date(2026, 12, 1))
    assert found.path == path
    assert told in found.problem


def test_a_bad_cell_refuses_its_row_and_no_other(rulebook: Rulebook) -> None:
    table = "code,er,her2,age\nA-1,pos,,\nA-2,maybe,low,200\nA-3,neg,,50\n"
    first, wrong_er, wrong_age, third = read(rulebook, table)
    assert isinstance(first, Draft)
    assert isinstance(third, Draft)
    told = "is not a known value. Allowed: positive, low, negative, unknown, declined"
    assert wrong_er == Refusal("people.csv, row 3", "er", "maybe", told)
    told = "must be a whole number from 0 to 120"
    assert wrong_age == Refusal("people.csv, row 3", "age", "200", told)


def test_unknown_columns_are_told_once(rulebook: Rulebook) -> None:
    table = "code,name,er,shoe size\nA-1,x,bad,\nA-2,Maria,pos,38\nA-3,y,pos,39\n"
    refused, first, second = read(rulebook, table)
    assert isinstance(refused, Refusal)
    assert isinstance(first, Draft)
    assert isinstance(second, Draft)
    why = "no column of profiles has this name"
    assert first.unused == (Unused("column name", why), Unused("column shoe size", why))
    assert second.unused == ()


@pytest.mark.parametrize("code", ["Maria Lopez", "1959-01-01", "a@b.org", "12345678"])
def test_codes_that_tell_who_it_is_are_refused(rulebook: Rulebook, code: str) -> None:
    found = refusal(rulebook, f'code,er\n"{code}",pos\n')
    assert (found.path, found.value) == ("code", code)
    assert found.problem.endswith("Use a code such as A-117")


def test_a_code_may_be_missing(rulebook: Rulebook) -> None:
    with_column, without = drafts(rulebook, "code,er\n,pos\n")[0], drafts(rulebook, "er\npos\n")[0]
    assert with_column.code is without.code is None


def test_a_code_that_stands_twice_refuses_both_rows(rulebook: Rulebook) -> None:
    table = "code,er\nA-1,pos\nA-2,neg\n a-1 ,neg\nA-1,bad\n"
    found = read(rulebook, table)
    twice = [one for one in found if isinstance(one, Refusal) and one.path == "code"]
    assert [one.source[-5:] for one in twice] == ["row 2", "row 4", "row 5"]
    assert all("several rows (2, 4, 5)" in one.problem for one in twice)
    assert [one.code for one in found if isinstance(one, Draft)] == ["A-2"]


ODD_FILES: list[tuple[bytes, str, str]] = [
    (b"", "", "is empty"),
    (b" \r\n \r\n", "", "is empty"),
    (b"\xef\xbb\xbf", "", "no header"),
    (b"# only a comment\n", "", "no header"),
    (b"#\n" * 2_000_000, "", "no header"),
    (b"A-1,positive\nA-2,negative\n", "", "no header"),
    (b"PK\x03\x04 and more", "", "save it as CSV"),
    (b"\xd0\xcf\x11\xe0 and more", "", "save it as CSV"),
    (b"%PDF-1.7", "", "a PDF"),
    (b'{"resourceType": "Bundle"}', "", "no header"),
    (b"code,er\n\x81\x8d\n", "", "not text in UTF-8"),
    (b"code,er,ER\nA-1,pos,neg\n", "ER", "stands twice (as 'er' and as 'ER')"),
    (b"code,er,Estrogen receptor (ER)\n", "Estrogen receptor (ER)", "stands twice"),
    (b"er,er@date,er@fecha\n", "er@fecha", "stands twice"),
    ("code,er\nA-1,pos\n".encode("utf-16-le"), "", "no header"),
    (b'"code,er\nA-1,pos\n', "", "no header"),
    (b"," * 400 + b"er\n", "", "no header"),
    (b"x" * (20 * 1024 * 1024 + 1), "", "larger than 20 MB"),
]


@pytest.mark.parametrize(
    ("content", "path", "told"), ODD_FILES, ids=[told for _, _, told in ODD_FILES]
)
def test_a_file_that_is_no_table_says_so(
    rulebook: Rulebook, content: bytes, path: str, told: str
) -> None:
    found = refusal(rulebook, content)
    assert (found.source, found.path) == ("people.csv", path)
    assert told in found.problem


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_programs_differ_in_encoding_delimiter_and_line_ends(
    rulebook: Rulebook, encoding: str, delimiter: str, end: str
) -> None:
    rows = [["code", "menopause", "cancer", "País"], ["A-1", "", '"breast;only"', "México"]]
    text = end.join(delimiter.join(row) for row in rows)
    (draft,) = drafts(rulebook, text.encode(encoding))
    assert draft.answers == {"cancer": ["breast"], "country": "MX"}
    assert draft.unused == ()


def test_the_old_encoding_of_windows_is_read_and_told(rulebook: Rulebook) -> None:
    (draft,) = drafts(rulebook, "code,País\nA-1,México\n".encode("cp1252"))
    assert draft.answers == {"country": "MX"}
    assert draft.unused[0].what == "encoding"


def test_comments_blank_rows_and_short_rows(rulebook: Rulebook) -> None:
    table = (
        'sep=,\n# about, this\n\ncode,er,pr\n# "quoted, text"\n,,\nA-1,pos\n\nA-2,neg,pos,,\n'
        '"# a comment\nin two lines",x\n'
    )
    first, second = drafts(rulebook, table)
    assert (first.source, first.answers) == ("people.csv, row 7", {"er": "positive"})
    assert (second.source, second.code) == ("people.csv, row 9", "A-2")


def test_a_code_may_begin_with_the_sign_of_comments(rulebook: Rulebook) -> None:
    first, second = drafts(rulebook, "#about\ncode,er\n#12,pos\n# 13,pos\n#\n#14,neg\n")
    assert (first.code, second.code) == ("#12", "#14")


def test_a_row_without_a_blank_after_the_sign_is_told(rulebook: Rulebook) -> None:
    assert refusal(rulebook, "code,er\n#checked by hand,\n").path == "code"
    assert "quotation mark" in refusal(rulebook, 'code,er\n#12,"pos\n').problem


def test_a_row_with_too_many_cells_has_shifted_and_is_refused(rulebook: Rulebook) -> None:
    found = refusal(rulebook, "code,er,pr\nA-1,pos,neg,pos\n")
    assert "more cells than the header" in found.problem


def test_quotes_hold_delimiters_and_line_breaks(rulebook: Rulebook) -> None:
    table = 'code,notes,er\nA-1,"says ""hm""\nand, more\n",pos\nA-2,,neg\n'
    first, second = drafts(rulebook, table)
    assert (first.code, first.answers) == ("A-1", {"er": "positive"})
    assert second.source == "people.csv, row 3"


def test_a_quote_that_nothing_closes_costs_its_row_alone(rulebook: Rulebook) -> None:
    table = 'code,er,notes\nA-1,pos,\nA-2,"neg,\nA-3,pos,"fine"\nA-4,neg,"\nA-5,neg,\n'
    found = read(rulebook, table)
    refused = [one for one in found if isinstance(one, Refusal)]
    assert [one.source for one in refused] == ["people.csv, row 3", "people.csv, row 5"]
    assert all("quotation mark" in one.problem for one in refused)
    assert [one.code for one in found if isinstance(one, Draft)] == ["A-1", "A-3", "A-5"]


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (b"A-1,p\x00s", "NUL"),
        (b"A-1," + b"x" * 6_000, "longer than 5000"),
        (b"A-1," + b"x" * 3_000_000, "longer than 5000"),
        (b"A-1,pos" + b"," * 500, "more than 300 cells"),
        (b'A-1,"' + b"x\n" * 1_000 + b'"', "quotation mark"),
    ],
    ids=["nul", "cell", "line", "columns", "lines"],
)
def test_bombs_are_refused_and_the_next_row_is_read(
    rulebook: Rulebook, row: bytes, told: str
) -> None:
    found = read(rulebook, b"code,er\n" + row + b"\nB-2,neg\n")
    assert isinstance(found[0], Refusal)
    assert told in found[0].problem
    assert [one.code for one in found if isinstance(one, Draft)] == ["B-2"]


def test_quotes_that_never_close_end_the_reading_in_time(rulebook: Rulebook) -> None:
    table = b"code,er\n" + b'a","b\n' * 100_000
    found = read(rulebook, table)
    assert "Nothing after it was read" in found[-1].problem  # type: ignore[union-attr]


def test_too_many_rows_end_the_reading(rulebook: Rulebook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("matcher.records.spreadsheets.reading.MOST_ROWS", 3)
    found = read(rulebook, THREE + "A-4,,\n")
    assert [isinstance(one, Draft) for one in found] == [True, True, False]
    assert "more than 3 rows" in found[-1].problem  # type: ignore[union-attr]


def test_rows_come_as_they_are_read(rulebook: Rulebook) -> None:
    rows = read_rows(io.BytesIO(THREE.encode()), rulebook, name="people.csv")
    assert isinstance(next(rows), Draft)
