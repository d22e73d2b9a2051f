"""Theme signs: the pictures of a theme, which may draw and nothing else."""

from __future__ import annotations

import re
import struct
from xml.etree import ElementTree

from matcher.theming.loads import what_loads

SVG = "{http://www.w3.org/2000/svg}"
DRAWING = {"svg", "g", "path", "circle", "ellipse", "rect", "line", "polyline", "polygon", "defs"}
DRAWING |= {"linearGradient", "radialGradient", "stop", "clipPath", "mask", "title", "desc"}
_ADDRESS = re.compile(r"(?i)javascript:|https?:|//|data:|@")
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def check_svg(content: bytes) -> None:
    """Raises `ValueError` for an SVG that holds more than a drawing."""
    if re.search(rb"<!|<\?(?!xml )", content):
        raise ValueError("a comment, doctype, entity or instruction may not stand in it")
    try:
        root = ElementTree.fromstring(content.decode())
    except (ElementTree.ParseError, UnicodeError) as error:
        raise ValueError(f"it is not SVG in UTF-8 ({error})") from None
    if root.tag != f"{SVG}svg":
        raise ValueError("its outer element is not an <svg> of http://www.w3.org/2000/svg")
    own = {element.get("id", "") for element in root.iter()}
    for element in root.iter():
        name = element.tag.removeprefix(SVG)
        if name not in DRAWING:
            raise ValueError(f"<{name}> may not stand in it")
        for attribute, value in element.attrib.items():
            loads = "href" in attribute or _ADDRESS.search(value) or what_loads(value, own=own)
            if attribute.startswith(("on", "{")) or loads:
                raise ValueError(f"{attribute}={value!r} of <{name}> may not stand in it")


def check_png(content: bytes, size: tuple[int, int]) -> None:
    """Raises `ValueError` for what is not a PNG of that width and height in pixels."""
    if not content.startswith(_PNG) or len(content) < 24:
        raise ValueError("it is not a PNG")
    found = struct.unpack(">II", content[16:24])
    if found != size:
        raise ValueError(f"it is {found[0]} x {found[1]} pixels, not {size[0]} x {size[1]}")
