"""Wording: the rules' texts filled in: answers repeated, labels, contradictions and notes told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from matcher.core.answers import UNKNOWN, Answers
from matcher.core.facts import Note
from matcher.core.finding.contradictions import Contradiction
from matcher.core.rulebook import Attribute, Default, NeverNo, Option, Rulebook, TagRule

_NEEDED = """
    reason_yes:said reason_yes_without_answer:about
    reason_no:about,said reason_no_without_answer:about
    reason_unknown:about reason_unknown_said:about,said reason_unknown_not_tested:about,said
    reason_unknown_uncertain:about,said reason_unknown_old_test:about,said
    reason_unknown_declined:about reason_unknown_contradiction:about reason_unread:unread
    label_or label_and label_not:label reason_any:parts reason_all:parts reason_not:parts
    about_not:about site_label:label,site said:name,value said_result:name,gene,value
    said_on:value,on month_of_year:month,year
    month_1 month_2 month_3 month_4 month_5 month_6
    month_7 month_8 month_9 month_10 month_11 month_12
    answer_yes answer_no answer_none answer_unknown answer_declined
    answer_maybe_more:list answer_panel_mutation answer_panel_none
    result_mutation result_none result_uncertain result_not_tested result_positive result_negative
    contradiction:said,why contradiction_never contradiction_listed contradiction_other
    more_than_listed:said
"""
NEEDED_TEXTS: Mapping[str, frozenset[str]] = {
    key: frozenset(words.split(",")) if words else frozenset()
    for key, _, words in (needed.partition(":") for needed in _NEEDED.split())
}
"""The keys that rules/texts.yaml must hold, with the words in braces that each must keep."""

PANEL_RESULTS = ("mutation", "none")


def panel_words(option: Option | None, result: str) -> str | None:
    """The key of the text that says what a panel of many genes found; None of a single gene."""
    return f"answer_panel_{result}" if option and option.panel and result in PANEL_RESULTS else None


def within_sentence(name: str) -> str:
    """A name as it stands inside a sentence; abbreviations keep their capitals."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


class Wording:
    """Says things about one person's answers in one language.

    `cared_for`: who reads this answered for somebody else. A text whose key also stands with
    ``_for_other`` is then told in that form. `at_desk`: who reads this works for many people, and
    ``_for_desk`` comes before.
    """

    def __init__(
        self,
        book: Rulebook,
        answers: Answers,
        *,
        language: str,
        cared_for: bool = False,
        at_desk: bool = False,
    ) -> None:
        self.book = book
        self.answers = answers
        self.language = language
        self.forms = (*(["for_desk"] if at_desk else []), *(["for_other"] if cared_for else []))

    def text(self, key: str) -> str:
        """A text of the rules by key."""
        names = [*(f"{key}_{form}" for form in self.forms), key]
        found = next((name for name in names if name in self.book.texts), key)
        return self.book.texts[found].in_(self.language)

    def say(self, key: str, **words: str) -> str:
        """A text of the rules with its words in braces replaced."""
        text = self.text(key)
        for name, value in words.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    def said(self, unit: str) -> str:
        """One answer repeated: "estrogen receptor (ER) – “ER-positive”"."""
        key, _, gene = unit.partition(".")
        attribute = self.book.attributes[key]
        name = within_sentence(attribute.name.in_(self.language))
        if gene:
            option = attribute.option(gene)
            result = self.answers.results(key)[gene]
            panel = panel_words(option, result.result)
            value = self.text(panel or f"result_{result.result}")
            if result.on is not None:
                value = self.say("said_on", value=value, on=self._month(*result.on))
            if panel:
                return self.say("said", name=name, value=value)
            label = option.label.in_(self.language) if option else gene
            return self.say("said_result", name=name, gene=label, value=value)
        return self.say("said", name=name, value=self._value(attribute))

    def _month(self, year: int, month: int) -> str:
        if month == 0:
            return str(year)
        return self.say("month_of_year", month=self.text(f"month_{month}"), year=str(year))

    def said_all(self, units: Iterable[str]) -> str:
        """Several answers repeated."""
        return "; ".join(self.said(unit) for unit in units)

    def _value(self, attribute: Attribute) -> str:
        value = self.answers.given[attribute.key]
        if isinstance(value, int):
            return str(value)
        if attribute.kind == "yes_no":
            return self.text(f"answer_{value}")
        values = value if isinstance(value, tuple) else (str(value),)
        options = (attribute.option(item) for item in values)
        listed = ", ".join(option.label.in_(self.language) for option in options if option)
        return self.say("answer_maybe_more", list=listed) if UNKNOWN in values else listed

    def label(self, tag: TagRule) -> str:
        """A tag's label, with the cancer that its study names, unless they have no other."""
        label = tag.label.in_(self.language)
        if tag.site is None or self.answers.listed("cancer") == (tag.site,):
            return label
        site = self.book.attributes["cancer"].option(tag.site)
        assert site is not None
        name = within_sentence(site.label.in_(self.language))
        return self.say("site_label", label=label, site=name)

    def about(self, tag: TagRule, *, holds: bool = True) -> str:
        """What a tag is about, as a phrase; with `holds` false what a study is about that asks
        that it does not hold."""
        about = tag.about.in_(self.language)
        return about if holds else self.say("about_not", about=about)

    def contradiction(self, found: Contradiction) -> str:
        """One contradiction, told to the person."""
        why = " ".join(
            dict.fromkeys(
                rule.text.in_(self.language)
                for rule in self.book.implications
                if rule.key in found.rules
            )
        )
        if not why:
            keys = {unit.partition(".")[0] for unit in found.units}
            never = self.answers.given.get("cancer_status") == "never"
            name = "never" if never and "cancer_status" in keys else "other"
            name = "listed" if name == "other" and "cancer" in keys else name
            why = self.text(f"contradiction_{name}")
        return self.say("contradiction", said=self.said_all(found.units), why=why)

    def note(self, note: Note) -> str:
        """One note, told to the person."""
        rules: tuple[Default | NeverNo, ...] = (*self.book.defaults, *self.book.never_no)
        text = next((rule.text for rule in rules if rule.key == note.rule), None)
        if text is not None:
            return text.in_(self.language)
        return self.say("more_than_listed", said=self.said_all(note.units))
