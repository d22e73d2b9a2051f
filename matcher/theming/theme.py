"""Theme: an organisation's own name, colours and signs, read from a folder and checked.

A theme is ``theme.css`` with nothing but custom properties, ``logo.svg``, ``favicon.svg`` and, if
wanted, ``social.png`` and ``touch.png``. Whatever could load or run something is refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from matcher.config import ConfigError
from matcher.theming.contrast import too_close
from matcher.theming.loads import what_loads
from matcher.theming.pictures import check_png, check_svg

LARGEST = 256 * 1024
NEEDED = ("theme.css", "logo.svg", "favicon.svg")
SOCIAL_SIZE, TOUCH_SIZE = (1200, 630), (180, 180)
MANUAL = "docs/theming.md shows a whole theme"

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_SHEET = re.compile(
    r"\s*:root\s*\{(?P<light>[^{}]*)\}\s*"
    r"@media (?:screen and )?\(prefers-color-scheme: dark\)\s*\{\s*"
    r":root\s*\{(?P<dark>[^{}]*)\}\s*\}\s*"
)
_LINE = re.compile(r"--([a-z-]+)\s*:\s*(\"[^\"]*\"|[#\w\s%.,()/-]+)")
_NAME = re.compile(r"\"([^\"<>&{};*\\]{1,40})\"")


@dataclass(frozen=True)
class Theme:
    """The custom properties of a theme without their dashes, for light and for dark."""

    light: Mapping[str, str]
    dark: Mapping[str, str]

    @property
    def name(self) -> str:
        """What the site calls itself."""
        return self.light["matcher-name"].strip('"')


def parse_theme(css: str) -> Theme:
    """The properties of a style sheet; raises `ValueError` for anything else in it."""
    if found := what_loads(css):
        raise ValueError(f"{found!r} may not stand in a theme")
    sheet = _SHEET.fullmatch(_COMMENT.sub("", css))
    if sheet is None:
        raise ValueError("it is not one :root for light and one in @media for dark")
    light = _properties(sheet["light"])
    return Theme(light, light | _properties(sheet["dark"]))


def load_theme(folder: Path | None) -> Theme:
    """The theme of a folder, checked, or the shipped one; raises `ConfigError` as `read_theme`."""
    shipped = resources.files("matcher") / "web" / "static" / "theme" / "theme.css"
    model = parse_theme(shipped.read_text(encoding="utf-8"))
    if folder is None:
        return model
    return parse_theme(read_theme(folder, model=model)["theme.css"].decode())


def read_theme(folder: Path, *, model: Theme) -> dict[str, bytes]:
    """The files of a theme by name, all checked; `model` has every property that is needed.

    Raises `ConfigError`, which says what is wrong, in which file, and how to mend it.
    """
    files = {name: _content(folder / name) for name in NEEDED}
    for name, size in (("social.png", SOCIAL_SIZE), ("touch.png", TOUCH_SIZE)):
        if (folder / name).exists():
            files[name] = _content(folder / name)
            _checked(folder / name, check_png, files[name], size)
    for name in ("logo.svg", "favicon.svg"):
        _checked(folder / name, check_svg, files[name])
    _checked(folder / "theme.css", _check_sheet, files["theme.css"], model)
    return files


def _properties(block: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, block.split(";"))):
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise ValueError(f"{line!r} is not a property as --page: #fbf6ef")
        name, value = parts[1], parts[2].strip()
        if name in found:
            raise ValueError(f"--{name} stands twice")
        if value.startswith('"') != (name == "matcher-name"):
            raise ValueError(f"{value} cannot be the value of --{name}")
        found[name] = value
    return found


def _check_sheet(content: bytes, model: Theme) -> None:
    theme = parse_theme(content.decode())
    missing = [f"--{name}" for name in model.light if name not in theme.light]
    if missing:
        raise ValueError(f"missing: {', '.join(missing)}")
    if not _NAME.fullmatch(theme.light["matcher-name"]):
        raise ValueError("--matcher-name needs 1 to 40 plain characters in double quotes")
    for scheme, colours in (("light", theme.light), ("dark", theme.dark)):
        if faults := list(too_close(colours)):
            raise ValueError(f"contrast in {scheme} is too low: {'; '.join(faults)}")


def _content(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except OSError as error:
        told = f"the theme's {path.name} cannot be read: {error.strerror}"
        raise ConfigError(told, str(path), f"A theme needs {', '.join(NEEDED)}.") from None
    if len(content) > LARGEST:
        told = f"the theme's {path.name} is larger than {LARGEST // 1024} kB"
        raise ConfigError(told, str(path), "Make it smaller.")
    return content


def _checked(path: Path, check: Callable[..., None], *given: object) -> None:
    try:
        check(*given)
    except ValueError as error:
        told = f"the theme's {path.name} cannot be used: {error}"
        raise ConfigError(told, str(path), f"Mend the file; {MANUAL}.") from None
