"""Template: an empty table of profiles to fill in, which says in itself how.

The header is read; every other row is a comment and is skipped, so that a filled-in copy can be
read as it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from matcher.core.answers import UNKNOWN
from matcher.core.rulebook import Attribute, Rulebook
from matcher.records.spreadsheets.cells import ONLY
from matcher.records.spreadsheets.writing import CODE, write_rows
from matcher.words import Speaker

COMMENT = "# "
EXAMPLE = {
    CODE: "A-117",
    "cancer_status": "now",
    "cancer": f"breast;{ONLY}",
    "er": "positive",
    "treatments": "surgery;tamoxifen",
    "tumor": "ESR1=mutation@2026-03",
    "age": "52",
}
NOTES = ("rows", "lists", "unknown", "dates", "code")
MOST_CHOICES = 40


def template(book: Rulebook, speaker: Speaker) -> Iterator[str]:
    """The lines of a CSV file: the header, then comments in the speaker's language."""
    attributes = list(book.attributes.values())
    names = [COMMENT + str(speaker.say("csv.code")), *(speaker.shown(a.name) for a in attributes)]
    allowed = [COMMENT + "A-117", *(_allowed(attribute, speaker) for attribute in attributes)]
    example = [COMMENT + EXAMPLE[CODE], *(EXAMPLE.get(a.key, "") for a in attributes)]
    notes = [[COMMENT + str(speaker.say(f"csv.note_{note}").unescape())] for note in NOTES]
    header = [CODE, *(attribute.key for attribute in attributes)]
    yield from write_rows([header, *notes, names, allowed, example])


def _allowed(attribute: Attribute, speaker: Speaker) -> str:
    """What can stand in an answer's column."""
    values = [option.value for option in attribute.options]
    if attribute.kind == "integer":
        return f"{attribute.min}–{attribute.max}"
    if attribute.kind == "yes_no":
        values = ["yes", "no"]
    more = ["…"] if len(values) > MOST_CHOICES else []
    listed = " / ".join([*values[:MOST_CHOICES], *more, UNKNOWN])
    if attribute.kind in ("many", "results"):
        return f"{speaker.say(f'csv.kind_{attribute.kind}').unescape()} {listed}"
    return listed
