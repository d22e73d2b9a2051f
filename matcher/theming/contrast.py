"""Contrast: how well a theme's colours can be told apart, by the formula of WCAG 2.2."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

TEXT, SHAPE = 4.5, 3.0
GROUNDS = ("page", "card", "sunken")
TEXTS = (
    *((ink, ground) for ink in ("ink", "ink-soft", "link", "brand-deep") for ground in GROUNDS),
    *((ink, ground) for ink in ("error", "link-visited") for ground in ("page", "card")),
    ("on-brand", "brand"),
    ("on-brand", "brand-deep"),
    ("focus-ink", "focus"),
    *((ink, f"{ink}-tint") for ink in ("error", "yes", "maybe", "no", "mark")),
    ("ink", "error-tint"),
)
SHAPES = (
    *((line, ground) for line in ("line-strong", "brand") for ground in GROUNDS),
    ("accent", "card"),
    *((f"level-{level}", ground) for level in ("fits", "may", "related", "open", "different")
      for ground in ("page", "card")),
)  # fmt: skip
_HEX = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")


def contrast(first: str, second: str) -> float:
    """The contrast of two colours, 1 to 21. Raises `ValueError` for what is not ``#rrggbb``."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def too_close(colours: Mapping[str, str]) -> Iterator[str]:
    """What cannot be told apart in a theme's colours, one line for each pair.

    Raises `ValueError` for a colour that is not ``#rrggbb``, `KeyError` for a missing one.
    """
    for pairs, least in ((TEXTS, TEXT), (SHAPES, SHAPE)):
        for one, other in pairs:
            found = contrast(colours[one], colours[other])
            if found < least:
                yield f"--{one} on --{other}: {found:.2f}, needs {least}"
    # What has the focus wears both colours, so one of them has to stand out.
    for ground in GROUNDS:
        found = max(contrast(colours[ink], colours[ground]) for ink in ("focus", "focus-ink"))
        if found < SHAPE:
            yield f"--focus and --focus-ink on --{ground}: {found:.2f}, one needs {SHAPE}"


def _luminance(colour: str) -> float:
    if not _HEX.fullmatch(colour):
        raise ValueError(f"{colour} is not a colour as #1d5f63")
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    red, green, blue = (_linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else float(((share + 0.055) / 1.055) ** 2.4)
