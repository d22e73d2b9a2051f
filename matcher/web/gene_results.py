"""Gene results: entered in small steps, whether tested, which genes, what was found in each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from matcher.core.answers import DECLINED, UNKNOWN
from matcher.core.rulebook import Attribute, Option
from matcher.web.fields import Item
from matcher.web.language import say, shown
from matcher.web.posted import FIRST, refuse

NAMED, CLEAR, NOT_TESTED = "named", "clear", "not_tested"
FOUND = ("mutation", "none", "uncertain", NOT_TESTED)
SIGNED = ("positive", "negative", NOT_TESTED)
SAME = {"mutation": "positive", "none": "negative"}
UNDATED = (NOT_TESTED, UNKNOWN, DECLINED)
OLDEST_TEST = 1990


def first_choice(attribute: Attribute, given: Any) -> str | None:
    """What the first page would have been answered with, from the answer that was kept."""
    if isinstance(given, str) or given is None:
        return given
    panel = _panel(attribute)
    result = plain_result(given.get(panel.value)) if panel and len(given) == 1 else ""
    return {"none": CLEAR, NOT_TESTED: NOT_TESTED}.get(result, NAMED)


def _panel(attribute: Attribute) -> Option | None:
    """The entry that stands for a test of many genes, None if there is none."""
    return next((option for option in attribute.options if option.panel), None)


def first_items(attribute: Attribute, given: Any) -> list[Item]:
    """The first page: a result to enter, a panel that found nothing, no test, not sure."""
    ways = [NAMED, *([CLEAR] if _panel(attribute) else []), NOT_TESTED]
    items: list[Item] = [
        {"value": way, "text": say(f"results_of.{way}"), "checked": way == given} for way in ways
    ]
    items[0]["hint"] = {"text": say("results_of.named_hint")}
    return [
        *items,
        {"divider": say("frame.or")},
        {"value": UNKNOWN, "text": say("frame.unknown"), "checked": given == UNKNOWN},
        {"value": DECLINED, "text": say("frame.declined"), "checked": given == DECLINED},
    ]


def read_first(attribute: Attribute, form: MultiDict[str, str], *, earlier: Any) -> Any:
    """The answer of the first page; `NAMED` leads on to the genes. Raises `FormError`.

    `earlier`: what was answered before; its date is kept with a result that stays the same.
    """
    value = form.get("answer", "")
    if not value:
        refuse("question.choose_one")
    panel = _panel(attribute)
    if value in (NAMED, UNKNOWN, DECLINED):
        return value
    if value == NOT_TESTED and panel is None:
        return UNKNOWN
    if panel and value in (CLEAR, NOT_TESTED):
        result = "none" if value == CLEAR else NOT_TESTED
        return {panel.value: _dated(result, _date_before(panel, result, earlier))}
    return refuse("question.not_offered")


@dataclass(frozen=True)
class Offered:
    """Genes under one heading; what is not `open` is folded."""

    name: str
    options: tuple[Option, ...]
    open: bool


def apart_items(attribute: Attribute, picked: Collection[str]) -> list[Item]:
    """What can be said by who finds no gene on the list."""
    panel = _panel(attribute)
    which = [(panel.value, say("results_of.which_unknown"))] if panel else []
    apart = [(UNKNOWN, say("frame.unknown")), (DECLINED, say("frame.declined"))]
    return [{"value": v, "text": text, "checked": v in picked} for v, text in (*which, *apart)]


def gene_groups(attribute: Attribute) -> list[Offered]:
    """The genes as the rules group them; what stands in no group comes last.

    The entry for many genes is none of them: it stands apart.
    """
    options = [option for option in attribute.options if not option.panel]
    groups = [
        Offered(shown(one.name), tuple(o for o in options if o.group == one.key), one.open)
        for one in attribute.groups
    ]
    rest = tuple(option for option in options if option.group is None)
    groups.append(Offered(str(say("results_of.more")), rest, open=not attribute.groups))
    return [group for group in groups if group.options]


def read_picked(attribute: Attribute, form: MultiDict[str, str]) -> list[str] | str:
    """The genes that the report names, in the order of the rules, or that somebody is not sure or
    would rather not say. Raises `FormError`."""
    chosen = set(form.getlist("answer"))
    known = [option.value for option in attribute.options]
    if not chosen:
        refuse("results_of.choose_gene")
    for apart in (UNKNOWN, DECLINED):
        if apart in chosen:
            return apart if len(chosen) == 1 else refuse("question.both")
    if not chosen <= set(known):
        refuse("question.not_offered")
    return [gene for gene in known if gene in chosen]


def result_items(option: Option, given: Any) -> list[Item]:
    """What can have been found in one gene, or by one signature."""
    chosen = _offered_result(option, given)
    items: list[Item] = []
    for value in SIGNED if option.signature else FOUND:
        key = "not_tested_one" if value == NOT_TESTED else value
        item: Item = {
            "value": value,
            "text": say(f"results_of.{key}"),
            "checked": value == chosen,
        }
        if value == "uncertain":
            item["hint"] = {"text": say("results_of.uncertain_hint")}
        items.append(item)
    return [*items, {"divider": say("frame.or")}, *_apart(chosen)]


def _apart(chosen: str) -> list[Item]:
    return [
        {"value": UNKNOWN, "text": say("frame.unknown"), "checked": chosen == UNKNOWN},
        {"value": DECLINED, "text": say("frame.declined"), "checked": chosen == DECLINED},
    ]


def plain_result(given: Any) -> str:
    """The bare word of a result that may carry its date."""
    return str(given.get("result", "")) if isinstance(given, Mapping) else str(given or "")


def _offered_result(option: Option, given: Any) -> str:
    """A result by the word that the page offers for it."""
    result = plain_result(given)
    return SAME.get(result, result) if option.signature else result


def result_date(given: Any) -> tuple[str, str]:
    """Month and year of a result, empty if it has none."""
    year, _, month = (_date_of(given) or "").partition("-")
    return month.lstrip("0"), year


def _date_of(given: Any) -> str | None:
    on = given.get("on") if isinstance(given, Mapping) else None
    return str(on) if on else None


def _date_before(option: Option, result: str, earlier: Any) -> str | None:
    """The date that stood with a result, if the result is the same as before."""
    given = earlier.get(option.value) if isinstance(earlier, Mapping) else None
    return _date_of(given) if result == _offered_result(option, given) else None


def _dated(result: str, on: str | None) -> Any:
    return {"result": result, "on": on} if on else result


def read_results(
    attribute: Attribute,
    picked: list[str],
    form: MultiDict[str, str],
    *,
    earlier: Any,
    today: date,
    whole: bool = True,
) -> dict[str, Any]:
    """A result for each picked gene, as a profile's JSON has it. Raises `FormError`.

    Not `whole`: a gene without a choice is left out.
    `earlier`: what was answered before. Where the page asks for no date, that of a result that
    stays the same is kept.
    """
    found: dict[str, Any] = {}
    for number, gene in enumerate(picked, start=1):
        option = attribute.option(gene)
        assert option is not None
        anchor = f"{FIRST}-{number}"
        value = form.get(f"result-{gene}", "")
        if not (value or whole):
            continue
        allowed = (*(SIGNED if option.signature else FOUND), UNKNOWN, DECLINED)
        if value not in allowed:
            refuse("results_of.choose_result", anchor=anchor, gene=shown(option.label))
        on = before = _date_before(option, value, earlier)
        if option.acquired:
            typed = _read_date(option, form, anchor=f"{anchor}-month", today=today)
            on = typed if before or value not in UNDATED else None
        found[gene] = _dated(value, on)
    return found


def with_found(earlier: Any, found: Mapping[str, Any], *, seen: Collection[str]) -> dict[str, Any]:
    """All results: what was found, and what another window added since this one's page was `seen`.

    What stood on the page and was not chosen again is gone.
    """
    before = earlier if isinstance(earlier, Mapping) else {}
    return {**{gene: one for gene, one in before.items() if gene not in seen}, **found}


def _read_date(
    option: Option, form: MultiDict[str, str], *, anchor: str, today: date
) -> str | None:
    month = form.get(f"month-{option.value}", "").strip()
    year = form.get(f"year-{option.value}", "").strip()
    if not (month or year):
        return None
    plain = (month + year).isascii() and (month or "1").isdigit() and year.isdigit()
    if plain and len(year) == 4 and len(month) <= 2 and 1 <= int(month or 1) <= 12:
        when = (int(year), int(month or 1))
        if (OLDEST_TEST, 1) <= when <= (today.year, today.month):
            return f"{when[0]}-{when[1]:02}" if month else year
    return refuse("results_of.bad_date", anchor=anchor, gene=shown(option.label))
