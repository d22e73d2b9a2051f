"""A small catalogue for the page and API tests: one study for each thing that a page shows."""

from __future__ import annotations

from datetime import date

from matcher.core.conditions import AllOf, AnyOf, Not, Tag, Unread
from matcher.core.study import Audience, Event, Ratings, Study
from matcher.core.text import Text

CAMIZESTRANT = "treating-advanced-breast-cancer-with-esr1-mutations-shows-promise"
LABEL = "People with ER-positive, HER2-negative advanced breast cancer with ESR1 mutations."


def _all(*keys: str) -> AllOf:
    return AllOf(tuple(Tag(key) for key in keys))


STUDIES = (
    Study(
        key=CAMIZESTRANT,
        title="Treating advanced breast cancer with ESR1 mutations shows promise",
        url="https://www.facingourrisk.org/XRAY/treating-advanced-breast-cancer-with-ESR1-mutations",
        kind="Study",
        posted=date(2026, 2, 19),
        most=Audience(
            LABEL,
            _all(
                "breast_cancer",
                "er_positive",
                "her2_negative",
                "advanced:breast",
                "tumor_ESR1:breast",
            ),
        ),
        also=(
            Audience("people with breast cancer", Tag("breast_cancer")),
            Audience("people with ER/PR + cancer", Tag("er_or_pr_positive")),
            Audience("people with metastatic or advanced cancer", Tag("advanced")),
        ),
        ratings=Ratings("Medium-High", "High", None, "Human Research"),
        summary=Text(
            en="People with an ESR1 mutation who changed to camizestrant early had more time.",
            es="Quienes tenían una mutación ESR1 y cambiaron pronto tuvieron más tiempo.",
        ),
        as_of=date(2026, 2, 19),
        events=(
            Event(
                date(2026, 4, 30),
                Text(
                    en="Advisers to the US regulator voted 6 to 3 against it.",
                    es="Los asesores de la agencia de EE. UU. votaron 6 a 3 en contra.",
                ),
                None,
            ),
        ),
    ),
    Study(
        key="a-drug-slows-her2-low-tumors-in-mice",
        title="A drug slows HER2-low tumors in mice",
        url="https://example.org/mice",
        posted=date(2026, 6, 1),
        most=Audience("People with HER2-low breast cancer", _all("breast_cancer", "her2_low")),
        ratings=Ratings("Low", "Medium", None, "Animal Studies"),
        marks=("animal",),
    ),
    Study(
        key="ovary-removal-and-brca",
        title="Ovary removal in people with BRCA mutations",
        url="https://example.org/ovaries",
        posted=date(2024, 5, 23),
        most=Audience(
            "People with a BRCA1 or BRCA2 mutation",
            AnyOf((Tag("inherited_BRCA1"), Tag("inherited_BRCA2"))),
        ),
        also=(Audience("people with a family history of cancer", Tag("breast_cancer")),),
        ratings=Ratings("High", "High", None, "Post Approval"),
    ),
    Study(
        key="dense-breasts-a-story",
        title="Dense breasts: one woman’s story",
        kind="Personal Story",
        posted=date(2017, 12, 8),
        most=Audience(
            "Women with dense breasts <script>alert(1)</script>",
            AllOf((Tag("woman"), Unread("<script>alert(1)</script>"))),
        ),
        marks=("not_research",),
        url="javascript:alert(1)",
    ),
    Study(
        key="her2-positive-only",
        title="A new medicine for HER2-positive breast cancer",
        posted=date(2026, 1, 5),
        most=Audience(
            "People with HER2-positive breast cancer", _all("breast_cancer", "her2_positive")
        ),
        also=(Audience("people with breast cancer", Tag("breast_cancer")),),
        ratings=Ratings("High", "Medium-High", None, "Human Research"),
        url="https://example.org/her2",
    ),
    Study(
        key="prostate-and-genes",
        title="Genes in prostate cancer",
        posted=date(2026, 3, 3),
        most=Audience(
            "Men with prostate cancer who have not had chemotherapy",
            AllOf((Tag("prostate_cancer"), Tag("man"), Not(Tag("had_chemotherapy")))),
        ),
        url="https://example.org/prostate",
    ),
    Study(
        key="no-label", title="A study that does not say whom it is for", posted=None, kind="Topic"
    ),
    Study(
        key="replaced",
        title="An old review",
        posted=date(2015, 1, 1),
        standing="superseded",
        most=Audience("People with breast cancer", Tag("breast_cancer")),
    ),
)
