"""Study: whom a study reaches in a panel, now and with one answer more; sharing it with several."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from matcher.services.panels import people, work
from matcher.services.panels.work import Wanted
from matcher.store.panel_work import shares_in
from tests.web.catalogue import CAMIZESTRANT
from tests.web.desk.panelled import FITS, MAY_FIT, OTHER, Panelled, panelled, put_studies
from tests.web.mails import site_of


@pytest.fixture
def ana(desk_app: Flask) -> Panelled:
    """Ana with one person whom the study fits, two whom it may fit, and one whom it does not."""
    put_studies(desk_app)
    ana = panelled(desk_app)
    ana.add("A-1", FITS, language="es")
    ana.add("A-2", MAY_FIT)
    ana.add("A-3", MAY_FIT)
    ana.add("B-4", OTHER)
    return ana


def at(ana: Panelled, key: str = CAMIZESTRANT) -> str:
    return f"{ana.root}/studies/{key}"


def section(page: str, level: int) -> str:
    """The part of the page about one level."""
    found = re.search(rf'<span class="swatch lv-{level}".*?(</section>|</details>)', page, re.S)
    return found[0] if found else ""


def codes_in(part: str) -> list[str]:
    return re.findall(r"<(?:th scope=\"row\"|li)><a [^>]*>(.*?)</a>", part)


def ids(ana: Panelled) -> dict[str, str]:
    found = re.findall(r'value="(\w{32})" aria-label="Pick (\S+)"', ana.worker.page)
    return {code: public_id for public_id, code in found}


def test_people_stand_under_their_level(ana: Panelled) -> None:
    ana.worker.open(at(ana))
    page = ana.worker.page
    assert [codes_in(section(page, level)) for level in (1, 2, 5)] == [
        ["A-1"],
        ["A-2", "A-3"],
        ["B-4"],
    ]
    assert "The label fits one person now." in page


def test_it_says_of_how_many_the_questions_are(
    ana: Panelled, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana.worker.open(at(ana))
    assert "This was worked out for" not in ana.worker.page
    monkeypatch.setattr("matcher.services.screening.reach.MOST_ASKED", 1)
    ana.worker.open(at(ana))
    assert "This was worked out for the 1 nearest of the 2 people" in ana.worker.page


def test_what_has_changed_since_is_said(ana: Panelled) -> None:
    ana.worker.open(at(ana))
    assert "Something has changed since" in ana.worker.text
    assert "Advisers to the US regulator voted 6 to 3 against it." in ana.worker.text
    assert "April 30, 2026" in ana.worker.text


def test_it_says_what_one_answer_more_would_do(ana: Panelled) -> None:
    ana.worker.open(at(ana))
    plain = re.sub(r"</?span[^>]*>", "", ana.worker.text)
    text = " ".join(re.sub(r"<[^>]+>", " ", plain).split())
    assert "ESR1 – Tumor test (biomarkers) not known of 2 people" in text
    assert "2 more would fit with “ESR1: mutation found” (A-2, A-3)" in text


def test_who_is_ticked_is_noted_with_version_and_language(ana: Panelled) -> None:
    ana.worker.open(at(ana))
    who = ids(ana)
    ana.worker.send(f"{at(ana)}/share", who=[who["A-1"], who["A-2"]], language="own")
    assert "Noted as shared with 2 people." in ana.worker.page
    found = ana.work(lambda s, panel: list(shares_in(s, panel.id)))
    assert [(one.study, one.version, one.language) for one in found] == [
        (CAMIZESTRANT, 1, "es"),
        (CAMIZESTRANT, 1, "en"),
    ]
    assert "November 22, 2026, Spanish, version 1" in section(ana.worker.page, 1)
    shared = [entry for entry in ana.trail() if entry.action == "study_shared"]
    assert [entry.person for entry in shared] == [who["A-1"], who["A-2"]]
    ana.worker.send(f"{at(ana)}/share", who=[who["A-3"]], language="es")
    assert ana.work(lambda s, panel: shares_in(s, panel.id)[-1].language) == "es"


def test_nobody_ticked_is_a_fault(ana: Panelled) -> None:
    ana.worker.open(at(ana))
    response = ana.worker.send(f"{at(ana)}/share", language="own")
    assert response.status_code == 422
    assert "Pick at least one person" in ana.worker.page
    assert 'href="#who"' in ana.worker.page


def test_a_language_that_there_is_not_is_refused(ana: Panelled) -> None:
    ana.worker.open(at(ana))
    path = f"{at(ana)}/share"
    assert ana.worker.send(path, who=[ids(ana)["A-1"]], language="xx").status_code == 400


def test_who_is_passed_over_is_told(ana: Panelled) -> None:
    ana.worker.open(at(ana))
    who, here = ids(ana), site_of(ana.app)
    wanted = Wanted(CAMIZESTRANT, "dismissed", "no")
    ana.work(
        lambda s, panel: work.set_state(s, here.desk, panel, who["A-2"], wanted, now=here.clock())
    )
    ana.work(lambda s, panel: people.archive(s, panel, who["A-3"], now=here.clock()))
    ana.worker.send(f"{at(ana)}/share", who=[*who.values()][:3], language="own")
    assert "shared with one person" in ana.worker.page
    assert "2 people were passed over" in ana.worker.page


def test_a_state_is_set_beside_the_person(ana: Panelled) -> None:
    ana.worker.open(at(ana))
    who = ids(ana)
    pair = f"{ana.root}/people/{who['A-1']}/studies/{CAMIZESTRANT}/state"
    ana.worker.send(pair, state="discussed", seen="new", back="study")
    assert ana.worker.place == at(ana)
    assert '<option value="discussed" selected>' in section(ana.worker.page, 1)


def test_a_topic_that_is_left_out_is_marked(ana: Panelled) -> None:
    ana.add("C-5", FITS, leave_out=("stage",))
    ana.worker.open(at(ana))
    part = section(ana.worker.page, 1)
    assert part.count("Asked to leave this topic out") == 1
    assert part.index("C-5") < part.index("Asked to leave this topic out")


@pytest.mark.parametrize("key", ["none", "replaced", "a\x00b", "x" * 3000])
def test_what_is_in_no_list_has_no_page(ana: Panelled, key: str) -> None:
    assert ana.worker.open(at(ana, key)).status_code == 404
    assert ana.worker.send(f"{at(ana, key)}/share", who=["x"], language="own").status_code in (
        400,
        404,
    )


def test_reading_it_is_in_the_trail(ana: Panelled) -> None:
    before = len(ana.trail())
    ana.worker.open(at(ana))
    assert [(one.action, one.study, one.count) for one in ana.trail()[before:]] == [
        ("study_read", CAMIZESTRANT, 4)
    ]


def test_an_empty_panel_reaches_nobody(desk_app: Flask) -> None:
    ana = panelled(desk_app)
    ana.worker.open(at(ana))
    assert "Nobody in this panel." in ana.worker.page
