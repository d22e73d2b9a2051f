"""Telling: what a digest says to one person, in the amount of detail that they chose."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from matcher.mail.content import Foot, ItemContent, Link, MailContent, Row, Section
from matcher.services.cards import Card, brief
from matcher.services.digests.items import MOVED, NEW, Gone, Item, Selection
from matcher.services.digests.press import Sayings, plain
from matcher.services.digests.recipient import TOLD_LEVELS
from matcher.services.short_names import short_name
from matcher.services.subscribing.tokens import MANAGE_DAYS
from matcher.store.subscribers import COUNT, FULL

WAYS_BACK = ("retracted", "superseded", "withdrawn", "relabelled")
SCIENCE = "strength_of_science"


@dataclass(frozen=True)
class Ways:
    """The links of one mail: to the person's page, out of the mails, to a study, and how to mute
    one by its number in the database."""

    page: str
    stop: str
    base: str
    mute: Callable[[int], str]

    def study(self, key: str) -> str:
        """The address of a study's page, which says nothing of what it is about."""
        return f"{self.base}/s/{short_name(key)}"


@dataclass(frozen=True)
class Telling:
    """What a digest is told from.

    `cards` are the person's cards of today by the study's key; for a mere count there are none.
    `is_hard` says of something that is gone whether its title would be hard to read. `site` is
    the sender's name, `address` the plain address that the mail comes from.
    """

    selection: Selection
    detail: str
    frequency: str
    say: Sayings
    cards: Mapping[str, Card]
    is_hard: Callable[[Gone], bool]
    ways: Ways
    site: str
    address: str

    def content(self) -> MailContent | None:
        """The mail; None if there is nothing left to say."""
        chosen = self.selection
        items = list(chosen.items)
        if not (items or chosen.gone or chosen.last):
            return None
        heading = self._heading(items)
        if not (items or chosen.gone):
            return self._mail(heading, lead=self._keep, button=self._button("digest.keep_button"))
        shown = [] if self.detail == COUNT else [item for item in items if not item.tender]
        return replace(
            self._mail(heading, lead=tuple(self._lead()), button=self._button("digest.open_page")),
            after=tuple(self._counted_gone()) if self.detail == COUNT else (),
            items=tuple(self._items(shown)),
            beside=tuple(self._beside(items)),
            sections=tuple(self._sections()),
        )

    def _mail(self, heading: str, *, lead: tuple[str, ...], button: Link) -> MailContent:
        return MailContent(
            language=self.say.speaker.language,
            subject=heading,
            site=self.site,
            heading=heading,
            lead=lead,
            foot=self._foot(),
            button=button,
        )

    @property
    def _keep(self) -> tuple[str, ...]:
        return self.say("digest.keep_1"), self.say("digest.keep_2")

    def _button(self, key: str) -> Link:
        return Link(self.say(key), self.ways.page)

    def _heading(self, items: list[Item]) -> str:
        count = len(items) + self.selection.more
        if not items:
            return self.say("digest.changed" if self.selection.gone else "digest.keep_title")
        if self.selection.first:
            return self.say.count("digest.first", count)
        every_one_new = all(item.why == NEW for item in items)
        return self.say.count("digest.new" if every_one_new else "digest.news", count)

    def _lead(self) -> Iterator[str]:
        yield self.say("digest.lead_count" if self.detail == COUNT else "digest.lead_shown")
        if self.selection.first:
            yield self.say("digest.lead_first")

    def _items(self, items: list[Item]) -> Iterator[ItemContent]:
        return self._in_full(items) if self.detail == FULL else self._by_level(items)

    def _by_level(self, items: list[Item]) -> Iterator[ItemContent]:
        """Titles under the words of their level: without them all would seem to be for the
        person."""
        for level in TOLD_LEVELS:
            here = [item for item in items if self.cards[item.study].match.level == level]
            for item in here:
                short = self._short(item, self.cards[item.study])
                yield self._headed(short, level.word) if item is here[0] else short

    def _headed(self, item: ItemContent, level: str) -> ItemContent:
        note = self.say("level.fits_note") if level == "fits" else ""
        return replace(item, group=self.say(f"level.{level}"), group_note=note)

    def _in_full(self, items: list[Item]) -> Iterator[ItemContent]:
        fits_are_explained = False
        said: set[str] = set()
        for item in items:
            card = self.cards[item.study]
            note = card.level == "fits" and not fits_are_explained
            fits_are_explained = fits_are_explained or note
            yield self._full(item, card, note=note, said=said)

    def _short(self, item: Item, card: Card) -> ItemContent:
        return ItemContent(
            news=self._news(item),
            title=card.study.title,
            title_language="en",
            in_english=self.say("frame.in_english"),
            link=Link(self.say("digest.read"), self.ways.study(item.study)),
            marks=tuple(self.say(f"mark.{mark}") for mark, is_loud in card.marks if is_loud),
        )

    def _full(self, item: Item, card: Card, *, note: bool, said: set[str]) -> ItemContent:
        say = self.say
        return replace(
            self._short(item, card),
            kind=card.level,
            level=plain(card.headline),
            note=say("level.fits_note") if note else "",
            marks=tuple(say(f"mark.{mark}") for mark, _ in card.marks),
            about=self._about(card),
            why=plain(card.why) if card.level == "fits" else "",
            rows=tuple(self._rows(card, said)),
            asks_title=say("results.ask"),
            asks=tuple(map(plain, card.questions)),
            tells=self._tells(card),
            science=self._science(card),
            mute=Link(say("digest.mute"), self.ways.mute(item.number)),
        )

    def _news(self, item: Item) -> str:
        if item.why == NEW:
            return "" if self.selection.first else self.say("digest.is_new")
        if item.before and self.detail == FULL:
            return self.say("digest.is_moved", before=self.say(f"level.{item.before}"))
        if item.why == MOVED:
            return self.say("digest.is_otherwise")
        return self.say(f"digest.is_{item.why}")

    def _about(self, card: Card) -> str:
        posted = card.study.posted
        when = self.say.speaker.month(posted) if posted else self.say("results.undated")
        return f"{self.say(f'kind.{card.study.kind}')} · {when}"

    def _rows(self, card: Card, said: set[str]) -> Iterator[Row]:
        """The criteria. What was `said` in this mail, as what the person told us, is not said
        again."""
        for reason in card.flat_chips:
            label = reason.label[:1].upper() + reason.label[1:]
            words = self.say(f"verdict.{reason.verdict.word}")
            why = brief(reason)
            yield Row(label, reason.verdict.word, words, "" if why in said else why)
            said.add(why)

    def _tells(self, card: Card) -> str:
        names = [self.say.speaker.shown(attribute.name) for attribute in card.tells]
        return self.say("digest.tell", list="; ".join(names)) if names else ""

    def _science(self, card: Card) -> str:
        """One line: how strong the science is, and how far it has come."""
        ratings = card.study.ratings
        told = []
        if ratings.strength_of_science:
            told.append((SCIENCE, f"rating.{ratings.strength_of_science}"))
        if ratings.research_timeline:
            told.append(("research_timeline", f"stage.{ratings.research_timeline}"))
        pairs = [f"{self.say(f'rating.{name}')} – {self.say(value)}" for name, value in told]
        return self.say("digest.science", list="; ".join(pairs)) if pairs else ""

    def _beside(self, items: list[Item]) -> Iterator[str]:
        """What stands on the person's page only."""
        if self.detail == COUNT:
            return
        if hard := sum(item.tender for item in items):
            yield self.say.count("digest.hard", hard)
        if self.selection.more:
            yield self.say.count("digest.more", self.selection.more)

    def _sections(self) -> Iterator[Section]:
        if self.selection.gone and self.detail != COUNT:
            told = [gone for gone in self.selection.gone if not self.is_hard(gone)]
            lines = [self.say(f"digest.gone_{gone.why}", title=gone.title) for gone in told]
            counted = self._counted_gone(but=told)
            yield Section(self.say("digest.gone_title"), (*lines, *counted))
        if self.selection.last:
            button = self._button("digest.keep_button")
            yield Section(self.say("digest.keep_title"), self._keep, button)

    def _counted_gone(self, *, but: list[Gone] | None = None) -> Iterator[str]:
        rest = [gone.why for gone in self.selection.gone if gone not in (but or [])]
        for why in WAYS_BACK:
            if n := rest.count(why):
                yield self.say.count(f"digest.gone_count_{why}", n)

    def _foot(self) -> Foot:
        say = self.say
        # Where nothing is to show what it is about, "medical" would: the page says it then.
        advice = () if self.detail == COUNT else (say("frame.not_advice"),)
        lines = (
            *advice,
            say(f"digest.foot_{self.frequency}", site=self.site),
            say("digest.foot_private", days=MANAGE_DAYS),
            say("digest.foot_sender", site=self.site, address=self.address),
        )
        links = (
            Link(say("digest.manage"), self.ways.page),
            Link(say("digest.stop"), self.ways.stop),
        )
        return Foot(lines, links)
