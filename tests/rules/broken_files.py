"""Broken files: what can go wrong with any file, before anything in it is understood."""

from __future__ import annotations

from collections.abc import Iterator

from tests.rules.breaking import FILES, IMPLICATIONS, SCORING, TEXTS, Variant, swap

BOMB = "bomb: &a [lol, lol]\nmore: &b [*a, *a]\nlast: [*b, *b]\n"
TOP = {name: text.split("\n", 1)[0] for name, text in FILES.items()}


def broken_files() -> list[Variant]:
    """Every file broken in every general way."""
    variants = []
    for name in FILES:
        variants += list(_as_bytes(name))
        variants += list(_as_text(name))
    return [*variants, *_missing(), *_accidents()]


def _as_bytes(file: str) -> Iterator[Variant]:
    good = FILES[file].encode()
    second = good.index(b"\n") + 1

    def variant(name: str, content: bytes, line: int, says: str) -> Variant:
        return Variant(f"{file}: {name}", {file: content}, file, line, says)

    yield variant("a byte that is no UTF-8", good[:second] + b"# \xff\n" + good[second:], 2, "read")
    yield variant("Latin-1", good[:second] + b"# a\xf1o\n" + good[second:], 2, "read")
    yield variant("UTF-16", FILES[file].encode("utf-16"), 1, "read")
    nul = good[:second] + b"# \0\n" + good[second:]
    yield variant("a NUL", nul, 2, "invisible character number 0")
    bell = good[:second] + b"# \x07\n" + good[second:]
    yield variant("a control character", bell, 2, "invisible character number 7")
    yield variant("cut off in a word", good + b'"cut', good.count(b"\n") + 1, "")


def _as_text(file: str) -> Iterator[Variant]:
    text = FILES[file]
    lines = text.split("\n")
    top = next(i for i, line in enumerate(lines) if line and line[0] not in "# ")
    word = lines[top].partition(":")[0]

    def variant(name: str, content: str, line: int, says: str) -> Variant:
        return Variant(f"{file}: {name}", {file: content.encode()}, file, line, says)

    def with_line(line: str) -> str:
        return "\n".join([*lines[:top], line, *lines[top:]])

    yield variant("empty", "", 1, "is not of type 'object'")
    yield variant("only a comment", "# nothing\n", 1, "is not of type 'object'")
    yield variant("a list", "- a\n- b\n", 1, "key: value")
    yield variant("one word", "hello\n", 1, "is not of type 'object'")
    yield variant("a tab", with_line("\ta: b"), top + 1, "")
    yield variant("an unclosed bracket", with_line("a: [b"), top + 2, "")
    yield variant("an unknown section", with_line("sections: [a]"), top + 1, "'sections'")
    yield variant("an anchor", with_line("a: &b c"), top + 1, "anchors")
    yield variant("an alias", with_line("a: *b"), top + 1, "anchors")
    yield variant("a bomb of aliases", f"{BOMB}{text}", 1, "anchors")
    yield variant("a tag of YAML", with_line("a: !!python/name:os.system b"), top + 1, "tag")
    yield variant("a second document", f"{text}---\na: b\n", len(lines), "document")
    yield variant("a section twice", f"{text}{word}: []\n", len(lines), f"'{word}' stands twice")
    deep = "a: " + "[" * 40 + "]" * 40
    yield variant("too deep", with_line(deep), top + 1, "too deep")
    yield variant("a bomb of brackets", "[" * 1_000_000, 1, "")
    yield variant("far too long", f"{text}# {'x' * 2_000_000}\n", 1, "too large")
    many = f"{text}more: [{'a,' * 120_000}]\n"
    yield variant("far too many", many, len(lines), "too many values")
    yield variant("a conflict of versions", with_line("<<<<<<< mine"), top + 2, "")


def _missing() -> Iterator[Variant]:
    for file in (IMPLICATIONS, SCORING, TEXTS):
        yield Variant(f"{file} is missing", {file: None}, file, 1, "no such file")
    for folder in ("attributes", "tags"):
        gone = dict.fromkeys(name for name in FILES if name.startswith(folder))
        place = f"{folder}/*.yaml"
        yield Variant(f"no {folder}", gone, place, 1, "no such file")
        extra = f"{folder}/more.yml"
        yield Variant(f"{extra} would be overlooked", {extra: b"a: b\n"}, extra, 1, ".yml")
    gone = dict.fromkeys(FILES)
    yield Variant("an empty folder", gone, SCORING, 1, "no such file")


def _accidents() -> Iterator[Variant]:
    """Words that YAML turns into something else when nobody looks."""
    for word in ("yes", "no", "on", "off", "y", "n", "Yes", "NO", "null", "~", "1:20", "007"):
        yield swap(
            f"{word} without quotes",
            "tags/receptors.yaml",
            '{triple_negative: "yes"}',
            f"{{triple_negative: {word}}}",
            says=f"{word} without quotes",
        )
    for word in ("yes", "off", "Null", "12:30:45", "0x1F"):
        old = 'label: {en: "now"'
        new = f"label: {{en: {word}"
        yield swap(
            f"{word} as a label", "attributes/cancer.yaml", old, new, says="without quotes", at=new
        )
    yield swap(
        "on as a key", "implications.yaml", "one_way: true", "on: true", says="on without quotes"
    )
    yield swap(
        "nothing after the colon",
        "attributes/cancer.yaml",
        "kind: one\n",
        "kind:\n",
        says="nothing after the colon",
    )
