"""Studies: an endless, seeded stream of studies made from the sample catalogue's own.

Each starts as one study of the sample, drawn evenly: its kind, ratings, marks, events and date
stay together as they are in the sample (the date moves by up to two years). Its audience is then
varied tag by tag (another tag of the same topic, another number), at times moved to another
cancer, and at times joined with a criterion or an alternative of another study of the sample.
Drawing n studies takes time linear in n; the first n are the same however many are drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from matcher.core.conditions import AllOf, AnyOf, Condition, Not, Tag, Unread, groups_of
from matcher.core.rulebook import Rulebook, TagRule
from matcher.core.study import Audience, Study

SWAPPED = 0.4
"""How often a tag becomes another one of its topic (gene for gene, receptor for receptor)."""
NUMBER_MOVED = 0.7
MOVED_TO_ANOTHER_CANCER = 0.2
JOINED = 0.35
"""How often a criterion of another study is added to the audience."""
ALTERNATIVE = 0.1
"""How often a whole group of another study is added as an alternative ("or")."""
ALSO = ((0, 0.7), (1, 0.15), (2, 0.1), (3, 0.05))
"""How many "also relevant" audiences, beside the sample study's own: more than in the sample,
whose labels hold few, so that the level "related" is worked for."""
UNLABELLED = 0.02
"""How many studies do not say whom they are for; the sample's few all do."""
DAYS_MOVED = 730


def draw_studies(
    book: Rulebook, sample: Sequence[Study], *, seed: int, today: date
) -> Iterator[Study]:
    """Studies without end, the same for the same seed, rules, sample and day."""
    drawer = _Drawer(book, sample, seed=seed, today=today)
    number = 0
    while True:
        yield drawer.study(number)
        number += 1


class _Drawer:
    def __init__(self, book: Rulebook, sample: Sequence[Study], *, seed: int, today: date) -> None:
        self.rng = Random(f"studies {seed}")
        self.book = book
        self.today = today
        self.sample = [study for study in sample if study.standing == "current"]
        audiences = [a for s in self.sample for a in (s.most, *s.also) if a and a.counts]
        self.conditions = [a.condition for a in audiences if a.condition is not None]
        self.alike = _alike(book)
        self.cancer_tags = _cancer_tags(book)

    def study(self, number: int) -> Study:
        rng = self.rng
        template = rng.choice(self.sample)
        if rng.random() < UNLABELLED:
            template = replace(template, most=None, also=())
        most = template.most
        if most is not None and most.condition is not None:
            most = Audience(most.text, self._audience(most.condition))
        also = [self._varied(a.condition) for a in template.also if a.condition is not None]
        shares = ALSO if most is not None else ALSO[:1]
        (extra,) = rng.choices([n for n, _ in shares], [share for _, share in shares])
        also += [self._varied(rng.choice(self.conditions)) for _ in range(extra)]
        return replace(
            template,
            key=f"drawn-{number:07}",
            title=f"Drawn study {number}",
            url=None,
            posted=self._posted(template.posted),
            most=most,
            also=tuple(Audience("drawn", condition) for condition in also),
        )

    def _audience(self, condition: Condition) -> Condition:
        rng = self.rng
        made = self._varied(condition)
        if rng.random() < JOINED:
            group = rng.choice(groups_of(rng.choice(self.conditions)))
            made = AllOf((made, self._varied(rng.choice(group))))
        if rng.random() < ALTERNATIVE:
            group = rng.choice(groups_of(rng.choice(self.conditions)))
            made = AnyOf((made, self._varied(AllOf(group))))
        return made

    def _varied(self, condition: Condition) -> Condition:
        sites = self.book.sites
        moved = self.rng.random() < MOVED_TO_ANOTHER_CANCER
        return self._vary(condition, self.rng.choice(sites) if moved else None)

    def _vary(self, condition: Condition, site: str | None) -> Condition:
        match condition:
            case Tag(key):
                return Tag(self._tag(key, site))
            case AllOf(parts) | AnyOf(parts):
                return type(condition)(tuple(self._vary(part, site) for part in parts))
            case Not(part):
                return Not(self._vary(part, site))
            case Unread():
                return condition

    def _tag(self, key: str, site: str | None) -> str:
        base, own_site = self._without_site(key)
        family, _, number = base.partition(":")
        if family in self.book.families:
            if self.rng.random() < NUMBER_MOVED:
                number = str(max(1, round(int(number) * self.rng.uniform(0.7, 1.3))))
            return ":".join(filter(None, (family, number, site if own_site else None)))
        if base in self.cancer_tags:
            return self.cancer_tags.get(site or base, base)
        if self.rng.random() < SWAPPED:
            base = self.rng.choice(self.alike[_kind(self.book.tags[base])])
        return f"{base}:{site or own_site}" if own_site else base

    def _without_site(self, key: str) -> tuple[str, str | None]:
        base, _, last = key.rpartition(":")
        return (base, last) if base and last in self.book.sites else (key, None)

    def _posted(self, posted: date | None) -> date | None:
        if posted is None:
            return None
        moved = posted + timedelta(days=self.rng.randint(-DAYS_MOVED, DAYS_MOVED))
        return min(moved, self.today)


def _kind(tag: TagRule) -> tuple[str, bool, bool]:
    return tag.topic, tag.scoped, tag.supports


def _alike(book: Rulebook) -> dict[tuple[str, bool, bool], list[str]]:
    """Tags by what makes them alike: topic, whether about one cancer, whether they support."""
    alike: dict[tuple[str, bool, bool], list[str]] = {}
    for key, tag in book.tags.items():
        alike.setdefault(_kind(tag), []).append(key)
    return alike


def _cancer_tags(book: Rulebook) -> dict[str, str]:
    """The tag "has this cancer" by cancer, and each of these tags by itself."""
    keys = {site: f"{site}_cancer" for site in book.sites}
    found = {site: key if key in book.tags else site for site, key in keys.items()}
    tags = {site: key for site, key in found.items() if key in book.tags}
    return tags | {key: key for key in tags.values()}
