"""An outline as its editor has it: blocks in reading order, each with an id that stays its own.

The nested document that ``parse_outline`` reads and the blocks are two forms of the same text.
Every change returns another draft; what would not be an outline any more is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from taizhang.engines.findings import Refused
from taizhang.engines.names import Bilingual
from taizhang.engines.outlines.parse import DEEPEST

Kind = Literal["title", "byline", "body", "heading", "closing", "signature"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LONGEST = 4000
"""Characters in one block."""
MOST = 1000
"""Blocks in one outline."""
_ZONES = {"title": 0, "byline": 1, "body": 2, "heading": 2, "closing": 3, "signature": 4}
_SPLITS = ("body", "closing")


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, paragraph or line. ``level`` is a heading's, else 0.

    ``version`` is the version of the outline in which the block was written as it is.
    """

    id: str
    kind: Kind
    text: str
    level: int = 0
    version: int = 0

    @property
    def takes_figures(self) -> bool:
        """Whether figures and lists may stand in it."""
        return self.kind in _SPLITS


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole outline in blocks; ``made`` counts the ids given so far."""

    name: Bilingual
    awaits: Mapping[str, Bilingual]
    blocks: tuple[Block, ...]
    made: int

    def block(self, key: str) -> Block:
        """The block of that id; refuses one that is not there any more."""
        return self.blocks[self.place(key)]

    def place(self, key: str) -> int:
        """Where in the order a block stands."""
        for place, block in enumerate(self.blocks):
            if block.id == key:
                return place
        raise Refused.because("outline.block-gone")

    def section(self, key: str) -> range:
        """The places of a block, and for a heading of everything under it."""
        first = self.place(key)
        level = self.blocks[first].level
        last = first + 1
        while level and last < len(self.blocks):
            block = self.blocks[last]
            if block.kind not in ("body", "heading") or 0 < block.level <= level:
                break
            last += 1
        return range(first, last)


def from_document(doc: Mapping[str, Any]) -> Draft:
    """The blocks of a document that ``parse_outline`` has read, with the ids it brings or new ones."""
    found: list[Block] = []

    def add(kind: Kind, text: str, level: int = 0) -> None:
        found.append(Block(f"b{len(found) + 1}", kind, text, level))

    def walk(parts: list[Mapping[str, Any]], level: int) -> None:
        for part in parts:
            add("heading", part["heading"], level)
            for text in part.get("paragraphs", ()):
                add("body", text)
            walk(part.get("sections", []), level + 1)

    for text in doc["title"]:
        add("title", text)
    if doc.get("byline"):
        add("byline", doc["byline"])
    for text in doc.get("opening", ()):
        add("body", text)
    walk(doc["parts"], 1)
    for text in doc.get("closing", ()):
        add("closing", text)
    for text in doc.get("signature", ()):
        add("signature", text)
    blocks = _with_ids(found, doc.get("ids"))
    made = max([len(blocks), *(int(block.id[1:]) for block in blocks)])
    awaits = {code: Bilingual(**names) for code, names in doc.get("awaits", {}).items()}
    return check(Draft(Bilingual(**doc["name"]), awaits, blocks, made))


def _with_ids(blocks: list[Block], ids: Any) -> tuple[Block, ...]:
    """The ids a file brings, when they are as many as its blocks and all different."""
    if isinstance(ids, list) and len(ids) == len(blocks) == len(set(map(str, ids))):
        known = [str(key) for key in ids]
        if all(_is_id(key) for key in known):
            return tuple(replace(b, id=key) for b, key in zip(blocks, known, strict=True))
    return tuple(blocks)


def _is_id(key: str) -> bool:
    number = key[1:]
    return key[:1] == "b" and number.isascii() and number.isdigit() and len(number) <= 9


def to_document(draft: Draft, code: str, *, ids: bool = False) -> dict[str, Any]:
    """The draft as ``parse_outline`` reads it; with ``ids`` also what its blocks are called."""
    texts: dict[str, list[str]] = {kind: [] for kind in KINDS}
    opening: list[str] = []
    parts: list[dict[str, Any]] = []
    open_parts: list[dict[str, Any]] = []
    for block in draft.blocks:
        if block.kind == "heading":
            part: dict[str, Any] = {"heading": block.text}
            del open_parts[block.level - 1 :]
            siblings = open_parts[-1].setdefault("sections", []) if open_parts else parts
            siblings.append(part)
            open_parts.append(part)
        elif block.kind == "body":
            here = open_parts[-1].setdefault("paragraphs", []) if open_parts else opening
            here.append(block.text)
        else:
            texts[block.kind].append(block.text)
    doc: dict[str, Any] = {"code": code, "name": _names(draft.name), "title": texts["title"]}
    if texts["byline"]:
        doc["byline"] = texts["byline"][0]
    doc |= {"opening": opening, "closing": texts["closing"], "signature": texts["signature"]}
    if ids:
        doc["ids"] = [block.id for block in draft.blocks]
    doc["parts"] = parts
    doc["awaits"] = {awaited: _names(names) for awaited, names in draft.awaits.items()}
    return doc


def to_data(draft: Draft) -> dict[str, Any]:
    """The draft as plain data, as it is kept."""
    return {
        "name": _names(draft.name),
        "awaits": {code: _names(names) for code, names in draft.awaits.items()},
        "made": draft.made,
        "blocks": [[b.id, b.kind, b.level, b.version, b.text] for b in draft.blocks],
    }


def from_data(data: Mapping[str, Any]) -> Draft:
    """The draft that ``to_data`` wrote down."""
    return Draft(
        name=Bilingual(**data["name"]),
        awaits={code: Bilingual(**names) for code, names in data["awaits"].items()},
        blocks=tuple(
            Block(key, kind, text, level, version)
            for key, kind, level, version, text in data["blocks"]
        ),
        made=data["made"],
    )


def _names(name: Bilingual) -> dict[str, str]:
    return {"zh": name.zh, "en": name.en}


def rewrite(draft: Draft, key: str, text: str) -> Draft:
    """The draft with another text in a block; further lines of a paragraph become paragraphs."""
    place = draft.place(key)
    kind = draft.blocks[place].kind
    first, *more = _lines(kind, text)
    blocks = list(draft.blocks)
    blocks[place] = replace(blocks[place], text=first)
    new = [Block(f"b{draft.made + n}", kind, line) for n, line in enumerate(more, 1)]
    blocks[place + 1 : place + 1] = new
    return check(replace(draft, blocks=tuple(blocks), made=draft.made + len(new)))


def insert(draft: Draft, after: str, kind: Kind, level: int, text: str) -> Draft:
    """The draft with a new block after another one."""
    place = draft.place(after) + 1
    level = level if kind == "heading" else 0
    lines = _lines(kind, text)
    new = [Block(f"b{draft.made + n}", kind, line, level) for n, line in enumerate(lines, 1)]
    blocks = (*draft.blocks[:place], *new, *draft.blocks[place:])
    return check(replace(draft, blocks=blocks, made=draft.made + len(new)))


def addable(draft: Draft, after: str) -> list[tuple[Kind, int]]:
    """Which kinds of block, and headings of which level, may stand after a block."""
    levels = [("heading", level) for level in range(1, DEEPEST + 1)]
    wanted: list[tuple[Any, int]] = [("body", 0), *levels]
    wanted += [(kind, 0) for kind in ("title", "byline", "closing", "signature")]
    found = []
    for kind, level in wanted:
        try:
            insert(draft, after, kind, level, kind)
        except Refused:
            continue
        found.append((kind, level))
    return found


def remove(draft: Draft, key: str) -> Draft:
    """The draft without a block, or without a heading and everything under it."""
    gone = draft.section(key)
    return check(replace(draft, blocks=(*draft.blocks[: gone.start], *draft.blocks[gone.stop :])))


def move(draft: Draft, key: str, way: Literal["up", "down"]) -> Draft:
    """The draft with a block past its neighbour, or a section past the section beside it."""
    here = draft.section(key)
    other = _beside(draft, here, way)
    low, high = (other, here) if way == "up" else (here, other)
    blocks = draft.blocks
    turned = (
        *blocks[: low.start],
        *blocks[high.start : high.stop],
        *blocks[low.start : low.stop],
        *blocks[high.stop :],
    )
    return check(replace(draft, blocks=turned))


def _beside(draft: Draft, here: range, way: str) -> range:
    """What a block or section changes places with."""
    blocks = draft.blocks
    block = blocks[here.start]
    if not block.level:
        place = here.start - 1 if way == "up" else here.stop
        if 0 <= place < len(blocks) and _ZONES[blocks[place].kind] == _ZONES[block.kind]:
            return range(place, place + 1)
    elif way == "down":
        if here.stop < len(blocks) and blocks[here.stop].level == block.level:
            return draft.section(blocks[here.stop].id)
    else:
        for place in range(here.start - 1, -1, -1):
            if 0 < blocks[place].level <= block.level:
                if blocks[place].level == block.level:
                    return range(place, here.start)
                break
    raise Refused.because("outline.at-the-edge")


def stamped(old: Draft, new: Draft, version: int) -> Draft:
    """The new draft as that version: every block that is not as it was before carries its number."""
    before = {block.id: block for block in old.blocks}

    def stamp(block: Block) -> Block:
        was = before.get(block.id)
        if was is not None and replace(was, version=0) == replace(block, version=0):
            return was
        return replace(block, version=version)

    # An id is never given twice, also not after going back to an older version.
    return replace(new, blocks=tuple(map(stamp, new.blocks)), made=max(old.made, new.made))


def check(draft: Draft) -> Draft:
    """The draft itself; refuses one whose blocks do not make an outline."""
    if len(draft.blocks) > MOST:
        raise Refused.because("outline.too-many-blocks", most=MOST)
    kinds = [block.kind for block in draft.blocks]
    for kind, what in (("title", "title"), ("heading", "parts")):
        if kind not in kinds:
            raise Refused.because("outline.needs-one", what=what)
    zones = [_ZONES[kind] for kind in kinds]
    if zones != sorted(zones) or kinds.count("byline") > 1:
        raise Refused.because("outline.bad-place")
    for block, depth in zip(draft.blocks, _depths(draft), strict=True):
        _check_text(block)
        if block.level > DEEPEST:
            raise Refused.because("outline.too-deep", levels=DEEPEST)
        if block.kind == "heading" and not 1 <= block.level <= depth + 1:
            raise Refused.because("outline.level-skipped", text=block.text)
    return draft


def _depths(draft: Draft) -> Iterator[int]:
    """The level of the heading above each block."""
    depth = 0
    for block in draft.blocks:
        yield depth
        depth = block.level or depth


def _check_text(block: Block) -> None:
    if not block.text.strip():
        raise Refused.because("outline.needs-text")
    if len(block.text) > LONGEST:
        raise Refused.because("outline.too-long", most=LONGEST, length=len(block.text))


def _lines(kind: Kind, text: str) -> list[str]:
    """The paragraphs of a text somebody typed; a heading or line is always one."""
    found = [" ".join(line.split()) for line in text.replace("\0", "").splitlines()]
    lines = [line for line in found if line]
    if not lines:
        raise Refused.because("outline.needs-text")
    return lines if kind in _SPLITS else [" ".join(lines)]
