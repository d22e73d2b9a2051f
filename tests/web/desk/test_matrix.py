"""Matrix: people beside studies, as number, shade and word; filters, parts, file, questions."""

from __future__ import annotations

import codecs
import csv
import html
import io
import re
from datetime import date, timedelta

import pytest
from flask import Flask

from matcher.services.panels import work
from matcher.services.panels.work import Wanted
from matcher.web.desk import matrix_filters
from tests.web.catalogue import CAMIZESTRANT, STUDIES
from tests.web.desk.panelled import FITS, MAY_FIT, OTHER, Panelled, panelled, put_studies
from tests.web.mails import site_of

CELL = re.compile(r'<td class="?([\w -]+?)"?><a href=cell/(\w+)-(\w+) aria-label="([^"]*)">(.)</a>')
TODAY = date(2026, 11, 22)


@pytest.fixture
def ana(desk_app: Flask) -> Panelled:
    """Ana with three people."""
    put_studies(desk_app)
    ana = panelled(desk_app)
    ana.add("A-1", FITS, visit=TODAY + timedelta(days=3))
    ana.add("A-2", MAY_FIT)
    ana.add("B-3", OTHER)
    return ana


def opened(ana: Panelled, **wishes: str) -> dict[str, dict[str, str]]:
    """The words of the cells, by code and by title."""
    query = "&".join(f"{name}={value}" for name, value in wishes.items())
    response = ana.worker.open(f"{ana.root}/matrix?{query}")
    assert response.status_code == 200
    return cells(ana.worker.page)


def cells(page: str) -> dict[str, dict[str, str]]:
    titles = [
        html.unescape(one) for one in re.findall(r'<span lang="en">(.*?)</span></a></th>', page)
    ]
    found = {}
    for row in page.split('<tr role="row" class="mx__row">')[1:]:
        code = re.search(r'role="rowheader".*?<a [^>]*>(.*?)</a>', row)
        assert code
        words = [html.unescape(one[3]) for one in CELL.findall(row)]
        found[code[1]] = dict(zip(titles, words, strict=True))
    return found


def title(key: str) -> str:
    return next(study.title for study in STUDIES if study.key == key)


def test_every_person_stands_beside_every_listed_study(ana: Panelled) -> None:
    shown = opened(ana)
    assert list(shown) == ["A-1", "A-2", "B-3"]
    listed = {study.title for study in STUDIES if study.standing == "current"}
    assert set(shown["A-1"]) == listed
    assert shown["A-1"][title(CAMIZESTRANT)] == "1 the label fits"
    assert shown["A-2"][title(CAMIZESTRANT)] == "2 may fit"
    assert shown["B-3"][title(CAMIZESTRANT)] == "5 another situation"
    assert shown["B-3"][title("no-label")] == "6 no label"


def test_people_stand_in_the_order_of_the_numbers_in_their_codes(ana: Panelled) -> None:
    for code in ("A-12", "a-9", "A-0"):
        ana.add(code, OTHER)
    in_order = ["A-0", "A-1", "A-2", "a-9", "A-12", "B-3"]
    assert list(opened(ana)) == in_order
    ana.worker.open(ana.root)
    assert re.findall(r'<a href="[^"]*/people/[0-9a-f]+">([^<]+)</a>', ana.worker.page) == in_order


def test_it_is_a_table_with_heads_and_a_caption(ana: Panelled) -> None:
    opened(ana)
    page = ana.worker.page
    assert page.count('scope="col" role="columnheader"') == 1 + 7
    assert page.count('scope="row" role="rowheader"') == 3
    assert "of “Tuesday clinic”</caption>" in page
    assert re.search(r"<script(?! src=)", page) is None


def test_a_cell_leads_to_its_person_and_study(ana: Panelled) -> None:
    opened(ana)
    first = CELL.findall(ana.worker.page)[0]
    ana.worker.open(f"{ana.root}/cell/{first[1]}-{first[2]}")
    assert re.fullmatch(rf"{ana.root}/people/\w+/studies/[\w-]+", ana.worker.path)
    for wrong in (f"{first[1]}-{'0' * 8}", f"{'0' * 8}-{first[2]}", "-", "a-b-c"):
        assert ana.worker.open(f"{ana.root}/cell/{wrong}").status_code == 404


def test_the_state_of_the_work_is_a_mark_and_a_word(ana: Panelled) -> None:
    person = ana.add("C-4", FITS)
    here = site_of(ana.app)
    ana.work(
        lambda s, panel: work.set_state(
            s,
            here.desk,
            panel,
            person.public_id,
            Wanted(CAMIZESTRANT, "discussed"),
            now=here.clock(),
        )
    )
    assert opened(ana)["C-4"][title(CAMIZESTRANT)] == "1 the label fits, discussed"
    assert '<td class="lv-1 at-discussed">' in ana.worker.page
    only = opened(ana, state="discussed")
    assert list(only) == ["C-4"]
    assert list(only["C-4"]) == [title(CAMIZESTRANT)]
    assert title(CAMIZESTRANT) in opened(ana, state="new")["A-1"]


def test_who_does_not_want_a_topic_is_marked_in_its_cells(ana: Panelled) -> None:
    ana.add("C-5", FITS, leave_out=("stage",))
    found = opened(ana)
    told = "1 the label fits, asked to leave this topic out"
    assert found["C-5"][title(CAMIZESTRANT)] == told
    assert '<td class="lv-1 at-out">' in ana.worker.page
    assert found["A-1"][title(CAMIZESTRANT)] == "1 the label fits"
    others = [word for word in found["C-5"].values() if "leave this topic out" not in word]
    assert others


def test_a_level_leaves_out_who_and_what_has_no_cell_of_it(ana: Panelled) -> None:
    shown = opened(ana, least="fits")
    assert "B-3" not in shown
    assert shown["A-1"][title(CAMIZESTRANT)] == "1 the label fits"
    assert "5 another situation" not in [word for row in shown.values() for word in row.values()]
    both = opened(ana, least="may_fit", tag="tumor_ESR1:breast")
    assert {code: list(row.values()) for code, row in both.items()} == {
        "A-1": ["1 the label fits"],
        "A-2": ["2 may fit"],
    }


def test_studies_are_narrowed_by_title_tag_and_date(ana: Panelled) -> None:
    assert list(opened(ana, title="PROSTATE")["A-1"]) == [title("prostate-and-genes")]
    assert list(opened(ana, tag="prostate_cancer")["A-1"]) == [title("prostate-and-genes")]
    assert len(opened(ana, since="2026-11-22")["A-1"]) == 7
    assert opened(ana, since="2026-11-23") == {}
    assert "Nothing is left" in ana.worker.page


def test_people_are_narrowed_by_who_and_when(ana: Panelled) -> None:
    assert list(opened(ana, who="visit")) == ["A-1"]
    assert list(opened(ana, who="mine")) == ["A-1", "A-2", "B-3"]
    assert opened(ana, who="bring_up") == {}


def test_rows_and_columns_are_sorted(ana: Panelled) -> None:
    assert next(iter(opened(ana, people="most"))) == "A-1"
    assert next(iter(opened(ana, people="visit"))) == "A-1"
    by_title = list(opened(ana, studies="title")["A-1"])
    assert by_title == sorted(by_title, key=str.casefold)
    assert next(iter(opened(ana, studies="newest")["A-1"])) == title(
        "a-drug-slows-her2-low-tumors-in-mice"
    )


@pytest.mark.parametrize(
    "query",
    [
        "since=yesterday",
        "least=best&tag=none&who=all&state=x&people=x&studies=x",
        "person_page=-1&study_page=99999999999999999999",
        "person_page=%00&title=%ff%00",
        "least=fits&least=open",
    ],
)
def test_words_that_nothing_goes_by_change_nothing(ana: Panelled, query: str) -> None:
    assert ana.worker.open(f"{ana.root}/matrix?{query}").status_code == 200


def test_a_large_matrix_comes_in_parts(ana: Panelled, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("matrix_filters", "matrix_pages"):
        monkeypatch.setattr(f"matcher.web.desk.{name}.MOST_PEOPLE", 2)
        monkeypatch.setattr(f"matcher.web.desk.{name}.MOST_STUDIES", 4)
    assert matrix_filters.pages_in(0, 2) == 1
    shown = opened(ana)
    assert list(shown) == ["A-1", "A-2"]
    assert len(shown["A-1"]) == 4
    assert "People 1 to 2 of 3" in ana.worker.page
    assert "Reviews 1 to 4 of 7" in ana.worker.page
    links = dict(re.findall(r'<a href="([^"]*)" rel="next">(.*?)</a>', ana.worker.page))
    ana.worker.open(
        html.unescape(next(url for url, text in links.items() if text == "More people"))
    )
    assert list(cells(ana.worker.page)) == ["B-3"]
    assert "Earlier people" in ana.worker.page
    assert list(opened(ana, person_page="9")) == ["B-3"]


def test_the_file_holds_everybody_and_runs_nothing(ana: Panelled) -> None:
    response = ana.worker.client.get(f"{ana.root}/matrix.csv")
    assert response.mimetype == "text/csv"
    assert "matrix.csv" in response.headers["Content-Disposition"]
    # The mark by which spreadsheets know the letters.
    assert response.data.startswith(codecs.BOM_UTF8)
    rows = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert [row[0] for row in rows] == ["code", "A-1", "A-2", "B-3"]
    place = rows[0].index(title(CAMIZESTRANT))
    assert [row[place] for row in rows[1:]] == ["fits", "may_fit", "different"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_states_stand_in_the_file_too(ana: Panelled) -> None:
    person, here = ana.add("C-4", FITS), site_of(ana.app)
    wanted = Wanted(CAMIZESTRANT, "not_now")
    ana.work(
        lambda s, panel: work.set_state(
            s, here.desk, panel, person.public_id, wanted, now=here.clock()
        )
    )
    text = ana.worker.client.get(f"{ana.root}/matrix.csv").get_data(as_text=True)
    assert text.count('"fits; not_now"') == 1


def test_what_is_looked_at_is_in_the_trail(ana: Panelled) -> None:
    before = len(ana.actions())
    opened(ana)
    ana.worker.open(f"{ana.root}/wanted")
    ana.worker.client.get(f"{ana.root}/matrix.csv").get_data()
    assert ana.actions()[before:] == ["matrix_read", "people_read", "matrix_exported"]
    assert [entry.count for entry in ana.trail()[before:]] == [3, 3, 3]


def test_an_empty_panel_says_what_to_do(desk_app: Flask) -> None:
    ana = panelled(desk_app)
    ana.worker.open(f"{ana.root}/matrix")
    assert "Nobody is on this panel" in ana.worker.text
    ana.worker.open(f"{ana.root}/wanted")
    assert "No question would settle anything" in ana.worker.page


def test_what_was_typed_is_escaped(ana: Panelled) -> None:
    ana.worker.open(f"{ana.root}/matrix?title=%22%3E%3Cb%3Ex")
    assert "<b>x" not in ana.worker.page
    assert "&lt;b&gt;x" in ana.worker.page


def test_the_table_is_told_in_spanish(ana: Panelled) -> None:
    with ana.worker.client.session_transaction() as cookie:
        cookie["language"] = "es"
    assert opened(ana)["A-1"][title(CAMIZESTRANT)] == "1 la descripción coincide"


def test_another_clinic_finds_nothing(ana: Panelled) -> None:
    eve = panelled(ana.app, "eve@elsewhere.org", organisation="Elsewhere").worker
    for page in ("matrix", "matrix.csv", "wanted", "news", "work", "cell/a-b"):
        theirs = eve.client.get(f"{ana.root}/{page}")
        nowhere = eve.client.get(f"/desk/panels/{'0' * 32}/{page}")
        assert theirs.status_code == nowhere.status_code == 404
        assert plain(theirs.text, ana.panel) == plain(nowhere.text, "0" * 32)


def plain(page: str, panel: str) -> str:
    """A page without the code of its forms and the name of a panel."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", page).replace(panel, "")
