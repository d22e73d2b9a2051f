"""Cards: what a match says to the person or to their carer, in their language, without a page."""

from __future__ import annotations

from datetime import date

import pytest

from matcher.core.conditions import AllOf, Not, Tag
from matcher.core.rulebook import Rulebook
from matcher.core.study import Audience, Study
from matcher.schemas.profiles import read_answers
from matcher.services.cards import Card, host_of, web_link
from matcher.services.matching import Matcher
from matcher.words import Speaker, Words, load_words

DAY = date(2026, 11, 22)
HAS = {"cancer_status": "now", "cancer": ["breast"]}
HER2 = Audience("HER2", AllOf((Tag("breast_cancer"), Tag("her2_positive"))))


@pytest.fixture(scope="module")
def words() -> Words:
    return load_words()


@pytest.fixture(scope="module")
def matcher(rulebook: Rulebook) -> Matcher:
    return Matcher(rulebook, [Study(key="her2", title="her2", most=HER2)])


def card(matcher: Matcher, speaker: Speaker, **answers: object) -> Card:
    """The card of the only study for somebody with breast cancer and these answers."""
    told = read_answers({**HAS, **answers}, matcher.book)
    how = {"language": speaker.language, "cared_for": speaker.cared_for}
    return Card(matcher.match(told, today=DAY, **how).matches[0], matcher.book, speaker)


@pytest.mark.parametrize(
    ("language", "cared_for", "depends"),
    [
        ("en", False, "May be about you: it depends on “HER2-positive”"),
        ("en", True, "May be about the person you care for: it depends on “HER2-positive”"),
        ("es", False, "Puede tratar de usted: depende de “HER2 positivo”"),
    ],
)
def test_a_card_speaks_to_its_reader(
    matcher: Matcher, words: Words, language: str, depends: str, *, cared_for: bool
) -> None:
    speaker = Speaker(words, language, cared_for=cared_for)
    open_one = card(matcher, speaker)
    attribute = matcher.book.attributes["her2"]
    asked = attribute.doctor_other if cared_for else attribute.doctor
    assert open_one.headline == depends
    assert open_one.questions == (speaker.shown(asked),)


def test_a_card_that_fits_asks_nothing(matcher: Matcher, words: Words) -> None:
    speaker = Speaker(words, "en")
    fitting = card(matcher, speaker, her2="positive")
    assert fitting.headline == fitting.level_words == speaker.say("level.fits")
    assert (fitting.why, fitting.depends) == (speaker.say("results.why_fits"), "")
    assert (fitting.questions, fitting.tells) == ((), ())


def test_a_label_with_not_says_what_it_asks_when_it_differs(
    rulebook: Rulebook, words: Words
) -> None:
    never_had = Audience("never", AllOf((Tag("woman"), Not(Tag("breast_cancer")))))
    other = Matcher(rulebook, [Study(key="never", title="never", most=never_had)])
    told = card(other, Speaker(words, "en"), gender="woman")
    about = rulebook.tag("breast_cancer").about.en
    assert told.level == "different"
    assert told.why == (
        f"It is about any situation but this one: {about}. "
        "You said: kind of cancer – “Breast cancer”."
    )


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://www.example.org/a", "example.org"),
        ("https://mail.example.org/a", "example.org"),
        ("https://mail.example/a", "mail.example"),
        ("javascript:alert(1)", ""),
        ("https:/no-host", ""),
        (None, ""),
    ],
)
def test_only_a_link_to_a_site_may_be_followed(url: str | None, host: str) -> None:
    assert host_of(web_link(url)) == host
