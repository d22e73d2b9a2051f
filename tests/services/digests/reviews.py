"""Reviews: a small catalogue for the tests of mails, a person, and what a digest may tell them."""

from __future__ import annotations

from datetime import date

from matcher.core.conditions import AllOf, Tag
from matcher.core.study import Audience, Ratings, Study
from matcher.services.digests.items import Gone, Item, Selection

PERSON = {
    "cancer_status": "now",
    "cancer": ["breast"],
    "extent": "metastatic",
    "er": "positive",
}  # fmt: skip
FITS, MAY_FIT, RELATED, HARD, HOSTILE = (
    "it-fits",
    "it-may",
    "it-is-partly",
    "it-is-hard",
    "it-is-odd",
)
NASTY = "Odd\r\nBcc: x@y.z \u202e<script>alert(1)</script>\x00\u2028 “title”"
LONG = "A very long title about many things that nobody would ever print on one line " * 4
FILLERS = tuple(f"filler-{number}" for number in range(30))


def _all(*tags: str) -> AllOf:
    return AllOf(tuple(map(Tag, tags)))


STUDIES = (
    Study(
        key=FITS,
        title="Tablets for advanced breast cancer",
        posted=date(2026, 2, 19),
        most=Audience("x", _all("breast_cancer", "er_positive")),
        ratings=Ratings("High", "Medium-High", None, "Human Research"),
        marks=("weak",),
    ),
    Study(
        key=MAY_FIT,
        title="A HER2-low medicine",
        posted=date(2026, 3, 1),
        most=Audience("x", _all("breast_cancer", "her2_low")),
    ),
    Study(
        key=RELATED,
        title="Prostate screening",
        most=Audience("x", Tag("prostate_cancer")),
        also=(Audience("y", Tag("breast_cancer")),),
    ),
    Study(
        key=HARD,
        title="Pregnancy after tumors",
        posted=date(2026, 3, 1),
        most=Audience("x", _all("breast_cancer", "considering_pregnancy")),
    ),
    Study(
        key=HOSTILE, title=NASTY, posted=date(2026, 1, 1), most=Audience("x", Tag("breast_cancer"))
    ),
    *(
        Study(
            key=key,
            title=f"{key} {LONG}",
            posted=date(2026, 1, 1),
            most=Audience("x", _all("breast_cancer", "er_positive", "metastatic:breast")),
            ratings=Ratings("High", "Medium-High", "High", "Human Research"),
            marks=("weak", "animal", "wider_label"),
        )
        for key in FILLERS
    ),
)


def items(*keys: str, why: str = "new", **values: object) -> tuple[Item, ...]:
    return tuple(
        Item(key, "fits", why, number=number, **values)  # type: ignore[arg-type]
        for number, key in enumerate(keys, start=1)
    )


EVERYTHING = Selection(
    items=(*items(FITS, MAY_FIT), Item(RELATED, "related", "maybe", number=3)),
    gone=(
        Gone("gone-1", "Mastectomy old", "retracted"),
        Gone("gone-2", "Ovary old", "superseded"),
        Gone("gone-3", "Tumor old", "withdrawn"),
        Gone("gone-4", "Label old", "relabelled"),
    ),
    more=2,
    last=True,
)
SELECTIONS = {
    "new": Selection(items=items(FITS, MAY_FIT)),
    "first": Selection(items=items(FITS), first=True, more=3),
    "everything": EVERYTHING,
    "gone": Selection(gone=EVERYTHING.gone),
    "last": Selection(last=True),
}
