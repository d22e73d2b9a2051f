"""Identity: slugs and own links, by which a study is known again."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.store.identity import MAX_SLUG, own_link, same_title, slug


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        (
            "Treating advanced breast cancer with ESR1 mutations shows promise",
            "treating-advanced-breast-cancer-with-esr1-mutations-shows-promise",
        ),
        ("Jill Goodacre’s story", "jill-goodacres-story"),
        ("Transgender peoples' view", "transgender-peoples-view"),
        ("profiled—how does it help?", "profiled-how-does-it-help"),
        ("  ER+ / HER2− (2+) ", "er-her2-2"),
        ("Niño à la ÉCOLE ﬁn ２", "nino-a-la-ecole-fin-2"),
        ("a_b", "a-b"),
        ("中文", "中文"),
        ("?!", ""),
        ("", ""),
        ("x" * 1000, "x" * MAX_SLUG),
    ],
)
def test_a_slug_is_made_as_the_contract_says(title: str, expected: str) -> None:
    assert slug(title) == expected


@given(st.text())
def test_a_slug_is_words_with_single_hyphens(title: str) -> None:
    assert slug(title) == "" or re.fullmatch(r"[^\W_]+(-[^\W_]+)*", slug(title))
    assert slug(title) == slug(slug(title))


PAGE = "/xray/a-page-of-its-own"


@pytest.mark.parametrize(
    "url",
    [
        "https://www.facingourrisk.org/XRAY/a-page-of-its-own",
        "http://mail.facingourrisk.org/XRAY/A-Page-of-its-own/",
        "https://other.example/XRAY//a-page-of-its-own?utm_source=x&page=2#top",
        "https://h/XRAY/a%2Dpage-of-its-own",
    ],
)
def test_a_link_is_known_on_every_host_with_every_query(url: str) -> None:
    assert own_link(url) == PAGE


@pytest.mark.parametrize(
    "url",
    [
        None, "", "https://h", "https://h/", "https://h/XRAY", "https://h/XRAYS/",
        "https://h/XRAY/results?page=24", "https://h/XRAYS/results.php?x=1",
        "https://h/XRAY/Results/", "https://h/XRAY/portal/prostate-cancer?page=4",
        "https://h/XRAY/portal/", "https://h/portal/a/b/c", "https://[h/x", "https://h/a%00b",
    ],
)  # fmt: skip
def test_a_listing_is_no_studys_own_link(url: str | None) -> None:
    assert own_link(url) is None


@pytest.mark.parametrize(
    "other",
    ["Jill's  “story” - now", 'JILL’S "STORY" – NOW', 'Ｊill\'s "story"\u00a0— now'],
)
def test_typography_does_not_make_another_title(other: str) -> None:
    assert same_title('Jill\'s "story" - now', other)


@pytest.mark.parametrize("other", ["ER− cancer", "ER cancer", "ER+ cancer?"])
def test_signs_make_another_title(other: str) -> None:
    assert not same_title("ER+ cancer", other)
